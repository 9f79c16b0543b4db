"""The page's data contract: rows of a built date go in, JSON values come out.

Values are those of the tables, unrounded, so that each number on the page can be held against the
Parquet. The only computed ones, memory and the longest audio, are those of `builder.choice`: they are
stated for the lengths in `MINUTES`, so that the front end has no formula of its own.

A date is an overview, which list, filters and picture need, and parts, each read when one of its models is
opened. What is no audio-language model is not offered, and so in neither.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from builder.choice.candidates import Candidate, Variant, collect_candidates
from builder.choice.pick import Choice, Wish, find_running, weigh
from builder.export.cells import to_plain
from builder.page.columns import to_columns
from builder.page.measurements import collect_measurements

Row = Mapping[str, Any]

MINUTES: Final = (0.25, 0.5, 3, 10, 30, 60, 120)
"""Lengths of audio that the page offers; many encoders take half a minute, and one runtime a little less."""

TABLES: Final = ("models", "unique_models", "families", "variants", "gaps")
"""Tables that the page needs whole."""

PART_CHARACTERS: Final = 400_000
"""Of rows in a part, before they become columns, which are about a third: read from a disk in an instant."""

_LEFT_OUT: Final = frozenset({"snapshot_date", "tags"})

_LISTED: Final = (
    *("unique_model_id", "title", "family_id", "audio_domains", "language", "required_licenses"),
    *("required_gated", "downloads", "repositories"),
)
"""Columns of `unique_models` that the list and its filters need."""


@dataclass(frozen=True)
class Facts:
    """What the page shows of one date."""

    overview: dict[str, Any]
    parts: tuple[dict[str, Any], ...]
    """In the order in which `part` of the overview's models counts them."""


def collect_facts(date: str, tables: Mapping[str, Sequence[Row]]) -> Facts:
    """What the page shows of one date; distinct models, families and repositories by their ids."""
    candidates = collect_candidates(tables)
    ways = {
        candidate.unique_model_id: [_weigh_ways(candidate, variant) for variant in candidate.variants]
        for candidate in candidates
    }
    details = _collect_details(candidates, ways, tables)
    parts, part_of = _divide(details)
    values = {row["unique_model_id"]: _to_values(row) for row in tables["unique_models"]}
    offered = {values[candidate.unique_model_id].get("family_id") for candidate in candidates}
    models = [
        {
            **{name: values[candidate.unique_model_id].get(name) for name in _LISTED},
            "commercial": candidate.commercial,
            "part": part_of[candidate.unique_model_id],
            "types": sorted({form.model_type for form in candidate.variants if form.model_type}),
        }
        for candidate in candidates
    ]
    families = [
        {"family_id": row["family_id"], "title": row.get("title")}
        for row in sorted(tables["families"], key=lambda row: row["family_id"])
        if row["family_id"] in offered
    ]
    forms = [
        {"model": place, **_describe_form(form)}
        for place, candidate in enumerate(candidates)
        for form in ways[candidate.unique_model_id]
    ]
    overview = {
        "date": date,
        "minutes": list(MINUTES),
        "families": to_columns(families),
        "models": to_columns(models),
        "forms": to_columns(forms),
        "runtimes": to_columns([_to_values(row) for row in tables["runtimes"]]),
        "measurements": to_columns(collect_measurements(candidates, tables["evaluations"])),
    }
    return Facts(overview, tuple(parts))


def _to_values(row: Row) -> dict[str, Any]:
    """A row without its nulls: an absent value is what the page shows as unknown."""
    return {
        name: to_plain(value) for name, value in row.items() if value is not None and name not in _LEFT_OUT
    }


Ways = Sequence[Sequence[Choice]]
"""One variant in each runtime that runs it, the best first, at each of `MINUTES`."""


def _weigh_ways(candidate: Candidate, variant: Variant) -> Ways:
    def weigh_all(runtime: str | None) -> list[Choice]:
        return [weigh(candidate, variant, Wish(minutes=minutes, runtime=runtime)) for minutes in MINUTES]

    best = weigh_all(None)
    others = [row["runtime"] for row in find_running(variant) if row["runtime"] != best[0].runtime]
    return [best, *map(weigh_all, others)]


def _describe_form(ways: Ways) -> dict[str, Any]:
    """One variant: its memory, stated up to the longest audio of any way, and each way's own limit."""
    first = ways[0][0]
    limits = [way[0].limit.minutes for way in ways]
    longest = None if None in limits else max(limit for limit in limits if limit is not None)
    return {
        "repo_id": first.variant.repo_id,
        "variant": first.variant.variant,
        "path_group": first.variant.row["path_group"],
        "basis": first.variant.row["basis"],
        "memory_bytes": [
            choice.memory_bytes if longest is None or minutes <= longest else None
            for minutes, choice in zip(MINUTES, ways[0], strict=True)
        ],
        "memory_complete": first.memory_complete,
        "ways": [
            {
                "runtime": way[0].runtime,
                "status": way[0].runtime_status,
                "limit_minutes": way[0].limit.minutes,
                "limit_set_by": way[0].limit.set_by,
            }
            for way in ways
        ],
    }


Details = Mapping[str, list[dict[str, Any]]]
"""What one model opened shows, by table."""


def _collect_details(
    candidates: Sequence[Candidate],
    ways: Mapping[str, Sequence[Ways]],
    tables: Mapping[str, Sequence[Row]],
) -> dict[str, Details]:
    """By `unique_model_id`: every value of the model and its repositories, and what was measured of them."""
    gaps: dict[str, dict[str, str]] = defaultdict(dict)
    for gap in sorted(tables["gaps"], key=lambda row: row["column_name"]):
        gaps[gap["repo_id"]][gap["column_name"]] = gap["reason"]
    values = {row["unique_model_id"]: _to_values(row) for row in tables["unique_models"]}
    models: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in sorted(tables["models"], key=lambda row: row["repo_id"]):
        models[row["unique_model_id"]][row["repo_id"]] = row
    measured: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(tables["evaluations"], key=lambda row: (row["dataset_id"], row["metric"])):
        measured[row["repo_id"]].append(row)
    details: dict[str, Details] = {}
    for candidate in candidates:
        name = candidate.unique_model_id
        details[name] = {
            "models": [{**values[name], "commercial_because": list(candidate.commercial_because)}],
            "forms": [
                {
                    "unique_model_id": name,
                    "ways": [{"command": way[0].command, "notes": list(way[0].notes)} for way in form],
                }
                for form in ways[name]
            ],
            "repositories": [
                {**_to_values(row), "gaps": gaps[repo_id]} for repo_id, row in models[name].items()
            ],
            "evaluations": [
                {**_to_values(row), "unique_model_id": name}
                for repo_id in sorted({name, *models[name]})
                for row in measured[repo_id]
            ],
        }
    return details


def _divide(details: Mapping[str, Details]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Parts of about `PART_CHARACTERS`, and which of them holds which model."""
    filled: list[dict[str, list[dict[str, Any]]]] = []
    part_of: dict[str, int] = {}
    size = PART_CHARACTERS
    for unique_model_id, own in details.items():
        if size >= PART_CHARACTERS:
            filled.append(defaultdict(list))
            size = 0
        size += len(json.dumps(own))
        for name, rows in own.items():
            filled[-1][name] += rows
        part_of[unique_model_id] = len(filled) - 1
    return [{name: to_columns(rows) for name, rows in part.items()} for part in filled], part_of
