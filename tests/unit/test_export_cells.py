"""Values as cells: what a spreadsheet would run is defused and can be had back, and unknown is not empty."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.export.cells import defuse, restore, to_cell, to_csv_line, to_json_line, to_plain


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", '""'),
        ("plain", '"plain"'),
        ("0012", '"0012"'),
        ('say "so", twice\r\n', '"say ""so"", twice\r\n"'),
        (True, "true"),
        (0, "0"),
        (-5, "-5"),
        (9_007_199_254_740_993, "9007199254740993"),
        (-1.5, "-1.5"),
        (1e300, "1e+300"),
        (date(2025, 12, 7), "2025-12-07"),
        (datetime(2025, 12, 7, 15, 26, 59, tzinfo=UTC), "2025-12-07T15:26:59.000Z"),
        (["en", 'a "b"'], '"[""en"", ""a \\""b\\""""]"'),
        ([], '"[]"'),
    ],
)
def test_each_sort_of_value_has_one_form(value: object, cell: str) -> None:
    assert to_cell(value) == cell


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\tx", "\r=1", "\n=1"),
        *("  =1+1", "\u00a0=1", "\uff1d1+1", "\uff0d1", "'", "'=1"),
    ],
)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert defuse(text) == "'" + text
    assert to_cell(text) == f'"\'{text}"'


@pytest.mark.parametrize("text", ["plain", "a=b", "a'b", "[1]", "1-2", " plain", "", "漢字"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text


@given(st.text())
@example("'")
@example("''=1")
@example(" \t=1")
def test_every_text_can_be_had_back_and_none_runs(text: str) -> None:
    cell = defuse(text)
    assert restore(cell) == text
    assert cell.lstrip()[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20")
    assert cell[:1] not in {"\t", "\r", "\n"}


# A surrogate is no character of UTF-8, which the tables are in.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@given(st.lists(st.one_of(texts, st.lists(texts, max_size=3)), min_size=1, max_size=5))
def test_a_reader_of_csv_gets_every_value_back(values: list[str | list[str]]) -> None:
    rows = list(csv.reader(io.StringIO(to_csv_line(values), newline="")))
    assert len(rows) == 1
    read = [
        json.loads(cell) if isinstance(value, list) else restore(cell)
        for cell, value in zip(rows[0], values, strict=True)
    ]
    assert read == values


@given(st.dictionaries(texts, st.one_of(texts, st.none(), st.integers(), st.booleans()), max_size=5))
def test_a_reader_of_json_gets_every_value_back(row: dict[str, object]) -> None:
    line = to_json_line(row)
    assert line.count("\n") == 1
    assert json.loads(line) == row


def test_an_unknown_value_is_no_empty_text() -> None:
    assert to_csv_line([None, "", None]) == ',"",\r\n'
    assert to_json_line({"a": None, "b": ""}) == '{"a": null, "b": ""}\n'


@pytest.mark.parametrize(
    "value", [b"bytes", {"a": 1}, datetime(2025, 12, 7, tzinfo=timezone(timedelta(hours=1)))]
)
def test_a_value_whose_form_is_not_decided_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_plain(value)


def test_what_nobody_can_have_measured_is_refused() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        to_cell(float("nan"))
