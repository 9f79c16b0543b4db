"""Labels in the names of GGUF and ONNX files: which quantisation one file of many holds.

A GGUF label is spelled as llama.cpp spells its file types (`Q4_K_M`, `IQ3_XXS`, `BF16`), with `UD-`
in front where the publisher mixes types by layer. ONNX suffixes are those that Optimum and
Transformers.js write, in their own lower case.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

from builder.parse.parts import GGUF_LABEL
from builder.parse.quantization import FLOAT_BITS
from schemas.tables.parameters import GGUF_BLOCKS

_FLOATS: Final = {"FP16": "F16", "FLOAT16": "F16", "BFLOAT16": "BF16", "FP32": "F32", "FLOAT32": "F32"}
_GGUF: Final = re.compile(
    # A third and fourth number name the layout of old files for ARM processors.
    rf"(?:^|(?<=[-_. ]))(?:(?P<mixed>ud)-)?(?P<label>{GGUF_LABEL}(?:_[48]_[48])?|mxfp4(?:[-_]moe)?"
    r"|b?f(?:p|loat)?16|f(?:p|loat)?32)(?=$|[-_. ])",
    re.IGNORECASE,
)
_ONNX: Final = re.compile(
    r"(?:^|[-_.])(?P<label>q4f16|q8f16|q4|q8|b?fp16|bf16|f16|fp32|quantized|u?int[48]|bnb4)$", re.IGNORECASE
)
_SEPARATORS: Final = "-_. "
_PURE: Final = frozenset({"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"})
"""Labels whose files hold one block type in nearly all tensors, so that its width is theirs."""


def cut_gguf_label(stem: str) -> tuple[str, str | None]:
    """The stem of a file without its label, and the label.

    >>> cut_gguf_label("Echo-7B.q4_k_m"), cut_gguf_label("Echo-UD-IQ3-XXS"), cut_gguf_label("mmproj-fp16")
    (('Echo-7B', 'Q4_K_M'), ('Echo', 'UD-IQ3_XXS'), ('mmproj', 'F16'))
    """
    found = next(reversed(list(_GGUF.finditer(stem))), None)
    if found is None:
        return stem, None
    label = re.sub(r"[-.]", "_", found["label"].upper())
    rest = stem[: found.start()].rstrip(_SEPARATORS) + stem[found.end() :]
    return rest.lstrip(_SEPARATORS), ("UD-" if found["mixed"] else "") + _FLOATS.get(label, label)


def cut_onnx_label(stem: str) -> tuple[str, str | None]:
    """The stem of a graph without its suffix, and the suffix.

    >>> cut_onnx_label("decoder_model_merged_q4f16"), cut_onnx_label("encoder.INT8"), cut_onnx_label("model")
    (('decoder_model_merged', 'q4f16'), ('encoder', 'int8'), ('model', None))
    """
    found = _ONNX.search(stem)
    return (stem, None) if found is None else (stem[: found.start()], found["label"].lower())


def find_gguf_method(labels: AbstractSet[str]) -> str | None:
    """The method of a repository with files of these labels, or tensors of these types.

    Floats stand beside quantised files in most repositories, and beside quantised tensors in most
    files, so they decide only where there is nothing else.
    """
    quantised = {label.removeprefix("UD-") for label in labels} - FLOAT_BITS.keys()
    if not labels:
        return None
    if not quantised:
        return "none"
    return "gguf_i" if all(label.startswith("IQ") for label in quantised) else "gguf_k"


def find_gguf_bits(labels: AbstractSet[str]) -> float | None:
    """Bits per weight, where all files have one label that fixes them."""
    label = next(iter(labels)) if len(labels) == 1 else None
    if label in FLOAT_BITS:
        return float(FLOAT_BITS[label])
    if label not in _PURE:
        return None
    weights, size_bytes = GGUF_BLOCKS[label]
    return size_bytes * 8 / weights
