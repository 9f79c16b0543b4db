"""GGUF headers: typed metadata and a list of tensors in front of the weights of llama.cpp.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, and `gguf.cpp` of llama.cpp where the
text is silent. Version 2 made all lengths 64 bits wide; version 3 added files in big-endian order.
Numbers are little-endian here: version 1 and big-endian files are recognised and refused by name. A
tensor's dimensions are written fastest first; the table turns them round.

A header is often 10 MB, nearly all of it the vocabulary. Long arrays are stepped over, not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from builder.parse.headers.gguf_values import Reader, Short, refuse
from builder.parse.headers.tensor import (
    MAX_SIZE,
    MAX_TENSORS,
    MetadataValue,
    NeedBytes,
    Tensor,
    TensorTable,
    count_bytes,
    count_elements,
    find_overlap,
    show,
)

MAX_METADATA: Final = 4_096
"""Key-value pairs; real files have 20 to 60."""

MAX_HEADER_BYTES: Final = 64 * 2**20
"""The largest vocabularies in use (260,000 words with 520,000 merges) take about 16 MB."""

MAX_GGUF_DIMENSIONS: Final = 4
MAX_GGUF_NAME_BYTES: Final = 256
"""The format says 64 (`GGML_MAX_NAME`), which builds of llama.cpp may raise."""

MAX_ALIGNMENT: Final = 2**20

TYPES: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K",
    11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS",
    19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32",
    27: "I64", 28: "F64", 29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4", 40: "NVFP4",
    41: "Q1_0",
}  # fmt: skip
"""Number → name (`enum ggml_type` of ggml.h). Numbers left out were removed; their sizes are not kept."""

_ANCESTORS: Final = frozenset({b"lmgg", b"fmgg", b"tjgg", b"algg"})
_DEFAULT_ALIGNMENT: Final = 32
_SMALLEST_PAIR: Final = 8 + 4 + 1
_SMALLEST_TENSOR: Final = 8 + 4 + 4 + 8


def parse_gguf(data: bytes, file_size: int | None = None) -> TensorTable | NeedBytes:
    """Read metadata and tensors from the first bytes of a file.

    How long a header is shows only at its end, so `NeedBytes.stop` is a lower bound: the bytes read so
    far, and the fewest that what was announced can take. Fetch at least twice as much each time.

    Args:
        data: the first bytes, as many as are at hand.
        file_size: size of the whole file, if known; lengths and offsets are then checked against it.

    Raises:
        HeaderUnreadable: the bytes are no GGUF header of version 2 or 3, or one that contradicts itself.
    """
    reader = Reader(data)
    try:
        return _read(reader, file_size)
    except Short as short:
        limit = MAX_HEADER_BYTES if file_size is None else min(MAX_HEADER_BYTES, file_size)
        if short.stop > limit:
            raise refuse(
                reader.at, f"the header takes at least {short.stop} bytes, but only {limit} are possible"
            ) from None
        return NeedBytes(0, short.stop)


def _read(reader: Reader, file_size: int | None) -> TensorTable:
    tensor_count, pair_count = _read_counts(reader)
    metadata = _read_metadata(reader, pair_count, tensor_count * _SMALLEST_TENSOR)
    alignment = _alignment(metadata, reader.at)
    tensors: dict[str, Tensor] = {}
    spans: list[tuple[int, int]] = []
    for left in range(tensor_count, 0, -1):
        reader.expect(left * _SMALLEST_TENSOR)
        at = reader.at
        tensor, offset = _read_tensor(reader)
        if tensor.name in tensors:
            raise refuse(at, f"tensor {show(tensor.name)} stands in the header twice")
        if offset % alignment:
            raise refuse(at, f"tensor {show(tensor.name)} does not start at a multiple of {alignment} bytes")
        tensors[tensor.name] = tensor
        spans.append((offset, offset + tensor.stored_bytes))
    start = reader.at + -reader.at % alignment
    overlap = find_overlap(spans)
    if overlap is not None:
        raise refuse(start + overlap, "two tensors claim the same bytes")
    stop = start + max((stop for _, stop in spans), default=0)
    if stop > (MAX_SIZE if file_size is None else file_size):
        raise refuse(reader.at, f"the tensors end at byte {stop}, which is beyond the end of the file")
    return TensorTable(tuple(tensors.values()), start, metadata)


def _read_counts(reader: Reader) -> tuple[int, int]:
    magic = reader.take(4)
    if magic in _ANCESTORS:
        raise refuse(
            0, "this is a GGML file from before GGUF", "leave it uncounted: its types have changed since"
        )
    if magic != b"GGUF":
        raise refuse(0, "the file does not start with GGUF")
    version = reader.unsigned(4)
    if version and not version & 0xFFFF:
        raise refuse(4, "the file is big-endian", "count its little-endian twin")
    if version == 1:
        raise refuse(4, "the file has version 1, whose lengths are 32 bits wide", "count a newer conversion")
    if version not in {2, 3}:
        raise refuse(4, f"the file has version {version}, and 2 and 3 are known")
    tensor_count, pair_count = reader.unsigned(8), reader.unsigned(8)
    if tensor_count > MAX_TENSORS:
        raise refuse(8, f"the header claims {tensor_count} tensors, more than {MAX_TENSORS}")
    if pair_count > MAX_METADATA:
        raise refuse(16, f"the header claims {pair_count} metadata values, more than {MAX_METADATA}")
    return tensor_count, pair_count


def _read_metadata(reader: Reader, pair_count: int, after: int) -> dict[str, MetadataValue]:
    metadata: dict[str, MetadataValue] = {}
    for left in range(pair_count, 0, -1):
        reader.expect(left * _SMALLEST_PAIR + after)
        at = reader.at
        key = reader.name(MAX_GGUF_NAME_BYTES)
        if key in metadata:
            raise refuse(at, f"the metadata {show(key)} stands in the header twice")
        metadata[key] = reader.value(reader.unsigned(4))
    return metadata


def _alignment(metadata: Mapping[str, MetadataValue], at: int) -> int:
    alignment = metadata.get("general.alignment", _DEFAULT_ALIGNMENT)
    if type(alignment) is not int or not 0 < alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):
        raise refuse(at, f"general.alignment is not a power of two up to {MAX_ALIGNMENT}")
    return alignment


def _read_tensor(reader: Reader) -> tuple[Tensor, int]:
    at = reader.at
    name = reader.name(MAX_GGUF_NAME_BYTES)
    dimensions = reader.unsigned(4)
    if dimensions > MAX_GGUF_DIMENSIONS:
        raise refuse(at, f"tensor {show(name)} has {dimensions} dimensions, more than {MAX_GGUF_DIMENSIONS}")
    fastest_first = [reader.unsigned(8) for _ in range(dimensions)]
    elements = count_elements(fastest_first, refuse, at, name)
    number, offset = reader.unsigned(4), reader.unsigned(8)
    if number not in TYPES:
        raise refuse(
            at, f"tensor {show(name)} has type {number}, whose size is not known", "add it to GGUF_BLOCKS"
        )
    row = fastest_first[0] if fastest_first else 1
    stored_bytes = count_bytes(TYPES[number], elements)
    if stored_bytes is None or count_bytes(TYPES[number], row) is None:
        raise refuse(
            at, f"tensor {show(name)} has rows of {row} elements, no whole blocks of {TYPES[number]}"
        )
    return Tensor(name, TYPES[number], tuple(reversed(fastest_first)), elements, stored_bytes), offset
