"""Which queries a date asked: what two dates must share for a difference between them to mean something.

A model that was not listed because nobody asked for its kind is neither new nor gone.
"""

from __future__ import annotations

import polars as pl


def read_scopes(models: pl.DataFrame | pl.LazyFrame) -> frozenset[str]:
    """The queries of a date, as far as some row of `models` shows them.

    A query that listed nothing is not seen here. Where a capture says itself what it asked, this is
    the one place to read that instead.
    """
    listed = models.lazy().select(pl.col("scopes").explode().drop_nulls().unique())
    return frozenset(listed.collect(engine="streaming").get_column("scopes").to_list())
