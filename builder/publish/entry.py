"""Moves a date from `building:` to `published:` in the text of the index, comments and order kept.

The index is edited by hand and explained by its comments, which a YAML library would drop; so its
lines are moved, and what came out is read again before anybody writes it.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Final

import yaml

from builder.errors import EvidenceUnreadable
from builder.index import Draft, Publication, date_order, parse_index

_NAME: Final = "snapshots/index.yaml"
_SECTION: Final = re.compile(r"(building|published):\s*(\{\s*\}|null|~)?\s*(#.*)?")
_DATE_LINE: Final = re.compile(r"""  (?P<quote>["'])(?P<date>[\d.-]+)(?P=quote):(?P<rest>.*)""")
_INDENT: Final = "    "


def publish_entry(content: str, date: str, publication: Publication) -> str:
    """The index with one date moved from `building:` to `published:`.

    Raises:
        SnapshotRefused: the date is not being built.
        EvidenceUnreadable: the index is broken, or not written one date per block.
    """
    before = parse_index(content, _NAME)
    draft = before.draft(date)
    lines = content.splitlines()
    building, published = (_find_section(lines, name) for name in ("building", "published"))
    blocks = {name: _find_blocks(lines, start) for name, start in (("b", building), ("p", published))}
    start, end = blocks["b"].get(date, (0, 0))
    if not end:
        _refuse(f"does not give {date} a line of its own")
    moved = [*_own_lines(lines[start:end], draft), *_to_lines(publication)]
    later = [first for other, (first, _) in blocks["p"].items() if date_order(other) > date_order(date)]
    place = min(later, default=max((last for _, last in blocks["p"].values()), default=published + 1))
    edits = {
        published: ["published:"],
        **({} if len(blocks["b"]) > 1 else {building: ["building: {}"]}),
    }
    kept = [_keep(lines, number, edits, start, end) for number in range(len(lines))]
    made = [line for some in [*kept[:place], moved, *kept[place:]] for line in some]
    text = "\n".join(made) + "\n"
    after = parse_index(text, _NAME)
    expected = {other: entry for other, entry in before.building.items() if other != date}
    if (
        after.building != expected
        or after.entry(date) != draft
        or after.publication(date) != publication
        or {other: entry for other, entry in after.published.items() if other != date} != before.published
    ):
        _refuse(f"is not written in the way that lets {date} move by itself")
    return text


def _keep(lines: list[str], number: int, edits: dict[int, list[str]], start: int, end: int) -> list[str]:
    if start <= number < end:
        return []
    return edits.get(number, [lines[number]])


def _find_section(lines: list[str], name: str) -> int:
    for number, line in enumerate(lines):
        found = _SECTION.fullmatch(line)
        if found and found[1] == name:
            return number
    return _refuse(f"does not have `{name}:` on a line of its own")


def _find_blocks(lines: list[str], section: int) -> dict[str, tuple[int, int]]:
    """Date → first line, with the comment above it, and the line after its last."""
    blocks: dict[str, tuple[int, int]] = {}
    date, comment = "", None
    for number in range(section + 1, len(lines)):
        line = lines[number]
        if line[:1] not in {" ", "#", ""}:
            break
        if found := _DATE_LINE.fullmatch(line):
            date = found["date"]
            blocks[date] = (number if comment is None else comment, number + 1)
            comment = None
        elif line.startswith("  #"):
            comment = number if comment is None else comment
        elif line.startswith(_INDENT) and date:
            blocks[date] = (blocks[date][0], number + 1)
            comment = None
    return blocks


def _own_lines(block: list[str], draft: Draft) -> list[str]:
    """The block of a draft as it stands, or in lines if its value stands beside the date."""
    at = next(number for number, line in enumerate(block) if _DATE_LINE.fullmatch(line))
    found = _DATE_LINE.fullmatch(block[at])
    if found is None or not found["rest"].strip() or found["rest"].strip().startswith("#"):
        return block
    reason = [] if draft.reason is None else [f"{_INDENT}reason: {_quote(draft.reason)}"]
    return [*block[:at], f'  "{found["date"]}":', f"{_INDENT}previous: {_quote(draft.previous)}", *reason]


def _to_lines(publication: Publication) -> list[str]:
    values = {field.name: getattr(publication, field.name) for field in fields(publication)}
    return [f"{_INDENT}{name}: {_quote(value)}" for name, value in values.items() if value is not None]


def _quote(text: str) -> str:
    """A scalar that YAML reads as this text: plain where that is safe, as people write it."""
    if re.fullmatch(r"[A-Za-z][\w./-]*", text) and yaml.safe_load(text) == text:
        return text
    return yaml.safe_dump(text, default_style='"', width=2**20, allow_unicode=True).strip()


def _refuse(what: str) -> int:
    raise EvidenceUnreadable(
        f"{_NAME} {what}; write `building:` and `published:` with one quoted date per block, as its comment "
        "shows"
    )
