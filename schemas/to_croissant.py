"""Projection of a table to a Croissant record set: each column a field with its meaning, type and source.

Plain data in the vocabulary of Croissant 1.1 (JSON-LD); what belongs to a whole dataset, such as
files and licence, stands around it in `builder/card/croissant.py`.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from schemas import vocabulary
from schemas.coded import find_meanings, list_values
from schemas.column import NO_UNIT, Column
from schemas.table import Table

_DATA_TYPES: dict[pa.DataType, str] = {
    pa.string(): "sc:Text",
    pa.int64(): "cr:Int64",
    pa.float64(): "cr:Float64",
    pa.bool_(): "sc:Boolean",
    pa.date32(): "sc:Date",
    pa.timestamp("ms", tz="UTC"): "sc:DateTime",
}


def to_file_id(table: Table) -> str:
    """Identifier of the file that holds a table."""
    return f"{table.name}.parquet"


def to_field_id(table: Table, column: str) -> str:
    """Identifier of a column, by which keys and references name it."""
    return f"{table.name}/{column}"


def to_croissant_record_set(table: Table, *, split: bool = False) -> dict[str, Any]:
    """All columns of a table in their order, with its key and references.

    Args:
        table: the declaration.
        split: whether its rows lie in a set of files.
    """
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": _describe_table(table),
        "key": [{"@id": to_field_id(table, name)} for name in table.key],
        "field": [to_croissant_field(table, column, split=split) for column in table.columns],
    }


def to_croissant_field(table: Table, column: Column, *, split: bool = False) -> dict[str, Any]:
    """One column.

    Raises:
        KeyError: a type that no column of this project has used so far; add it above.
    """
    element = column.arrow.value_type if column.is_list else column.arrow
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": to_field_id(table, column.name),
        "name": column.name,
        "description": _describe_column(column),
        "dataType": _DATA_TYPES[element],
        "source": {
            "fileSet" if split else "fileObject": {"@id": to_file_id(table)},
            "extract": {"column": column.name},
        },
    }
    if column.is_list:
        field |= {"isArray": True, "arrayShape": "-1"}
    if column.name in table.key:
        for reference in table.references:
            # The reference reader joins along `references`: it can follow one from a part to its whole,
            # but neither a circle nor two from one table. Those are in the description, as all are.
            if reference.columns == (column.name,):
                target = f"{reference.table}/{reference.target_columns[0]}"
                field["references"] = {"field": {"@id": target}}
    return field


def _describe_table(table: Table) -> str:
    references = [
        f"{', '.join(reference.columns)} refers to {', '.join(reference.target_columns)} of "
        f"{reference.table}: {reference.meaning}."
        for reference in table.references
    ]
    return " ".join([table.description, *references])


def _describe_column(column: Column) -> str:
    parts = [column.description]
    if column.unit != NO_UNIT:
        parts.append(f"Unit: {column.unit}.")
    if values := list_values(column):
        meanings = find_meanings(values)
        spelt_out = vocabulary.meanings(meanings) if meanings else ", ".join(f"`{v}`" for v in values) + "."
        if spelt_out not in column.description:
            parts.append(f"Values: {spelt_out}")
    parts.append("Never null." if not column.nullable else "Null where it is not known.")
    return " ".join([*parts, f"Source: {column.source}."])
