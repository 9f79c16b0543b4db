"""Arrow, features, pandera and Markdown say the same of a column, because each is made from it."""

from __future__ import annotations

from dataclasses import replace

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pytest

from schemas.column import NO_UNIT, Column
from schemas.table import Table
from schemas.tables import TABLES
from schemas.to_arrow import to_arrow_field, to_arrow_schema
from schemas.to_features import to_feature, to_features
from schemas.to_markdown import to_markdown_table, to_type_words
from schemas.to_pandera import to_pandera_schema
from schemas.to_polars import to_polars_type
from tests.unit.schema_examples import ALL_TABLES, frame, valid_row

EACH = [pytest.param(table, id=table.name) for table in ALL_TABLES]
PUBLISHED = [pytest.param(table, id=table.name) for table in TABLES]

SIZE = Column("size_bytes", pa.int64(), "Size | on disk\nin all.", "files", unit="bytes", nullable=False)
NOTE = Column("note", pa.string(), "A note.", "the `card`")
DURATION = Column("length", pa.duration("s"), "A type that no column has.", "test")


@pytest.mark.parametrize("table", EACH)
def test_arrow_carries_type_nullability_and_documentation(table: Table) -> None:
    schema = to_arrow_schema(table)
    assert schema.names == table.column_names
    assert schema.metadata == {b"table": table.name.encode(), b"description": table.description.encode()}
    for field, column in zip(schema, table.columns, strict=True):
        assert (field.type, field.nullable) == (column.arrow, column.nullable)
        assert field.metadata[b"description"].decode() == column.description
        assert field.metadata[b"source"].decode() == column.source
        assert field.metadata.get(b"unit", NO_UNIT.encode()).decode() == column.unit


def test_a_column_without_unit_has_no_unit_in_arrow() -> None:
    assert to_arrow_field(SIZE).metadata[b"unit"] == b"bytes"
    assert b"unit" not in to_arrow_field(NOTE).metadata


@pytest.mark.parametrize("table", EACH)
def test_a_frame_of_the_polars_types_becomes_the_arrow_types(table: Table) -> None:
    types = [
        field.type
        for field in frame(table, valid_row(table)).collect().to_arrow().cast(to_arrow_schema(table)).schema
    ]
    assert types == [column.arrow for column in table.columns]


@pytest.mark.parametrize("table", PUBLISHED)
def test_features_are_those_that_datasets_reads_from_the_file(table: Table) -> None:
    from datasets import Features

    assert Features._from_yaml_list(to_features(table)) == Features.from_arrow_schema(to_arrow_schema(table))


@pytest.mark.parametrize("table", PUBLISHED)
def test_features_are_what_datasets_would_write_into_a_card(table: Table) -> None:
    from datasets import Features

    assert Features.from_arrow_schema(to_arrow_schema(table))._to_yaml_list() == to_features(table)


@pytest.mark.parametrize("table", EACH)
def test_pandera_has_the_columns_in_order_and_the_key(table: Table) -> None:
    schema = to_pandera_schema(table)
    assert isinstance(schema, pandera.DataFrameSchema)
    assert list(schema.columns) == table.column_names
    assert (schema.strict, schema.ordered, schema.unique) == (True, True, list(table.key))
    for column in table.columns:
        declared = schema.columns[column.name]
        assert declared.nullable == column.nullable
        assert [check.name for check in declared.checks] == [check.describe() for check in column.checks]
    assert [check.name for check in schema.checks] == [check.describe() for check in table.row_checks]


@pytest.mark.parametrize("project", [to_polars_type, to_feature, to_type_words])
def test_a_type_that_no_projection_knows_is_refused(project: object) -> None:
    assert callable(project)
    with pytest.raises(KeyError):
        project(DURATION)


def test_types_of_polars_follow_those_of_arrow() -> None:
    assert to_polars_type(SIZE) == pl.Int64
    assert to_polars_type(replace(NOTE, arrow=pa.list_(pa.string()))) == pl.List(pl.String)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (SIZE, "integer, bytes, always"),
        (NOTE, "text"),
        (replace(NOTE, nullable=False), "text, always"),
        (replace(NOTE, arrow=pa.timestamp("ms", tz="UTC"), unit="UTC"), "time (UTC, ms)"),
        (replace(NOTE, arrow=pa.list_(pa.string())), "list of text"),
    ],
)
def test_type_unit_and_presence_in_words(column: Column, words: str) -> None:
    assert to_type_words(column) == words


def test_markdown_has_a_line_per_column_that_no_text_can_break() -> None:
    table = Table("t", "T", "A table.", ("size_bytes",), (SIZE, NOTE))
    assert to_markdown_table(table).splitlines() == [
        "| column | type, unit | meaning | source |",
        "|---|---|---|---|",
        r"| `size_bytes` | integer, bytes, always | Size \| on disk in all. | files |",
        "| `note` | text | A note. | the `card` |",
    ]


@pytest.mark.parametrize("table", PUBLISHED)
def test_markdown_of_every_table_has_four_cells_in_every_line(table: Table) -> None:
    lines = to_markdown_table(table).splitlines()
    assert len(lines) == len(table.columns) + 2
    assert {line.replace(r"\|", "").count("|") for line in lines} == {5}
