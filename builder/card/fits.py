"""What fits: which distinct audio-language models load into a given memory, and at which precision.

A distinct model fits when some loadable variant of it, or of one of its copies, does. An estimated
precision says what the model would need, not that somebody published such a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from builder.card.frames import Frame, collect, count_rows
from builder.card.phrasing import GIGABYTE
from builder.card.population import IS_ONE

PRECISIONS = {
    "bf16": "16 bits",
    "int8": "8 bits",
    "int4": "4 bits",
    "files": "published files",
}
"""Columns of the table, widest weights first: what an estimate is made for, and real files."""

EXAMPLES = 3
"""Models named per memory size: a line of the table stays a line."""


@dataclass(frozen=True)
class Fit:
    """A model that fits in a memory size, and in none of the smaller ones."""

    title: str
    unique_model_id: str
    precision: str


@dataclass(frozen=True)
class MemoryTier:
    """One memory size: how many models fit in any way, and at each precision."""

    gigabytes: int
    models: int
    at_precision: tuple[int, ...]
    examples: tuple[Fit, ...]


@dataclass(frozen=True)
class Memory:
    """The table "what fits" with what a reader must know about it."""

    precisions: tuple[str, ...]
    tiers: tuple[MemoryTier, ...]
    sized: int
    """Distinct audio-language models with a loadable variant of known size."""
    unsized: int
    variants: int
    estimates: int
    without_cache: int
    """Variants whose minimum leaves out the cache."""


def _needs(tables: Mapping[str, Frame]) -> pl.DataFrame:
    """Least memory of each distinct audio-language model at each precision."""
    models = tables["models"].lazy().select("repo_id", "unique_model_id")
    wanted = tables["unique_models"].lazy().filter(IS_ONE).select("unique_model_id", "title", "downloads")
    files = pl.col("basis") == "files"
    return collect(
        tables["variants"]
        .lazy()
        .join(models, on="repo_id", how="inner")
        .join(wanted, on="unique_model_id", how="inner")
        .with_columns(precision=pl.when(files).then(pl.lit("files")).otherwise(pl.col("variant")))
        .group_by("unique_model_id", "title", "downloads", "precision")
        .agg(pl.col("min_memory_bytes").min())
    )


def _examples(needs: pl.DataFrame, above: int, limit: int) -> tuple[Fit, ...]:
    """The most downloaded models whose least memory lies in (above, limit], each as precise as fits."""
    newcomers = (
        needs.with_columns(least=pl.col("min_memory_bytes").min().over("unique_model_id"))
        .filter((pl.col("least") > above) & (pl.col("min_memory_bytes") <= limit))
        # The variant that takes most of the memory on offer is the one with the most bits.
        .sort("min_memory_bytes", "precision", descending=[True, False])
        .unique("unique_model_id", keep="first", maintain_order=True)
        .sort("downloads", "unique_model_id", descending=[True, False], nulls_last=True)
        .head(EXAMPLES)
    )
    columns = ("title", "unique_model_id", "precision")
    return tuple(
        Fit(title, unique_model_id, PRECISIONS.get(precision, precision))
        for title, unique_model_id, precision in newcomers.select(columns).iter_rows()
    )


def collect_memory(tables: Mapping[str, Frame], tiers_gb: Sequence[int]) -> Memory:
    """Count what fits into each memory size."""
    needs = _needs(tables)
    found = set(needs["precision"].to_list())
    precisions = [*(p for p in PRECISIONS if p in found), *sorted(found - set(PRECISIONS))]
    tiers = []
    above = 0
    for gigabytes in sorted(tiers_gb):
        limit = gigabytes * GIGABYTE
        fitting = needs.filter(pl.col("min_memory_bytes") <= limit)
        at = dict(fitting.group_by("precision").len().iter_rows())
        tiers.append(
            MemoryTier(
                gigabytes=gigabytes,
                models=fitting["unique_model_id"].n_unique(),
                at_precision=tuple(at.get(precision, 0) for precision in precisions),
                examples=_examples(needs, above, limit),
            )
        )
        above = limit
    variants = tables["variants"].lazy()
    sized = needs["unique_model_id"].n_unique()
    return Memory(
        precisions=tuple(PRECISIONS.get(precision, precision) for precision in precisions),
        tiers=tuple(tiers),
        sized=sized,
        unsized=count_rows(tables["unique_models"].lazy().filter(IS_ONE)) - sized,
        variants=count_rows(variants),
        estimates=count_rows(variants.filter(pl.col("basis") == "estimate")),
        without_cache=count_rows(variants.filter(~pl.col("memory_complete"))),
    )
