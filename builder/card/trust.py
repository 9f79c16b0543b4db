"""How far the numbers can be trusted: what is known, how sure it is, what it rests on, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

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


def count_known(unique_models: pl.DataFrame) -> tuple[Known, ...]:
    """Values of the columns that people choose by, over the distinct audio-language models."""
    distinct = unique_models.filter(IS_ONE)
    return tuple(Known(words, name, distinct[name].count()) for name, words in SHOWN.items())


def count_confidence(models: pl.DataFrame) -> tuple[ConfidenceLine, ...]:
    """Every column of `models` that has a confidence."""
    suffix = "_confidence"
    names = [name.removesuffix(suffix) for name in models.columns if name.endswith(suffix)]
    return tuple(_confidence_of(models[f"{name}{suffix}"], name) for name in names)


def _confidence_of(levels: pl.Series, name: str) -> ConfidenceLine:
    high, medium, low = (int((levels == level).sum()) for level in vocabulary.CONFIDENCE)
    return ConfidenceLine(name, high=high, medium=medium, low=low, null=levels.null_count())


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


def count_evidence(models: pl.DataFrame) -> tuple[EvidenceLine, ...]:
    """What the sorting decisions rest on, for every sort of evidence that occurs."""
    evidence = pl.concat([models[f"{name}_evidence"].rename("evidence") for name in DECISIONS]).drop_nulls()
    counts = dict(evidence.value_counts().iter_rows())
    lines = [
        EvidenceLine(name, meaning, counts.get(name, 0)) for name, meaning in vocabulary.EVIDENCE.items()
    ]
    return tuple(sorted((line for line in lines if line.decisions), key=lambda line: -line.decisions))


def count_gaps(gaps: pl.DataFrame) -> tuple[GapLine, ...]:
    """Reasons that occur, the most frequent first, each with its columns."""
    columns = (
        gaps.group_by("reason", "column_name")
        .len()
        .sort("len", "column_name", descending=[True, False])
        .group_by("reason", maintain_order=True)
        .agg(pl.col("len").sum(), pl.col("column_name"))
        .sort("len", "reason", descending=[True, False])
    )
    return tuple(
        GapLine(reason, vocabulary.GAP_REASON.get(reason, "no meaning declared"), values, tuple(names))
        for reason, values, names in columns.iter_rows()
    )


def list_uncaptured(gaps: pl.DataFrame, models: pl.DataFrame) -> tuple[str, ...]:
    """Columns of `models` without any value on this date, because the evidence does not hold the field."""
    uncaptured = set(gaps.filter(pl.col("reason") == "not_captured")["column_name"].to_list())
    return tuple(name for name in models.columns if name in uncaptured and models[name].count() == 0)
