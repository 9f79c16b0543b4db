"""Where the names of dots may stand: beside their dots, inside the plot, and on nothing else.

Greedy and deterministic: names come in order of importance, each takes the first free place around
its dot, and one that finds none is left out.
"""

from __future__ import annotations

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


def place_labels(
    labels: Sequence[Label], obstacles: Sequence[Box], inside: Box
) -> list[tuple[Box, bool] | None]:
    """For each label the box of its words and whether a line must lead to it; None where it has no place."""
    taken = list(obstacles)
    placed: list[tuple[Box, bool] | None] = []
    for label in labels:
        found = next(
            (
                (box, lead > _LEADS[0])
                for lead, direction in product(_LEADS, _DIRECTIONS)
                if inside.holds(box := _beside(label, lead, direction))
                and not any(box.overlaps(other) for other in taken)
            ),
            None,
        )
        placed.append(found)
        if found:
            box = found[0]
            taken.append(Box(box.left - _SPACE, box.top - _SPACE, box.right + _SPACE, box.bottom + _SPACE))
    return placed


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
