"""From tensors to counts: what is stored, and how many weights that are, by component and data type.

Stored elements and bytes are everything in the file, as the Hub counts too. Logical parameters are the
weights of the model: packed ones unpacked, scales and buffers left out, a tied head once. A count that
cannot be told from names, shapes and hints is None, never a guess.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from builder.errors import HeaderUnreadable
from builder.parse.headers.components import find_component, read_setting
from builder.parse.headers.packing import Packing, Share, StorageHints
from builder.parse.headers.tensor import Tensor, show
from schemas.tables.parameters import BITS_OF_DTYPE

TIED: Final = "tied_head"
MAX_HEADS: Final = 64
"""Every head is compared with every embedding; no model has more than a few of either."""

_EMBEDDINGS: Final = (
    "embed_tokens",
    "wte",
    "word_embeddings",
    "tok_embeddings",
    "token_embd",
    "embed_in",
    "token_embedding",
)
_HEADS: Final = ("lm_head", "embed_out", "proj_out", "output")
_MAIN: Final = ("weight", "qweight", "weight_packed")


@dataclass(frozen=True)
class Count:
    """One component in one data type.

    Attributes:
        logical_parameters: None if one of its tensors is packed in a way that cannot be told.
        readings: how the elements were read (`as_stored`, `gptq_4bit`, `scales`, …) → stored elements.
    """

    component: str
    dtype: str
    tensors: int
    stored_elements: int
    stored_bytes: int
    logical_parameters: int | None
    readings: tuple[tuple[str, int], ...]


@dataclass
class _Sum:
    tensors: int = 0
    elements: int = 0
    stored_bytes: int = 0
    logical: int | None = 0
    readings: Counter[str] = field(default_factory=Counter)

    def add(self, tensor: Tensor, share: Share) -> None:
        self.tensors += 1
        self.elements += tensor.elements
        self.stored_bytes += tensor.stored_bytes
        self.logical = None if self.logical is None or share.logical is None else self.logical + share.logical
        self.readings[share.reading] += tensor.elements

    def close(self, component: str, dtype: str) -> Count:
        readings = tuple(sorted(self.readings.items()))
        stored = (self.tensors, self.elements, self.stored_bytes)
        return Count(component, dtype, *stored, logical_parameters=self.logical, readings=readings)


def count_tensors(tensors: Iterable[Tensor], hints: StorageHints | None = None) -> tuple[Count, ...]:
    """Count the tensors of one model, sorted by component and data type.

    Args:
        tensors: of all files of the model together, so that scales meet the matrices they belong to.
        hints: what the configuration says about packing and about a tied head.

    Raises:
        HeaderUnreadable: a name stands in two files, or a tensor takes more bytes than its type has.
    """
    hints = StorageHints() if hints is None else hints
    listed = list(tensors)
    _check(listed)
    packing = Packing(listed, hints)
    shares = {tensor.name: packing.share(tensor) for tensor in listed}
    if hints.tied_head:
        shares |= dict.fromkeys(_find_tied_heads(listed, shares), Share(0, TIED))
    setting = read_setting(shares)
    sums: dict[tuple[str, str], _Sum] = defaultdict(_Sum)
    for tensor in listed:
        sums[find_component(tensor.name, setting), tensor.dtype].add(tensor, shares[tensor.name])
    return tuple(found.close(*key) for key, found in sorted(sums.items()))


def _check(tensors: Sequence[Tensor]) -> None:
    names: set[str] = set()
    for tensor in tensors:
        if tensor.name in names:
            raise HeaderUnreadable(
                f"Tensors of one model: {show(tensor.name)} stands in two of its files; "
                "count one set of weights at a time"
            )
        names.add(tensor.name)
        bits = BITS_OF_DTYPE.get(tensor.dtype)
        if bits is not None and tensor.stored_bytes * 8 > tensor.elements * bits:
            raise HeaderUnreadable(
                f"Tensors of one model: {show(tensor.name)} takes {tensor.stored_bytes} bytes, more than "
                f"{tensor.elements} elements of {tensor.dtype}; fetch the header again"
            )


def _find_tied_heads(tensors: Sequence[Tensor], shares: dict[str, Share]) -> list[str]:
    """Heads that agree with an embedding; each embedding excuses one head."""
    embeddings = [tensor for tensor in tensors if _is_main(tensor.name, _EMBEDDINGS)][:MAX_HEADS]
    heads = [tensor for tensor in tensors if _is_main(tensor.name, _HEADS)][:MAX_HEADS]
    tied: list[str] = []
    for head in heads:
        twin = next((tensor for tensor in embeddings if _agree(head, tensor, shares)), None)
        if twin is not None:
            embeddings.remove(twin)
            tied.append(head.name)
    return tied


def _is_main(name: str, words: Sequence[str]) -> bool:
    parts = name.rsplit(".", 2)
    return len(parts) > 1 and parts[-1] in _MAIN and parts[-2] in words


def _agree(head: Tensor, embedding: Tensor, shares: dict[str, Share]) -> bool:
    """Equal shapes, or equal numbers of weights where packing has changed a shape."""
    one, other = shares[head.name], shares[embedding.name]
    if one.reading == other.reading == "as_stored":
        return head.shape == embedding.shape
    return one.logical is not None and one.logical == other.logical
