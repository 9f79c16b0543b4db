"""The colours of the pictures, each for a light and for a dark page, told apart by all kinds of sight.

The hues are those of Okabe and Ito, moved in lightness until marks stand out from the ground by 3:1
and words by 4.5:1 (tests hold them to that). No meaning rests on a colour alone: what a colour says
is also said by a label or a place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """One role: how it looks on a light page, and on a dark one."""

    light: str
    dark: str


GROUND = Colour("#ffffff", "#0d1117")
"""Every picture brings its own, so that it is legible whatever page it stands on."""
INK = Colour("#1f2328", "#e6edf3")
MUTED = Colour("#59636e", "#9aa4af")
LINE = Colour("#d1d9e0", "#343b44")

BLUE = Colour("#0072b2", "#56b4e9")
ORANGE = Colour("#b85c00", "#f0a04b")
GREEN = Colour("#00795a", "#2fc79a")
PURPLE = Colour("#a6487f", "#e08fbe")
GREY = Colour("#6e7781", "#8b949e")

WORDS = (INK, MUTED)
MARKS = (BLUE, ORANGE, GREEN, PURPLE, GREY)
ALL = (GROUND, *WORDS, LINE, *MARKS)
