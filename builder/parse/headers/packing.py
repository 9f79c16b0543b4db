"""How many weights a stored tensor holds: packed ones are unpacked, and what is no weight is left out.

A quantised matrix is stored as several tensors: packed integers, and the scales, zero points, shapes and
orders to unpack them. Which scheme it is shows in the names of these companions and in their shapes:

- GPTQ (AutoGPTQ, GPTQModel): `qweight` I32 [in x bits / 32, out], `qzeros`, `scales` [groups, out],
  `g_idx` [in].
- AWQ (AutoAWQ): `qweight` I32 [in, out x bits / 32], `qzeros`, `scales` [groups, out].
- compressed-tensors: `weight_packed` I32 [out, in x bits / 32] or U8 (NVFP4, MXFP4), `weight_scale`,
  `weight_shape`, `weight_zero_point`, `weight_g_idx`.
- ModelOpt NVFP4: `weight` U8 [out, in / 2], `weight_scale` one per 16; gpt-oss MXFP4: `*_blocks` U8 and
  `*_scales` one per 32 weights.
- bitsandbytes: `weight` U8 of pairs with `weight.absmax`, `weight.quant_state.*`; `weight` I8 with `SCB`.
- FP8: `weight` F8 with `weight_scale` or `weight_scale_inv`.
- MLX: `weight` U32 [out, in x bits / 32] with `scales` [out, groups] and `biases`.

Whole numbers without such companions are buffers: attention masks, positions, counters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from builder.parse.headers.tensor import Tensor
from schemas.tables.parameters import BITS_OF_DTYPE

WORD_BITS: Final = 32
BITS: Final = frozenset({2, 3, 4, 5, 6, 8})
GROUP_SIZES: Final = frozenset({16, 32, 64, 128})

_WHOLE_NUMBERS: Final = frozenset({"U8", "I16", "U16", "I32", "U32", "I64", "U64", "BOOL"})
_PACKABLE: Final = frozenset({"U8", "I16", "I32", "U32"})
_QUANTISED: Final = frozenset({"I8", "U8", "I32", "U32", "F4", "F6_E2M3", "F6_E3M2"})
_PLAIN: Final = frozenset(BITS_OF_DTYPE) - _WHOLE_NUMBERS
_PACKED_NAME: Final = re.compile(r"(?:weight|_packed|_blocks|\.W_q|\.codes)$")
# Data type of the scales → scheme of the bytes that hold two weights, and weights per scale.
_PAIR_SCALES: Final = {"F8_E4M3": ("nvfp4", 16), "F8_E8M0": ("mxfp4", 32), "U8": ("mxfp4", 32)}
_STATE: Final = re.compile(r"\.(?:nested_)?(?:absmax|quant_map)$|\.quant_state\.bitsandbytes__[a-z0-9]+$")
_COMPANION: Final = re.compile(
    r"_(?:scale(?:_inv|_2|s)?|global_scale|zero_point|shape|g_idx)$|(?<=\.)(?:scales|biases|qzeros|g_idx|SCB|weight_format)$"
)
_ACTIVATION: Final = re.compile(
    r"(?<=\.)(?:(?:input|output|activation)_(?:global_)?(?:scale|zero_point)|[qkv]_scale|kv_scale|pre_quant_scale)$"
)
_BUFFER: Final = re.compile(
    r"(?:^|\.)(?:inv_freq|masked_bias|position_ids|attn_mask|causal_mask|relative_position_index|num_batches_tracked|"
    r"cos_cached|sin_cached|mel_filters)$"
)
_OPTIMIZER: Final = re.compile(r"(?:optimizer|optimizer_states|optimizer_state_dict|lr_schedulers?)\.")
# An anchor's input is as wide as the norm in front of it: what the packed width is compared with.
_ANCHORS: Final = (
    (re.compile(r"self_attn\.[qkv]_proj\.$"), "input_layernorm.weight"),
    (re.compile(r"mlp\.(?:gate|up)_proj\.$"), "post_attention_layernorm.weight"),
    (re.compile(r"embed_tokens\.$"), "norm.weight"),
)


@dataclass(frozen=True)
class StorageHints:
    """What the configuration says about how the weights are stored; None where it says nothing."""

    method: str | None = None
    bits: int | None = None
    group_size: int | None = None
    tied_head: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What one stored tensor adds to the count of weights.

    Attributes:
        logical: weights it holds, 0 if it is left out, None if its packing is ambiguous.
        reading: how it was read: a scheme, or the reason why it is left out.
    """

    logical: int | None
    reading: str


_SCALE: Final = Share(0, "scales")
_MASK: Final = Share(0, "buffers")
AMBIGUOUS: Final = Share(None, "packing_ambiguous")


class Packing:
    """The tensors of one model, of all its files, looked at together."""

    def __init__(self, tensors: Iterable[Tensor], hints: StorageHints) -> None:
        """Files of one model belong together: a matrix and its scales may lie in different ones."""
        self._tensors: Mapping[str, Tensor] = {tensor.name: tensor for tensor in tensors}
        self._hints = hints
        anchors = [found for tensor in self._tensors.values() if (found := self._anchor(tensor))]
        self._anchor_bits = {bits for bits, _ in anchors}
        self._anchor_groups = {group for _, group in anchors if group is not None}

    def share(self, tensor: Tensor) -> Share:
        """What one of the tensors adds."""
        return self._leave_out(tensor) or self._unpack(tensor) or self._read_plain(tensor)

    def _leave_out(self, tensor: Tensor) -> Share | None:
        if _OPTIMIZER.match(tensor.name):
            return Share(0, "optimizer")
        if _BUFFER.search(tensor.name) or _is_causal_mask(tensor):
            return _MASK
        return _SCALE if self._is_companion(tensor.name) else None

    def _read_plain(self, tensor: Tensor) -> Share:
        if tensor.dtype in _WHOLE_NUMBERS:
            return AMBIGUOUS if self._looks_packed(tensor) else _MASK
        known = tensor.dtype in _PLAIN
        return Share(tensor.elements, "as_stored") if known else Share(None, "dtype_unknown")

    def _looks_packed(self, tensor: Tensor) -> bool:
        if tensor.dtype not in _PACKABLE:
            return False
        return bool(_PACKED_NAME.search(tensor.name)) or (
            self._hints.method is not None and len(tensor.shape) > 1
        )

    def _is_companion(self, name: str) -> bool:
        if (found := _STATE.search(name)) is not None:
            return self._is(name[: found.start()], {"U8"})
        if _ACTIVATION.search(name):
            module = name[: name.rindex(".") + 1]
            return self._tensors[name].elements == 1 or self._is_quantised(f"{module}weight")
        if (found := _COMPANION.search(name)) is None:
            return False
        stem = name[: found.start()]
        if stem.endswith("."):
            return self._is(f"{stem}qweight", {"I32"}) or self._is(f"{stem}weight", {"U32", "I8"})
        return self._is_quantised(stem)

    def _is(self, name: str, dtypes: Iterable[str]) -> bool:
        tensor = self._tensors.get(name)
        return tensor is not None and tensor.dtype in dtypes

    def _is_quantised(self, name: str) -> bool:
        if f"{name}_packed" in self._tensors or f"{name}_blocks" in self._tensors:
            return True
        tensor = self._tensors.get(name)
        return tensor is not None and (tensor.dtype in _QUANTISED or tensor.dtype.startswith("F8_"))

    def _unpack(self, tensor: Tensor) -> Share | None:
        name, dtype = tensor.name, tensor.dtype
        module = name[: name.rfind(".") + 1]
        if dtype == "I32" and name.endswith(".qweight"):
            return self._unpack_qweight(tensor, module)
        if dtype == "I32" and name.endswith("_packed"):
            return self._unpack_words(tensor, self._bits_of_packed(tensor, name.removesuffix("_packed")))
        if dtype == "U32" and f"{module}scales" in self._tensors:
            return self._unpack_mlx(tensor, module)
        return self._unpack_pairs(tensor) if dtype == "U8" else None

    def _unpack_pairs(self, tensor: Tensor) -> Share | None:
        """Two weights of 4 bits in a byte."""
        name = tensor.name
        if f"{name}.absmax" in self._tensors:
            return Share(2 * tensor.elements, "bnb_4bit")
        stem = name.removesuffix("_packed").removesuffix("_blocks")
        scale = self._tensors.get(f"{stem}_scale") or self._tensors.get(f"{stem}_scales")
        if scale is None or scale.dtype not in _PAIR_SCALES:
            return None
        reading, per_scale = _PAIR_SCALES[scale.dtype]
        # Scales may be padded to whole tiles, so there may be more of them than needed.
        enough = 2 * tensor.elements <= per_scale * scale.elements
        return Share(2 * tensor.elements, reading) if enough else AMBIGUOUS

    def _unpack_qweight(self, tensor: Tensor, module: str) -> Share:
        order, scales, zeros = (
            self._tensors.get(f"{module}{leaf}") for leaf in ("g_idx", "scales", "qzeros")
        )
        if len(tensor.shape) == len(("rows", "columns")) and scales is not None and scales.shape:
            rows, columns = tensor.shape
            outputs = scales.shape[-1]
            if columns != outputs:
                bits = _bits(columns, outputs)
                return self._unpack_words(tensor, bits or self._hints.bits, "awq")
            bits = _bits(rows, order.elements) if order is not None else None
            if bits is None and zeros is not None and zeros.shape:
                bits = _bits(zeros.shape[-1], columns)
            return self._unpack_words(tensor, bits or self._hints.bits, "gptq")
        return self._unpack_words(tensor, self._hints.bits, self._hints.method or "gptq")

    def _bits_of_packed(self, tensor: Tensor, stem: str) -> int | None:
        order, scale = self._tensors.get(f"{stem}_g_idx"), self._tensors.get(f"{stem}_scale")
        if tensor.shape and order is not None and (bits := _bits(tensor.shape[-1], order.elements)):
            return bits
        if tensor.shape and scale is not None and scale.shape and self._hints.group_size:
            bits = _bits(tensor.shape[-1], scale.shape[-1] * self._hints.group_size)
            if bits is not None:
                return bits
        if self._hints.bits in BITS:
            return self._hints.bits
        return next(iter(self._anchor_bits)) if len(self._anchor_bits) == 1 else None

    def _unpack_mlx(self, tensor: Tensor, module: str) -> Share:
        scales = self._tensors[f"{module}scales"]
        # Bits times group size, which the two shapes tell only together.
        product, rest = divmod(WORD_BITS * tensor.elements, scales.elements or 1)
        if rest:
            return AMBIGUOUS
        if scales.dtype == "U8" and f"{module}biases" not in self._tensors:
            return self._unpack_words(tensor, {64: 4, 128: 4, 256: 8}.get(product), "mlx")
        one = len(self._anchor_groups) == 1
        group = next(iter(self._anchor_groups)) if one else self._hints.group_size
        bits, rest = divmod(product, group) if group else (self._hints.bits, 0)
        return self._unpack_words(tensor, None if rest else bits, "mlx")

    def _unpack_words(self, tensor: Tensor, bits: int | None, reading: str = "compressed_tensors") -> Share:
        if bits not in BITS or bits is None:
            return AMBIGUOUS
        logical, rest = divmod(WORD_BITS * tensor.elements, bits)
        return AMBIGUOUS if rest else Share(logical, f"{reading}_{bits}bit")

    def _anchor(self, tensor: Tensor) -> tuple[int, int | None] | None:
        """Bits and group size of a packed matrix whose input width another tensor tells."""
        if tensor.dtype not in {"U32", "I32"} or len(tensor.shape) != len(("outputs", "inputs")):
            return None
        module = tensor.name[: tensor.name.rfind(".") + 1]
        scales = self._tensors.get(f"{module}scales") or self._tensors.get(f"{module}weight_scale")
        for pattern, norm_name in _ANCHORS:
            found = pattern.search(module)
            norm = self._tensors.get(f"{module[: found.start()]}{norm_name}") if found else None
            if norm is not None and scales is not None and scales.shape:
                bits = _bits(tensor.shape[-1], norm.elements)
                group = norm.elements // (scales.shape[-1] or 1)
                return (bits, group if group in GROUP_SIZES else None) if bits is not None else None
        return None


def _bits(words: int, weights: int) -> int | None:
    """Bits of a weight, if so many words hold so many; None if that is no width in use."""
    bits, rest = divmod(WORD_BITS * words, weights or 1)
    return bits if not rest and bits in BITS else None


def _is_causal_mask(tensor: Tensor) -> bool:
    """`attn.bias` of GPT-2 and its descendants: [1, 1, positions, positions], whatever its type."""
    shape = tensor.shape
    square = len(shape) == len((1, 1, "rows", "columns")) and shape[:2] == (1, 1) and shape[2] == shape[3]
    return square and tensor.name.endswith((".bias", ".mask"))
