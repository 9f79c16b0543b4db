"""Coverage: of which counts and audio facts there is a value, from which source, and how sure it is.

A distinct model is known as soon as one of its repositories has the value: a copy holds the same
weights. Where several have it, the original's own row speaks, then the surest one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from builder.card.frames import Frame, collect
from builder.card.population import IS_ONE
from schemas import vocabulary
from schemas.tables import table

COVERED = (
    "stored_parameters",
    "logical_parameters",
    "runtime_parameters",
    "active_parameters",
    "context_length",
    "max_output_tokens",
    "audio_sampling_rate_hz",
    "audio_window_s",
    "audio_max_s",
    "audio_tokens_per_s",
    "kv_cache_bytes_per_token",
)
"""Columns of `models` that say what it takes to run a model."""


@dataclass(frozen=True)
class Tally:
    """Values of one column over some rows."""

    known: int
    by_confidence: tuple[int, ...]
    """High, medium, low; empty where the column has no confidence of its own."""


@dataclass(frozen=True)
class SourceCount:
    """How many values one source gave, among distinct models and among repositories."""

    source: str
    models: int
    repositories: int


@dataclass(frozen=True)
class CoverageLine:
    """One column."""

    column: str
    models: Tally
    repositories: Tally
    sources: tuple[SourceCount, ...]
    """Empty where the column has no source of its own."""
    declared_source: str
    """Where the schema says that the values come from."""


def select_held(models: Frame, wanted: pl.LazyFrame, columns: Iterable[str]) -> pl.LazyFrame:
    """Of wanted distinct models the rows of `models`, as much of them as `choose_rows` reads for columns."""
    asked = [name for column in columns for name in (column, f"{column}_confidence", f"{column}_source")]
    known = models.lazy().collect_schema()
    read = ["repo_id", "unique_model_id", *(name for name in asked if name in known)]
    return models.lazy().select(read).join(wanted, on="unique_model_id", how="semi")


def choose_rows(models: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row of `models` per distinct model that has a value of the column."""
    level = f"{column}_confidence"
    unsure = len(_SURENESS)
    sureness = pl.col(level).replace_strict(_SURENESS, default=unsure) if level in models else pl.lit(unsure)
    return (
        models.filter(pl.col(column).is_not_null() & pl.col("unique_model_id").is_not_null())
        .with_columns(_copy=pl.col("repo_id") != pl.col("unique_model_id"), _sureness=sureness)
        .sort("unique_model_id", "_copy", "_sureness", "repo_id")
        .unique("unique_model_id", keep="first", maintain_order=True)
        .drop("_copy", "_sureness")
    )


_SURENESS = {level: place for place, level in enumerate(vocabulary.CONFIDENCE)}


def _tally(rows: pl.LazyFrame, column: str) -> Tally:
    level = f"{column}_confidence"
    levels = vocabulary.CONFIDENCE if level in rows.collect_schema() else {}
    known = rows.filter(pl.col(column).is_not_null())
    counts = collect(known.select(pl.len(), **{name: (pl.col(level) == name).sum() for name in levels})).row(
        0
    )
    return Tally(counts[0], counts[1:])


def _sources(chosen: pl.LazyFrame, models: pl.LazyFrame, column: str) -> tuple[SourceCount, ...]:
    name = f"{column}_source"
    if name not in models.collect_schema():
        return ()
    of_models, of_repositories = (
        dict(collect(frame.filter(pl.col(name).is_not_null()).group_by(name).len()).iter_rows())
        for frame in (chosen, models)
    )
    counts = [SourceCount(source, of_models.get(source, 0), n) for source, n in of_repositories.items()]
    return tuple(sorted(counts, key=lambda count: (-count.repositories, count.source)))


def count_coverage(models: Frame, unique_models: Frame) -> tuple[CoverageLine, ...]:
    """Every column of `COVERED`, over the distinct audio-language models and over all repositories."""
    wanted = unique_models.lazy().filter(IS_ONE).select("unique_model_id")
    held = collect(select_held(models, wanted, COVERED))
    declared = {column.name: column for column in table("models").columns}
    lines = []
    for column in COVERED:
        chosen = choose_rows(held, column).lazy()
        lines.append(
            CoverageLine(
                column=column,
                models=_tally(chosen, column),
                repositories=_tally(models.lazy(), column),
                sources=_sources(chosen, models.lazy(), column),
                declared_source=declared[column].source,
            )
        )
    return tuple(lines)
