"""matplotlib's SVG becomes one for a page: small, light or dark, with words for those who cannot see.

What matplotlib writes is taken apart and written again with only what is known here. Looks stand in
attributes, which no content security policy strips, and a style sheet swaps the colours where
the page is dark.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from builder.card.escape import visible
from builder.card.figures.palette import ALL

SVG: Final = "http://www.w3.org/2000/svg"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"

_KEPT: Final = frozenset({"svg", "g", "path", "use", "defs"})
"""Elements of a picture; nothing else can come out, whatever went in."""

_PLACE: Final = frozenset({"d", "x", "y", "id", "href", "transform", "viewBox"})
_LOOK: Final = frozenset(
    {"fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity"}
)
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold."""

_NUMBER: Final = re.compile(r"-?\d+\.\d+")
_PLAIN: Final = {"opacity": "1", "stroke-dashoffset": "0"}


def tidy_svg(raw: bytes, title: str, description: str) -> bytes:
    """The same picture, described, and legible on a light and on a dark page."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(raw)  # noqa: S314 - matplotlib wrote it, a moment ago
    _, _, width, height = root.attrib["viewBox"].split()
    blanks = {f"#{path.get('id')}" for path in root.iter(f"{{{SVG}}}path") if not path.get("d")}
    made = _copy(root, blanks)
    made.attrib.update({"width": width, "height": height, "role": "img", "aria-labelledby": "title"})
    head = [_element("title", title), _element("desc", description), _element("style", _style_sheet())]
    head[0].set("id", "title")
    for place, element in enumerate(head):
        made.insert(place, element)
    ET.indent(made, "")
    return f"{_DECLARATION}{ET.tostring(made, encoding='unicode')}\n".encode()


def _element(name: str, text: str) -> ET.Element:
    element = ET.Element(f"{{{SVG}}}{name}")
    element.text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", visible(text))
    return element


def _style_sheet() -> str:
    swaps = " ".join(
        f'[{attribute}="{colour.light}"]{{{attribute}:{colour.dark}}}'
        for colour in ALL
        for attribute in ("fill", "stroke")
    )
    return f"@media (prefers-color-scheme:dark){{{swaps}}}"


def _copy(old: ET.Element, blanks: set[str]) -> ET.Element:
    """An element with what is kept of it and in it; glyphs without an outline, such as the space, are not."""
    new = ET.Element(old.tag, _attributes(old))
    for child in old:
        if child.tag.removeprefix(f"{{{SVG}}}") in _KEPT:
            copied = _copy(child, blanks)
            if _shows(copied, blanks):
                new.append(copied)
    # A group that says nothing about its only content is left out.
    if old.tag == f"{{{SVG}}}g" and not new.attrib and len(new) == 1:
        return new[0]
    return new


def _shows(element: ET.Element, blanks: set[str]) -> bool:
    """Whether an element draws or defines something."""
    if element.tag in {f"{{{SVG}}}g", f"{{{SVG}}}defs"}:
        return len(element) > 0
    if element.tag == f"{{{SVG}}}use":
        return element.get("href") not in blanks
    return bool(element.get("d"))


def _attributes(element: ET.Element) -> dict[str, str]:
    found = dict(element.attrib)
    if _LINK in found:
        found["href"] = found.pop(_LINK)
    styles = (part.partition(":") for part in found.pop("style", "").split(";"))
    found |= {name.strip(): value.strip() for name, _, value in styles if value}
    if element.tag == f"{{{SVG}}}g":
        found.pop("id", None)
    kept = {name: value for name, value in found.items() if name in _PLACE | _LOOK}
    # A glyph's outline stays as the font has it: it is scaled down afterwards.
    digits = 4 if "transform" in kept and "d" not in kept else 2
    for name in ("d", "x", "y", "transform"):
        if name in kept and not (name == "transform" and "d" in kept):
            kept[name] = _NUMBER.sub(lambda n: _round(n[0], digits), " ".join(kept[name].split()))
    return {name: value for name, value in kept.items() if _PLAIN.get(name) != value}


def _round(number: str, digits: int) -> str:
    """Fewer digits: a hundredth of a pixel is not seen, and hides how a machine's last digits differ."""
    # Adding zero takes the sign from a zero.
    return f"{round(float(number), digits) + 0.0:.{digits}f}".rstrip("0").rstrip(".")
