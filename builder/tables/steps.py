"""The numbered SQL steps: each file `NNN_<relation>.sql` makes one relation from earlier ones.

A step whose first line reads `-- repeat until unchanged, from <relation>` starts as a copy of that
relation and is run again over its own result until nothing changes; one whose first line reads
`-- as a view` is not stored. Two places are filled in from the schema: one line per column of
`models` whose nulls must be accounted for, and one per table whose rows `changes` compares.
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
_VIEW: Final = "-- as a view\n"
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
    is_view: bool = False
    """Whether the relation is looked at rather than stored: for what is wide and seldom read."""


def parse_step(file_name: str, text: str) -> Step:
    """Read one step.

    Raises:
        ValueError: the file's name is not `NNN_<relation>.sql`.
    """
    match = _FILE.fullmatch(file_name)
    if match is None:
        raise ValueError(f"{file_name} is not named NNN_<relation>.sql")
    repeat = _REPEAT.match(text)
    sql = text.replace(_NULL_CELLS, _null_cells()).replace(_ROWS, _rows_of_tables())
    return Step(
        relation=match[2],
        sql=sql.strip().removesuffix(";"),
        starts_from=repeat[1] if repeat else None,
        is_view=text.startswith(_VIEW),
    )


def _null_cells() -> str:
    return "\nUNION ALL\n".join(
        f"SELECT repo_id, '{column}' AS column_name FROM models WHERE {column} IS NULL"  # noqa: S608 - our own names
        for column in ACCOUNTED
    )


def _rows_of_tables() -> str:
    return "\nUNION ALL\n".join(
        f"SELECT '{table.name}' AS table_name, {_key_text(table)} AS key FROM {table.name}"  # noqa: S608 - our own names
        for table in TABLES
        if table.name not in _UNTRACKED
    )


def _key_text(table: Table) -> str:
    return f"concat_ws(' ', {', '.join(name for name in table.key if name != SNAPSHOT_DATE.name)})"
