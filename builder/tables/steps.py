"""The numbered SQL steps: each file `NNN_<relation>.sql` makes one relation from earlier ones.

A step whose first line reads `-- repeat until unchanged, from <relation>` starts as a copy of that
relation and is run again over its own result until nothing changes; one whose first line reads
`-- as a view` is not stored. Some places are filled in from the schema, as `placeholders` says.

The steps in this folder make the tables of one date from its evidence; those in `comparison/` hold two
dates beside each other, and make `changes` and `history`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
    done_with: tuple[str, ...] = ()
    """Stored relations that neither this step nor a later one reads: they may go, with their memory."""


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


def plan_writing(steps: Sequence[Step], written: Collection[str], kept: Collection[str]) -> list[Step]:
    """The same steps, where some relations go into files and others are let go once nothing reads them.

    Args:
        steps: in order.
        written: relations that go into files as soon as they are made.
        kept: relations that are read after the last step.
    """
    places = {step.relation: place for place, step in enumerate(steps)}
    last = {relation: len(steps) if relation in kept else place for relation, place in places.items()}
    for place, step in reversed(list(enumerate(steps))):
        # What a view looks at is read when the view is.
        until = last[step.relation] if step.is_view else place
        for source in {step.starts_from, *re.findall(r"\w+", step.sql)} & places.keys():
            last[source] = max(last[source], until)
    stored = {step.relation for step in steps if not step.is_view} - {*written}
    return [
        replace(
            step,
            is_written=step.relation in written,
            done_with=tuple(name for name in stored if last[name] == place - 1),
        )
        for place, step in enumerate(steps)
    ]
