"""Values as canonical JSON: each type has one spelling, and reading it back gives the value."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.snapshot.build import to_frame
from builder.snapshot.canonical import to_canonical, to_tracked_texts
from builder.tables.placeholders import tracked_columns
from schemas.tables import TABLES, table
from tests.unit.two_dates import LATER, Repo, to_tables

Kind: TypeAlias = pl.DataType | type[pl.DataType]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
"""Without surrogates, which no evidence holds."""

SPELT: list[tuple[Any, Kind, str | None]] = [
    ("mit", pl.String, '"mit"'),
    ('a "b" \\ c\n', pl.String, r'"a \"b\" \\ c\n"'),
    ("音声 é", pl.String, '"音声 é"'),
    ("", pl.String, '""'),
    (None, pl.String, None),
    (0, pl.Int64, "0"),
    (-(2**62), pl.Int64, "-4611686018427387904"),
    (True, pl.Boolean, "true"),
    (1.5, pl.Float64, "1.5"),
    (["a", "b, c"], pl.List(pl.String), '["a","b, c"]'),
    ([], pl.List(pl.String), "[]"),
    (None, pl.List(pl.String), None),
    (date(2025, 12, 7), pl.Date, '"2025-12-07"'),
    (datetime(2025, 12, 7, 15, 26, tzinfo=UTC), pl.Datetime("ms", "UTC"), '"2025-12-07T15:26:00.000Z"'),
    (datetime(2025, 1, 2, 3, 4, 5, 6000, UTC), pl.Datetime("ms", "UTC"), '"2025-01-02T03:04:05.006Z"'),
]


def spell(values: list[Any], kind: Kind) -> list[str | None]:
    frame = pl.DataFrame({"v": values}, schema={"v": kind})
    return frame.select(to_canonical("v", frame.schema["v"])).to_series().to_list()


@pytest.mark.parametrize(("value", "kind", "text"), SPELT)
def test_a_value_has_one_spelling(value: object, kind: Kind, text: str | None) -> None:
    assert spell([value], kind) == [text]


@settings(deadline=None)
@given(st.lists(st.none() | TEXT))
def test_text_is_spelt_as_compact_json(values: list[str | None]) -> None:
    wanted = [None if value is None else orjson.dumps(value).decode() for value in values]
    assert spell(values, pl.String) == wanted


@settings(deadline=None)
@given(st.lists(st.none() | st.lists(TEXT, max_size=4)))
def test_lists_are_read_back(values: list[list[str] | None]) -> None:
    spelt = spell(values, pl.List(pl.String))
    assert [None if text is None else json.loads(text) for text in spelt] == values


def test_every_tracked_column_of_every_table_can_be_spelt() -> None:
    repo = Repo("a/b", facts={"license": ["mit"], "last_modified": datetime(2025, 1, 1, tzinfo=UTC)})
    tables = to_tables([repo], LATER, tasks=[{"pipeline_tag": "speech", "model_count": 3}])
    for declared in TABLES:
        texts = to_tracked_texts(declared, to_frame(tables[declared.name]).lazy()).collect()
        assert texts.columns == ["key", *tracked_columns(declared)]
        assert set(texts.dtypes) == {pl.String}
    (row,) = to_tracked_texts(table("models"), to_frame(tables["models"]).lazy()).collect().to_dicts()
    assert (row["key"], row["license"], row["sha"]) == ("a/b", '["mit"]', None)
