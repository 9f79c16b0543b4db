"""Configuration files become one row of what they state, bases to load, and marks of quantisation."""

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
from tests.unit.file_evidence import CONFIG, HEADERS

NOW = datetime(2026, 1, 7, 15, 26, 59, tzinfo=UTC)

TEXT = {
    "num_hidden_layers": 12,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "hidden_size": 512,
    "max_position_embeddings": 8_192,
}
WHISPER = {"sampling_rate": 16_000, "hop_length": 160, "chunk_length": 30, "n_samples": 480_000}
ENCODER = {"max_source_positions": 1_500}


def parse(**parts: object) -> Rows:
    rows = parse_record("acme/echo", "member", parts, NOW)
    for table in PARSED:
        if rows.get(table.name):
            frame = pl.from_arrow(pa.Table.from_pylist(rows[table.name], schema=to_arrow_schema(table)))
            assert isinstance(frame, pl.DataFrame)
            assert validate(table, frame.lazy()) == []
    return rows


def configured(main: object = None, /, **files: object) -> Rows:
    """Rows of one configuration; `preprocessor=` is `preprocessor_config.json`, and so on."""
    named = {
        "params.json" if name == "params" else f"{name}_config.json": file for name, file in files.items()
    }
    return parse(config=named | ({} if main is None else {"config.json": main}))


def stated(rows: Rows) -> Mapping[str, Any]:
    (row,) = rows["configuration"]
    assert row["repo_id"] == "acme/echo"
    return {name: value for name, value in row.items() if value is not None and name != "repo_id"}


def problems(rows: Rows) -> list[str]:
    return [row["field"] for row in rows["irregularity"]]


def test_every_field_that_capture_keeps_is_known() -> None:
    rows = parse(config=CONFIG)
    assert stated(rows)["audio_sampling_rate_hz"] == 16_000
    assert problems(rows) == []


def test_no_configuration_no_row() -> None:
    assert parse(list={"config": {"model_type": "echo"}})["configuration"] == []
    assert stated(parse(config={})) == {}


@pytest.mark.parametrize(
    ("main", "shape"),
    [
        (TEXT, {"context_length": 8_192, "layers": 12, "kv_heads": 2, "head_size": 64}),
        ({"text_config": TEXT, "hidden_size": 9}, {"layers": 12, "head_size": 64, "kv_heads": 2}),
        ({"thinker_config": {"text_config": TEXT}}, {"layers": 12, "context_length": 8_192}),
        ({"llm_config": TEXT}, {"layers": 12}),
        ({**TEXT, "head_dim": 128}, {"head_size": 128}),
        # A default of the library is not stated, as the layers of Qwen2-Audio's language model.
        ({"text_config": {"max_position_embeddings": 8_192}, "hidden_size": 9}, {"context_length": 8_192}),
        # Gemma 3n: the last layers read the cache of earlier ones.
        (
            {
                **TEXT,
                "num_kv_shared_layers": 4,
                "sliding_window": 512,
                "layer_types": [*["sliding_attention"] * 3, "full_attention"] * 3,
            },
            {"layers": 8, "sliding_layers": 6, "sliding_window": 512},
        ),
        # Gemma 2 and 3 without types of layers: every second or sixth sees everything.
        ({**TEXT, "sliding_window": 4_096, "sliding_window_pattern": 2}, {"sliding_layers": 6}),
        ({**TEXT, "sliding_window": 1_024, "_sliding_window_pattern": 6}, {"sliding_layers": 10}),
        # Qwen2: the upper layers slide, if they are told to.
        (
            {**TEXT, "sliding_window": 4_096, "use_sliding_window": True, "max_window_layers": 8},
            {"sliding_layers": 4, "sliding_window": 4_096},
        ),
        ({**TEXT, "model_type": "mistral", "sliding_window": 4_096}, {"sliding_layers": 12}),
        # Layers of linear attention keep no keys.
        ({**TEXT, "layer_types": [*["linear_attention"] * 3, "full_attention"] * 3}, {"layers": 3}),
        ({**TEXT, "num_experts": 64, "num_experts_per_tok": 8}, {"experts": 64, "active_experts": 8}),
        ({**TEXT, "num_local_experts": 8, "num_experts_per_tok": 2}, {"experts": 8, "active_experts": 2}),
        ({**TEXT, "tie_word_embeddings": True, "vocab_size": 1_000}, {"tied": True, "tied_head": 512_000}),
        ({"text_config": {**TEXT, "vocab_size": 10}, "tie_word_embeddings": True}, {"tied_head": 5_120}),
        ({**TEXT, "tie_word_embeddings": False, "vocab_size": 1_000}, {"tied": False}),
    ],
)
def test_shape_of_the_language_model(main: object, shape: Mapping[str, object]) -> None:
    rows = configured(main)
    assert shape.items() <= stated(rows).items()
    assert problems(rows) == []


@pytest.mark.parametrize(
    ("main", "unknown"),
    [
        ({**TEXT, "num_attention_heads": 7}, {"head_size"}),
        ({**TEXT, "tie_word_embeddings": False, "vocab_size": 1_000}, {"tied_head"}),
        # A compressed cache, or global layers of their own size, do not follow the formula.
        ({**TEXT, "kv_lora_rank": 512}, {"kv_heads", "head_size"}),
        ({**TEXT, "global_head_dim": 128}, {"kv_heads", "head_size"}),
        # A window that is switched off, or not smaller than the context, never slides.
        ({**TEXT, "sliding_window": 4_096, "use_sliding_window": False}, {"sliding_window"}),
        ({**TEXT, "sliding_window": 8_192, "model_type": "mistral"}, {"sliding_window"}),
        # Which layers slide is not stated.
        ({**TEXT, "sliding_window": 4_096}, {"sliding_layers"}),
        ({**TEXT, "num_kv_shared_layers": 12}, {"layers"}),
    ],
)
def test_what_does_not_follow_is_unknown(main: object, unknown: set[str]) -> None:
    assert not unknown & stated(configured(main)).keys()


def test_a_whisper_like_extractor() -> None:
    sound = {"audio_sampling_rate_hz": 16_000, "audio_window_s": 30.0}
    assert stated(configured(preprocessor=WHISPER)) == sound
    assert stated(configured(preprocessor={"sampling_rate": 16_000, "n_samples": 480_000})) == sound
    assert stated(configured(processor={"feature_extractor": WHISPER})) == sound
    assert stated(configured({"audio_config": ENCODER}, preprocessor=WHISPER)) == sound


def test_an_encoder_with_blocks_takes_longer_audio_than_its_window() -> None:
    rows = configured(
        {"thinker_config": {"audio_config": {**ENCODER, "n_window": 100}}},
        preprocessor={**WHISPER, "chunk_length": 300},
    )
    assert (stated(rows)["audio_window_s"], stated(rows)["audio_max_s"]) == (2.0, 300.0)


def test_a_processor_states_the_longest_audio() -> None:
    rows = configured(processor={"max_audio_len": 600, "feature_extractor": WHISPER})
    assert (stated(rows)["audio_window_s"], stated(rows)["audio_max_s"]) == (30.0, 600.0)


def test_filters_hold_the_rate_of_granite() -> None:
    rows = configured(preprocessor={"melspec_kwargs": {"sample_rate": 16_000, "hop_length": 160}})
    assert stated(rows) == {"audio_sampling_rate_hz": 16_000}


def test_ultravox_loads_two_models_and_stacks_eight_positions() -> None:
    rows = configured(
        {
            "model_type": "ultravox",
            "architectures": ["UltravoxModel"],
            "text_model_id": "acme/echo-text-8B",
            "audio_model_id": "acme/echo-ear",
            "audio_config": {"model_type": "whisper", **ENCODER},
            "text_config": {"tie_word_embeddings": None},
            "stack_factor": 8,
        },
        preprocessor=WHISPER,
    )
    assert stated(rows)["audio_tokens_per_s"] == 6.25
    assert [
        (row["base_id"], row["evidence"], row["declared_relation"], row["only_one"])
        for row in rows["base_reference"]
    ] == [("acme/echo-ear", "config", None, False), ("acme/echo-text-8B", "config", None, False)]
    assert rows["record"][0]["model_type"] == "ultravox"


def test_voxtral_joins_positions_by_the_width_of_its_encoder() -> None:
    encoder = {"model_type": "voxtral_encoder", "intermediate_size": 5_120, "hidden_size": 1_280, **ENCODER}
    rows = configured({"audio_config": encoder, "text_config": TEXT}, preprocessor=WHISPER)
    assert stated(rows)["audio_tokens_per_s"] == 12.5
    other = {"audio_config": {**encoder, "model_type": "echo_encoder"}}
    assert "audio_tokens_per_s" not in stated(configured(other, preprocessor=WHISPER))


def test_params_of_mistral() -> None:
    rows = configured(params=CONFIG["params.json"])
    assert stated(rows) == {
        "context_length": 32_768,
        "layers": 30,
        "kv_heads": 8,
        "head_size": 128,
        "tied": False,
        "experts": 8,
        "active_experts": 2,
        "audio_sampling_rate_hz": 16_000,
        "audio_window_s": 30.0,
        "audio_tokens_per_s": 12.5,
    }
    sliding = configured(params={"n_layers": 30, "sliding_window": 4_096, "max_seq_len": 32_768})
    assert (stated(sliding)["sliding_layers"], stated(sliding)["sliding_window"]) == (30, 4_096)
    assert stated(configured(params={"multimodal": {}, "moe": None})) == {}


def test_config_and_params_are_not_mixed() -> None:
    rows = configured({"max_position_embeddings": 8_192}, params=CONFIG["params.json"])
    assert stated(rows)["context_length"] == 8_192
    assert "layers" not in stated(rows)


def test_generation() -> None:
    assert stated(configured(generation={"max_new_tokens": 2_048})) == {"max_output_tokens": 2_048}


def test_an_adapter_names_its_base() -> None:
    rows = configured(adapter={"peft_type": "LORA", "r": 8, "base_model_name_or_path": "acme/base"})
    (base,) = rows["base_reference"]
    assert (base["base_id"], base["evidence"], base["declared_relation"]) == (
        "acme/base",
        "config",
        "adapter",
    )
    assert rows["record"][0]["adapter_mark"] is True


def test_the_folder_of_whoever_trained_is_no_base() -> None:
    rows = configured(adapter={"base_model_name_or_path": "/data/run 7/base"})
    assert [row["base_id"] for row in rows["base_reference"]] == [None]
    assert problems(rows) == ["base_model"]


def test_the_files_know_better_than_the_listing() -> None:
    listed = {"config": {"model_type": "old", "architectures": ["Old"]}}
    main = {
        "model_type": "echo",
        "architectures": ["Echo"],
        "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]},
    }
    rows = parse(list=listed, config={"config.json": main})
    assert (rows["record"][0]["model_type"], rows["record"][0]["quantization"]) == ("echo", "fp8")
    assert rows["record_list"][0]["architectures"] == ["Echo"]
    assert parse(list=listed, config={})["record"][0]["model_type"] == "old"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({}, "not_captured"),
        ({"config": {"config.json": {}}}, "not_stated"),
        ({"config": {"params.json": {}}}, "not_stated"),
        ({"config": {"preprocessor_config.json": {}}}, "config_absent"),
        ({"config": {}}, "config_absent"),
    ],
)
def test_why_a_column_is_empty(parts: dict[str, object], reason: str) -> None:
    rows = parse(**parts)
    reasons = {row["column_name"]: row["reason"] for row in rows["absence"]}
    running = ("context_length", "audio_max_s", "kv_cache_bytes_per_token", "architectures")
    assert {reasons[column] for column in running} == {reason}


@pytest.mark.parametrize(
    ("main", "field"),
    [
        ({"num_hidden_layers": -1}, "num_hidden_layers"),
        ({"num_hidden_layers": 2**60}, "num_hidden_layers"),
        ({"hidden_size": 0}, "hidden_size"),
        ({"hidden_size": 1.5}, "hidden_size"),
        ({"vocab_size": "many"}, "vocab_size"),
        ({"tie_word_embeddings": 1}, "tie_word_embeddings"),
        ({"layer_types": ["full_attention"]}, "layer_types"),
        ({"stack_factor": 0}, "stack_factor"),
        ({"text_config": "big"}, "text_config"),
        ({"audio_config": {"n_window": -1}}, "audio_config.n_window"),
        ({"text_model_id": 7}, "text_model_id"),
    ],
)
def test_what_an_owner_wrote_never_stops_a_snapshot(main: object, field: str) -> None:
    rows = configured(main)
    assert problems(rows) == [f"config.config.json.{field}"]
    assert stated(rows) == {}


@pytest.mark.parametrize(
    "extractor",
    [
        {"sampling_rate": 1, "hop_length": 10**9, "chunk_length": 10**7},
        {"sampling_rate": 10**6, "hop_length": 1, "chunk_length": 1e-9},
        {"sampling_rate": 10**6, "n_samples": 1, "max_audio_len": -5},
    ],
)
def test_no_window_or_rate_that_cannot_be(extractor: object) -> None:
    main = {"audio_config": {"max_source_positions": 1}, "stack_factor": 1_000_000}
    for rows in (configured(main, preprocessor=extractor), configured(preprocessor=extractor)):
        assert all(0.001 <= value <= 10**6 for value in stated(rows).values())


@pytest.mark.parametrize(
    "config", [{"config.json": {"rope": 1}}, {"rope.json": {}}, {"params.json": {"multimodal": {"rope": 1}}}]
)
def test_a_field_that_nobody_knows_is_refused(config: object) -> None:
    with pytest.raises(EvidenceUnreadable, match="parse does not know the field config"):
        parse(config=config)


def test_metadata_of_a_gguf_file_state_a_shape_where_nothing_else_does() -> None:
    shape = {"context_length": 8_192, "layers": 4, "kv_heads": 2, "head_size": 16}
    assert stated(parse(headers=HEADERS)) == shape
    assert stated(parse(headers=HEADERS, config={"generation_config.json": {"max_new_tokens": 7}})) == {
        **shape,
        "max_output_tokens": 7,
    }
    known = parse(headers=HEADERS, config={"config.json": {"num_hidden_layers": 3}})
    assert stated(known) == {"layers": 3}
    clip = {"files": [{"metadata": {"architecture": "clip", "block_count": 32}}]}
    assert parse(headers=clip)["configuration"] == []
