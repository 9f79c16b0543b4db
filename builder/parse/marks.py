"""Marks: what tags, library, files and name show of how a repository's weights are stored and used.

Sources: the Hub adds format tags from a repository's files, and names the library that loads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from builder.parse.facts import Facts
from builder.parse.header_counts import GGUF
from builder.parse.labels import find_gguf_bits, find_gguf_method
from builder.parse.names import ParsedName, StoredAs
from builder.parse.quantization import (
    FLOAT_BITS,
    QUANTIZATION_TAGS,
    Configured,
    Quantization,
    find_quantization,
)

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
_SAYING: Final = frozenset({*FORMAT_TAGS, *_ADAPTER_WORDS, *QUANTIZATION_TAGS})

_TAGS_REMEMBERED: Final = 65_536
_SIGNS_REMEMBERED: Final = 8_192
"""What records show of their storage, kept with what it means: most records show one of a few thousand."""


@dataclass(frozen=True)
class Marks:
    """How the weights of one repository are stored, as far as the record shows."""

    weight_formats: tuple[str, ...]
    quantized: Quantization
    float_bits: int | None
    ported: bool
    adapter_mark: bool


class _Signs(NamedTuple):
    """All of a record that its marks depend on: thousands of records show the same."""

    tags: frozenset[str]
    """Those that say something of storage, in lower case."""
    library: str
    file_formats: frozenset[str]
    lists_files: bool
    dtypes: tuple[tuple[str, int | None], ...]
    labels: frozenset[str]
    configured: Configured | None
    named: StoredAs
    names_axera: bool
    states_adapter: bool


def find_marks(facts: Facts, name: ParsedName) -> Marks:
    """Read the marks of one record; the order of tags and data types does not matter."""
    return _read_signs(
        _Signs(
            tags=_SAYING.intersection(map(str.lower, facts.tags)),
            library=(facts.library_name or "").lower(),
            file_formats=frozenset(facts.file_formats),
            lists_files=facts.weight_files is not None,
            dtypes=_find_dtypes(facts),
            labels=_find_labels(facts),
            configured=facts.configured,
            named=StoredAs(name.quantization, name.bits, name.float_bits, name.ported),
            names_axera=name.lower_id.endswith(".axera"),
            states_adapter=facts.states_adapter,
        )
    )


def speaks_of_audio(facts: Facts) -> bool:
    """Whether a tag besides the task's own has a word for sound."""
    return any(_is_audio(tag) for tag in map(str.lower, facts.tags) if tag != facts.pipeline_tag)


@lru_cache(_SIGNS_REMEMBERED)
def _read_signs(signs: _Signs) -> Marks:
    formats = _find_formats(signs)
    dtypes = dict(signs.dtypes)
    quantized = find_quantization(signs.tags, dtypes, formats, signs.configured, signs.named)
    labels = signs.labels if formats == {"gguf"} else frozenset()
    if labels:
        method, bits = find_gguf_method(labels), find_gguf_bits(labels)
        quantized = Quantization(method, "hub", bits, packed=None, buffers=frozenset())
    precise = {*dtypes, *(labels if quantized.method == "none" else ())}
    floats = [FLOAT_BITS[dtype] for dtype in precise if dtype in FLOAT_BITS]
    return Marks(
        weight_formats=tuple(sorted(formats)),
        quantized=quantized,
        float_bits=max(floats, default=signs.named.float_bits),
        ported=_is_ported(formats, signs, quantized),
        adapter_mark=bool(_ADAPTER_WORDS & signs.tags)
        or signs.library in _ADAPTER_LIBRARIES
        or signs.states_adapter,
    )


def _find_formats(signs: _Signs) -> AbstractSet[str]:
    formats = {FORMAT_TAGS[word] for word in FORMAT_TAGS.keys() & {*signs.tags, signs.library}}
    if signs.lists_files:
        # Tags outlive the files that they were given for; only MLX does not show in a file's name.
        return signs.file_formats | ({"mlx"} & formats if "safetensors" in signs.file_formats else set())
    formats |= signs.file_formats
    if signs.names_axera:
        formats.add("axera")
    if signs.dtypes:
        formats.add("safetensors")
    return formats


def _find_dtypes(facts: Facts) -> tuple[tuple[str, int | None], ...]:
    """Data types outside GGUF files with their elements, where they matter: headers know them best."""
    sums: Counter[str] = Counter()
    for header in facts.header_counts or ():
        if header.source != GGUF:
            sums[header.dtype] += header.stored_elements
    dtypes: dict[str, int | None] = dict(sums)
    if not sums:
        dtypes = dict.fromkeys(facts.dtypes)
        dtypes |= {count.dtype: count.stored_elements for count in facts.counts if count.dtype in dtypes}
    if dtypes.keys() <= FLOAT_BITS.keys():
        # How many of each there are matters only where some may be no weights, or several in one.
        dtypes = dict.fromkeys(dtypes)
    return tuple(sorted(dtypes.items()))


def _find_labels(facts: Facts) -> frozenset[str]:
    """Labels of the GGUF files, or types of their tensors; a projector's say nothing of the weights."""
    files = [file for file in facts.weight_files or () if file.format == "gguf"]
    projectors = {file.path for file in files if file.role == "projector"}
    labels = frozenset(file.variant for file in files if file.path not in projectors and file.variant)
    counts = [count for count in facts.header_counts or () if count.path not in projectors]
    return labels or frozenset(count.dtype for count in counts if count.source == GGUF)


def _is_ported(formats: AbstractSet[str], signs: _Signs, quantized: Quantization) -> bool:
    if signs.library in _PORT_LIBRARIES or signs.named.ported or "mlx" in formats:
        return True
    if formats == {"gguf"} and quantized.method == "none":
        return True
    return bool(formats & _PORT_FORMATS) and not formats & _SOURCE_FORMATS


@lru_cache(_TAGS_REMEMBERED)
def _is_audio(tag: str) -> bool:
    return ":" not in tag and not _AUDIO_WORDS.isdisjoint(_TAG_WORD.findall(tag))
