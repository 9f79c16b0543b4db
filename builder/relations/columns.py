"""Rows of a relation become Arrow columns.

polars makes them of Python's values: where pandas is installed, `pyarrow.array` imports it, which takes half
a second and 40 MB in every process.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any

import polars as pl
import pyarrow as pa

from schemas.table import Table
from schemas.to_arrow import to_arrow_schema
from schemas.to_polars import POLARS_TYPES


def to_columns(table: Table, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """The rows in the declared columns and types; what a row does not have is null."""
    schema = to_arrow_schema(table)
    return to_table(schema, _transpose(schema.names, rows))


def to_table(schema: pa.Schema, columns: Sequence[Sequence[Any]]) -> pa.Table:
    """Columns of values in the types of a schema.

    Raises:
        TypeError: a value is not of its column's type.
    """
    arrays = [_to_array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _transpose(names: list[str], rows: Sequence[dict[str, Any]]) -> Sequence[Sequence[Any]]:
    """One sequence per name. Each row is taken apart once, while it is near, and not once per column."""
    if not rows:
        return [()] * len(names)
    try:
        return list(zip(*map(itemgetter(*names), rows), strict=True))
    except KeyError:
        return [[row.get(name) for row in rows] for name in names]


def _to_array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(kind):
        # As whole milliseconds: a zone is asked for every time, which takes longer than all else.
        return _to_array([_to_milliseconds(value) for value in values], pa.int64()).cast(kind)
    if pa.types.is_list(kind):
        return _to_lists(values, kind)
    return pl.Series(values, dtype=POLARS_TYPES[kind]).to_arrow().cast(kind)


def _to_lists(values: Sequence[Sequence[Any] | None], kind: pa.ListType) -> pa.ListArray:
    """Elements one after the other, and where each list begins: polars takes lists of Python one by one."""
    lists = [value or () for value in values]
    begins = pl.Series([0, *accumulate(map(len, lists))], dtype=pl.Int32).to_arrow()
    elements = _to_array([*chain.from_iterable(lists)], kind.value_type)
    unknown = _to_array([value is None for value in values], pa.bool_())
    return pa.ListArray.from_arrays(begins, elements, type=kind, mask=unknown)


def _to_milliseconds(value: datetime | None) -> int | None:
    return None if value is None else round(value.timestamp() * 1000)
