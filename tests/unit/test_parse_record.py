"""One record of evidence becomes rows of every parsed relation, as their schemas want them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from builder.errors import EvidenceUnreadable
from builder.parse.record import Rows, parse_record
from schemas.relations import PARSED
from schemas.tables.models import MODELS
from schemas.to_arrow import to_arrow_schema
from schemas.validate import validate

NOW = datetime(2025, 12, 7, 15, 26, 59, tzinfo=UTC)


def parse(repo_id: str = "acme/echo", /, **parts: object) -> Rows:
    rows = parse_record(repo_id, "member", parts, NOW)
    for table in PARSED:
        if rows.get(table.name):
            frame = pl.from_arrow(pa.Table.from_pylist(rows[table.name], schema=to_arrow_schema(table)))
            assert isinstance(frame, pl.DataFrame)
            assert validate(table, frame.lazy()) == []
    return rows


def listed(repo_id: str = "acme/echo", /, **row: object) -> Rows:
    return parse(repo_id, list=row)


def exported(repo_id: str = "acme/echo", /, tags: list[str] | None = None, **details: object) -> Rows:
    return parse(repo_id, export={"listing": {"tags": tags or []}, "details": details})


def the_record(rows: Rows) -> Mapping[str, Any]:
    (row,) = rows["record"]
    return row


def reasons(rows: Rows) -> dict[str, str]:
    return {row["column_name"]: row["reason"] for row in rows["absence"]}


def irregularities(rows: Rows) -> set[tuple[str, str]]:
    return {(row["field"], row["problem"]) for row in rows["irregularity"]}


def values(rows: Rows, column: str) -> list[str]:
    return rows["record_list"][0].get(column) or []


def test_a_record_without_anything_is_a_record() -> None:
    rows = parse()
    assert the_record(rows)["author"] == "acme"
    assert the_record(rows)["has_weights"] is None
    assert the_record(parse("gpt2"))["author"] == "gpt2"


def test_every_column_that_must_be_accounted_for_has_a_reason_it_allows() -> None:
    allowed = {column.name: column.gap_reasons for column in MODELS.columns if column.gap_reasons}
    for rows in (parse(), exported(storage_gb=0), exported(params_billions=0.68), listed(tags=["4-bit"])):
        found = reasons(rows)
        # A placeholder is made one by a step, which gives these their reason.
        assert allowed.keys() - found.keys() <= {"unique_model_id", "family_id"}
        assert all(reason in allowed[column] for column, reason in found.items())


def test_zero_parameters_are_unknown_with_a_reason() -> None:
    rows = exported(params_billions=0, storage_gb=8.73, tags=["safetensors"])
    assert rows["parameter_count"] == []
    assert the_record(rows)["stored_elements"] is None
    assert reasons(rows)["stored_parameters"] == "format_without_counts"
    assert reasons(exported(params_billions=0, storage_gb=0))["stored_parameters"] == "no_weights_in_repo"


def test_a_rounded_count_keeps_its_uncertainty() -> None:
    rows = exported(params_billions=0.68, tensor_types="BF16")
    (count,) = rows["parameter_count"]
    assert (count["stored_elements"], count["logical_parameters"], count["uncertainty"]) == (
        680_000_000,
        680_000_000,
        5_000_000,
    )
    assert (count["dtype"], count["source"], count["confidence"]) == ("BF16", "export_rounded", "high")
    assert the_record(rows)["hub_total_parameters"] == 680_000_000


def test_a_packed_count_has_no_logical_one() -> None:
    rows = exported("acme/echo-4bit-bnb", params_billions=5.05, tensor_types="F32,U8")
    (count,) = rows["parameter_count"]
    assert (count["stored_elements"], count["logical_parameters"]) == (5_050_000_000, None)
    assert count["confidence"] == "low"
    assert reasons(rows)["logical_parameters"] == "packing_ambiguous"


def test_masks_are_no_weights_and_that_is_noted() -> None:
    rows = listed(safetensors={"parameters": {"F16": 95, "U8": 5}, "total": 100})
    assert [(row["dtype"], row["logical_parameters"]) for row in rows["parameter_count"]] == [("F16", 95)]
    assert irregularities(rows) == {("safetensors.parameters", "U8 holds masks or scales, not weights")}
    # What the Hub counted stays known.
    assert (the_record(rows)["stored_elements"], the_record(rows)["hub_total_parameters"]) == (100, 100)


def test_beside_packed_weights_only_floats_count_as_weights() -> None:
    rows = listed(
        tags=["bitsandbytes", "4-bit"],
        safetensors={"parameters": {"F16": 9, "F32": 1, "U8": 90}, "total": 100},
    )
    logical = {row["dtype"]: row["logical_parameters"] for row in rows["parameter_count"]}
    assert logical == {"F16": 9, "F32": 1, "U8": None}


def test_a_count_of_a_gguf_file_is_of_weights_and_weak() -> None:
    (count,) = listed("acme/echo-GGUF", tags=["gguf"], gguf={"total": 7})["parameter_count"]
    assert (count["stored_elements"], count["logical_parameters"]) == (None, 7)
    assert (count["source"], count["confidence"]) == ("gguf_hub", "low")


@pytest.mark.parametrize(
    ("row", "known"),
    [
        ({}, None),
        ({"tags": ["audio"]}, None),
        ({"tags": ["safetensors"]}, True),
        ({"tags": ["pytorch"]}, True),
        ({"safetensors": {"parameters": {"F16": 9}, "total": 9}}, True),
        ({"gguf": {"total": 9}}, True),
        ({"siblings": [{"rfilename": "README.md"}]}, False),
        ({"siblings": [{"rfilename": "README.md"}], "tags": ["keras"]}, False),
        ({"siblings": [{"rfilename": "echo.zip"}]}, None),
        ({"siblings": [{"rfilename": "model.pt"}]}, True),
        ({"usedStorage": 1_000}, False),
        ({"usedStorage": 1_000, "library_name": "keras"}, False),
        ({"usedStorage": 1_000, "tags": ["safetensors"]}, True),
        ({"usedStorage": 10**9}, True),
    ],
)
def test_whether_weights_are_stored(row: dict[str, object], known: bool | None) -> None:  # noqa: FBT001 - a column of the table
    assert the_record(listed(**row))["has_weights"] is known


def test_storage_that_rounds_to_nothing_may_hold_no_model() -> None:
    assert the_record(exported(storage_gb=0))["has_weights"] is False
    assert the_record(exported(storage_gb=0.01))["has_weights"] is True


def test_formats_come_from_tags_and_files() -> None:
    rows = listed(tags=["gguf"], siblings=[{"rfilename": "model.onnx"}])
    assert values(rows, "weight_formats") == ["gguf", "onnx"]


@pytest.mark.parametrize(
    ("base", "base_id"),
    [("acme/base", "acme/base"), ("Local-Name", "Local-Name"), ("acme/echo", "acme/echo"), ("a b", None)],
)
def test_a_base_is_kept_as_written_and_as_an_id_where_it_is_one(base: str, base_id: str | None) -> None:
    rows = listed(cardData={"base_model": base})
    (reference,) = rows["base_reference"]
    assert (reference["base_model"], reference["base_id"]) == (base, base_id)
    assert reference["only_one"]
    assert (("base_model", "not a repository id") in irregularities(rows)) is (base_id is None)


def test_bases_of_card_and_hub_stand_side_by_side() -> None:
    rows = listed(
        cardData={"base_model": ["acme/Base", "acme/lost"], "base_model_relation": "merge"},
        baseModels={"relation": "finetune", "models": [{"id": "acme/base"}]},
    )
    assert [
        (row["base_model"], row["evidence"], row["declared_relation"], row["only_one"])
        for row in rows["base_reference"]
    ] == [
        ("acme/Base", "declared", "merge", False),
        ("acme/base", "hub", "finetune", True),
        ("acme/lost", "declared", "merge", False),
    ]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"library_name": "<b>"}, "library_name"),
        ({"pipeline_tag": "|"}, "pipeline_tag"),
        ({"author": "--"}, "author"),
        ({"cardData": {"license_name": "[x](y)"}}, "license_name"),
        ({"cardData": {"license_link": "javascript:1"}}, "license_link"),
        ({"cardData": {"license": "`"}}, "license"),
        ({"config": {"model_type": "{{"}}, "model_type"),
        ({"config": {"architectures": ["{{"]}}, "architectures"),
    ],
)
def test_what_is_no_identifier_is_noted_and_unknown(row: dict[str, object], field: str) -> None:
    rows = listed(**row)
    assert [name for name, _ in irregularities(rows)] == [field]
    assert the_record(rows).get(field) in (None, "acme")
    assert values(rows, field) == []


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(EvidenceUnreadable, match="record acme/echo: parse does not know the part rumours; "):
        parse(rumours={})


def test_a_part_that_is_no_object_is_refused() -> None:
    with pytest.raises(EvidenceUnreadable, match="record acme/echo: list is no JSON object"):
        parse(list=[])
