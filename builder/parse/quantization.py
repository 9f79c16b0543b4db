"""How weights are quantised: what data types, configuration, tags and name say, and which of them wins.

Data types are read from the files and beat every label, since labels outlive a merge or a cast:
nothing is quantised where all weights are floats. Sources: the data types of the Safetensors
specification, `quantization_config` as the libraries write it, and the Hub's own tags.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from builder.parse.names import StoredAs
from builder.parse.popping import Fields

FLOAT_BITS: Final = {"F64": 64, "F32": 32, "F16": 16, "BF16": 16}
_WHOLE: Final = frozenset({"BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64"})
_PACKING: Final = {
    "bnb": {"U8"},
    "nvfp4": {"U8"},
    "mxfp4": {"U8"},
    "mlx": {"U32"},
    "exl": {"I16", "U16", "I32"},
    "gptq": {"I32"},
    "awq": {"I32"},
    "compressed_tensors": {"I32", "U8"},
    "int4": {"I32", "U32", "U8"},
    "int8": {"I32"},
}
"""Data types of which one element holds several weights, by method."""

BUFFER_SHARE: Final = 0.25
"""Whole numbers below this share of all elements are mask buffers unless something says quantised:
the largest share of masks seen is 0.07 (gpt2-medium), the smallest of packed weights 0.65."""

_TAGS: Final = (
    ("gptq", "gptq"),
    ("awq", "awq"),
    ("bitsandbytes", "bnb"),
    ("nvfp4", "nvfp4"),
    ("mxfp4", "mxfp4"),
    ("fp8", "fp8"),
    ("exl2", "exl"),
    ("exl3", "exl"),
)
_LOOSE_TAGS: Final = (("int8", "int8"), ("int4", "int4"), ("4-bit", "int4"), ("8-bit", "int8"))
_TAG_BITS: Final = {"4-bit": 4.0, "8-bit": 8.0}
_LOOSEST_TAGS: Final = (("compressed-tensors", "compressed_tensors"),)
QUANTIZATION_TAGS: Final = frozenset(
    {"mlx", *_TAG_BITS, *(tag for tag, _ in (*_TAGS, *_LOOSE_TAGS, *_LOOSEST_TAGS))}
)
"""All tags that are looked at here."""
_BITS: Final = {"fp8": 8.0, "nvfp4": 4.5, "mxfp4": 4.25, "int8": 8.0, "int4": 4.0}
"""Bits that a method always takes, with its scales."""
_NAMED: Final = frozenset({"gptq", "awq", "bnb", "nvfp4", "mxfp4", "fp8", "exl"})
"""Methods that a name states by their own name, not by a width alone."""


_Label = tuple[str | None, str | None]
"""A method and the evidence for it."""

_NO_CLAIM: Final[_Label] = (None, None)


@dataclass(frozen=True)
class Configured:
    """What `quantization_config` says: a method of the vocabulary, and a width."""

    method: str | None
    bits: float | None


@dataclass(frozen=True)
class Quantization:
    """The method with its evidence, the width, and whether elements may hold several weights."""

    method: str | None
    evidence: str | None
    bits: float | None
    packed: bool | None
    buffers: frozenset[str]
    """Data types that hold no weights."""

    def packs(self, dtype: str) -> bool:
        """Whether one element of this data type may hold several weights."""
        if not self.packed:
            return False
        if dtype in {"mixed", "unknown"} or self.method is None:
            return dtype not in FLOAT_BITS
        return dtype in _PACKING.get(self.method, set()) or self._scales(dtype)

    def _scales(self, dtype: str) -> bool:
        # Beside packed weights of four bits, eight-bit floats are scales: no count of weights.
        return self.method in {"nvfp4", "mxfp4"} and dtype.startswith("F8_")


def read_configuration(config: Fields) -> Configured:
    """Read `quantization_config`: the libraries name method, width and scheme each in their own way."""
    named = (config.text("quant_method") or "").lower()
    scheme = " ".join(filter(None, (config.text(n) for n in ("format", "quant_algo", "fmt")))).lower()
    status, kind = config.text("quantization_status"), config.text("bnb_4bit_quant_type")
    bits = config.signed("bits")
    if config.flag("load_in_4bit"):
        bits = 4.0
    elif config.flag("load_in_8bit"):
        bits = 8.0
    config.ignore("load_in_8bit", "group_size", "weight_block_size")
    config.done()
    width = bits if bits is not None and 1 <= bits < min(FLOAT_BITS.values()) else None
    method = _method_of_configuration(named, scheme, width)
    if method is None and (kind is not None or status == "compressed"):
        method = "bnb" if kind is not None else "compressed_tensors"
    return Configured(method, width)


def _method_of_configuration(named: str, scheme: str, bits: float | None) -> str | None:
    for word, method in (*_TAGS, ("exl", "exl")):
        if word in named:
            return method
    for word, method in (("nvfp4", "nvfp4"), ("mxfp4", "mxfp4"), ("fp8", "fp8"), ("float-quantized", "fp8")):
        if word in scheme:
            return method
    if "int-quantized" in scheme or named == "eetq":
        return "int8"
    if bits in {4, 8}:
        return f"int{bits:g}"
    return "compressed_tensors" if named == "compressed-tensors" else None


def find_quantization(
    tags: AbstractSet[str],
    dtypes: Mapping[str, int | None],
    formats: AbstractSet[str],
    configured: Configured | None,
    name: StoredAs,
) -> Quantization:
    """Weigh everything that one record says of its quantisation.

    Args:
        tags: in lower case.
        dtypes: data types of the Safetensors files with their elements, where counted; None also where all
            are floats, whose numbers decide nothing.
        formats: weight formats of the repository.
        configured: what `quantization_config` says, where there is one.
        name: what the repository's name says.
    """
    label, evidence = _find_label(tags, formats, configured, name)
    is_labelled = label not in {None, "none", "gguf", "gguf_k", "gguf_i", "onnx_q"}
    if not dtypes:
        return Quantization(label, evidence, _find_bits(label, tags, configured, name), None, frozenset())
    buffers = _find_buffers(dtypes, is_labelled=is_labelled)
    weights = frozenset(dtypes) - buffers
    if weights <= FLOAT_BITS.keys():
        if name.quantization in {"gguf", "gguf_k", "gguf_i"} and "gguf" in formats:
            return Quantization(label, evidence, name.bits, packed=False, buffers=buffers)
        bits = float(FLOAT_BITS[min(weights)]) if len(weights) == 1 else None
        return Quantization("none", "weights", bits, packed=False, buffers=buffers)
    method = _method_of_dtypes(dtypes, weights, label, tags)
    if method == "fp8":
        # Scales of eight-bit floats, as a data type of their own.
        buffers |= {"F8_E8M0"} & weights
    packed = bool(weights & _PACKING.get(method, set())) if method else bool(weights & _WHOLE)
    bits = None if method is None else _find_bits(method, tags, configured, name)
    return Quantization(method, "weights" if method else None, bits, packed, buffers)


def _find_label(
    tags: AbstractSet[str], formats: AbstractSet[str], configured: Configured | None, name: StoredAs
) -> _Label:
    """The method that a record claims, whatever its data types; the strongest claim wins."""
    claims = (
        _claim_of_container(formats, name),
        (configured.method, "config") if configured is not None else _NO_CLAIM,
        (name.quantization, "name") if name.quantization in _NAMED else _NO_CLAIM,
        _claim_of_tags(tags, _TAGS),
    )
    for claim in claims:
        if claim[0] is not None:
            return claim
    if "mlx" in formats or "mlx" in tags:
        return _find_mlx(tags, configured, name)
    loose = (
        _claim_of_tags(tags, _LOOSE_TAGS),
        (name.quantization, "name") if name.quantization is not None else _NO_CLAIM,
        _claim_of_tags(tags, _LOOSEST_TAGS),
    )
    return next((claim for claim in loose if claim[0] is not None), _NO_CLAIM)


def _claim_of_container(formats: AbstractSet[str], name: StoredAs) -> _Label:
    """What a repository of nothing but GGUF or ONNX files claims by its name."""
    if formats == {"gguf"}:
        labelled = name.quantization in {"gguf_k", "gguf_i", "none"}
        return (name.quantization, "name") if labelled else ("gguf", "hub")
    if formats == {"onnx"} and name.quantization is not None:
        return "onnx_q", "name"
    return _NO_CLAIM


def _claim_of_tags(tags: AbstractSet[str], known: tuple[tuple[str, str], ...]) -> _Label:
    return next(((method, "hub") for tag, method in known if tag in tags), _NO_CLAIM)


def _find_mlx(tags: AbstractSet[str], configured: Configured | None, name: StoredAs) -> _Label:
    """MLX is a format: a port is quantised only where a width says so."""
    if configured is not None and configured.bits is not None:
        return "mlx", "config"
    if tags & _TAG_BITS.keys():
        return "mlx", "hub"
    if name.bits is not None:
        return "mlx", "name"
    return ("none", "name") if name.float_bits is not None else (None, None)


def _find_buffers(dtypes: Mapping[str, int | None], *, is_labelled: bool) -> frozenset[str]:
    """Whole numbers that hold no weights: masks, positions, counters."""
    whole = _WHOLE.intersection(dtypes)
    if is_labelled:
        # Sixty-four bits and single bits hold no weights in any method.
        return frozenset(whole & {"BOOL", "I64", "U64"})
    known = [count for count in dtypes.values() if count is not None]
    masked = sum(dtypes[dtype] or 0 for dtype in whole)
    has_others = bool(dtypes.keys() - whole)
    return frozenset(whole) if has_others and masked <= BUFFER_SHARE * sum(known) else frozenset()


def _method_of_dtypes(
    dtypes: Mapping[str, int | None], weights: frozenset[str], label: str | None, tags: AbstractSet[str]
) -> str | None:
    """The method that the data types of the weights allow; a label decides where several would."""
    if "F4" in weights:
        return "mxfp4" if label == "mxfp4" or "F8_E8M0" in weights else "nvfp4"
    if any(dtype.startswith(("F8_E4", "F8_E5")) for dtype in weights):
        return label if label in {"nvfp4", "fp8"} else _method_of_eight_bits(dtypes)
    if weights >= {"F8_E8M0", "U8"}:
        return "mxfp4"
    if label in _PACKING:
        return label
    if "I8" in weights:
        return "int8"
    return "mlx" if "U32" in weights and "mlx" in tags else None


def _method_of_eight_bits(dtypes: Mapping[str, int | None]) -> str:
    """Four-bit weights packed into U8 are eight times as many as their scales; masks are fewer."""
    packed, scales = dtypes.get("U8"), dtypes.get("F8_E4M3")
    if packed is None or scales is None:
        return "nvfp4" if "U8" in dtypes else "fp8"
    return "nvfp4" if packed > scales else "fp8"


def _find_bits(
    method: str | None, tags: AbstractSet[str], configured: Configured | None, name: StoredAs
) -> float | None:
    if method is None:
        return None
    if method == "none":
        return None if name.float_bits is None else float(name.float_bits)
    if method in {"fp8", "nvfp4", "mxfp4"}:
        return _BITS[method]
    if configured is not None and configured.bits is not None:
        return configured.bits
    stated = {_TAG_BITS[tag] for tag in tags & _TAG_BITS.keys()}
    if name.bits is not None or method.startswith("gguf"):
        return name.bits
    return stated.pop() if len(stated) == 1 else _BITS.get(method)
