"""croissant.json as a document: every table, column, file and closed set is in it, with its meaning."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builder.card.citation import render_bibtex
from builder.card.croissant import render_croissant, to_semantic_version
from schemas.coded import find_meanings, list_values
from schemas.tables import TABLES
from schemas.to_croissant import to_croissant_field, to_croissant_record_set

REPOSITORY = "NAMESPACE/audio-multimodal-models"
FILES = {
    f"data/{table.name}.parquet": {"sha256": f"{at:064x}", "bytes": 100 + at}
    for at, table in enumerate(TABLES)
}
COLUMNS = [(table, column) for table in TABLES for column in table.columns]
EACH = pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{table.name}.{column.name}" for table, column in COLUMNS]
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(render_croissant(REPOSITORY, "2025-12-07", "1.0", FILES))
    return made


def test_the_dataset_says_what_it_is_and_how_it_is_cited(document: dict[str, Any]) -> None:
    assert document["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert (document["datePublished"], document["version"]) == ("2025-12-07", "2025.12.7")
    assert document["sdVersion"] == "1.0"
    assert document["citeAs"] == render_bibtex("2025-12-07", "1.0", REPOSITORY)
    assert document["license"] == "https://opendatacommons.org/licenses/by/1-0/"
    assert document["url"] == "https://huggingface.co/datasets/NAMESPACE/audio-multimodal-models"


def test_every_table_has_its_file_with_hash_and_size(document: dict[str, Any]) -> None:
    files = {entry["contentUrl"]: entry for entry in document["distribution"]}
    assert files.keys() == FILES.keys()
    for path, facts in FILES.items():
        assert files[path]["sha256"] == facts["sha256"]
        assert files[path]["contentSize"] == f"{facts['bytes']} B"


def test_every_column_of_every_table_is_a_field(document: dict[str, Any]) -> None:
    sets = {entry["name"]: entry for entry in document["recordSet"]}
    assert list(sets) == [table.name for table in TABLES]
    for table in TABLES:
        assert [field["name"] for field in sets[table.name]["field"]] == table.column_names
        assert [key["@id"] for key in sets[table.name]["key"]] == [
            f"{table.name}/{name}" for name in table.key
        ]


@EACH
def test_a_field_says_what_its_column_says(table: Any, column: Any) -> None:  # noqa: ANN401 - declarations
    field = to_croissant_field(table, column)
    assert field["description"].startswith(column.description)
    assert column.source in field["description"]
    assert ("Never null." in field["description"]) == (not column.nullable)
    assert field.get("isArray", False) == column.is_list
    for value in list_values(column):
        assert f"`{value}`" in field["description"]
        assert find_meanings(list_values(column)).get(value, "") in field["description"]
    assert field["source"] == {
        "fileObject": {"@id": f"{table.name}.parquet"},
        "extract": {"column": column.name},
    }


def test_every_reference_is_told_and_a_part_names_its_whole() -> None:
    references: dict[str, str] = {}
    for table in TABLES:
        record_set = to_croissant_record_set(table)
        for reference in table.references:
            assert (
                f"refers to {', '.join(reference.target_columns)} of {reference.table}"
                in record_set["description"]
            )
        references |= {
            field["@id"]: field["references"]["field"]["@id"]
            for field in record_set["field"]
            if "references" in field
        }
    assert references == {
        f"{part}/repo_id": "models/repo_id" for part in ("variants", "parameters", "lineage", "files", "gaps")
    }


@pytest.mark.parametrize(("date", "version"), [("2025-12-07", "2025.12.7"), ("2026-01-31.2", "2026.1.31+2")])
def test_a_date_is_a_version_of_three_numbers(date: str, version: str) -> None:
    assert to_semantic_version(date) == version


def test_a_correction_is_cited_by_its_own_name() -> None:
    correction = json.loads(render_croissant(REPOSITORY, "2025-12-07.1", "1.0", FILES))
    assert correction["datePublished"] == "2025-12-07"
    assert "revision 2025-12-07.1" in correction["citeAs"]
