"""Closed sets: every value that an inferred or coded column may take, with its meaning.

A set is declared as value → meaning where readers need the meaning; the card prints it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas import languages

if TYPE_CHECKING:
    from collections.abc import Mapping

EVIDENCE = {
    "declared": "the model card says so",
    "hub": "computed by the Hub from card and files",
    "config": "a field of config.json, adapter_config.json or params.json",
    "weights": "same file sha256, or same tensor counts by dtype",
    "gguf_metadata": "metadata of a GGUF file",
    "name": "a stated rule over the parts of the repository's name",
    "architecture": "the curated table of architectures",
    "curated": "a curated correction with its own reason and source",
}

CONFIDENCE = {
    "high": "read from weights or config, or declared and consistent with all else",
    "medium": "one rule from name or architecture that a second fact agrees with",
    "low": "a single weak signal",
}

KIND = {
    "original": "trained here: a model of its own, whatever frozen backbone it stands on",
    "finetune": "an existing model of the same modalities, trained further",
    "adapter": "a LoRA or PEFT delta on an existing model",
    "merge": "weights of two or more models combined",
    "quantized": "the same weights in fewer bits (FP8, NVFP4, integers, GGUF below 16 bits)",
    "conversion": "the same weights ported to another library, format or 16/32-bit float",
    "mirror": "the same weights uploaded again",
    "placeholder": "no weights in the repository",
}
"""What a repository is. `quantized`, `conversion` and `mirror` are copies: they fold into
one unique model.
"""

COPY_KINDS = ("quantized", "conversion", "mirror")

AUDIO_LANGUAGE_MODEL = {
    "yes": "takes audio and a text prompt, gives text",
    "no": "does not: speech recognition without a prompt, text only, an encoder, …",
    "unknown": "not decided, as for repositories without weights",
}

RELATION = {
    "quantized": "the base's weights in fewer bits",
    "finetune": "the base, trained further",
    "adapter": "a delta on the base",
    "merge": "the base is one of several that were merged",
    "conversion": "the base's weights in another format",
    "mirror": "the base's weights uploaded again",
    "backbone": "a language model that lacks an input modality of the child",
    "encoder": "an encoder without a language model of its own",
}

DECLARED_RELATION = ("quantized", "finetune", "adapter", "merge")
"""What a card may state and the Hub computes."""

LINEAGE_STATUS = {
    "followed": "used as the relation says",
    "cut_self": "a repository that names itself as its base",
    "cut_cycle": "one edge of a cycle, cut so that the climb ends",
    "unresolved": "the base is not known under this name",
    "overruled": "declared, but other evidence is stronger",
}

GAP_REASON = {
    "no_weights_in_repo": "the repository holds no weights",
    "gated": "the files can be read only by those who were granted access",
    "format_without_counts": "weights exist in a format that the evidence has no counts for",
    "packing_ambiguous": "packed weights whose count may or may not be unpacked already",
    "backbone_unknown": "a model that must be loaded too is unknown, or its size is",
    "config_absent": "the field stands in a configuration that the repository or evidence lacks",
    "not_captured": "the evidence of this date does not hold this field",
    "not_stated": "nobody states it: neither card nor configuration",
    "conflicting_sources": "sources contradict each other and none is stronger",
}

WEIGHT_FORMAT = {
    "safetensors": "Safetensors files",
    "gguf": "GGUF files of llama.cpp",
    "onnx": "ONNX graphs",
    "pytorch": "torch archives (.bin, .pt, .pth)",
    "mlx": "Safetensors in MLX layout",
    "tensorflow": "TensorFlow or Keras files",
    "flax": "Flax files",
    "openvino": "OpenVINO intermediate representation",
    "axera": "compiled for AXERA accelerators",
    "other": "weights in a format without a name here",
}

QUANTIZATION = {
    "none": "16- or 32-bit floats",
    "gguf": "GGUF, the method of its files not captured",
    "gguf_k": "GGUF block or K-quants",
    "gguf_i": "GGUF importance quants",
    "gptq": "GPTQ",
    "awq": "AWQ",
    "bnb": "bitsandbytes",
    "fp8": "8-bit floats",
    "nvfp4": "NVFP4",
    "mxfp4": "MXFP4",
    "int8": "8-bit integers by another method",
    "int4": "4-bit integers by another method",
    "mlx": "MLX affine quantization",
    "onnx_q": "quantized ONNX graphs",
    "compressed_tensors": "compressed-tensors, scheme not captured",
    "exl": "ExLlama formats",
}

MODALITY = {
    "text": "text",
    "audio": "speech, sounds or music",
    "image": "still images",
    "video": "moving images",
    "signal": "other measured signals, such as an ECG",
}

AUDIO_DOMAIN = {
    "speech": "spoken language",
    "sound": "environmental sounds",
    "music": "music",
}

COMPONENT = {
    "whole": "everything a repository stores, not told apart",
    "language_model": "the text model that answers",
    "audio_encoder": "audio to features",
    "vision_encoder": "pictures to features",
    "projector": "features to the language model's space",
    "audio_decoder": "features or tokens to audio",
    "adapter": "a delta on the language model",
}

PARAMETER_SOURCE = {
    "safetensors_header": "header of a Safetensors file",
    "safetensors_hub": "the Hub's count of Safetensors files",
    "gguf_header": "header of a GGUF file",
    "gguf_hub": "the Hub's count of one GGUF file",
    "torch_pickle": "directory of a torch archive",
    "config_formula": "computed from the fields of a configuration",
    "export_rounded": "a number that an earlier export rounded to two decimals of a billion",
    "card_text": "stated by the card",
    "storage_bound": "between nothing and what the repository's whole storage could hold at 16 bits",
    "name": "stated by the repository's name",
    "curated": "a curated fact with its own source",
}

HUB_TOTAL_DISAGREEMENT = {
    "backbone_elsewhere": "the Hub counts a delta; the language model lies in another repository",
    "encoder_elsewhere": "the Hub's number lacks an encoder that lies in another repository",
    "packed_elements": "the Hub counts packed elements, each of which holds several weights",
    "tied_head_twice": "the Hub counts an output head that is the input embedding again",
    "buffers_counted": "the Hub counts mask buffers, which are no weights",
    "total_not_sum": "the Hub's total is not the sum of its own counts by dtype",
    "unexplained": "the cause is not known",
}

VARIANT_BASIS = {
    "files": "sizes of the weight files",
    "estimate": "parameters times bytes a weight",
}

FILE_ROLE = ("weights", "projector", "adapter", "index", "config")

CHANGE = {
    "added": "a row that the previous date did not have",
    "removed": "a row that this date does not have",
    "renamed": "the same repository under another name",
    "changed": "another value than on the previous date",
    "first_observed": "a value that was not captured on the previous date",
    "scope_added": "a row that came in because a query was added",
}

DEPARTURE = {
    "deleted_or_private": "the Hub no longer shows the repository",
    "retagged": "the repository still exists, outside every scope",
    "renamed": "the repository goes by another name",
}
"""What the Hub answers when it is asked for a repository that the queries no longer list."""

REMOVAL_REASON = {
    **DEPARTURE,
    "scope_dropped": "no query that listed the repository was asked on this date",
}

GATED = {
    "false": "open",
    "auto": "access is granted on request, automatically",
    "manual": "access is granted by the owner",
}

TASK_CATEGORY = {
    "Multimodal": "the Hub's section Multimodal",
    "Audio": "the Hub's section Audio",
    "Natural Language Processing": "the Hub's section Natural Language Processing",
    "Computer Vision": "the Hub's section Computer Vision",
    "Tabular": "the Hub's section Tabular",
    "Reinforcement Learning": "the Hub's section Reinforcement Learning",
    "Other": "the Hub's section Other",
}

RUNTIME = {
    "transformers": "the Python library transformers",
    "vllm": "the inference server vLLM",
    "llama.cpp": "llama.cpp with its multimodal tools, on GGUF files",
    "mlx": "MLX on Apple silicon, through mlx-vlm or mlx-audio",
    "ollama": "Ollama, on GGUF files",
    "transformers.js": "Transformers.js in a browser or Node.js, on ONNX graphs",
}

RUNTIME_STATUS = {
    "works": "documented as supported, audio included",
    "experimental": "documented with a warning, or only in a version that is not its makers' release",
    "broken": "its own maintainers say that audio does not work, or not to any use",
}

OVER_LENGTH = {
    "error": "longer audio is refused",
    "cut": "longer audio is cut off without a word",
    "chunked": "longer audio is split into pieces, which are answered one after the other",
}
"""What a runtime does with audio that is longer than it takes."""

METRIC = {
    "wer": "word error rate: words that are wrong, missing or too many, per words spoken; lower is better",
    "rtfx": "seconds of audio transcribed per second of computing; higher is faster",
    "score": "what the benchmark itself defines for the task; the Hub does not name it",
}

METRIC_UNIT = {
    "percent": "hundredths; a word error rate may exceed 100",
    "seconds per second": "seconds of audio per second of computing",
    "not stated": "the source gives a number without a unit",
}

EVALUATION_SOURCE = {
    "open-asr": "the Open ASR Leaderboard's published tables",
    "hub": "results that the Hub shows beside a model (`evalResults`)",
}

ROLE = ("member", "base")

LANGUAGE = languages.LANGUAGE


def meanings(values: Mapping[str, str]) -> str:
    """One sentence that spells a closed set out, for the description of its column."""
    return "; ".join(f"`{value}`: {meaning}" for value, meaning in values.items()) + "."
