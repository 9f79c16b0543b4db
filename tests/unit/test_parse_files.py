"""A list of files becomes the files that loading needs, in the sets that are loaded together."""

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
from schemas.to_arrow import to_arrow_schema
from schemas.validate import validate
from tests.unit.file_evidence import FILES, SHA, SHA256

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
    return {"sha": SHA, "files": [{"path": path, "size": 100, "sha256": SHA256} for path in paths]}


def groups(rows: Rows) -> dict[str, str | None]:
    return {row["path"]: row["path_group"] for row in rows["weight_file"]}


def the_record(rows: Rows) -> Mapping[str, Any]:
    (row,) = rows["record"]
    return row


def formats(rows: Rows) -> list[str]:
    return rows["record_list"][0]["weight_formats"] or []


def reasons(rows: Rows) -> dict[str, str]:
    return {row["column_name"]: row["reason"] for row in rows["absence"]}


def problems(rows: Rows) -> dict[str, str]:
    return {row["field"]: row["problem"] for row in rows["irregularity"]}


def test_a_sharded_set() -> None:
    rows = parse(files=FILES)
    assert rows["weight_file"] == [
        {
            "repo_id": "acme/echo",
            "path": path,
            "size_bytes": size,
            "sha256": sha256,
            "format": form,
            "role": role,
            "variant": None,
            "shard_index": index,
            "shard_count": count,
            "path_group": group,
        }
        for path, size, sha256, form, role, index, count, group in [
            ("config.json", 900, None, None, "config", None, None, None),
            ("model-00001-of-00002.safetensors", 4_000_000, SHA256, "safetensors", "weights", 1, 2, "*"),
            ("model-00002-of-00002.safetensors", 2_000_000, "cd" * 32, "safetensors", "weights", 2, 2, "*"),
            ("model.safetensors.index.json", 700, None, None, "index", None, None, "*"),
        ]
    ]
    assert the_record(rows)["sha"] == SHA
    assert the_record(rows)["has_weights"] is True
    assert formats(rows) == ["safetensors"]
    assert problems(rows) == {}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        # The same weights in three ways are three sets.
        (
            ("model-00001-of-00001.safetensors", "consolidated.safetensors", "original/consolidated.00.pth"),
            ("*", "consolidated.safetensors", "original/consolidated.pth"),
        ),
        # One set needs no name; a projector without a name of its own belongs to it.
        (("Echo-7B-F16.gguf", "Echo-7B-Q4_K_M.gguf", "mmproj-F16.gguf"), ("*", "*", "*")),
        (("adapter_model.safetensors",), ("*",)),
        (("pytorch_model.bin", "pytorch_model.bin.index.json"), ("*", "*")),
        # Of two models, a projector goes with the one it is named for, or stands in the folder of.
        (
            ("Echo-3B-Q8_0.gguf", "Echo-7B-Q8_0.gguf", "mmproj-Echo-7B-F16.gguf"),
            ("Echo-3B.gguf", "Echo-7B.gguf", "Echo-7B.gguf"),
        ),
        (
            ("big/Echo-7B-Q8_0.gguf", "big/mmproj.gguf", "small/Echo-3B-Q8_0.gguf"),
            ("big/Echo-7B.gguf", "big/Echo-7B.gguf", "small/Echo-3B.gguf"),
        ),
        (
            ("Echo-3B-Q8_0.gguf", "Echo-7B-Q8_0.gguf", "mmproj-F16.gguf"),
            ("Echo-3B.gguf", "Echo-7B.gguf", "*.gguf"),
        ),
        # Tensors by name are loaded side by side, whatever the file's format.
        (
            ("mm_projector.bin", "model.safetensors", "pytorch_model.bin"),
            ("*", "*", "pytorch_model.bin"),
        ),
        (
            ("model.safetensors", "speech-lora/adapter_model.safetensors"),
            ("*", "speech-lora/adapter_model.safetensors"),
        ),
        (
            (
                "llm/model.safetensors",
                "sound_mm_projector/model.safetensors",
                "sound_tower/model.safetensors",
            ),
            ("*", "*", "*"),
        ),
        (
            ("model.safetensors", "onnx/encoder_q4.onnx", "onnx/encoder_q4.onnx_data"),
            ("*", "onnx/*.onnx", "onnx/*.onnx"),
        ),
    ],
)
def test_sets(paths: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert groups(parse(files=listing("README.md", *paths))) == dict(zip(paths, expected, strict=True))


@pytest.mark.parametrize(
    ("paths", "needed"),
    [
        (("model.safetensors", "optimizer.pt", "training_args.bin", "README.md"), {"model.safetensors"}),
        (
            (
                "adapter_model.safetensors",
                "checkpoint-9/adapter_model.safetensors",
                "checkpoint-9/config.json",
            ),
            {"adapter_model.safetensors"},
        ),
        (
            ("checkpoint-9/model.safetensors", "config.json"),
            {"checkpoint-9/model.safetensors", "config.json"},
        ),
        # A merged decoder holds what the two others hold; another label or folder is another matter.
        (
            (
                *("onnx/decoder_model.onnx", "onnx/decoder_with_past_model.onnx"),
                *("onnx/decoder_model_merged.onnx", "onnx/decoder_model_q4.onnx", "onnx/encoder_model.onnx"),
            ),
            {"onnx/decoder_model_merged.onnx", "onnx/decoder_model_q4.onnx", "onnx/encoder_model.onnx"},
        ),
    ],
)
def test_what_loading_needs(paths: tuple[str, ...], needed: set[str]) -> None:
    assert set(groups(parse(files=listing(*paths)))) == needed


@pytest.mark.parametrize(
    ("paths", "known"),
    [
        (("README.md", "config.json"), False),
        (("README.md", "echo.tar.gz"), None),
        (("adapter_model.safetensors",), True),
        (("optimizer.pt",), False),
    ],
)
def test_whether_weights_are_stored(paths: tuple[str, ...], known: bool | None) -> None:  # noqa: FBT001 - a column of the table
    assert the_record(parse(files=listing(*paths)))["has_weights"] is known


def test_files_know_formats_better_than_tags() -> None:
    tagged = {"tags": ["keras", "gguf", "safetensors", "mlx"], "siblings": [{"rfilename": "old.onnx"}]}
    assert formats(parse(list=tagged, files=listing("model.safetensors"))) == ["mlx", "safetensors"]
    assert formats(parse(list=tagged, files=listing("Echo-Q8_0.gguf"))) == ["gguf"]
    assert formats(parse(list=tagged, files=listing("README.md"))) == []
    assert the_record(parse(list=tagged, files=listing("README.md")))["has_weights"] is False


@pytest.mark.parametrize(
    ("paths", "method", "bits"),
    [
        (("Echo-Q4_K_M.gguf", "Echo-Q8_0.gguf", "mmproj-F16.gguf"), "gguf_k", None),
        (("Echo-IQ3_XXS.gguf",), "gguf_i", None),
        (("Echo-Q8_0.gguf",), "gguf_k", 8.5),
        (("Echo-BF16.gguf", "mmproj-Q8_0.gguf"), "none", 16.0),
        (("Echo-BF16.gguf", "Echo-F32.gguf"), "none", None),
        (("Echo.gguf",), "gguf", None),
        # Beside other weights, the data types of these decide.
        (("Echo-Q8_0.gguf", "model.safetensors"), None, None),
    ],
)
def test_labels_say_how_a_gguf_repository_is_quantised(
    paths: tuple[str, ...], method: str | None, bits: float | None
) -> None:
    record = the_record(parse(files=listing(*paths)))
    assert (record["quantization"], record["bits_per_weight"]) == (method, bits)


def test_a_port_in_floats_keeps_its_precision() -> None:
    record = the_record(parse(files=listing("Echo-BF16.gguf")))
    assert (record["ported"], record["float_bits"], record["quantization_evidence"]) == (True, 16, "hub")
    assert the_record(parse(files=listing("Echo-BF16.gguf", "Echo-Q8_0.gguf")))["float_bits"] is None


@pytest.mark.parametrize(
    ("paths", "headers", "column", "reason"),
    [
        (("model.safetensors",), None, "stored_parameters", "not_captured"),
        (("Echo.gguf",), None, "runtime_parameters", "not_captured"),
        (("model.onnx",), None, "stored_parameters", "format_without_counts"),
        (("model.safetensors",), {"files": []}, "stored_parameters", "format_without_counts"),
        (("model.safetensors",), None, "hub_total_parameters", "format_without_counts"),
        (("README.md",), None, "weights_bytes", "no_weights_in_repo"),
        (("Echo-Q8_0.gguf", "Echo-Q2_K.gguf"), None, "bits_per_weight", "conflicting_sources"),
        (("Echo-Q4_K_M.gguf",), None, "bits_per_weight", "not_captured"),
    ],
)
def test_reasons(paths: tuple[str, ...], headers: object, column: str, reason: str) -> None:
    parts = {"files": listing(*paths)} | ({} if headers is None else {"headers": headers})
    assert reasons(parse(**parts))[column] == reason


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"sha": "no", "files": FILES["files"]}, "files.sha"),
        ({"sha": SHA, "files": []}, "files.files"),
        ({"sha": SHA}, "files.files"),
        ({"files": "many"}, "files.files"),
        ({"files": [*FILES["files"], "echo"]}, "files.files"),
        ({"files": [*FILES["files"], {"size": 1}]}, "files.files"),
        ({"files": [*FILES["files"], FILES["files"][0]]}, "files.files"),
        ({"files": [{"path": "model.bin", "size": 1, "sha256": "no"}]}, "files.files"),
        ({"files": [{"path": "model.bin", "size": "1"}]}, "files.files[].size"),
        ({"files": [{"path": "p" * 300, "size": 1}]}, "files.files[].path"),
        ({"files": [{"path": "/model.bin", "size": 1}]}, "files.files"),
    ],
)
def test_what_cannot_be_used_is_noted(part: object, field: str) -> None:
    assert field in problems(parse(files=part))


def test_sizes_are_known_of_all_files_or_of_none() -> None:
    rows = parse(files={"files": [{"path": "a.bin", "size": 9}, {"path": "b.bin", "size": None}]})
    assert rows["weight_file"] == []
    assert (the_record(rows)["has_weights"], formats(rows)) == (True, ["pytorch"])
    assert reasons(rows)["weights_bytes"] == "not_captured"


def test_a_list_of_another_commit_is_noted_and_wins() -> None:
    rows = parse(list={"sha": "f" * 40}, files=FILES)
    assert the_record(rows)["sha"] == SHA
    assert problems(rows) == {"files.sha": "another commit than the one listed"}


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(EvidenceUnreadable, match=r"record acme/echo: files\.files\[\]\.size is -1"):
        parse(files={"files": [{"path": "model.bin", "size": -1}]})
