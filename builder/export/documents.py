"""What lies beside exported tables: the meaning of every column, and how values are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemas.column import NO_UNIT
from schemas.tables import TABLES

COLUMNS: Final = "columns"
"""Name of the file that says what columns mean, without its ending."""

COLUMNS_OF: Final = (
    *("table_name", "column_name", "type", "unit", "in_key", "nullable", "description", "source"),
)
"""Its own columns."""

README: Final = "README.md"

ENDINGS: Final[Mapping[str, str]] = {"csv": "csv", "json": "jsonl"}
"""Format → ending of its files."""

_FORMS: Final[Mapping[str, str]] = {
    "csv": """\
- UTF-8 without a mark, comma, CRLF, as RFC 4180 says. The first line names the columns.
- An unknown value is an empty cell. Text always stands in quotes: an empty text would be `""`; there is
  none.
- A list is JSON in a quoted cell: `"[""en"", ""zh""]"`.
- Days are `2025-12-07`, moments `2025-12-07T15:26:59.000Z` (UTC), truth values `true` and `false`.
- Text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-` or `@`, perhaps after white
  space) has an apostrophe in front, and so has text that begins with an apostrophe, a tab or a line break.
  Take one leading apostrophe away and every text is as it was. Numbers are not text: `-1` stays a number.
""",
    "json": """\
- JSON Lines: UTF-8, one object per line, one line per row, with every column in the order of the table.
- An unknown value is `null`; a list is an array.
- Days are `2025-12-07`, moments `2025-12-07T15:26:59.000Z` (UTC).
- Whole numbers have up to 19 digits: read them as 64-bit integers, not as floating point.
""",
}


def list_columns() -> Iterator[dict[str, object]]:
    """One row per column of every table, in their order."""
    for table in TABLES:
        for column in table.columns:
            values = (
                *(table.name, column.name, str(column.arrow)),
                None if column.unit == NO_UNIT else column.unit,
                *(column.name in table.key, column.nullable, column.description, column.source),
            )
            yield dict(zip(COLUMNS_OF, values, strict=True))


def render_readme(format_: str, *, title: str, date: str, citation: str, rows: Mapping[str, int]) -> str:
    """What a reader of the folder must know."""
    ending = ENDINGS[format_]
    lines = [f"| `{table.name}.{ending}` | {rows[table.name]:,} | {table.description} |" for table in TABLES]
    return f"""\
# {title}

The tables of {date}.

| file | rows | holds |
|---|--:|---|
{chr(10).join(lines)}

`{COLUMNS}.{ending}` says of each column what it means, its type and unit, and where its values come from.

## How values are written

{_FORMS[format_]}
## Citation

```bibtex
{citation}
```

Tables: ODC-By 1.0. The column `license` is each model's own, as its card states it.
"""
