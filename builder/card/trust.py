"""How far the numbers can be trusted: what is known, how sure it is, what it rests on, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from builder.card.frames import Frame, collect
from builder.card.population import IS_ONE
from schemas import vocabulary

SHOWN = {
    "runtime_parameters": "parameters to load",
    "min_memory_bytes": "least memory",
    "license": "licence",
    "context_length": "context length",
    "audio_max_s": "longest audio",
}
"""Columns of `unique_models` that people choose by, in the words of the first screen."""

DECISIONS = ("kind", "unique_model_id", "family_id", "audio_language_model")
"""What sorts the repositories; their confidence stands on the first screen."""


@dataclass(frozen=True)
class Known:
    """How many distinct audio-language models have a value of one column."""

    words: str
    column: str
    known: int


@dataclass(frozen=True)
class ConfidenceLine:
    """How sure the values of one column of `models` are."""

    column: str
    high: int
    medium: int
    low: int
    null: int

    @property
    def values(self) -> int:
        """Rows that have a value."""
        return self.high + self.medium + self.low


@dataclass(frozen=True)
class EvidenceLine:
    """How many of the sorting decisions rest on one sort of evidence."""

    evidence: str
    meaning: str
    decisions: int


@dataclass(frozen=True)
class GapLine:
    """One reason for unknown values of `models`."""

    reason: str
    meaning: str
    values: int
    columns: tuple[str, ...]
    """Columns concerned, the most frequent first."""


def count_known(unique_models: Frame) -> tuple[Known, ...]:
    """Values of the columns that people choose by, over the distinct audio-language models."""
    distinct = collect(unique_models.lazy().filter(IS_ONE).select(*SHOWN))
    return tuple(Known(words, name, distinct[name].count()) for name, words in SHOWN.items())


def count_confidence(models: Frame) -> tuple[ConfidenceLine, ...]:
    """Every column of `models` that has a confidence."""
    suffix = "_confidence"
    names = [name for name in models.lazy().collect_schema() if name.endswith(suffix)]
    counts = collect(
        models.lazy().select(
            **{
                f"{name} {level}": (pl.col(name) == level).sum()
                for name in names
                for level in vocabulary.CONFIDENCE
            },
            **{f"{name} null": pl.col(name).null_count() for name in names},
        )
    ).row(0, named=True)
    return tuple(
        ConfidenceLine(
            name.removesuffix(suffix),
            **{level: counts[f"{name} {level}"] for level in (*vocabulary.CONFIDENCE, "null")},
        )
        for name in names
    )


def sum_decisions(lines: Iterable[ConfidenceLine]) -> ConfidenceLine:
    """The sorting decisions together."""
    chosen = [line for line in lines if line.column in DECISIONS]
    return ConfidenceLine(
        "decisions",
        high=sum(line.high for line in chosen),
        medium=sum(line.medium for line in chosen),
        low=sum(line.low for line in chosen),
        null=sum(line.null for line in chosen),
    )


def count_evidence(models: Frame) -> tuple[EvidenceLine, ...]:
    """What the sorting decisions rest on, for every sort of evidence that occurs."""
    evidence = pl.concat(
        models.lazy().select(pl.col(f"{name}_evidence").drop_nulls().alias("evidence")) for name in DECISIONS
    )
    counts = dict(collect(evidence.group_by("evidence").len()).iter_rows())
    lines = [
        EvidenceLine(name, meaning, counts.get(name, 0)) for name, meaning in vocabulary.EVIDENCE.items()
    ]
    return tuple(sorted((line for line in lines if line.decisions), key=lambda line: -line.decisions))


def count_gaps(gaps: Frame) -> tuple[GapLine, ...]:
    """Reasons that occur, the most frequent first, each with its columns."""
    columns = (
        collect(gaps.lazy().group_by("reason", "column_name").len())
        .sort("len", "column_name", descending=[True, False])
        .group_by("reason", maintain_order=True)
        .agg(pl.col("len").sum(), pl.col("column_name"))
        .sort("len", "reason", descending=[True, False])
    )
    return tuple(
        GapLine(reason, vocabulary.GAP_REASON.get(reason, "no meaning declared"), values, tuple(names))
        for reason, values, names in columns.iter_rows()
    )


def list_uncaptured(gaps: Frame, models: Frame) -> tuple[str, ...]:
    """Columns of `models` without any value on this date, because the evidence does not hold the field."""
    unread = gaps.lazy().filter(pl.col("reason") == "not_captured").select(pl.col("column_name").unique())
    uncaptured = set(collect(unread).get_column("column_name"))
    asked = [name for name in models.lazy().collect_schema() if name in uncaptured]
    if not asked:
        return ()
    known = collect(models.lazy().select(pl.col(asked).count())).row(0, named=True)
    return tuple(name for name, count in known.items() if not count)
