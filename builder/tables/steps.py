"""The numbered SQL steps: each file `NNN_<relation>.sql` makes one relation from earlier ones.

A step whose first line reads `-- repeat until unchanged, from <relation>` starts as a copy of that
relation and is run again over its own result until nothing changes; one whose first line reads
`-- as a view` is not stored. Some places are filled in from the schema, as `placeholders` says.

The steps in this folder make the tables of one date from its evidence; those in `comparison/` hold two
dates beside each other, and make `changes` and `history`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from builder.tables.placeholders import fill_in

_FILE: Final = re.compile(r"(\d{3})_([a-z][a-z_0-9]*)\.sql")
_REPEAT: Final = re.compile(r"-- repeat until unchanged, from ([a-z][a-z_0-9]*)\n")
_VIEW: Final = "-- as a view\n"


@dataclass(frozen=True)
class Step:
    """One relation and the query that makes it."""

    relation: str
    sql: str
    starts_from: str | None = None
    is_view: bool = False
    """Whether the relation is looked at rather than stored: for what is wide and seldom read."""
    is_written: bool = False
    """Whether the relation goes into files as soon as it is made, so that it need not be stored before."""


def parse_step(file_name: str, text: str) -> Step:
    """Read one step.

    Raises:
        ValueError: the file's name is not `NNN_<relation>.sql`.
    """
    match = _FILE.fullmatch(file_name)
    if match is None:
        raise ValueError(f"{file_name} is not named NNN_<relation>.sql")
    repeat = _REPEAT.match(text)
    return Step(
        relation=match[2],
        sql=fill_in(text).strip().removesuffix(";"),
        starts_from=repeat[1] if repeat else None,
        is_view=text.startswith(_VIEW),
    )
