"""Where the names of dots may stand: beside their dots, inside the plot, and on nothing else.

Greedy and deterministic: names come in order of importance, each takes the first free place around
its dot, and one that finds none is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

_LEADS = (7, 16, 28)
"""Pixels between dot and name, tried in turn; beyond the first a line leads from one to the other."""

_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
"""Right, left, above, below, then the corners."""

_SPACE = 2
"""Pixels that stay free around a name."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the canvas."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def distance(self, x: float, y: float) -> float:
        """How far a point lies from the nearest edge; 0 inside."""
        return math.hypot(max(self.left - x, 0, x - self.right), max(self.top - y, 0, y - self.bottom))

    def holds(self, other: Box) -> bool:
        """Whether another lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True)
class Label:
    """A name to place: its dot, and the size of its words."""

    x: float
    y: float
    width: float
    height: float


def place_labels(labels: Sequence[Label], dots: Sequence[Box], inside: Box) -> list[tuple[Box, bool] | None]:
    """For each label the box of its words and whether a line must lead to it; None where it has no place."""
    taken = list(dots)
    placed: list[tuple[Box, bool] | None] = []
    for label in labels:
        found = next(
            (
                (box, led)
                for lead, direction in product(_LEADS, _DIRECTIONS)
                if inside.holds(box := _beside(label, lead, direction))
                and not any(box.overlaps(other) for other in taken)
                and ((led := lead > _LEADS[0]) or _is_nearest(label, box, dots))
            ),
            None,
        )
        placed.append(found)
        if found:
            box = found[0]
            taken.append(Box(box.left - _SPACE, box.top - _SPACE, box.right + _SPACE, box.bottom + _SPACE))
    return placed


def _is_nearest(label: Label, box: Box, dots: Sequence[Box]) -> bool:
    """Whether no other dot lies as near to the words, so that they are not taken for its name."""
    own = box.distance(label.x, label.y)
    for dot in dots:
        x, y = (dot.left + dot.right) / 2, (dot.top + dot.bottom) / 2
        if math.dist((x, y), (label.x, label.y)) > 1 and box.distance(x, y) < own + _SPACE:
            return False
    return True


def _beside(label: Label, lead: float, direction: tuple[int, int]) -> Box:
    across, down = direction
    # A corner lies as far away as a side.
    lead = lead if 0 in direction else lead * 0.7
    left = label.x + across * lead - {1: 0, 0: label.width / 2, -1: label.width}[across]
    top = label.y + down * lead - {1: 0, 0: label.height / 2, -1: label.height}[down]
    return Box(left, top, left + label.width, top + label.height)


def around(x: float, y: float, radius: float) -> Box:
    """The box of a dot."""
    return Box(x - radius, y - radius, x + radius, y + radius)
