"""Word error rates of distinct models: what was measured, on what, by whom, and when it was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Final

_METRIC: Final = "wer"
_AVERAGE: Final = ("average", "mean", "avg")
_USUAL: Final = "hf-audio/open-asr-leaderboard/average"
"""The average that most models have, so that candidates are compared over the same sets."""


@dataclass(frozen=True)
class ErrorRate:
    """One word error rate in percent; lower is better."""

    percent: float
    dataset_ids: tuple[str, ...]
    language: str | None
    source: str
    observed_at: str


@dataclass(frozen=True)
class ErrorRates:
    """What is known of one model: in the language asked for, and over all sets of one source."""

    in_language: ErrorRate | None = None
    average: ErrorRate | None = None


def collect_error_rates(
    evaluations: Iterable[Mapping[str, Any]],
    unique_model_of: Mapping[str, str],
    language: str | None,
) -> dict[str, ErrorRates]:
    """Error rates by `unique_model_id`, from rows of `evaluations`.

    In a language: the mean over the sets of that language of one source. Average: the mean that the
    source itself states; where it states several, that over short English sets, else the smallest
    `dataset_id`.
    A copy's rate is never the original's: quantisation changes it, so only the original counts.
    """
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in evaluations:
        if row["metric"] == _METRIC and row["value"] is not None:
            repo_id = row["repo_id"]
            if unique_model_of.get(repo_id, repo_id) == repo_id:
                rows[repo_id].append(row)
    return {
        repo_id: ErrorRates(
            _mean([row for row in own if language and row.get("language") == language]),
            _mean(_first_average(own)),
        )
        for repo_id, own in rows.items()
    }


def _first_average(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    averages = [row for row in rows if is_average(str(row["dataset_id"]))]
    return sorted(averages, key=lambda row: (row["dataset_id"] != _USUAL, row["dataset_id"], row["source"]))[
        :1
    ]


def is_average(dataset_id: str) -> bool:
    """Whether a source's own mean over the sets of one of its tables."""
    # The last part alone: `meanwhile` is the name of a set.
    last = dataset_id.lower().rpartition("/")[2]
    return any(last == word or last.startswith(f"{word}-") for word in _AVERAGE)


def _mean(rows: list[Mapping[str, Any]]) -> ErrorRate | None:
    """The mean over the rows of the first source: rates of two sources are of two norms of text."""
    if not rows:
        return None
    source = min(row["source"] for row in rows)
    own = sorted((row for row in rows if row["source"] == source), key=lambda row: str(row["dataset_id"]))
    return ErrorRate(
        percent=round(fmean(row["value"] for row in own), 2),
        dataset_ids=tuple(row["dataset_id"] for row in own),
        language=own[0].get("language"),
        source=source,
        observed_at=max(str(row["observed_at"])[:10] for row in own),
    )
