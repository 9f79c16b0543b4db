"""The places of a step that the schema fills in: one line of SQL per column or table declared there.

`{nulls_of_models}` and `{null_cells_of_models}`: columns of `models` whose nulls must be accounted for, side
by side and one below the other. The others belong to the comparison of two dates: `{rows_of_tables}` and
`{rows_of_previous_tables}` give every compared row with its key, and `{values_that_differ}` every tracked
value that is another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from schemas.shared import REPO_ID, SNAPSHOT_DATE
from schemas.table import Table
from schemas.tables.changes import COMPARED
from schemas.tables.gaps import ACCOUNTED

PREVIOUS: Final = "previous_"
"""Begins the name of a relation that holds a table of the previous date."""

TEXTS: Final = "text_of_"
"""Begins the name of a relation that holds a table's tracked values as canonical JSON, by `key`."""


def key_columns(table: Table) -> list[str]:
    """The key of a row within its date."""
    return [name for name in table.key if name != SNAPSHOT_DATE.name]


def tracked_columns(table: Table) -> list[str]:
    """Columns whose differences between two dates are reported."""
    return [column.name for column in table.columns if column.tracked]


def fill_in(text: str) -> str:
    """A step's text with every place filled in."""
    for place, make in _PLACES.items():
        if place in text:
            text = text.replace(place, make())
    return text


def _union(selects: Iterable[str]) -> str:
    return "\nUNION ALL\n".join(selects)


def _nulls() -> str:
    return ",\n".join(f"    m.{column} IS NULL AS {column}" for column in ACCOUNTED)


def _null_cells() -> str:
    return _union(
        f"SELECT repo_id, kind, absence_set, '{column}' AS column_name FROM null_flag WHERE {column}"  # noqa: S608 - our own names
        for column in ACCOUNTED
    )


def _rows() -> str:
    return _union(
        f"SELECT {_once(table)} '{table.name}' AS table_name, {_text(key_columns(table))} AS key, "  # noqa: S608 - our own names
        f"{_repository(table, '')} AS repo_id FROM {table.name}"
        for table in COMPARED
    )


def _once(table: Table) -> str:
    """Parts of two keys may join to one text, and a row is then told once."""
    return "DISTINCT" if len(key_columns(table)) > 1 else "ALL"


def _previous_rows() -> str:
    return _union(_previous_rows_of(table) for table in COMPARED)


def _previous_rows_of(table: Table) -> str:
    """Rows of one table, every part of their key that is a repository also under its new name."""
    key, joins, renamed = key_columns(table), "", []
    for number, name in enumerate(key):
        if REPO_ID not in table.column(name).checks:
            renamed.append(f"t.{name}")
            continue
        joins += f" LEFT JOIN moved m{number} ON m{number}.previous_id = t.{name}"
        renamed.append(f"coalesce(m{number}.current_id, t.{name})")
    return (
        f"SELECT {_once(table)} '{table.name}' AS table_name, {_text([f't.{name}' for name in key])} AS key, "  # noqa: S608 - our own names
        f"{_text(renamed)} AS new_key, {_repository(table, 't.')} AS repo_id "
        f"FROM {PREVIOUS}{table.name} t{joins}"
    )


def _text(parts: list[str]) -> str:
    return f"concat_ws(' ', {', '.join(parts)})"


def _repository(table: Table, prefix: str) -> str:
    """The repository that a row is about, where it is about one."""
    return f"{prefix}repo_id" if "repo_id" in table.key else "CAST(NULL AS STRING)"


def _differences() -> str:
    tracked = [table for table in COMPARED if tracked_columns(table)]
    pairs = ",\n".join(f"pair_of_{table.name} AS ({_pairs(table)})" for table in tracked)
    values = _union(
        f"SELECT '{table.name}' AS table_name, previous_key, key, '{column}' AS column_name, "  # noqa: S608 - our own names
        f"before_{column} AS before, now_{column} AS after FROM pair_of_{table.name} "
        f"WHERE before_{column} IS DISTINCT FROM now_{column}"
        for table in tracked
        for column in tracked_columns(table)
    )
    return f"WITH {pairs}\n{values}"


def _pairs(table: Table) -> str:
    """Rows of both dates beside each other, joined once for all columns, where any value differs."""
    columns = tracked_columns(table)
    values = ", ".join(f"p.{column} AS before_{column}, n.{column} AS now_{column}" for column in columns)
    differs = " OR ".join(f"p.{column} IS DISTINCT FROM n.{column}" for column in columns)
    return (
        f"SELECT k.previous_key, k.key, {values} FROM kept k "  # noqa: S608 - our own names
        f"JOIN {PREVIOUS}{TEXTS}{table.name} p ON p.key = k.previous_key "
        f"JOIN {TEXTS}{table.name} n ON n.key = k.key "
        f"WHERE k.table_name = '{table.name}' AND ({differs})"
    )


_PLACES: Final[dict[str, Callable[[], str]]] = {
    "{nulls_of_models}": _nulls,
    "{null_cells_of_models}": _null_cells,
    "{rows_of_tables}": _rows,
    "{rows_of_previous_tables}": _previous_rows,
    "{values_that_differ}": _differences,
}
