"""What the models of the invented demo Hub are put together from."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.hub.catalogue import Json, Repository
from tests.hub.content import Content
from tests.hub.weights import safetensors_shards, shapes

TASK = "audio-text-to-text"
ECHO = "demo-labs/Echo-7B-Instruct"
BROOK = "demo-labs/Brook-3B-Instruct"
LISTEN = "demo-labs/listen-large"
HUSH = "demo-labs/Hush-24B"
MINI = "demo-voices/Voice-Mini-3B"

ECHO_PARTS = {
    "language_model.model.layers.0.mlp.gate_proj": 7_000_000 * 1024,
    "language_model.lm_head": 156_032 * 4096,
    "audio_tower.layers.0.fc1": 622_000 * 1024,
    "multi_modal_projector.linear": 5120 * 1024,
}
MINI_PARTS = {
    "language_model.model.layers.0.mlp.gate_proj": 3_900_000 * 1024,
    "audio_tower.layers.0.fc1": 622_000 * 1024,
    "multi_modal_projector.linear_1": 24_000 * 1024,
}
SMALL_PARTS = {
    "language_model.model.layers.0.mlp.gate_proj": 400_000 * 1024,
    "audio_tower.layers.0.fc1": 86_000 * 1024,
    "multi_modal_projector.linear": 1_000 * 1024,
}

LLAMA_SHAPE = {
    "hidden_size": 3072,
    "num_hidden_layers": 28,
    "num_attention_heads": 24,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 128_256,
    "max_position_embeddings": 131_072,
}
WHISPER = {"model_type": "whisper", "d_model": 1280, "encoder_layers": 32, "max_source_positions": 1500}
EXTRACTOR = {
    "feature_extractor_type": "WhisperFeatureExtractor",
    "sampling_rate": 16_000,
    "chunk_length": 30,
    "hop_length": 160,
    "feature_size": 128,
}

Files = dict[str, Content]


def to_file(value: Mapping[str, Json]) -> bytes:
    return json.dumps(value, indent=2).encode()


def described(
    model_type: str, architecture: str, text: Mapping[str, Json] | None = None, **more: Json
) -> Files:
    """The configuration files of a model that listens."""
    config = {"architectures": [architecture], "model_type": model_type, "torch_dtype": "bfloat16", **more}
    if text is not None:
        config |= {"text_config": {"model_type": "llama", **text}, "audio_config": WHISPER}
    return {"config.json": to_file(config), "preprocessor_config.json": to_file(EXTRACTOR)}


def counted(**dtypes: int) -> dict[str, Json]:
    """The Hub's count of a repository's weights."""
    return {"parameters": dtypes, "total": sum(dtypes.values())}


def full_weights(repo_id: str, files: Files, parts: Mapping[str, int], **more: Json) -> Repository:
    """A repository with weights in safetensors, counted by the Hub."""
    held = {**files, **safetensors_shards(shapes(parts), 2, seed=repo_id)}
    total = sum(parts.values())
    return Repository(repo_id, held, library_name="transformers", safetensors=counted(BF16=total), **more)


def echo_files() -> Files:
    return described("qwen2_audio", "Qwen2AudioForConditionalGeneration", LLAMA_SHAPE)
