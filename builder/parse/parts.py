"""Parts at the end of a repository's name that say how weights are stored, or that they are a copy.

A part counts only as a whole part between separators and only at the end: what stands before a
word of another kind is the name itself. The conventions were read off names on the Hub: suffixes
of the GGUF, AWQ, GPTQ, bitsandbytes, MLX and ONNX communities, and of people who upload copies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True)
class FormatPart:
    """A part that says how the weights are stored, not which weights they are."""

    pattern: str
    method: str | None = None
    bits: float | None = None
    float_bits: int | None = None
    container: str | None = None
    """A format that holds quantised and full weights alike, so that it alone names no method."""
    ported: bool = False


GGUF_LABEL: Final = r"(?:t?q|iq)[1-8](?:[-_.](?:[01]|k|xxs|xs|s|m|l|xl|xxl|nl))*"

# The first pattern that fits wins, so a longer form stands before the part that it ends with. What stands
# after a separator inside a pattern stands in `_LAST` too.
FORMAT_PARTS: Final = (
    FormatPart(r"q4[-_]0", "gguf_k", 4.5),
    FormatPart(r"q8[-_]0", "gguf_k", 8.5),
    FormatPart(r"iq[1-4](?:[-_](?:xxs|xs|s|m|nl))?", "gguf_i"),
    FormatPart(r"q4f(?:16|32)(?:[-_][01])?", "int4", 4.0),
    FormatPart(GGUF_LABEL, "gguf_k"),
    FormatPart(r"gguf|ggml|llamafile", container="gguf"),
    FormatPart(r"i1|imatrix|imat", "gguf"),
    FormatPart(r"gptq(?:model)?", "gptq"),
    FormatPart(r"awq", "awq"),
    FormatPart(r"unsloth[-_]bnb", "bnb"),
    FormatPart(r"bnb|bitsandbytes|nf4", "bnb"),
    FormatPart(r"fp8|f8|fp8[-_](?:dynamic|block|kv)|w8a8[-_]fp8|float8|e4m3", "fp8", 8.0),
    FormatPart(r"nvfp4(?:a16)?|fp4", "nvfp4", 4.5),
    FormatPart(r"mxfp4(?:[-_]moe)?", "mxfp4", 4.25),
    FormatPart(r"u?int8|w8a8|w8a16|8[-_]?bits?|eetq", "int8", 8.0),
    FormatPart(r"u?int4|w4a16|w4a8|4[-_]?bits?", "int4", 4.0),
    # Widths without a method of their own in the vocabulary.
    FormatPart(r"2[-_]?bits?", bits=2.0),
    FormatPart(r"3[-_]?bits?", bits=3.0),
    FormatPart(r"5[-_]?bits?", bits=5.0),
    FormatPart(r"6[-_]?bits?", bits=6.0),
    FormatPart(r"exl[23]|exllama(?:v2)?|[2-8](?:[-_.]\d+)?bpw", "exl"),
    FormatPart(r"mlx", container="mlx", ported=True),
    FormatPart(r"onnx(?:[-_]web(?:gpu)?)?", container="onnx", ported=True),
    FormatPart(r"openvino|ov|litert|tflite|coreml|axera|rknn|ct2|ctranslate2|mlc", ported=True),
    FormatPart(r"transformers|hf|hf[-_]format|safetensors|pytorch|vllm|converted", ported=True),
    FormatPart(r"hqq|aqlm|quanto|torchao|auto[-_]?round|dwq"),
    FormatPart(r"dynamic|quantized|quantised|quants?|smashed|compressed(?:[-_]tensors)?|a?sym"),
    FormatPart(r"gs?(?:32|64|128)|(?:32|64|128)g"),
    FormatPart(r"bf16|bfloat16|fp16|f16|float16", float_bits=16),
    FormatPart(r"fp32|f32|float32", float_bits=32),
)
"""Not here: `qat`, since quantisation-aware training makes other weights."""

_ENDINGS: Final = tuple(
    (part, re.compile(rf"^(?P<rest>.*[^-_. ])[-_. ]+(?:{part.pattern})$", re.IGNORECASE))
    for part in FORMAT_PARTS
)

_ANY_ENDING: Final = re.compile(
    rf"[-_. ](?:{'|'.join(part.pattern for part in FORMAT_PARTS)})$", re.IGNORECASE
)
"""Where this is not found, no ending fits: most names have none, and are spared some thirty searches."""

_LAST: Final = re.compile(
    r"(?:[01]|[kmsl]|x{1,2}[sl]|nl|bits?|bnb|dynamic|block|kv|fp8|moe|\d+bpw|web(?:gpu)?|format|round|tensors)",
    re.IGNORECASE,
)
"""What can stand after a separator at the end of a part of more than one word."""

_COPY: Final = re.compile(
    r"""
    ^(?P<rest>.*?[^-_. ])[-_. ]+
    (?:
        (?:copy|backup|bak|(?<!voice[-_. ])clone|duplicated?|mirror(?:ed)?|re[-_]?upload(?:ed)?
        |(?:temp|hot)?fix|fixed|archived?|zip(?:ped)?)
        # What was repaired, and which attempt it is.
        (?:[-_. ]+(?:config|tokenizer|template|weights|v?\d+))*
    |
        in[-_]?case[-_. ].*  # `-in-case-they-remove-it`
    )$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words that say: the same weights again. In the middle of a name they are about something else."""

_COPY_SIGNS: Final = (
    *("copy", "backup", "bak", "clone", "duplicate", "mirror", "upload", "fix", "archive", "zip"),
    "case",
)
"""Without one of these in it, no name says copy."""


def cut_parts(name: str) -> tuple[str, tuple[FormatPart, ...], bool]:
    """The name without its last parts, these parts, and whether a word said copy.

    >>> cut_parts("Voxtral-Mini-3B-2507-GGUF")[0], cut_parts("shuka-1-copy")[2]
    ('Voxtral-Mini-3B-2507', True)
    """
    parts: list[FormatPart] = []
    copied = False
    while True:
        cut = _cut_format(name)
        if cut is not None:
            name, part = cut
            parts.append(part)
            continue
        lower = name.lower()
        match = _COPY.match(name) if any(sign in lower for sign in _COPY_SIGNS) else None
        if match is None:
            return name, tuple(parts), copied
        name, copied = match["rest"], True


def _cut_format(name: str) -> tuple[str, FormatPart] | None:
    last = max(name.rfind("-"), name.rfind("_"), name.rfind("."), name.rfind(" ")) + 1
    if not _can_end(name[last:]) or not _ANY_ENDING.search(name):
        return None
    for part, ending in _ENDINGS:
        match = ending.match(name)
        if match:
            return match["rest"], part
    return None


@lru_cache(32_768)
def _can_end(word: str) -> bool:
    """Whether a part can end with this word: asked first, and remembered, as names end with few words."""
    return _ANY_ENDING.fullmatch(f"-{word}") is not None or _LAST.fullmatch(word) is not None


_METHOD_ORDER: Final = ("gptq", "awq", "bnb", "nvfp4", "mxfp4", "fp8", "exl", "gguf_i", "gguf_k", "gguf")
_WHOLE_NUMBERS: Final = ("int8", "int4")


def find_method(parts: tuple[FormatPart, ...]) -> str | None:
    """The method of quantisation that the parts of one name state together."""
    if not parts:
        return None
    methods = {part.method for part in parts}
    containers = {part.container for part in parts}
    narrow = any(part.bits is not None for part in parts)
    if "onnx" in containers and (narrow or "gguf_k" in methods):
        return "onnx_q"
    for method in _METHOD_ORDER:
        if method in methods:
            return method
    if "mlx" in containers and narrow:
        return "mlx"
    if "gguf" in containers:
        # An F16 GGUF is a port, not a quantisation.
        return "none" if not narrow and find_float_bits(parts) is not None else "gguf"
    return next((method for method in _WHOLE_NUMBERS if method in methods), None)


def find_bits(parts: tuple[FormatPart, ...]) -> float | None:
    """Bits per weight, where the parts name one number."""
    if not parts:
        return None
    method = find_method(parts)
    own = {part.bits for part in parts if part.bits is not None and part.method == method}
    stated = own or {part.bits for part in parts if part.bits is not None}
    return stated.pop() if len(stated) == 1 else None


def find_float_bits(parts: tuple[FormatPart, ...]) -> int | None:
    """The widest precision that the parts name."""
    return max((part.float_bits for part in parts if part.float_bits is not None), default=None)
