"""What the schemas say of themselves: the tables in their groups, and the meaning of coded values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from builder.card.facts import TableFacts
from schemas.coded import find_meanings, list_values
from schemas.tables import TABLES

SHARED_SUFFIXES = ("_evidence", "_confidence", "_source")
"""Companions of an inferred column share a vocabulary: they are listed once, as `*_evidence`."""


@dataclass(frozen=True)
class TableGroup:
    """The tables under one heading of the card."""

    title: str
    tables: tuple[TableFacts, ...]


@dataclass(frozen=True)
class CodedValues:
    """A closed set of values with the columns that use it."""

    columns: tuple[str, ...]
    """Names, with the table where the same name has another set elsewhere."""
    values: tuple[str, ...]
    meanings: tuple[tuple[str, str], ...]
    """Each value with its meaning; empty where the values say it all."""


def group_tables(tables: tuple[TableFacts, ...]) -> tuple[TableGroup, ...]:
    """Tables under the headings that the schemas give them."""
    groups = groupby(tables, key=lambda facts: facts.table.group)
    return tuple(TableGroup(title, tuple(members)) for title, members in groups)


def _shared_name(name: str) -> str:
    return next((f"*{suffix}" for suffix in SHARED_SUFFIXES if name.endswith(suffix)), name)


def list_coded_values() -> tuple[CodedValues, ...]:
    """Every closed set of the published tables, in the order in which columns first use them."""
    users: dict[tuple[str, ...], dict[str, str]] = {}
    for table in TABLES:
        for column in table.columns:
            if values := list_values(column):
                name = _shared_name(column.name)
                users.setdefault(values, {}).setdefault(name, f"{table.name}.{name}")
    uses = Counter(name for columns in users.values() for name in columns)
    return tuple(
        CodedValues(
            columns=tuple(name if uses[name] == 1 else full for name, full in columns.items()),
            values=values,
            meanings=tuple(find_meanings(values).items()),
        )
        for values, columns in users.items()
    )
