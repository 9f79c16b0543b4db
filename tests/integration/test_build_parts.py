"""What steps make of file lists, headers and configurations, which later captures hold and exports lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builder import reading, stages
from tests.integration.invented_hub import LISTING, make_project, rewrite_evidence

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from builder.layout import Layout

GB = 10**9
SHA = "1" * 40


def _file(path: str, size: int, number: int) -> dict[str, Any]:
    return {"path": path, "size": size, "sha256": f"{number:064x}"}


def _list(bases: list[str] | None = None, *tags: str, **more: object) -> dict[str, Any]:
    return {
        "id": "",
        "tags": ["audio-text-to-text", *tags],
        "pipeline_tag": "audio-text-to-text",
        "library_name": "transformers",
        "downloads": 10,
        "cardData": {"license": "apache-2.0", **({"base_model": bases} if bases else {})},
        **more,
    }


def _record(repo_id: str, **parts: dict[str, Any]) -> dict[str, Any]:
    parts["list"]["id"] = repo_id
    return {"repo_id": repo_id, "role": "member", "parts": parts, "absent": {}}


ORIGINAL = _record(
    "acme/Echo-8B-Instruct",
    list=_list(),
    files={
        "sha": SHA,
        "files": [
            _file("model-00001-of-00002.safetensors", 9 * GB, 1),
            _file("model-00002-of-00002.safetensors", 7 * GB, 2),
            {"path": "config.json", "size": 900},
        ],
    },
    headers={
        "sha": SHA,
        "files": [
            {
                "path": "model-00001-of-00002.safetensors",
                "format": "safetensors",
                "counts": [
                    {
                        "component": "language_model",
                        "dtype": "BF16",
                        "stored_elements": 7_000_000_000,
                        "logical_parameters": 7_000_000_000,
                        "stored_bytes": 14 * GB,
                    },
                    {
                        "component": "audio_encoder",
                        "dtype": "BF16",
                        "stored_elements": 1_000_000_000,
                        "logical_parameters": 1_000_000_000,
                        "stored_bytes": 2 * GB,
                    },
                ],
            }
        ],
    },
    config={
        "config.json": {
            "architectures": ["Qwen2AudioForConditionalGeneration"],
            "model_type": "qwen2_audio",
            "text_config": {
                "num_hidden_layers": 10,
                "num_key_value_heads": 4,
                "num_attention_heads": 16,
                "hidden_size": 2048,
                "head_dim": 128,
                "max_position_embeddings": 4500,
            },
        },
        "preprocessor_config.json": {"sampling_rate": 16000, "chunk_length": 30},
    },
)
TWIN = _record(
    "mirrorer/Renamed",
    list=_list(),
    files={"sha": SHA, "files": ORIGINAL["parts"]["files"]["files"][:2]},
)
LABELS = _record(
    "packer/Echo-8B-Instruct-GGUF",
    list=_list(["acme/Echo-8B-Instruct"], "gguf", "base_model:acme/Echo-8B-Instruct",
               "base_model:quantized:acme/Echo-8B-Instruct"),
    files={
        "sha": SHA,
        "files": [
            _file("Echo-8B-Instruct-Q4_K_M.gguf", 4 * GB, 11),
            _file("Echo-8B-Instruct-Q8_0.gguf", 8 * GB, 12),
            _file("mmproj-Echo-8B-Instruct-F16.gguf", 2 * GB, 13),
            _file("mmproj-Echo-8B-Instruct-Q8_0.gguf", 1 * GB, 14),
        ],
    },
)  # fmt: skip
DELTA = _record(
    "acme/ultravox-llama-3_2-1b",
    list=_list(),
    files={"sha": SHA, "files": [_file("model.safetensors", 100_000_000, 21)]},
    headers={
        "sha": SHA,
        "files": [
            {
                "path": "model.safetensors",
                "format": "safetensors",
                "counts": [
                    {
                        "component": "projector",
                        "dtype": "BF16",
                        "stored_elements": 50_000_000,
                        "logical_parameters": 50_000_000,
                        "stored_bytes": 100_000_000,
                    }
                ],
            }
        ],
    },
    config={
        "config.json": {
            "architectures": ["UltravoxModel"],
            "model_type": "ultravox",
            "text_model_id": "meta-llama/Llama-3.2-1B-Instruct",
            "audio_model_id": "openai/whisper-small",
        }
    },
)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, curated: Path) -> dict[str, pl.DataFrame]:
    """The tables of a date whose evidence holds every part."""
    assert curated.is_dir()
    layout: Layout = make_project(tmp_path_factory.mktemp("parts") / "project")
    names = sorted([ORIGINAL, TWIN, LABELS, DELTA], key=lambda record: str(record["repo_id"]))
    observed = layout.capture(LISTING) / "observed.jsonl"
    line = '{{"not_after":"2026-05-31T23:59:59Z","observed_at":null,"part":"list","repo_id":"{}"}}\n'
    observed.write_text("".join(line.format(record["repo_id"]) for record in names))
    rewrite_evidence(layout, LISTING, lambda _: [names])
    stages.build_snapshot(layout, LISTING)
    return {name: frame.collect() for name, frame in reading.read_tables(layout, LISTING).items()}


def rows(frame: pl.DataFrame, **wanted: object) -> list[dict[str, Any]]:
    return frame.filter(**wanted).to_dicts()


def test_files_have_roles_labels_and_places_in_their_set(tables: dict[str, pl.DataFrame]) -> None:
    second = rows(tables["files"], path="model-00002-of-00002.safetensors", repo_id="acme/Echo-8B-Instruct")
    assert [(f["role"], f["shard_index"], f["shard_count"]) for f in second] == [("weights", 2, 2)]
    labels = {f["path"]: (f["role"], f["variant"]) for f in rows(tables["files"], repo_id=LABELS["repo_id"])}
    assert labels["Echo-8B-Instruct-Q4_K_M.gguf"] == ("weights", "Q4_K_M")
    assert labels["mmproj-Echo-8B-Instruct-F16.gguf"][0] == "projector"


def test_a_label_is_loaded_with_the_smallest_projector(tables: dict[str, pl.DataFrame]) -> None:
    found = {v["variant"]: v for v in rows(tables["variants"], repo_id=LABELS["repo_id"])}
    assert {label: (v["basis"], v["weights_bytes"]) for label, v in found.items()} == {
        "Q4_K_M": ("files", 5 * GB),
        "Q8_0": ("files", 9 * GB),
    }
    assert found["Q4_K_M"]["paths"] == ["Echo-8B-Instruct-Q4_K_M.gguf"]


def test_shards_are_one_variant_and_smaller_precisions_are_estimates(tables: dict[str, pl.DataFrame]) -> None:
    found = {v["variant"]: v for v in rows(tables["variants"], repo_id=ORIGINAL["repo_id"])}
    assert (found["bf16"]["basis"], found["bf16"]["weights_bytes"]) == ("files", 16 * GB)
    assert (found["int4"]["basis"], found["int4"]["weights_bytes"]) == ("estimate", 4_500_000_000)


def test_the_cache_follows_from_the_configuration(tables: dict[str, pl.DataFrame]) -> None:
    (model,) = rows(tables["models"], repo_id=ORIGINAL["repo_id"])
    assert model["kv_cache_bytes_per_token"] == 2 * 10 * 4 * 128 * 2
    assert (model["context_length"], model["audio_sampling_rate_hz"]) == (4500, 16000)
    (variant,) = rows(tables["variants"], repo_id=ORIGINAL["repo_id"], variant="bf16")
    assert model["audio_max_s"] == 30, "curated: longer audio is cut"
    tokens = 30 * model["audio_tokens_per_s"]
    assert variant["kv_cache_bytes_3min"] == tokens * model["kv_cache_bytes_per_token"]
    assert variant["kv_cache_bytes_30min"] is None


def test_counts_of_headers_are_exact_and_tell_components_apart(tables: dict[str, pl.DataFrame]) -> None:
    (model,) = rows(tables["models"], repo_id=ORIGINAL["repo_id"])
    assert (model["stored_parameters"], model["runtime_parameters"]) == (8_000_000_000, 8_000_000_000)
    assert (model["runtime_parameters_uncertainty"], model["runtime_parameters_source"]) == (
        0,
        "safetensors_header",
    )
    components = {
        p["component"] for p in rows(tables["parameters"], repo_id=ORIGINAL["repo_id"], counted=True)
    }
    assert components == {"language_model", "audio_encoder"}
    assert model["weights_bytes"] == 16 * GB


def test_the_same_files_are_a_mirror_whatever_the_name(tables: dict[str, pl.DataFrame]) -> None:
    (twin,) = rows(tables["models"], repo_id=TWIN["repo_id"])
    assert (twin["kind"], twin["unique_model_id"]) == ("mirror", ORIGINAL["repo_id"])
    assert (twin["kind_evidence"], twin["kind_confidence"]) == ("weights", "high")
    assert twin["runtime_parameters"] == 8_000_000_000


def test_a_configuration_says_what_must_be_loaded_too(tables: dict[str, pl.DataFrame]) -> None:
    (delta,) = rows(tables["models"], repo_id=DELTA["repo_id"])
    assert delta["kind"] == "original"
    assert delta["external_components"] == ["meta-llama/Llama-3.2-1B-Instruct", "openai/whisper-small"]
    assert delta["runtime_parameters"] == 50_000_000 + 1_235_814_400 + 88_154_112
    edges = {e["resolved_base_model"]: e for e in rows(tables["lineage"], repo_id=DELTA["repo_id"])}
    assert {name: (e["relation"], e["external"]) for name, e in edges.items()} == {
        "meta-llama/Llama-3.2-1B-Instruct": ("backbone", True),
        "openai/whisper-small": ("encoder", True),
    }
