"""Words in a picture: any text becomes one short line of characters that the one font has.

The font is DejaVu Sans as matplotlib brings it, named by its file: what a machine has installed does
not matter. Text is never parsed as a formula.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from builder.card.escape import visible

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

MOST_CHARACTERS = 120
"""Characters of a text that are looked at: more fit into no picture, and a name may have thousands."""

_FILES = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}


def _path(weight: str) -> Path:
    import matplotlib as mpl

    return Path(mpl.get_data_path(), "fonts", "ttf", _FILES[weight])


@cache
def font(weight: str) -> FontProperties:
    """The font of a weight, `normal` or `bold`."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_path(weight))


@cache
def _drawable(weight: str) -> frozenset[int]:
    """Code points that the font has a letter for."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(_path(weight))).get_charmap())


def legible(text: str, weight: str = "normal") -> str:
    """One line of the same words; a character that cannot be seen or drawn becomes U+FFFD."""
    known = _drawable(weight)
    return "".join(c if ord(c) in known else "\N{REPLACEMENT CHARACTER}" for c in visible(text))


def measure(text: str, size: float, weight: str = "normal") -> float:
    """Width of a line of text in pixels."""
    from matplotlib.textpath import text_to_path

    shape = font(weight)
    width, _, _ = text_to_path.get_text_width_height_descent(legible(text, weight), shape, ismath=False)
    return float(width) * size / shape.get_size_in_points()


def fit(text: str, width: float, size: float, weight: str = "normal") -> str:
    """The text, or as much of it as a width holds: the middle goes, since both ends tell names apart."""
    whole = visible(text)
    if len(whole) <= MOST_CHARACTERS and measure(whole, size, weight) <= width:
        return whole
    fits, low, high = "…", 1, min(len(whole), MOST_CHARACTERS) - 1
    while low <= high:
        kept = (low + high) // 2
        head = (2 * kept + 2) // 3
        short = f"{whole[:head]}…{whole[len(whole) - (kept - head) :]}"
        if measure(short, size, weight) <= width:
            fits, low = short, kept + 1
        else:
            high = kept - 1
    return fits
