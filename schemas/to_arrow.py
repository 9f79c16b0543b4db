"""Projection of a table to its Arrow schema: the types that the Parquet file carries."""

from __future__ import annotations

import pyarrow as pa

from schemas.column import NO_UNIT, Column
from schemas.table import Table


def to_arrow_field(column: Column) -> pa.Field:
    """Name, type and nullability, with description, unit and source as field metadata."""
    metadata = {"description": column.description, "source": column.source}
    if column.unit != NO_UNIT:
        metadata["unit"] = column.unit
    return pa.field(column.name, column.arrow, nullable=column.nullable, metadata=metadata)


def to_arrow_schema(table: Table) -> pa.Schema:
    """Columns in declared order; the table's description stands in the schema's metadata."""
    return pa.schema(
        [to_arrow_field(column) for column in table.columns],
        metadata={"table": table.name, "description": table.description},
    )
