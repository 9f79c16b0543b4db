"""Marks: what tags, library, files and name show of how a repository's weights are stored and used.

Sources: the Hub adds format tags from a repository's files, and names the library that loads them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from builder.parse.facts import Facts
from builder.parse.header_counts import GGUF
from builder.parse.labels import find_gguf_bits, find_gguf_method
from builder.parse.names import ParsedName
from builder.parse.quantization import FLOAT_BITS, Quantization, find_quantization

FORMAT_TAGS: Final = {
    "safetensors": "safetensors",
    "gguf": "gguf",
    "onnx": "onnx",
    "pytorch": "pytorch",
    "mlx": "mlx",
    "tf": "tensorflow",
    "tensorflow": "tensorflow",
    "keras": "tensorflow",
    "jax": "flax",
    "flax": "flax",
    "openvino": "openvino",
    "axera": "axera",
    "coreml": "other",
    "tflite": "other",
}
_PORT_FORMATS: Final = frozenset({"onnx", "openvino", "axera"})
_SOURCE_FORMATS: Final = frozenset({"safetensors", "pytorch"})
_PORT_LIBRARIES: Final = frozenset(
    {
        *(
            "transformers.js",
            "onnx",
            "onnxruntime",
            "onnxruntime-genai",
            "sherpa-onnx",
            "openvino",
            "optimum",
        ),
        *("mlx", "mlx-audio", "mlx-vlm", "mlx-lm", "ctranslate2", "faster-whisper", "litert", "litert-lm"),
        *("tflite", "coreml", "executorch", "mlc-llm", "optimum", "llama.cpp", "whisper.cpp"),
    }
)
_ADAPTER_WORDS: Final = frozenset({"lora", "peft", "adapter", "qlora"})
_ADAPTER_LIBRARIES: Final = frozenset({"peft", "adapter-transformers"})
_AUDIO_WORDS: Final = frozenset(
    {
        *("audio", "speech", "sound", "music", "asr", "stt", "voice", "spoken", "vad"),
        *("whisper", "whisperspeech", "acoustic", "songs"),
    }
)
_TAG_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Marks:
    """How the weights of one repository are stored, as far as the record shows."""

    weight_formats: tuple[str, ...]
    quantized: Quantization
    float_bits: int | None
    ported: bool
    audio_tag: bool
    adapter_mark: bool


def find_marks(facts: Facts, name: ParsedName) -> Marks:
    """Read the marks of one record; the order of tags and data types does not matter."""
    tags = set(map(str.lower, facts.tags))
    library = (facts.library_name or "").lower()
    formats = _find_formats(facts, tags, library, name)
    dtypes = _find_dtypes(facts)
    labels = _find_labels(facts) if formats == {"gguf"} else frozenset()
    quantized = find_quantization(tags, dtypes, formats, facts.configured, name)
    if labels:
        method, bits = find_gguf_method(labels), find_gguf_bits(labels)
        quantized = Quantization(method, "hub", bits, packed=None, buffers=frozenset())
    precise = {*dtypes, *(labels if quantized.method == "none" else ())}
    floats = [FLOAT_BITS[dtype] for dtype in precise if dtype in FLOAT_BITS]
    return Marks(
        weight_formats=tuple(sorted(formats)),
        quantized=quantized,
        float_bits=max(floats, default=name.float_bits),
        ported=_is_ported(formats, library, name, quantized),
        audio_tag=any(map(_speaks_of_audio, tags - {facts.pipeline_tag})),
        adapter_mark=bool(_ADAPTER_WORDS & tags) or library in _ADAPTER_LIBRARIES or facts.states_adapter,
    )


def _find_formats(facts: Facts, tags: set[str], library: str, name: ParsedName) -> set[str]:
    formats = {FORMAT_TAGS[word] for word in FORMAT_TAGS.keys() & {*tags, library}}
    if facts.weight_files is not None:
        # Tags outlive the files that they were given for; only MLX does not show in a file's name.
        return facts.file_formats | ({"mlx"} & formats if "safetensors" in facts.file_formats else set())
    formats |= facts.file_formats
    if name.repo_id.lower().endswith(".axera"):
        formats.add("axera")
    if facts.dtypes:
        formats.add("safetensors")
    return formats


def _find_dtypes(facts: Facts) -> dict[str, int | None]:
    """Data types outside GGUF files with their elements, where counted: headers know them best."""
    sums: Counter[str] = Counter()
    for header in facts.header_counts or ():
        if header.source != GGUF:
            sums[header.dtype] += header.stored_elements
    if sums:
        return dict(sums)
    dtypes: dict[str, int | None] = dict.fromkeys(facts.dtypes)
    return dtypes | {count.dtype: count.stored_elements for count in facts.counts if count.dtype in dtypes}


def _find_labels(facts: Facts) -> frozenset[str]:
    """Labels of the GGUF files, or types of their tensors; a projector's say nothing of the weights."""
    files = [file for file in facts.weight_files or () if file.format == "gguf"]
    projectors = {file.path for file in files if file.role == "projector"}
    labels = frozenset(file.variant for file in files if file.path not in projectors and file.variant)
    counts = [count for count in facts.header_counts or () if count.path not in projectors]
    return labels or frozenset(count.dtype for count in counts if count.source == GGUF)


def _is_ported(formats: set[str], library: str, name: ParsedName, quantized: Quantization) -> bool:
    if library in _PORT_LIBRARIES or name.ported or "mlx" in formats:
        return True
    if formats == {"gguf"} and quantized.method == "none":
        return True
    return bool(formats & _PORT_FORMATS) and not formats & _SOURCE_FORMATS


@lru_cache(65_536)
def _speaks_of_audio(tag: str) -> bool:
    return ":" not in tag and not _AUDIO_WORDS.isdisjoint(_TAG_WORD.findall(tag))
