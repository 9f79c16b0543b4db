"""Two dates in a few words: repositories as short rows, from which every compared table is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from builder.comparison import Comparison, compare_sides
from builder.layout import Layout
from builder.previous import Dated, Side
from builder.snapshot.build import to_frame
from schemas.tables import TABLES
from schemas.to_arrow import to_arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EARLIER, LATER = date(2026, 5, 31), date(2026, 6, 30)


@dataclass(frozen=True)
class Repo:
    """One repository on one date; a distinct model of its own unless it is a copy of another."""

    repo_id: str
    hub_id: str | None = None
    family: str = "voice"
    copy_of: str | None = None
    parameters: int | None = None
    uncertainty: int = 0
    scopes: tuple[str, ...] = ("speech",)
    facts: dict[str, Any] = field(default_factory=dict)
    """Other columns of `models`."""
    gaps: dict[str, str] = field(default_factory=dict)

    @property
    def unique(self) -> str:
        """Its distinct model."""
        return self.copy_of or self.repo_id


def to_tables(repos: Iterable[Repo], day: date, **more: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """Every published table in its declared form; what is not said is null."""
    repos = list(repos)
    uniques = {repo.unique: repo.family for repo in repos}
    rows: dict[str, list[dict[str, Any]]] = {
        "models": [
            {
                "repo_id": repo.repo_id,
                "hub_id": repo.hub_id,
                "scopes": list(repo.scopes),
                "unique_model_id": repo.unique,
                "family_id": repo.family,
                "runtime_parameters": repo.parameters,
                "runtime_parameters_uncertainty": None if repo.parameters is None else repo.uncertainty,
                **repo.facts,
            }
            for repo in repos
        ],
        "unique_models": [
            {"unique_model_id": unique, "family_id": family, "audio_language_model": "yes"}
            for unique, family in sorted(uniques.items())
        ],
        "families": [{"family_id": family} for family in sorted(set(uniques.values()))],
        "variants": [{"repo_id": r.repo_id, "variant": "bf16", "path_group": "*"} for r in repos],
        "gaps": [
            {"repo_id": repo.repo_id, "column_name": column, "reason": reason}
            for repo in repos
            for column, reason in repo.gaps.items()
        ],
        "history": [{"repo_id": r.repo_id, "hub_id": r.hub_id, "present": True} for r in repos],
        **more,
    }
    return {
        table.name: pa.Table.from_pylist(
            [{"snapshot_date": day, **row} for row in rows.get(table.name, [])], schema=to_arrow_schema(table)
        )
        for table in TABLES
    }


def to_side(
    repos: Iterable[Repo],
    day: date = EARLIER,
    *,
    lacks: tuple[tuple[str, str], ...] = (),
    previous: str | None = None,
    **more: list[dict[str, Any]],
) -> Side:
    """A built date that holds the given repositories."""
    manifest = {"previous": {"name": previous}} if previous else {}
    tables = {name: to_frame(rows).lazy() for name, rows in to_tables(repos, day, **more).items()}
    return Side(Dated(day.isoformat(), day, manifest, "0" * 64), tables, lacks)


def move(before: Side, now: Side, root: Path) -> Comparison:
    """What the comparison steps say of two dates."""
    return compare_sides(Layout(root), before, now)


def tell(movement: Comparison, table: str | None = None) -> set[tuple[str, str, str]]:
    """Table, key and what happened, for short; a value with the name of its column."""
    rows = movement.changes.to_pylist()
    return {
        (row["table_name"], row["key"], row["change"] if row["column_name"] == "*" else
         f"{row['change']} {row['column_name']}")
        for row in rows
        if table in {None, row["table_name"]}
    }  # fmt: skip
