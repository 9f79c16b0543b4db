"""What was measured and what runs where, for the card: facts of another day than the snapshot's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from builder.card.frames import Frame, collect
from schemas import vocabulary

_AVERAGE: Final = "hf-audio/open-asr-leaderboard/average"
"""The mean over short English sets: what the leaderboard measured of the most models."""

_SHOWN: Final = 12
"""Lines of the table of error rates: all audio-language models measured so far, and a few recognisers."""

_RECOGNISERS: Final = 4
"""Of these, how many classic recognisers at most, the best first."""


@dataclass(frozen=True)
class Observed:
    """One leaderboard that the date took, and when it stood there."""

    name: str
    observed_on: str
    repository: str
    commit: str
    license: str


@dataclass(frozen=True)
class Rate:
    """One model's average word error rate and speed."""

    repo_id: str
    reference: bool
    percent: float
    rtfx: float | None


@dataclass(frozen=True)
class Measured:
    """What the table `evaluations` holds."""

    observed: tuple[Observed, ...]
    numbers: int
    models: int
    """Repositories that are audio-language models."""
    recognisers: int
    """Repositories that are classic recognisers."""
    rates: tuple[Rate, ...]
    """Averages over short English sets, the lowest error first."""


@dataclass(frozen=True)
class RuntimeLine:
    """What is stated of one design: a status for each of `Runtimes.names`, None where nobody says."""

    model_type: str
    statuses: tuple[str | None, ...]


@dataclass(frozen=True)
class Runtimes:
    """The table `runtimes`, one line per design."""

    names: tuple[str, ...]
    lines: tuple[RuntimeLine, ...]
    checked_on: tuple[str, ...]
    """The first and the last day on which a page was read, or the one day."""


@dataclass(frozen=True)
class Hosted:
    """One closed service."""

    system_id: str
    provider: str
    audio_max_s: float | None
    context_length: int | None
    max_output_tokens: int | None


def collect_measured(evaluations: Frame, made_from: Mapping[str, Any]) -> Measured | None:
    """What was measured of how many; None where the table is empty."""
    rows = collect(evaluations.lazy().select("repo_id", "dataset_id", "metric", "value", "reference"))
    if not rows.height:
        return None
    return Measured(
        observed=tuple(
            Observed(
                name=str(used["name"]),
                observed_on=str(used["observed_on"]),
                repository=str(used["repository"]),
                commit=str(used["commit"]),
                license=str(used["license"]),
            )
            for used in made_from.get("leaderboards", ())
        ),
        numbers=rows.height,
        models=_count(rows, reference=False),
        recognisers=_count(rows, reference=True),
        rates=_choose_rates(rows),
    )


def _count(rows: pl.DataFrame, *, reference: bool) -> int:
    return rows.filter(pl.col("reference") == reference).get_column("repo_id").n_unique()


def _choose_rates(rows: pl.DataFrame) -> tuple[Rate, ...]:
    averages = rows.filter(pl.col("dataset_id") == _AVERAGE, pl.col("reference").is_not_null())
    speeds = averages.filter(pl.col("metric") == "rtfx").select("repo_id", rtfx="value")
    rates = (
        averages.filter(pl.col("metric") == "wer")
        .join(speeds, on="repo_id", how="left")
        .sort("value", "repo_id")
        .rename({"value": "percent"})
        .select("repo_id", "reference", "percent", "rtfx")
    )
    recognisers = rates.filter(pl.col("reference")).head(_RECOGNISERS)
    models = rates.filter(~pl.col("reference")).head(_SHOWN - recognisers.height)
    chosen = pl.concat([models, recognisers]).sort("percent", "repo_id")
    return tuple(Rate(**row) for row in chosen.to_dicts())


def collect_runtimes(runtimes: Frame) -> Runtimes | None:
    """What is stated of each design; None where nothing is."""
    rows = collect(runtimes.lazy().select("model_type", "runtime", "status", "checked_on")).to_dicts()
    if not rows:
        return None
    statuses = {(row["model_type"], row["runtime"]): row["status"] for row in rows}
    names = tuple(name for name in vocabulary.RUNTIME if any(row["runtime"] == name for row in rows))
    days = sorted({_to_day(row["checked_on"]) for row in rows})
    return Runtimes(
        names=names,
        lines=tuple(
            RuntimeLine(model_type, tuple(statuses.get((model_type, name)) for name in names))
            for model_type in sorted({row["model_type"] for row in rows})
        ),
        checked_on=tuple(dict.fromkeys((days[0], days[-1]))),
    )


def _to_day(value: date) -> str:
    return value.isoformat()


def list_hosted(hosted: Frame) -> tuple[Hosted, ...]:
    """The closed services, by provider and name."""
    columns = ("system_id", "provider", "audio_max_s", "context_length", "max_output_tokens")
    rows = collect(hosted.lazy().select(columns).sort("provider", "system_id"))
    return tuple(Hosted(**row) for row in rows.to_dicts())
