"""Closed sets as readers meet them: the values that a column may take, and what they mean."""

from __future__ import annotations

from schemas import vocabulary
from schemas.column import Column, Each, OneOf

MOST_VALUES = 40
"""A longer list (language codes, names of columns) is a standard of its own or stands elsewhere."""

_DECLARED = {tuple(entry): entry for entry in vars(vocabulary).values() if isinstance(entry, dict)}


def list_values(column: Column) -> tuple[str, ...]:
    """The closed set of a column; empty where it is open or too long to list."""
    checks = (check.check if isinstance(check, Each) else check for check in column.checks)
    closed = next((check.values for check in checks if isinstance(check, OneOf)), ())
    return closed if len(closed) <= MOST_VALUES else ()


def find_meanings(values: tuple[str, ...]) -> dict[str, str]:
    """Each value with its meaning; empty where the values say it all."""
    return _DECLARED.get(values, {})
