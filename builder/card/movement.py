"""What changed since the previous date, as the card tells it; nothing on a first date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

import polars as pl

from builder.card.frames import Frame, collect, count_rows
from builder.card.population import IS_ONE
from builder.errors import SnapshotRefused
from builder.snapshot.drift import describe_breaches

T = TypeVar("T")

SHOWN: Final = 10
"""Names of each kind on the card: one line or two; all of them are in `changes`."""

_NEW: Final = ("added", "scope_added")
_GONE: Final = pl.col("change") == "removed"
_DROPPED: Final = pl.col("reason").eq_missing("scope_dropped")
_WORDS: Final = {"models": "repositories", "unique_models": "distinct models", "families": "families"}
"""Tables that the card counts, in the words of its reader."""


@dataclass(frozen=True)
class MovementLine:
    """How the rows of one table moved."""

    words: str
    now: int
    added: int
    scope_added: int
    gone: int
    scope_dropped: int
    """Rows that are missing because no query that could bring them was asked."""
    renamed: int


@dataclass(frozen=True)
class NewModel:
    """An audio-language model that the previous date does not have."""

    unique_model_id: str
    title: str


@dataclass(frozen=True)
class Listed(Generic[T]):
    """The first few of many."""

    total: int
    shown: tuple[T, ...]

    @property
    def unshown(self) -> int:
        """How many are not named."""
        return self.total - len(self.shown)


@dataclass(frozen=True)
class Movement:
    """From the previous date to this one."""

    previous: str
    lines: tuple[MovementLine, ...]
    new_models: Listed[NewModel]
    """The most downloaded first."""
    gone_models: Listed[str]
    renamed: Listed[tuple[str, str]]
    """Old and new name of repositories."""
    changed: tuple[tuple[str, int], ...]
    """Columns with the number of values that are others, the most first."""
    first_observed: tuple[tuple[str, int], ...]
    """Columns with the number of values that the previous date did not capture."""
    same_rules: bool
    """Whether both dates were built by the same code."""
    beyond: tuple[str, ...]
    """Limits of drift that the date exceeds, a clause each."""

    @property
    def is_empty(self) -> bool:
        """Whether the dates say the same."""
        kinds = (*_NEW, "gone", "scope_dropped", "renamed")
        moved = any(getattr(line, kind) for line in self.lines for kind in kinds)
        return not (moved or self.changed or self.first_observed)


def collect_movement(tables: Mapping[str, Frame], manifest: Mapping[str, Any]) -> Movement | None:
    """Count the differences to the previous date.

    Raises:
        SnapshotRefused: the manifest names the previous date in no known form.
    """
    previous = manifest.get("previous")
    if not previous:
        return None
    name = str(previous["name"])
    try:
        date.fromisoformat(name[:10])
    except ValueError as error:
        msg = f"the manifest's previous date {name!r} is no date: build the date again"
        raise SnapshotRefused(msg) from error
    changes = collect(tables["changes"].lazy())
    drift = manifest.get("drift") or {}
    return Movement(
        previous=name,
        lines=tuple(
            _count_rows(words, count_rows(tables[table]), changes.filter(table_name=table))
            for table, words in _WORDS.items()
        ),
        new_models=_list_new(tables["unique_models"], changes),
        gone_models=_list(
            changes.filter(_GONE, ~_DROPPED, table_name="unique_models")["key"].sort().to_list()
        ),
        renamed=_list(
            [
                (json.loads(old), new)
                for old, new in changes.filter(table_name="models", change="renamed")
                .sort("key")
                .select("before", "key")
                .iter_rows()
            ]
        ),
        changed=_count_columns(changes, "changed"),
        first_observed=_count_columns(changes, "first_observed"),
        same_rules=previous.get("code_sha256") == manifest["code_sha256"],
        beyond=tuple(describe_breaches(drift.get("breaches", []))),
    )


def _count_rows(words: str, now: int, changes: pl.DataFrame) -> MovementLine:
    def count(*kinds: pl.Expr) -> int:
        return changes.filter(*kinds).height

    return MovementLine(
        words=words,
        now=now,
        added=count(pl.col("change") == "added"),
        scope_added=count(pl.col("change") == "scope_added"),
        gone=count(_GONE, ~_DROPPED),
        scope_dropped=count(_GONE, _DROPPED),
        renamed=count(pl.col("change") == "renamed"),
    )


def _list_new(unique_models: Frame, changes: pl.DataFrame) -> Listed[NewModel]:
    new = changes.filter(changes["change"].is_in(_NEW), table_name="unique_models").select("key")
    found = (
        collect(unique_models.lazy().filter(IS_ONE))
        .join(new, left_on="unique_model_id", right_on="key", how="semi")
        .sort("downloads", "unique_model_id", descending=[True, False], nulls_last=True)
        .select("unique_model_id", "title")
    )
    return _list([NewModel(*row) for row in found.iter_rows()])


def _list(found: list[T]) -> Listed[T]:
    return Listed(len(found), tuple(found[:SHOWN]))


def _count_columns(changes: pl.DataFrame, kind: str) -> tuple[tuple[str, int], ...]:
    counted = changes.filter(change=kind).group_by("column_name").len()
    ordered = counted.sort("len", "column_name", descending=[True, False])
    return tuple((column, number) for column, number in ordered.iter_rows())
