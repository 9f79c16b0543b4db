"""The numbered SQL steps: each file `NNN_<relation>.sql` makes one relation from earlier ones.

A step whose first line reads `-- repeat until unchanged, from <relation>` starts as a copy of that
relation and is run again over its own result until nothing changes. The step `null_cell` is
written by the schema: one line per column of `models` whose nulls must be accounted for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from schemas.shared import SNAPSHOT_DATE
from schemas.table import Table
from schemas.tables import TABLES
from schemas.tables.gaps import ACCOUNTED

_FILE: Final = re.compile(r"(\d{3})_([a-z][a-z_0-9]*)\.sql")
_REPEAT: Final = re.compile(r"-- repeat until unchanged, from ([a-z][a-z_0-9]*)\n")
_NULL_CELLS: Final = "{null_cells_of_models}"
_ROWS: Final = "{rows_of_tables}"
_UNTRACKED: Final = frozenset({"gaps", "changes", "history"})
"""Tables whose rows follow from others, so that `changes` does not repeat them."""


@dataclass(frozen=True)
class Step:
    """One relation and the query that makes it."""

    relation: str
    sql: str
    starts_from: str | None = None


def parse_step(file_name: str, text: str) -> Step:
    """Read one step.

    Raises:
        ValueError: the file's name is not `NNN_<relation>.sql`.
    """
    match = _FILE.fullmatch(file_name)
    if match is None:
        msg = f"{file_name} is not named NNN_<relation>.sql"
        raise ValueError(msg)
    repeat = _REPEAT.match(text)
    sql = text.replace(_NULL_CELLS, _null_cells()).replace(_ROWS, _rows_of_tables())
    return Step(match[2], sql.strip().removesuffix(";"), repeat[1] if repeat else None)


def _null_cells() -> str:
    return "\nUNION ALL\n".join(
        f"SELECT repo_id, '{column}' AS column_name FROM models WHERE {column} IS NULL" for column in ACCOUNTED
    )


def _rows_of_tables() -> str:
    return "\nUNION ALL\n".join(
        f"SELECT '{table.name}' AS table_name, concat_ws(' ', {', '.join(_key(table))}) AS key FROM {table.name}"
        for table in TABLES
        if table.name not in _UNTRACKED
    )


def _key(table: Table) -> list[str]:
    return [name for name in table.key if name != SNAPSHOT_DATE.name]
