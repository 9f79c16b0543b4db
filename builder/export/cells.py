"""Values as text: CSV cells that no spreadsheet runs, and JSON.

In CSV a text always stands in quotes, so that an empty cell is an unknown value and `""` is an empty text.
A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, whether it is quoted or not;
text that begins so, perhaps after white space, gets an apostrophe in front. So does text that begins
with an apostrophe: taking one leading apostrophe away gives every text back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

CSV_LINE_END: Final = "\r\n"
"""RFC 4180 asks for both."""

_RUNS: Final = frozenset("=+-@＝＋－＠")  # noqa: RUF001 - the wide forms, which spreadsheets of East Asia read too
"""Characters that make a formula of a cell."""

_BREAKS: Final = ("\t", "\r", "\n")
"""White space at the start that some programs take for the end of the cell before."""

_ESCAPE: Final = "'"


def defuse(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it, or where it begins with one."""
    begins = text.lstrip()[:1]
    return f"{_ESCAPE}{text}" if begins in _RUNS or text.startswith((_ESCAPE, *_BREAKS)) else text


def restore(cell: str) -> str:
    """The text that `defuse` was given."""
    return cell.removeprefix(_ESCAPE)


def to_cell(value: object) -> str:
    """One cell: numbers, truth values and times plain, text in quotes, lists as JSON, unknown as nothing.

    Raises:
        TypeError: a type whose form is not decided here.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _quote(defuse(value))
    if isinstance(value, list):
        # Begins with a bracket, so it is no formula.
        return _quote(to_json(value))
    plain = to_plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, allow_nan=False)


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def to_csv_header(names: Iterable[str]) -> str:
    """The first line: names of columns need no quotes."""
    return ",".join(names) + CSV_LINE_END


def to_csv_line(values: Iterable[object]) -> str:
    """One row with its end."""
    return ",".join(map(to_cell, values)) + CSV_LINE_END


def to_json_line(row: Mapping[str, object]) -> str:
    """One row as one JSON object with its end; an unknown value is null."""
    return to_json({name: to_plain(value) for name, value in row.items()}) + "\n"


def to_json(value: object) -> str:
    """JSON on one line, in the characters as they are."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def to_plain(value: object) -> Any:  # noqa: ANN401 - what JSON knows
    """The value as JSON knows it: days as 2025-12-07, moments as 2025-12-07T15:26:59.000Z.

    Raises:
        TypeError: a type whose form is not decided here.
    """
    if isinstance(value, datetime):
        if value.utcoffset():
            msg = f"a moment must be in UTC, not {value.isoformat()}"
            raise TypeError(msg)
        return value.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list):
        return [to_plain(element) for element in value]
    msg = f"an export has no form for {type(value).__name__}: decide it in builder/export/cells.py"
    raise TypeError(msg)
