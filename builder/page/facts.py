"""The page's data contract: rows of a built date go in, one JSON value comes out.

Values are those of the tables, unrounded, so that each number on the page can be held against the
Parquet. The only computed ones, memory and the longest audio, are those of `builder.choice`: they are
stated for the lengths in `MINUTES`, so that the front end has no formula of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from builder.choice.candidates import Candidate, collect_candidates
from builder.choice.pick import Choice, Wish, weigh
from builder.export.cells import to_plain

Row = Mapping[str, Any]

MINUTES: Final = (0.5, 3, 10, 30, 60, 120)
"""Lengths of audio that the page offers; many encoders take half a minute."""

TABLES: Final = ("models", "unique_models", "families", "variants", "gaps")
"""Tables that the page needs whole."""

_LEFT_OUT: Final = frozenset({"snapshot_date", "tags"})


def collect_facts(date: str, tables: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """What the page shows of one date; distinct models, families and repositories by their ids."""
    gaps: dict[str, dict[str, str]] = defaultdict(dict)
    for gap in tables["gaps"]:
        gaps[gap["repo_id"]][gap["column_name"]] = gap["reason"]
    candidates = {candidate.unique_model_id: candidate for candidate in collect_candidates(tables)}
    return {
        "date": date,
        "minutes": list(MINUTES),
        "families": [_to_values(row) for row in _sorted(tables["families"], "family_id")],
        "unique_models": [
            {
                **_to_values(row),
                **_describe(candidates.get(row["unique_model_id"])),
            }
            for row in _sorted(tables["unique_models"], "unique_model_id")
        ],
        "models": [
            {**_to_values(row), "gaps": dict(sorted(gaps[row["repo_id"]].items()))}
            for row in _sorted(tables["models"], "repo_id")
        ],
    }


def _sorted(rows: Sequence[Row], key: str) -> list[Row]:
    return sorted(rows, key=lambda row: row[key])


def _to_values(row: Row) -> dict[str, Any]:
    """A row without its nulls: an absent value is what the page shows as unknown."""
    return {
        name: to_plain(value) for name, value in row.items() if value is not None and name not in _LEFT_OUT
    }


def _describe(candidate: Candidate | None) -> dict[str, Any]:
    """How a distinct model can be loaded, and whether its licences allow commercial use."""
    if candidate is None:
        return {"commercial": "unknown", "variants": []}
    return {
        "commercial": candidate.commercial,
        "commercial_because": list(candidate.commercial_because),
        "variants": [
            _describe_variant([weigh(candidate, variant, Wish(minutes=minutes)) for minutes in MINUTES])
            for variant in candidate.variants
        ],
    }


def _describe_variant(choices: Sequence[Choice]) -> dict[str, Any]:
    """One variant at each of `MINUTES`; no memory is stated beyond the longest audio."""
    first = choices[0]
    return {
        "repo_id": first.variant.repo_id,
        "variant": first.variant.variant,
        "path_group": first.variant.row["path_group"],
        "basis": first.variant.row["basis"],
        "memory_bytes": [
            choice.memory_bytes if choice.limit.minutes is None or minutes <= choice.limit.minutes else None
            for minutes, choice in zip(MINUTES, choices, strict=True)
        ],
        "memory_complete": first.memory_complete,
        "limit_minutes": first.limit.minutes,
        "limit_set_by": first.limit.set_by,
        "runtime": first.runtime,
        "runtime_status": first.runtime_status,
        "command": first.command,
        "notes": list(first.notes),
    }
