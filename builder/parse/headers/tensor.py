"""The tensor table: the one shape in which all header readers tell what a weight file holds.

Sizes are bounded here for all formats. A reader's work is linear in what it accepts, so a bound on the
number of tensors is a bound on time and memory too (`benchmarks/fuzz_headers.py` measures both).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from builder.errors import HeaderUnreadable
from schemas.tables.parameters import GGUF_BLOCKS, SAFETENSORS_BITS

MAX_TENSORS: Final = 100_000
"""Tensors of one file. The largest checkpoints (91,000 tensors) are split over many files."""

MAX_NAME_BYTES: Final = 1_024
MAX_DIMENSIONS: Final = 16
"""No architecture uses more than 6; a shape of thousands of ones is an attack on whoever prints it."""

MAX_SIZE: Final = 2**63 - 1
"""The largest file, tensor or offset: what a signed 64-bit number holds, as on every file system."""

MAX_KEPT_TEXT: Final = 256
"""Third-party text is never republished; a kept value is a name or a version, not prose."""

MAX_QUOTED: Final = 80
"""Characters of a foreign name that a message quotes."""

DTYPE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
"""Files with types outside every list exist (the Hub has shown `miku`): they are kept, but never counted."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor as stored; `shape` has the slowest dimension first, whatever the format's order."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    elements: int
    stored_bytes: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A metadata value that was passed over unread: its type, and how long it is."""

    type: str
    length: int


MetadataValue = int | float | bool | str | tuple[int | float | bool | str, ...] | Skipped


@dataclass(frozen=True)
class TensorTable:
    """What the header of one file says.

    Attributes:
        tensors: in the order of the header, names unique.
        header_bytes: where the tensor data starts; 0 for archives, which have no such place.
        metadata: values the header carries beside the tensors, bounded in number and length.
        unknown: constructs that were passed over, by name, bounded in number.
    """

    tensors: tuple[Tensor, ...]
    header_bytes: int
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedBytes:
    """Too little of the file was given: ask again with at least its bytes from `start` up to `stop`.

    `stop` is exact where the format tells, else a lower bound that grows with each answer.
    """

    start: int
    stop: int


class Refuse:
    """Makes the errors of one format, so that all read alike: what, where, what to do."""

    def __init__(self, file_kind: str, remedy: str) -> None:
        """`remedy` is what to do when nothing more specific is known."""
        self._kind = file_kind
        self._remedy = remedy

    def __call__(self, offset: int, what: str, remedy: str = "") -> HeaderUnreadable:
        """The error for the byte at `offset`; the caller adds which file it was."""
        return HeaderUnreadable(f"{self._kind}, byte {offset}: {what}; {remedy or self._remedy}")


def show(text: str) -> str:
    """A piece of foreign text for a message: short, and without control characters."""
    return ascii(text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…")


def count_elements(shape: Sequence[int], refuse: Refuse, offset: int, name: str) -> int:
    """The product of a shape, bounded at every step: a zero elsewhere must not hide an overflow."""
    if len(shape) > MAX_DIMENSIONS:
        raise refuse(offset, f"tensor {show(name)} has {len(shape)} dimensions, more than {MAX_DIMENSIONS}")
    elements = 1
    bound = 1
    for size in shape:
        if size < 0:
            raise refuse(offset, f"tensor {show(name)} has a negative dimension")
        elements *= size
        bound *= size or 1
        if bound > MAX_SIZE:
            raise refuse(offset, f"tensor {show(name)} has a shape whose product overflows 63 bits")
    return elements


def count_bytes(dtype: str, elements: int) -> int | None:
    """Bytes that so many elements take; None if they do not fill whole blocks or bytes."""
    if dtype in GGUF_BLOCKS:
        per_block, block_bytes = GGUF_BLOCKS[dtype]
        blocks, rest = divmod(elements, per_block)
        return None if rest else blocks * block_bytes
    stored, rest = divmod(elements * SAFETENSORS_BITS[dtype], 8)
    return None if rest else stored


def find_overlap(spans: Sequence[tuple[int, int]]) -> int | None:
    """The start of a span (start, stop) that begins inside the one before it; empty spans never do."""
    ordered = sorted(span for span in spans if span[0] < span[1])
    return next((after[0] for before, after in pairwise(ordered) if after[0] < before[1]), None)
