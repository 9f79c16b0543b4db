"""Sizes as people type them (`12GB`, `12 GiB`, `8G`) in bytes, and bytes as people read them."""

from __future__ import annotations

import re
from typing import Final

from builder.errors import UsageError

_UNITS: Final = {
    "": 10**9,
    "m": 10**6,
    "mb": 10**6,
    "mib": 2**20,
    "g": 10**9,
    "gb": 10**9,
    "gib": 2**30,
    "t": 10**12,
    "tb": 10**12,
    "tib": 2**40,
}
"""Bytes per unit as IEC 80000-13 names them; a bare number means gigabytes, as on a graphics card's box."""

_SIZE: Final = re.compile(r"\s*(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]{0,3})\s*", re.IGNORECASE | re.ASCII)

_SHOWN: Final = 40
"""Characters of what somebody typed that a message repeats."""


def parse_size(text: str, option: str = "--memory") -> int:
    """Bytes of a typed size; the option is the one that it was typed for.

    Raises:
        UsageError: it is no size, or nothing at all.
    """
    form = _SIZE.fullmatch(text)
    unit = _UNITS.get(form[2].lower()) if form else None
    size = int(float(form[1]) * unit) if form and unit else 0
    if size <= 0:
        raise UsageError(
            f"{option} {text[:_SHOWN]!r} is no size; write a number with MB, GB, GiB or TB, such as 12GB"
        )
    return size


def write_size(size: int) -> str:
    """Bytes in GB (10^9 bytes, as the Hub counts), to a tenth, rounded up: it must suffice."""
    tenths = -(-size // 10**8)
    return f"{tenths // 10}.{tenths % 10} GB"


def write_minutes(minutes: float) -> str:
    """A duration: below two minutes in seconds, since that is how limits such as 30 s are stated."""
    if minutes < 2:  # noqa: PLR2004 - the docstring says it
        return f"{round(minutes * 60, 1):g} s"
    return f"{round(minutes, 1):g} minutes"
