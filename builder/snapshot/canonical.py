"""Values as canonical JSON: the one spelling in which `changes` shows a value and compares it.

Compact, in UTF-8, without escapes that JSON does not need; lists as JSON lists; dates as in
`2025-12-07`, times in UTC as the Hub writes them, `2025-12-07T15:26:59.000Z`. What is not known is
null and has no text.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from builder.tables.placeholders import key_columns, tracked_columns
from schemas.table import Table

_BEGIN: Final = '{"v":'
"""What stands around a value where polars writes a field named `v` as JSON."""


def to_canonical(name: str, kind: pl.DataType) -> pl.Expr:
    """The values of a column as canonical JSON; null stays null."""
    value = pl.col(name)
    if isinstance(kind, pl.Datetime):
        value = value.dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
    text = pl.struct(value.alias("v")).struct.json_encode()
    inside = text.str.slice(len(_BEGIN), text.str.len_chars() - len(_BEGIN) - 1)
    return pl.when(pl.col(name).is_not_null()).then(inside).alias(name)


def to_tracked_texts(table: Table, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The tracked values of every row as canonical JSON, with the row's key as `key`.

    The key is spelt as the SQL of `{rows_of_tables}` spells it.
    """
    kinds = frame.collect_schema()
    return frame.select(
        pl.concat_str(key_columns(table), separator=" ").alias("key"),
        *(to_canonical(name, kinds[name]) for name in tracked_columns(table)),
    )
