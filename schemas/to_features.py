"""Projection of a table to the `features` that a dataset card declares.

Plain data in the Hub's spelling, so that `schemas` does not need the package `datasets`;
`datasets.Features.from_arrow_schema(file)` equals what this declares.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from schemas.column import Column
from schemas.table import Table

_DTYPES: dict[pa.DataType, str] = {
    pa.string(): "string",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "bool",
    pa.date32(): "date32",
    pa.timestamp("ms", tz="UTC"): "timestamp[ms, tz=UTC]",
}


def to_feature(column: Column) -> dict[str, Any]:
    """One entry of `dataset_info.features`.

    Raises:
        KeyError: a type that no column of this project has used so far; add it above.
    """
    if column.is_list:
        return {"name": column.name, "list": _DTYPES[column.arrow.value_type]}
    return {"name": column.name, "dtype": _DTYPES[column.arrow]}


def to_features(table: Table) -> list[dict[str, Any]]:
    """Columns in declared order."""
    return [to_feature(column) for column in table.columns]
