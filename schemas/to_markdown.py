"""Projection of a table to the Markdown that documents it in the card."""

from __future__ import annotations

import pyarrow as pa

from schemas.column import NO_UNIT, Column
from schemas.table import Table

_WORDS: dict[pa.DataType, str] = {
    pa.string(): "text",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.bool_(): "true/false",
    pa.date32(): "date",
    pa.timestamp("ms", tz="UTC"): "time (UTC, ms)",
    pa.list_(pa.string()): "list of text",
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def to_type_words(column: Column) -> str:
    """Type, unit and whether the value may be missing, for people."""
    words = _WORDS[column.arrow]
    if column.unit not in {NO_UNIT, "UTC"}:
        words += f", {column.unit}"
    return words if column.nullable else f"{words}, always"


def to_markdown_table(table: Table) -> str:
    """One line per column: name, type and unit, meaning, source."""
    lines = ["| column | type, unit | meaning | source |", "|---|---|---|---|"]
    lines += [
        f"| `{column.name}` | {to_type_words(column)} "
        f"| {_cell(column.description)} | {_cell(column.source)} |"
        for column in table.columns
    ]
    return "\n".join(lines)
