"""What became of the field between two dates, in the order in which a person asks for it.

Made from the rows that the comparison steps give and from the tables of both dates, so that it says
what the table `changes` says, by model and family instead of by row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from schemas import vocabulary
from schemas.tables.changes import COMPARED

if TYPE_CHECKING:
    import polars as pl

    Frames = Mapping[str, pl.DataFrame]
    """Table name → rows of one date."""

NEW: Final = ("added", "scope_added")
"""Changes that make a row: it came with the field, or with a query."""


@dataclass(frozen=True)
class TableLine:
    """How one table differs."""

    table: str
    before: int
    now: int
    changes: dict[str, int]
    """Differences by kind; a kind that did not occur has 0."""


@dataclass(frozen=True)
class ModelLine:
    """A distinct model that only one of the dates has."""

    unique_model_id: str
    family_id: str
    audio_language_model: str
    by_scope: bool
    """Whether a query that only this date asked brought it."""
    reason: str | None = None
    """Why it is gone, where that is known."""


@dataclass(frozen=True)
class ValueLine:
    """A value that is another one."""

    table: str
    key: str
    column: str
    before: Any
    now: Any


@dataclass(frozen=True)
class Departure:
    """A repository that the later date does not have."""

    repo_id: str
    reason: str | None


@dataclass(frozen=True)
class Difference:
    """From the one date to the other; `before` may be the later day of the two."""

    before: str
    now: str
    scopes_of_both: list[str]
    scopes_before: list[str]
    """Queries that only `before` asked."""
    scopes_now: list[str]
    tables: list[TableLine]
    new_models: list[ModelLine]
    gone_models: list[ModelLine]
    renamed_models: list[dict[str, str]]
    new_repositories: list[str]
    gone_repositories: list[Departure]
    renamed_repositories: list[dict[str, str]]
    new_families: list[str]
    gone_families: list[str]
    families_split: list[dict[str, Any]]
    families_merged: list[dict[str, Any]]
    changed: list[ValueLine]
    first_observed: dict[str, int]
    """How many values of each column were not captured before."""
    parameters_moved: list[dict[str, Any]]
    tasks: list[ValueLine]

    @property
    def is_empty(self) -> bool:
        """Whether the dates say the same in everything that is compared."""
        return not any(count for line in self.tables for count in line.changes.values())


def collect_difference(  # noqa: PLR0913 - one argument per source
    *,
    names: tuple[str, str],
    scopes: tuple[frozenset[str], frozenset[str]],
    changes: pl.DataFrame,
    before: Frames,
    now: Frames,
    families: Mapping[str, Any],
    parameters: Mapping[str, Any],
) -> Difference:
    """Put the rows of a comparison in the order of a reader.

    Args:
        names: of the two dates.
        scopes: queries of the two dates.
        changes: rows of the comparison, as in the table `changes`.
        before: tables of the first date.
        now: tables of the second date.
        families: which were split or merged, as drift measures it.
        parameters: which counts moved, likewise.
    """
    rows = changes.sort("table_name", "key", "change", "column_name").to_dicts()
    by_kind: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault((row["table_name"], row["change"]), []).append(row)

    def find(table: str, *kinds: str) -> list[dict[str, Any]]:
        return sorted((row for kind in kinds for row in by_kind.get((table, kind), [])), key=_key)

    values = [row for table in COMPARED for row in find(table.name, "changed")]
    observed = [row["column_name"] for table in COMPARED for row in find(table.name, "first_observed")]
    return Difference(
        before=names[0],
        now=names[1],
        scopes_of_both=sorted(scopes[0] & scopes[1]),
        scopes_before=sorted(scopes[0] - scopes[1]),
        scopes_now=sorted(scopes[1] - scopes[0]),
        tables=[
            TableLine(
                table=table.name,
                before=before[table.name].height,
                now=now[table.name].height,
                changes={kind: len(find(table.name, kind)) for kind in vocabulary.CHANGE},
            )
            for table in COMPARED
        ],
        new_models=_list_models(find("unique_models", *NEW), now["unique_models"]),
        gone_models=_list_models(find("unique_models", "removed"), before["unique_models"]),
        renamed_models=_list_renamed(find("unique_models", "renamed")),
        new_repositories=[row["key"] for row in find("models", *NEW)],
        gone_repositories=[Departure(row["key"], row["reason"]) for row in find("models", "removed")],
        renamed_repositories=_list_renamed(find("models", "renamed")),
        new_families=[row["key"] for row in find("families", *NEW)],
        gone_families=[row["key"] for row in find("families", "removed")],
        families_split=list(families["split"]),
        families_merged=list(families["merged"]),
        changed=[_to_value(row) for row in values if row["table_name"] != "tasks"],
        first_observed={column: observed.count(column) for column in sorted(set(observed))},
        parameters_moved=list(parameters["examples"]),
        tasks=[_to_value(row) for row in values if row["table_name"] == "tasks"],
    )


def _key(row: Mapping[str, Any]) -> str:
    return str(row["key"])


def _list_models(rows: list[dict[str, Any]], unique_models: pl.DataFrame) -> list[ModelLine]:
    """By family, the families in order."""
    columns = ("unique_model_id", "family_id", "audio_language_model")
    known = {key: facts for key, *facts in unique_models.select(columns).iter_rows()}
    lines = [
        ModelLine(
            unique_model_id=row["key"],
            family_id=known[row["key"]][0],
            audio_language_model=known[row["key"]][1],
            by_scope=row["change"] == "scope_added",
            reason=row["reason"],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.family_id, line.unique_model_id))


def _list_renamed(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"before": json.loads(row["before"]), "now": row["key"]} for row in rows]


def _to_value(row: Mapping[str, Any]) -> ValueLine:
    before, now = (None if row[name] is None else json.loads(row[name]) for name in ("before", "after"))
    return ValueLine(row["table_name"], row["key"], row["column_name"], before, now)
