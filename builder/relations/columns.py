"""Rows of a relation become Arrow columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from schemas.table import Table
from schemas.to_arrow import to_arrow_schema


def to_columns(table: Table, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """The rows in the declared columns and types; what a row does not have is null."""
    schema = to_arrow_schema(table)
    return pa.Table.from_arrays(
        [_to_array([row.get(field.name) for row in rows], field.type) for field in schema], schema=schema
    )


def _to_array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(kind):
        # As whole milliseconds: Arrow asks every time for its zone, which takes longer than all else.
        return pa.array([_to_milliseconds(value) for value in values], pa.int64()).cast(kind)
    return pa.array(values, kind)


def _to_milliseconds(value: datetime | None) -> int | None:
    return None if value is None else round(value.timestamp() * 1000)
