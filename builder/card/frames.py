"""How the card reads tables: as much of them as it counts, whether they lie in memory or in files."""

from __future__ import annotations

from typing import TypeAlias

import polars as pl

Frame: TypeAlias = pl.DataFrame | pl.LazyFrame
"""Rows of a table, here or still in their files; `.lazy()` makes both the same."""


def collect(rows: pl.LazyFrame) -> pl.DataFrame:
    """Rows that are wanted in memory; what they are made from passes through in pieces."""
    return rows.collect(engine="streaming")


def count_rows(rows: Frame) -> int:
    """How many there are."""
    return int(collect(rows.lazy().select(pl.len())).item())
