"""Numbers of configurations: whoever wrote them, a repository's own, so each is bounded where it is read.

A number outside its bounds is an irregularity and counts as unknown; it must never stop a snapshot,
as a negative count of the Hub does. The bounds lie far above what exists, and keep every product that
is formed of such numbers within 64 bits.
"""

from __future__ import annotations

from typing import Final

from builder.parse.popping import Fields
from schemas.shared import SHORTEST

MAX_LAYERS: Final = 10_000
MAX_HEADS: Final = 10_000
MAX_WIDTH: Final = 1_000_000
"""Elements of a head, a layer or a codebook; the widest models have 20,000."""

MAX_WORDS: Final = 10_000_000
MAX_TOKENS: Final = 1_000_000_000
MAX_RATE_HZ: Final = 1_000_000
MAX_SECONDS: Final = 1_000_000.0


def read_whole(fields: Fields, name: str, most: int, least: int = 1) -> int | None:
    """A whole number within bounds."""
    value = fields.signed(name)
    if value is None:
        return None
    if value.is_integer() and least <= value <= most:
        return int(value)
    fields.refuse(name, f"not a whole number from {least} to {most}")
    return None


def read_seconds(fields: Fields, name: str) -> float | None:
    """A duration within bounds."""
    value = fields.signed(name)
    if value is None:
        return None
    if keep_small(value) is None:
        fields.refuse(name, f"not a duration from {SHORTEST.minimum} to {MAX_SECONDS:g} seconds")
        return None
    return value


def keep_small(value: float | None) -> float | None:
    """A duration or a rate, unless it is too small or too large to be one."""
    return value if value is not None and SHORTEST.minimum <= value <= MAX_SECONDS else None


def first(*values: float | None) -> float | None:
    """The first of some readings that is known."""
    return next((value for value in values if value is not None), None)
