"""The allow-list for what is read of a repository's files: their list, their headers, their configurations.

Kept apart from the allow-list of the Hub's own answers, since these fields are named by libraries and
their values are written by the owners of repositories. So a number below zero is kept and left for
`builder.parse` to refuse, where in an answer of the Hub it would refuse the whole record. Bounds are
about ten times the largest value in use; names are those of transformers, PEFT, Mistral and llama.cpp.
"""

from __future__ import annotations

import re

from builder.capture.rules import BYTES_MAX, COUNT_MAX, Items, Named, Number, Text, Value

_BOOLEAN = Value(boolean=True)
_COUNT = Value(number=Number(COUNT_MAX))
_BYTES = Value(number=Number(BYTES_MAX))
# Where -1 or 0 may have a meaning, as in a group size of -1: one group per column.
_SETTING = Value(number=Number(COUNT_MAX, whole=False, signed=True))
_WORD = Value(text=Text(120))
_PATH = Value(text=Text(1024))
# An id, or the folder of whoever trained the model: parse says which.
_BASE = Value(text=Text(400))
_SHA = Value(text=Text(40, re.compile("[0-9a-f]{40}")))
_SHA256 = Value(text=Text(64, re.compile("[0-9a-f]{64}")))

_FILES_MAX = 100_000
"""Sharded training checkpoints reach thousands of files; beyond this it is not a model."""

_SETS_MAX = 1_000
"""Sets of weights in one repository: a few formats, times some dozens of GGUF labels."""

_COUNTS_MAX = 1_000
"""Seven components, in some dozens of data types."""

_LAYERS_MAX = 10_000


def _settings(*names: str) -> dict[str, Value]:
    return dict.fromkeys(names, _SETTING)


def _words(*names: str) -> dict[str, Value]:
    return dict.fromkeys(names, _WORD)


def _part(*fields: dict[str, Value]) -> Value:
    return Value(members=Named({name: value for some in fields for name, value in some.items()}))


ARCHITECTURES = Value(items=Items(_WORD, 100, together=True), text=Text(120))

QUANTIZATION_CONFIG = _part(
    _settings("bits", "group_size"),
    _words("bnb_4bit_quant_type", "fmt", "format", "quant_algo", "quant_method", "quantization_status"),
    dict.fromkeys(("load_in_4bit", "load_in_8bit"), _BOOLEAN),
    {"weight_block_size": Value(items=Items(_SETTING, 10, together=True))},
)

_TEXT = {
    **_words("model_type", "torch_dtype", "dtype"),
    **_settings("num_hidden_layers", "num_attention_heads", "num_key_value_heads", "hidden_size", "head_dim"),
    **_settings("max_position_embeddings", "vocab_size", "intermediate_size", "num_kv_shared_layers"),
    **_settings("sliding_window", "max_window_layers", "sliding_window_pattern", "_sliding_window_pattern"),
    **_settings("num_experts", "num_local_experts", "n_routed_experts", "num_experts_per_tok"),
    **_settings("kv_lora_rank", "global_head_dim", "num_global_key_value_heads"),
    "layer_types": Value(items=Items(Value(text=Text(40), null=False), _LAYERS_MAX, together=True)),
    "tie_word_embeddings": _BOOLEAN,
    "use_sliding_window": _BOOLEAN,
}
_AUDIO = {
    **_words("model_type"),
    **_settings("max_source_positions", "n_window", "hidden_size", "intermediate_size", "num_mel_bins"),
    **_settings("d_model", "num_hidden_layers", "encoder_layers"),
}
_TEXT_PARTS = {name: _part(_TEXT) for name in ("text_config", "llm_config", "language_config")}
_AUDIO_PARTS = {name: _part(_AUDIO) for name in ("audio_config", "audio_encoder_config", "encoder_config")}

_EXTRACTOR = {
    **_settings("sampling_rate", "chunk_length", "n_samples", "hop_length", "feature_size", "nb_max_frames"),
    **_settings("max_audio_len"),
    **_words("audio_token", "feature_extractor_type", "processor_class"),
    "melspec_kwargs": _part(_settings("sample_rate", "hop_length")),
}

_WHISPER_OF_MISTRAL = {
    "encoder_args": _part(
        _settings("dim", "n_layers", "max_source_positions"),
        {
            "audio_encoding_args": _part(
                _settings("sampling_rate", "hop_length", "num_mel_bins", "chunk_length_s"),
            ),
        },
    ),
    "downsample_args": _part(_settings("downsample_factor")),
}

CONFIG = Named(
    {
        "config.json": _part(
            _TEXT,
            _TEXT_PARTS,
            _AUDIO_PARTS,
            _settings("stack_factor", "max_source_positions", "d_model"),
            {
                "architectures": ARCHITECTURES,
                "quantization_config": QUANTIZATION_CONFIG,
                "text_model_id": _BASE,
                "audio_model_id": _BASE,
                "thinker_config": _part(
                    _words("model_type"), {"tie_word_embeddings": _BOOLEAN}, _TEXT_PARTS, _AUDIO_PARTS
                ),
            },
        ),
        "preprocessor_config.json": _part(_EXTRACTOR),
        "processor_config.json": _part(_EXTRACTOR, {"feature_extractor": _part(_EXTRACTOR)}),
        "adapter_config.json": _part(_words("peft_type"), _settings("r"), {"base_model_name_or_path": _BASE}),
        "params.json": _part(
            _settings("dim", "n_layers", "n_heads", "n_kv_heads", "head_dim", "vocab_size"),
            _settings("max_position_embeddings", "max_seq_len", "sliding_window"),
            {
                "tied_embeddings": _BOOLEAN,
                "moe": _part(_settings("num_experts", "num_experts_per_tok")),
                "multimodal": _part({"whisper_model_args": _part(_WHISPER_OF_MISTRAL)}),
            },
        ),
        "generation_config.json": _part(_settings("max_new_tokens")),
    },
)
"""Part `config`: named fields by file name; a file that the repository does not have is absent."""

FILES = Named(
    {
        "sha": _SHA,
        "files": Value(
            # Together: parse sums sizes, and a list without one file would give another sum.
            items=Items(
                Value(members=Named({"path": _PATH, "size": _BYTES, "sha256": _SHA256}), null=False),
                _FILES_MAX,
                together=True,
            ),
        ),
    },
)
"""Part `files`: every file of one commit."""

HEADERS = Named(
    {
        "sha": _SHA,
        "files": Value(
            items=Items(
                Value(
                    members=Named(
                        {
                            "path": _PATH,
                            "format": _WORD,
                            "counts": Value(
                                items=Items(
                                    _part(
                                        _words("component"),
                                        {"dtype": Value(text=Text(32, re.compile(r"[A-Za-z][A-Za-z0-9_]*")))},
                                        {"stored_elements": _COUNT, "logical_parameters": _COUNT},
                                        {"stored_bytes": _BYTES},
                                    ),
                                    _COUNTS_MAX,
                                    together=True,
                                ),
                            ),
                            "metadata": _part(
                                _words("architecture"),
                                _settings("context_length", "block_count", "embedding_length"),
                                _settings("attention.head_count", "attention.head_count_kv"),
                                _settings("attention.key_length"),
                            ),
                        },
                    ),
                    null=False,
                ),
                _SETS_MAX,
                together=True,
            ),
        ),
    },
)
"""Part `headers`: what capture counted in them; see `builder/parse/header_counts.py`."""
