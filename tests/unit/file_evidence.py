"""Evidence of a repository's files as capture keeps it, with every field that is on its list.

The numbers are invented, the shapes are those of the Hub and the libraries: a Whisper-like feature
extractor, a composite configuration in the manner of transformers, Mistral's `params.json`.
"""

from __future__ import annotations

from typing import Any, Final

SHA: Final = "0123456789abcdef0123456789abcdef01234567"
SHA256: Final = "ab" * 32

TEXT: Final[dict[str, Any]] = {
    "model_type": "echo_text",
    "torch_dtype": "bfloat16",
    "dtype": "bfloat16",
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "hidden_size": 64,
    "intermediate_size": 256,
    "head_dim": 16,
    "max_position_embeddings": 32_768,
    "vocab_size": 1_000,
    "num_kv_shared_layers": 0,
    "sliding_window": None,
    "use_sliding_window": False,
    "max_window_layers": 0,
    "sliding_window_pattern": None,
    "_sliding_window_pattern": None,
    "layer_types": ["full_attention"] * 4,
    "tie_word_embeddings": True,
    "num_experts": 8,
    "num_local_experts": None,
    "n_routed_experts": None,
    "num_experts_per_tok": 2,
    "kv_lora_rank": None,
    "global_head_dim": None,
    "num_global_key_value_heads": None,
}
AUDIO: Final[dict[str, Any]] = {
    "model_type": "voxtral_encoder",
    "max_source_positions": 1_500,
    "n_window": None,
    "hidden_size": 1_280,
    "intermediate_size": 5_120,
    "num_mel_bins": 128,
    "d_model": 1_280,
    "num_hidden_layers": 32,
    "encoder_layers": 32,
}
PARTS_OF_MAIN: Final[dict[str, Any]] = {
    **dict.fromkeys(("text_config", "llm_config", "language_config"), TEXT),
    **dict.fromkeys(("audio_config", "audio_encoder_config", "encoder_config"), AUDIO),
}
EXTRACTOR: Final[dict[str, Any]] = {
    "sampling_rate": 16_000,
    "chunk_length": 30,
    "n_samples": 480_000,
    "hop_length": 160,
    "feature_size": 128,
    "nb_max_frames": 3_000,
    "max_audio_len": 600,
    "audio_token": "<|AUDIO|>",
    "feature_extractor_type": "WhisperFeatureExtractor",
    "processor_class": "EchoProcessor",
    "melspec_kwargs": {"sample_rate": 16_000, "hop_length": 160},
}
CONFIG: Final[dict[str, Any]] = {
    "config.json": {
        **TEXT,
        **PARTS_OF_MAIN,
        "architectures": ["EchoForConditionalGeneration"],
        "quantization_config": {
            "bits": 4,
            "group_size": -1,
            "quant_method": "gptq",
            "load_in_4bit": False,
            "load_in_8bit": False,
            "bnb_4bit_quant_type": None,
            "fmt": "e4m3",
            "format": "gptq",
            "quant_algo": None,
            "quantization_status": None,
            "weight_block_size": [128, 128],
        },
        "text_model_id": "acme/echo-text",
        "audio_model_id": "acme/echo-ear",
        "stack_factor": 8,
        "max_source_positions": 1_500,
        "d_model": 64,
        "thinker_config": {"model_type": "echo_thinker", "tie_word_embeddings": None, **PARTS_OF_MAIN},
    },
    "preprocessor_config.json": EXTRACTOR,
    "processor_config.json": {**EXTRACTOR, "feature_extractor": EXTRACTOR},
    "adapter_config.json": {"peft_type": "LORA", "r": 16, "base_model_name_or_path": "acme/echo-base"},
    "params.json": {
        "dim": 3_072,
        "n_layers": 30,
        "n_heads": 32,
        "n_kv_heads": 8,
        "head_dim": 128,
        "vocab_size": 131_072,
        "max_position_embeddings": 32_768,
        "max_seq_len": None,
        "sliding_window": None,
        "tied_embeddings": False,
        "moe": {"num_experts": 8, "num_experts_per_tok": 2},
        "multimodal": {
            "whisper_model_args": {
                "encoder_args": {
                    "dim": 1_280,
                    "n_layers": 32,
                    "max_source_positions": 1_500,
                    "audio_encoding_args": {
                        "sampling_rate": 16_000,
                        "hop_length": 160,
                        "num_mel_bins": 128,
                        "chunk_length_s": 30.0,
                    },
                },
                "downsample_args": {"downsample_factor": 4},
            },
        },
    },
    "generation_config.json": {"max_new_tokens": 2_048},
}
FILES: Final[dict[str, Any]] = {
    "sha": SHA,
    "files": [
        {"path": "README.md", "size": 5_000},
        {"path": "config.json", "size": 900},
        {"path": "model-00001-of-00002.safetensors", "size": 4_000_000, "sha256": SHA256},
        {"path": "model-00002-of-00002.safetensors", "size": 2_000_000, "sha256": "cd" * 32},
        {"path": "model.safetensors.index.json", "size": 700},
    ],
}
HEADERS: Final[dict[str, Any]] = {
    "sha": SHA,
    "files": [
        {
            "path": "model-00001-of-00002.safetensors",
            "format": "safetensors",
            "counts": [
                {
                    "component": "audio_encoder",
                    "dtype": "F32",
                    "stored_elements": 1_000_000,
                    "logical_parameters": 1_000_000,
                    "stored_bytes": 4_000_000,
                },
                {
                    "component": "language_model",
                    "dtype": "BF16",
                    "stored_elements": 1_000_000,
                    "logical_parameters": None,
                    "stored_bytes": 2_000_000,
                },
            ],
        },
        {
            "path": "Echo-Q8_0.gguf",
            "format": "gguf",
            "counts": [],
            "metadata": {
                "architecture": "echo",
                "context_length": 8_192,
                "block_count": 4,
                "embedding_length": 64,
                "attention.head_count": 8,
                "attention.head_count_kv": 2,
                "attention.key_length": 16,
            },
        },
    ],
}
