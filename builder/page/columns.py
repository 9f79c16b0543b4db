"""Tables as columns, each distinct value once where that is shorter: rows of the Hub repeat each other.

A column is the list of its values, one per row and null where there is none, or
`{"of": distinct values, "at": place of each row's value in them}` with -1 where there is none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Column: TypeAlias = "list[Any] | dict[str, list[Any]]"


def to_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows without their nulls, column by column in order of first appearance."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {
        "rows": len(rows),
        "columns": {name: _to_column([row.get(name) for row in rows]) for name in names},
    }


def _to_column(values: list[Any]) -> Column:
    places: dict[str, int] = {}
    at = [-1 if value is None else places.setdefault(_write(value), len(places)) for value in values]
    shared: Column = {"of": [json.loads(text) for text in places], "at": at}
    return shared if len(_write(shared)) < len(_write(values)) else values


def to_rows(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `to_columns` was given, without nulls."""
    rows: list[dict[str, Any]] = [{} for _ in range(columns["rows"])]
    for name, column in columns["columns"].items():
        values = (
            column
            if isinstance(column, list)
            else [None if place < 0 else column["of"][place] for place in column["at"]]
        )
        for row, value in zip(rows, values, strict=True):
            if value is not None:
                row[name] = value
    return rows


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
