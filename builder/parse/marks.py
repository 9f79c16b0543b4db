"""Marks: what tags, data types, formats and names show of how weights are stored.

Sources: the Hub adds format and quantisation tags from a repository's files and configuration;
data types are those of the Safetensors specification.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from builder.parse.names import ParsedName

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
}
_METHOD_TAGS: Final = (
    ("gptq", "gptq"),
    ("awq", "awq"),
    ("bitsandbytes", "bnb"),
    ("nvfp4", "nvfp4"),
    ("mxfp4", "mxfp4"),
    ("fp8", "fp8"),
    ("exl2", "exl"),
    ("exl3", "exl"),
    ("mlx", "mlx"),
    ("int8", "int8"),
    ("int4", "int4"),
)
_PORT_FORMATS: Final = frozenset({"onnx", "openvino", "axera"})
_PORT_LIBRARIES: Final = frozenset({"transformers.js", "mlx", "onnx", "openvino", "ctranslate2", "litert", "coreml"})
_PACKABLE: Final = frozenset({"I32", "U32", "U8", "I8"})
_FLOAT_BITS: Final = {"F64": 64, "F32": 32, "F16": 16, "BF16": 16}
_ADAPTER_WORDS: Final = frozenset({"lora", "peft", "adapter", "qlora"})
_AUDIO_WORDS: Final = frozenset(
    "audio speech sound music asr stt voice spoken vad whisper whisperspeech acoustic songs".split()
)
_TAG_WORD: Final = re.compile(r"[a-z0-9]+")
_GGUF_METHODS: Final = frozenset({"gguf", "gguf_k", "gguf_i"})


@dataclass(frozen=True)
class Marks:
    """How the weights of one repository are stored, as far as the record shows."""

    weight_formats: tuple[str, ...]
    quantization: str | None
    quantization_evidence: str | None
    bits_per_weight: float | None
    float_bits: int | None
    packed: bool | None
    ported: bool
    audio_tag: bool
    adapter_mark: bool


def find_marks(tags: list[str], dtypes: list[str], library: str | None, task: str | None, name: ParsedName) -> Marks:
    """Read the marks of one record; the order of tags and data types does not matter."""
    lower = {tag.lower() for tag in tags}
    formats = {FORMAT_TAGS[tag] for tag in lower if tag in FORMAT_TAGS}
    if library in FORMAT_TAGS:
        formats.add(FORMAT_TAGS[library])
    if name.repo_id.lower().endswith(".axera"):
        formats.add("axera")
    if dtypes:
        formats.add("safetensors")
    method, evidence = _find_method(lower, frozenset(dtypes), formats, name)
    floats = [_FLOAT_BITS[dtype] for dtype in dtypes if dtype in _FLOAT_BITS]
    only_float = floats if len(floats) == len(dtypes) == 1 else []
    return Marks(
        weight_formats=tuple(sorted(formats)),
        quantization=method,
        quantization_evidence=evidence,
        bits_per_weight=float(only_float[0]) if only_float and method == "none" else _bits(method, name),
        float_bits=max(floats, default=name.float_bits),
        packed=None if not dtypes else bool(_PACKABLE & set(dtypes)) and method not in {None, "none"},
        ported=_is_ported(formats, library, name),
        audio_tag=any(_AUDIO_WORDS & set(_TAG_WORD.findall(tag)) for tag in lower - {task} if ":" not in tag),
        adapter_mark=bool(_ADAPTER_WORDS & lower) or library in {"peft", "adapter-transformers"},
    )


def _find_method(
    tags: set[str], dtypes: frozenset[str], formats: set[str], name: ParsedName
) -> tuple[str | None, str | None]:
    by_type = _method_of_dtypes(tags, dtypes)
    if formats == {"gguf"}:
        return (name.quantization if name.quantization in _GGUF_METHODS else "gguf"), "hub"
    if name.quantization in {"gptq", "awq", "bnb", "nvfp4", "mxfp4", "fp8", "exl"}:
        return name.quantization, "name" if by_type is None else "weights"
    if by_type is not None:
        return by_type, "weights"
    for tag, method in _METHOD_TAGS:
        if tag in tags:
            return method, "hub"
    if "4-bit" in tags or "8-bit" in tags:
        return ("int4" if "4-bit" in tags else "int8"), "hub"
    if name.quantization is not None:
        return name.quantization, "name"
    if dtypes and all(dtype in _FLOAT_BITS for dtype in dtypes):
        return "none", "weights"
    return None, None


def _method_of_dtypes(tags: set[str], dtypes: frozenset[str]) -> str | None:
    eight = any(dtype.startswith("F8_E4") or dtype.startswith("F8_E5") for dtype in dtypes)
    if eight and "U8" in dtypes:
        return "nvfp4"
    if eight:
        return "fp8"
    if "U8" in dtypes and "bitsandbytes" in tags:
        return "bnb"
    if "U32" in dtypes and "mlx" in tags:
        return "mlx"
    if "I32" in dtypes and tags & {"compressed-tensors", "gptq", "awq", "4-bit", "8-bit"}:
        return "awq" if "awq" in tags else "gptq" if "gptq" in tags else "compressed_tensors"
    return None


def _bits(method: str | None, name: ParsedName) -> float | None:
    if method == "fp8":
        return 8.0
    return name.bits if method is not None else None


def _is_ported(formats: set[str], library: str | None, name: ParsedName) -> bool:
    if library in _PORT_LIBRARIES or name.ported:
        return True
    return bool(formats & _PORT_FORMATS) and "safetensors" not in formats and "pytorch" not in formats
