"""Counts that capture made of headers become rows of counts, or are noted where they cannot be."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pyarrow as pa
import pytest

from builder.errors import EvidenceUnreadable
from builder.parse.record import Rows, parse_record
from schemas.relations import PARSED
from schemas.to_arrow import to_arrow_schema
from schemas.validate import validate
from tests.unit.file_evidence import FILES, HEADERS, SHA

NOW = datetime(2026, 1, 7, 15, 26, 59, tzinfo=UTC)


def parse(**parts: object) -> Rows:
    rows = parse_record("acme/echo", "member", parts, NOW)
    for table in PARSED:
        if rows.get(table.name):
            frame = pl.from_arrow(pa.Table.from_pylist(rows[table.name], schema=to_arrow_schema(table)))
            assert isinstance(frame, pl.DataFrame)
            assert validate(table, frame.lazy()) == []
    return rows


def listing(*paths: str) -> dict[str, object]:
    return {"sha": SHA, "files": [{"path": path, "size": 100} for path in paths]}


def test_counts_of_headers() -> None:
    rows = parse(files=FILES, headers=HEADERS)
    assert [
        (row["source_path"], row["component"], row["dtype"], row["logical_parameters"], row["stored_bytes"])
        for row in rows["parameter_count"]
    ] == [
        ("model-00001-of-00002.safetensors", "audio_encoder", "F32", 1_000_000, 4_000_000),
        ("model-00001-of-00002.safetensors", "language_model", "BF16", None, 2_000_000),
    ]
    assert {
        (row["source"], row["confidence"], row["uncertainty"], row["weights_sha"], row["weights_repo_id"])
        for row in rows["parameter_count"]
    } == {("safetensors_header", "high", 0, SHA, "acme/echo")}
    assert rows["record"][0]["stored_elements"] == 2_000_000
    assert (rows["record"][0]["quantization"], rows["record"][0]["float_bits"]) == ("none", 32)


def count(**fields: object) -> dict[str, object]:
    usual = {"component": "whole", "dtype": "BF16", "stored_elements": 10, "logical_parameters": 10}
    return {"stored_bytes": 20, **usual, **fields}


def counted(*counts: object, form: str = "safetensors", path: str = "model.safetensors") -> dict[str, object]:
    return {"files": [{"path": path, "format": form, "counts": list(counts)}]}


@pytest.mark.parametrize(
    ("form", "source"),
    [("safetensors", "safetensors_header"), ("gguf", "gguf_header"), ("torch", "torch_pickle")],
)
def test_each_format_has_its_source(form: str, source: str) -> None:
    (row,) = parse(headers=counted(count(), form=form))["parameter_count"]
    assert row["source"] == source


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        (counted(count(), count()), 1),
        (counted(count(component="heart")), 0),
        (counted(count(dtype="-")), 0),
        (counted(count(dtype=None)), 0),
        (counted(count(), form="zip"), 0),
        (counted(count(), path="/etc"), 0),
        # Scales and masks are stored, and are no weights.
        (counted(count(dtype="F8_E8M0", stored_bytes=10, logical_parameters=0)), 0),
        (counted(count(logical_parameters=10_000)), 0),
        # A size that cannot be leaves the count as it is.
        (counted(count(stored_bytes=21)), 1),
    ],
)
def test_a_count_that_cannot_be_is_noted(headers: object, kept: int) -> None:
    rows = parse(headers=headers)
    assert len(rows["parameter_count"]) == kept
    assert len(rows["irregularity"]) == 1
    assert all(row["stored_bytes"] in {None, 20} for row in rows["parameter_count"])


def test_a_tensor_without_elements_counts_nothing() -> None:
    rows = parse(headers=counted(count(stored_elements=0, logical_parameters=0, stored_bytes=0)))
    assert (rows["parameter_count"], rows["irregularity"]) == ([], [])


def test_the_same_weights_in_two_files_are_not_added() -> None:
    sets = [*counted(count())["files"], *counted(count(), path="consolidated.safetensors")["files"]]  # type: ignore[misc]
    rows = parse(files=listing("model.safetensors", "consolidated.safetensors"), headers={"files": sets})
    assert len(rows["parameter_count"]) == 2
    assert rows["record"][0]["stored_elements"] == 10


def test_types_of_tensors_stand_in_for_a_label() -> None:
    gguf = counted(
        count(dtype="Q4_K", stored_elements=256, stored_bytes=144),
        count(dtype="F32"),
        form="gguf",
        path="Echo.gguf",
    )
    (record,) = parse(files=listing("Echo.gguf"), headers=gguf)["record"]
    assert (record["quantization"], record["stored_elements"]) == ("gguf_k", None)


def test_the_commit_of_the_headers_is_kept() -> None:
    rows = parse(files={**FILES, "sha": "f" * 40}, headers=counted(count()))
    assert [row["weights_sha"] for row in rows["parameter_count"]] == ["f" * 40]
    rows = parse(headers={"sha": "no", **counted(count())})
    assert [row["weights_sha"] for row in rows["parameter_count"]] == [None]
    assert [row["field"] for row in rows["irregularity"]] == ["headers.sha"]


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(EvidenceUnreadable, match="stored_elements is -1"):
        parse(headers=counted(count(stored_elements=-1)))
