"""Rows of a relation become Arrow columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import pyarrow as pa

from schemas.table import Table
from schemas.to_arrow import to_arrow_schema


def to_columns(table: Table, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """The rows in the declared columns and types; what a row does not have is null."""
    schema = to_arrow_schema(table)
    columns = _transpose(schema.names, rows)
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
        # As whole milliseconds: Arrow asks every time for its zone, which takes longer than all else.
        return pa.array([_to_milliseconds(value) for value in values], pa.int64()).cast(kind)
    return pa.array(values, kind)


def _to_milliseconds(value: datetime | None) -> int | None:
    return None if value is None else round(value.timestamp() * 1000)
