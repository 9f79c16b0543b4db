"""What the picture shows: word error rate beside speed and memory, of both kinds of models.

Only averages that one source states over the sets of one table: rates over other sets do not compare.
Memory is that of the model as published at three minutes, since error rates are measured on that form;
recognisers that are no rows of the date have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from builder.choice.accuracy import is_average
from builder.choice.candidates import Candidate
from builder.choice.pick import find_original
from builder.export.cells import to_plain

Row = Mapping[str, Any]

_RATE: Final = "wer"
_SPEED: Final = "rtfx"
_KEPT: Final = ("repo_id", "dataset_id", "source", "language", "reference", "source_url", "observed_at")


def collect_measurements(candidates: Sequence[Candidate], evaluations: Sequence[Row]) -> list[dict[str, Any]]:
    """One row per repository and average that has a word error rate, by both."""
    originals = {
        candidate.unique_model_id: original
        for candidate in candidates
        if (original := find_original(candidate)) is not None
    }
    offered = {candidate.unique_model_id for candidate in candidates}
    key = ("repo_id", "dataset_id", "source")
    speeds = {
        tuple(row[name] for name in key): row["value"] for row in evaluations if row["metric"] == _SPEED
    }
    rates = [row for row in evaluations if row["metric"] == _RATE and is_average(str(row["dataset_id"]))]
    measurements = []
    for row in sorted(rates, key=lambda row: tuple(row[name] for name in key)):
        original = originals.get(row["repo_id"])
        measurements.append(
            {
                **{name: to_plain(row[name]) for name in _KEPT if row.get(name) is not None},
                _RATE: row["value"],
                _SPEED: speeds.get(tuple(row[name] for name in key)),
                "offered": row["repo_id"] in offered,
                **(
                    {
                        "memory_bytes": original.row["min_memory_bytes"],
                        "variant": original.variant,
                        "path_group": original.row["path_group"],
                        "basis": original.row["basis"],
                    }
                    if original
                    else {}
                ),
            }
        )
    return measurements
