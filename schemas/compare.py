"""Two recorded schemas beside each other: what the difference means for those who read the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Level: TypeAlias = Literal["none", "wording", "minor", "major"]
Difference: TypeAlias = tuple[Level, str]

LEVELS: tuple[Level, ...] = ("none", "wording", "minor", "major")
"""In rising order: a change has the highest level among its differences."""


@dataclass(frozen=True)
class SchemaChange:
    """The level of a change, with one clause for each difference, the gravest first."""

    level: Level
    reasons: list[str]


def compare_schemas(old: Mapping[str, Any], new: Mapping[str, Any]) -> SchemaChange:
    """The tables of two records, as `record_schema` makes them.

    Major: a table or column is gone, renamed or means something else (key, type, unit), may be
    null now, or has lost a value of its closed set. Minor: something was added, a closed set has
    grown, or a check, reference or order is another. Wording: a description or source reads
    otherwise; whether the meaning changed is the author's to say.
    """
    differences = list(_tables(old, new))
    differences.sort(key=lambda difference: -LEVELS.index(difference[0]))
    return SchemaChange(
        level=differences[0][0] if differences else "none",
        reasons=[reason for _, reason in differences],
    )


def _tables(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in old:
        if name not in new:
            yield "major", f"table {name} was removed"
        else:
            yield from _table(name, old[name], new[name])
    for name in new:
        if name not in old:
            yield "minor", f"table {name} was added"


def _table(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    if old["key"] != new["key"]:
        yield "major", f"the key of {name} is ({', '.join(new['key'])}), was ({', '.join(old['key'])})"
    if old["description"] != new["description"]:
        yield "wording", f"{name} is described otherwise"
    for what in ("rules", "references"):
        if old[what] != new[what]:
            yield "minor", f"the {what} of {name} are others"
    yield from _columns(name, old["columns"], new["columns"])


def _columns(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    added = [name for name in new if name not in old]
    for name in old:
        if name in new:
            yield from _column(f"{table}.{name}", old[name], new[name])
            continue
        twin = next((candidate for candidate in added if new[candidate] == old[name]), None)
        fate = f"was renamed to {twin}" if twin else "was removed"
        yield "major", f"{table}.{name} {fate}"
    for name in added:
        yield "minor", f"{table}.{name} was added"
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        yield "minor", f"the columns of {table} stand in another order"


def _column(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for what in ("type", "unit"):
        if old[what] != new[what]:
            yield "major", f"the {what} of {name} is {new[what]}, was {old[what]}"
    if old["nullable"] != new["nullable"]:
        yield ("major", f"{name} may be null now") if new["nullable"] else ("minor", f"{name} is never null")
    yield from _values(name, old["values"], new["values"])
    yield from _gap_reasons(name, old["gap_reasons"], new)
    if old["checks"] != new["checks"]:
        yield "minor", f"the checks of {name} are others"
    for what in ("description", "source"):
        if old[what] != new[what]:
            yield "wording", f"the {what} of {name} reads otherwise"


def _values(name: str, old: list[str], new: list[str]) -> Iterator[Difference]:
    lost, gained = sorted(set(old) - set(new)), sorted(set(new) - set(old))
    if bool(old) != bool(new):
        yield "minor", f"{name} {'has a' if new else 'has no'} closed set of values now"
    elif lost:
        yield "major", f"{name} has lost values: {', '.join(lost)}"
    elif gained:
        yield "minor", f"{name} has new values: {', '.join(gained)}"


def _gap_reasons(name: str, old: list[str], column: Mapping[str, Any]) -> Iterator[Difference]:
    lost = sorted(set(old) - set(column["gap_reasons"]))
    gained = sorted(set(column["gap_reasons"]) - set(old))
    if lost and column["nullable"]:
        yield "major", f"nulls of {name} have lost reasons: {', '.join(lost)}"
    if gained:
        yield "minor", f"nulls of {name} have new reasons: {', '.join(gained)}"
