"""Logarithmic axes in pixels: from numbers to places, and the numbers worth a line."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LogAxis:
    """Numbers from `low` to `high`, both above zero, between the pixels `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def place(self, number: float) -> float:
        """The pixel of a number; one outside stands at the nearer end."""
        inside = min(max(number, self.low), self.high)
        share = math.log(inside / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, fewest: int = 3) -> list[float]:
        """Numbers worth a line: powers of ten, with doubles and halves where they are fewer than wanted."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        numbers = [step * 10.0**power for power in range(first, last + 1) for step in (1, 2, 5)]
        found = [number for number in numbers if self.low <= number <= self.high]
        decades = [number for number in found if number in numbers[::3]]
        return decades if len(decades) >= fewest else found


def write_tick(number: float) -> str:
    """A number of an axis as people write it."""
    return f"{number:,.0f}" if number >= 1 else f"{number:g}"


def fit_axis(smallest: float, largest: float, start: float, end: float) -> LogAxis:
    """An axis with some room on both sides of the numbers, and over a factor of ten at least."""
    low, high = smallest / 1.25, largest * 1.25
    missing = max(math.sqrt(10 * low / high), 1)
    return LogAxis(low / missing, high * missing, start, end)
