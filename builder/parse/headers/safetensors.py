"""Safetensors headers: 8 bytes of length, then JSON that names every tensor, type, shape and place.

Format: https://huggingface.co/docs/safetensors/index#format. The length is little-endian, the header
starts with `{` and may be padded with spaces, keys are unique, `__metadata__` maps text to text, and the
tensors fill the data without holes or overlaps. The data types and their bits are those of the
reference implementation (`safetensors/src/tensor.rs`).

The header is not handed to a JSON parser as a whole: 25 MB of `[[],[],…` would become 500 MB of lists.
It is cut into entries of bounded length first, and an entry has no place for a nested object.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from builder.parse.headers.tensor import (
    DTYPE_NAME,
    MAX_KEPT_TEXT,
    MAX_NAME_BYTES,
    MAX_SIZE,
    MAX_TENSORS,
    MetadataValue,
    NeedBytes,
    Refuse,
    Skipped,
    Tensor,
    TensorTable,
    count_bytes,
    count_elements,
    find_overlap,
    show,
)
from schemas.tables.parameters import SAFETENSORS_BITS

MAX_HEADER_BYTES: Final = 25_000_000
"""Where the Hub stops reading too (`SAFETENSORS_MAX_HEADER_LENGTH` of huggingface_hub)."""

MAX_METADATA: Final = 256
"""Entries of `__metadata__`; training tools write about a hundred."""

MAX_METADATA_BYTES: Final = 2 * 2**20
"""Training tools write their settings into `__metadata__`: up to some 100 kB of JSON inside JSON."""

_PREFIX: Final = 8
_SPACE: Final = rb"[ \t\r\n]{0,4096}+"
_NAME: Final = re.compile(
    _SPACE + rb'("(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f]){0,%d}+")' % MAX_NAME_BYTES + _SPACE + b":" + _SPACE
)
_ENTRY: Final = re.compile(rb"(\{[^{}]{0,2048}+\})" + _SPACE + b"([,}])")
_OPEN: Final = re.compile(rb"\{" + _SPACE + rb"(\}?)")
_PADDING: Final = re.compile(b" *+" + _SPACE)
_END: Final = re.compile(_SPACE + b"([,}])")
# One piece of a long text: the regular expression engine keeps state per repetition, so these are bounded.
_PIECE: Final = re.compile(rb'[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+){0,2048}+')
_FIELDS: Final = frozenset({"dtype", "shape", "data_offsets"})

_refuse: Final = Refuse("Safetensors header", "fetch the file again, or leave it uncounted")


def parse_safetensors(data: bytes, file_size: int | None = None) -> TensorTable | NeedBytes:
    """Read the header from the first bytes of a file.

    Args:
        data: the first bytes, as many as are at hand; what follows the header is not looked at.
        file_size: size of the whole file, if known; offsets are then checked against it.

    Raises:
        HeaderUnreadable: the bytes are no Safetensors header, or one that contradicts itself.
    """
    if len(data) < _PREFIX:
        if file_size is not None and file_size < _PREFIX:
            raise _refuse(0, f"the file has {file_size} bytes, too few for the length of a header")
        return NeedBytes(0, _PREFIX)
    length = int.from_bytes(data[:_PREFIX], "little")
    if length > MAX_HEADER_BYTES:
        raise _refuse(0, f"the header claims {length} bytes, more than {MAX_HEADER_BYTES}")
    stop = _PREFIX + length
    if file_size is not None and stop > file_size:
        raise _refuse(0, f"the header claims {length} bytes, but the file has {file_size} in all")
    if length < len("{}") or data[_PREFIX : _PREFIX + 1] not in {b"{", b""}:
        raise _refuse(_PREFIX, "the header does not start with an opening brace")
    if len(data) < stop:
        return NeedBytes(0, stop)
    return _Header(data, stop, file_size).read()


class _Header:
    """One header being cut into its entries, from left to right."""

    def __init__(self, data: bytes, stop: int, file_size: int | None) -> None:
        self._data = data
        self._stop = stop
        self._room = (MAX_SIZE if file_size is None else file_size) - stop
        self._exact = file_size is not None
        self._tensors: dict[str, Tensor] = {}
        self._spans: list[tuple[int, int]] = []
        self._metadata: dict[str, MetadataValue] | None = None

    def read(self) -> TensorTable:
        first = _OPEN.match(self._data, _PREFIX, self._stop)
        at = first.end() if first else _PREFIX
        more = first is not None and not first[1]
        while more:
            name, at = self._name(at)
            if name == "__metadata__":
                at, more = self._read_metadata(at)
            else:
                at, more = self._read_tensor(name, at)
        padding = _PADDING.match(self._data, at, self._stop)
        if padding is None or padding.end() != self._stop:
            raise _refuse(at, "the header goes on after its closing brace")
        self._check_places()
        return TensorTable(tuple(self._tensors.values()), self._stop, self._metadata or {})

    def _name(self, at: int) -> tuple[str, int]:
        found = _NAME.match(self._data, at, self._stop)
        if found is None:
            raise _refuse(at, f"there is no quoted name of at most {MAX_NAME_BYTES} characters")
        return self._text(found[1], at), found.end()

    def _text(self, quoted: bytes, at: int) -> str:
        try:
            text: str = json.loads(quoted) if b"\\" in quoted else quoted[1:-1].decode()
            text.encode()
        except ValueError as error:
            raise _refuse(at, "a text is not valid JSON in UTF-8") from error
        return text

    def _read_tensor(self, name: str, at: int) -> tuple[int, bool]:
        found = _ENTRY.match(self._data, at, self._stop)
        if found is None:
            raise _refuse(at, f"tensor {show(name)} is not followed by a flat object")
        if name in self._tensors:
            raise _refuse(at, f"tensor {show(name)} stands in the header twice")
        if len(self._tensors) == MAX_TENSORS:
            raise _refuse(at, f"the header names more than {MAX_TENSORS} tensors")
        self._tensors[name] = self._tensor(name, found[1], at)
        return found.end(), found[2] == b","

    def _tensor(self, name: str, entry: bytes, at: int) -> Tensor:
        # Two lists and no more: nothing is left that could be nested.
        if entry.count(b"[") > len(("shape", "data_offsets")):
            raise _refuse(at, f"tensor {show(name)} holds nested lists")
        try:
            fields: dict[str, Any] = json.loads(entry.decode())
        except ValueError as error:
            raise _refuse(at, f"tensor {show(name)} is not described in valid JSON") from error
        # Every key is followed by a colon, so a key that stands there twice leaves one too many.
        if len(fields) != entry.count(b":") or not fields.keys() >= _FIELDS:
            raise _refuse(at, f"tensor {show(name)} lacks dtype, shape or data_offsets, or has one twice")
        dtype, shape, place = fields["dtype"], fields["shape"], fields["data_offsets"]
        if not isinstance(dtype, str) or not DTYPE_NAME.fullmatch(dtype):
            raise _refuse(at, f"tensor {show(name)} has a data type that is not a name")
        if not _are_counts(shape) or not _are_counts(place) or len(place) != len(("begin", "end")):
            raise _refuse(at, f"tensor {show(name)} has a shape or offsets that are not whole numbers >= 0")
        elements = count_elements(shape, _refuse, at, name)
        begin, end = place
        if not begin <= end <= self._room:
            raise _refuse(at, f"tensor {show(name)} lies outside of the file or ends before it begins")
        if dtype in SAFETENSORS_BITS and count_bytes(dtype, elements) != end - begin:
            raise _refuse(
                at, f"tensor {show(name)} has other offsets than {elements} elements of {dtype} take"
            )
        self._spans.append((begin, end))
        return Tensor(name, dtype, tuple(shape), elements, end - begin)

    def _read_metadata(self, at: int) -> tuple[int, bool]:
        if self._metadata is not None:
            raise _refuse(at, "`__metadata__` stands in the header twice")
        kept: dict[str, MetadataValue] = {}
        self._metadata = kept
        limit = min(self._stop, at + MAX_METADATA_BYTES)
        first = _OPEN.match(self._data, at, self._stop)
        if first is None:
            raise _refuse(at, "`__metadata__` is not an object")
        at = first.end()
        more = not first[1]
        while more:
            name, at = self._name(at)
            if name in kept:
                raise _refuse(at, f"the metadata {show(name)} stands in the header twice")
            if len(kept) == MAX_METADATA:
                raise _refuse(at, f"`__metadata__` holds more than {MAX_METADATA} entries")
            stop = self._end_of_text(at, limit)
            short = stop - at <= MAX_KEPT_TEXT
            kept[name] = self._text(self._data[at:stop], at) if short else Skipped("text", stop - at - 2)
            at, more = self._next(stop)
        return self._next(at)

    def _end_of_text(self, at: int, limit: int) -> int:
        if self._data[at : at + 1] != b'"':
            raise _refuse(at, "a value of `__metadata__` is not a text")
        stop = at + 1
        while piece := _PIECE.match(self._data, stop, limit):
            if piece.end() == stop:
                break
            stop = piece.end()
        if stop >= limit or self._data[stop : stop + 1] != b'"':
            raise _refuse(
                stop, f"a text does not end, or `__metadata__` takes more than {MAX_METADATA_BYTES} bytes"
            )
        return stop + 1

    def _next(self, at: int) -> tuple[int, bool]:
        found = _END.match(self._data, at, self._stop)
        if found is None:
            raise _refuse(at, "there is neither a comma nor a closing brace")
        return found.end(), found[1] == b","

    def _check_places(self) -> None:
        overlap = find_overlap(self._spans)
        if overlap is not None:
            raise _refuse(self._stop + overlap, "two tensors claim the same bytes")
        # Without overlaps the data are filled exactly if the lengths sum up to the last end.
        stored = sum(end - begin for begin, end in self._spans)
        last = max((end for _, end in self._spans), default=0)
        if stored != last:
            raise _refuse(self._stop, f"the tensors fill {stored} of {last} bytes and leave holes")
        if self._exact and last != self._room:
            raise _refuse(
                self._stop + last, f"the tensors end here, but the file has {self._room - last} more bytes"
            )


def _are_counts(values: object) -> bool:
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)
