"""The values of a GGUF header, read from left to right over bytes that may end at any place.

Types and their numbers: `enum gguf_metadata_value_type` in
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Short values are kept, long texts and arrays
(vocabularies, chat templates) are stepped over and leave their length.
"""

from __future__ import annotations

import struct
from itertools import repeat
from typing import Final

from builder.parse.headers.tensor import MAX_KEPT_TEXT, MAX_SIZE, MetadataValue, Refuse, Skipped

MAX_KEPT_ARRAY: Final = 64
"""Elements of an array that is kept: values per layer or per section, never a vocabulary."""

MAX_STEPPED: Final = 800_000
"""Texts in arrays of one file; the largest vocabulary in use (Gemma) has 777,000 with its merges."""

_ARRAY_STEPS: Final = 64
"""An array inside an array takes as long as so many texts."""

MAX_DEPTH: Final = 2
"""Arrays inside arrays; the format allows any depth, and no file in use goes beyond 1."""

refuse: Final = Refuse("GGUF header", "fetch the file again, or leave it uncounted")

_BOOL, _TEXT, _ARRAY = 7, 8, 9
_NUMBERS: Final = {
    0: ("uint8", struct.Struct("<B")),
    1: ("int8", struct.Struct("<b")),
    2: ("uint16", struct.Struct("<H")),
    3: ("int16", struct.Struct("<h")),
    4: ("uint32", struct.Struct("<I")),
    5: ("int32", struct.Struct("<i")),
    6: ("float32", struct.Struct("<f")),
    _BOOL: ("bool", struct.Struct("<B")),
    10: ("uint64", struct.Struct("<Q")),
    11: ("int64", struct.Struct("<q")),
    12: ("float64", struct.Struct("<d")),
}
_LENGTH: Final = struct.Struct("<Q")


class Short(Exception):
    """The bytes at hand end before `stop`."""

    def __init__(self, stop: int) -> None:
        super().__init__(stop)
        self.stop = stop


class Reader:
    """A place in the bytes, and what is still announced to come after it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._after = 0
        self._stepped = 0
        self.at = 0

    def expect(self, least: int) -> None:
        """Note the fewest bytes that are still to come, so that a shortage asks for all of them."""
        self._after = self.at + least

    def take(self, length: int) -> bytes:
        """The next bytes; the caller has bounded how many."""
        start = self.at
        self._move(length)
        return self._data[start : self.at]

    def unsigned(self, length: int) -> int:
        """An unsigned number of so many bytes."""
        return int.from_bytes(self.take(length), "little")

    def name(self, most: int) -> str:
        """A text that must be short, because it names a thing."""
        at = self.at
        length = self.unsigned(8)
        if length > most:
            raise refuse(at, f"a name of {length} bytes is longer than {most}")
        return self._decode(self.take(length), at)

    def value(self, kind: int, depth: int = 0) -> MetadataValue:
        """A metadata value of the type with this number."""
        if kind in _NUMBERS:
            return self._numbers(kind, 1)[0]
        if kind == _TEXT:
            return self._text()
        if kind == _ARRAY:
            return self._array(depth)
        raise refuse(self.at, f"a metadata value has the unknown type {kind}")

    def _numbers(self, kind: int, length: int) -> tuple[int | float | bool, ...]:
        at = self.at
        layout = _NUMBERS[kind][1]
        values = tuple(value for (value,) in layout.iter_unpack(self.take(length * layout.size)))
        if kind != _BOOL:
            return values
        if not {0, 1}.issuperset(values):
            raise refuse(at, "a truth value is neither 0 nor 1")
        return tuple(map(bool, values))

    def _text(self) -> str | Skipped:
        at = self.at
        length = self.unsigned(8)
        if length > MAX_KEPT_TEXT:
            self._skip(length)
            return Skipped("text", length)
        return self._decode(self.take(length), at)

    def _array(self, depth: int) -> tuple[int | float | bool | str, ...] | Skipped:
        at = self.at
        kind, length = self.unsigned(4), self.unsigned(8)
        if kind in _NUMBERS:
            name, layout = _NUMBERS[kind]
            if length <= MAX_KEPT_ARRAY:
                return self._numbers(kind, length)
            self._skip(length * layout.size)
            return Skipped(f"array of {name}", length)
        if kind == _ARRAY:
            return self._arrays(length, depth, at)
        if kind != _TEXT:
            raise refuse(at, f"an array has the unknown type {kind}")
        self._step_over_texts(length, at)
        return Skipped("array of text", length)

    def _arrays(self, length: int, depth: int, at: int) -> Skipped:
        if depth == MAX_DEPTH:
            raise refuse(at, f"arrays are nested deeper than {MAX_DEPTH}")
        if length > MAX_KEPT_ARRAY:
            raise refuse(at, f"an array holds {length} arrays, more than {MAX_KEPT_ARRAY}")
        self._step(length * _ARRAY_STEPS, at)
        for _ in range(length):
            self._array(depth + 1)
        return Skipped("array of array", length)

    def _step_over_texts(self, count: int, at: int) -> None:
        self._step(count, at)
        if self.at + count * _LENGTH.size > len(self._data):
            raise Short(max(self.at + count * _LENGTH.size, self._after))
        # One call and one sum per text: this loop is nine tenths of the time that a header takes.
        data, place, length_at = self._data, self.at, _LENGTH.unpack_from
        try:
            for _ in repeat(None, count):
                (length,) = length_at(data, place)
                place += length + 8
        except (struct.error, OverflowError):
            # At least the length of the text at `place` is missing; what is behind it is not known.
            raise Short(max(place + _LENGTH.size, self._after)) from None
        self._skip(place - self.at)

    def _step(self, steps: int, at: int) -> None:
        self._stepped += steps
        if self._stepped > MAX_STEPPED:
            raise refuse(at, f"arrays hold {self._stepped} texts, more than {MAX_STEPPED}")

    def _skip(self, length: int) -> None:
        if length > MAX_SIZE:
            raise refuse(self.at, f"a value claims {length} bytes, which no file has")
        self._move(length)

    def _move(self, length: int) -> None:
        stop = self.at + length
        if stop > len(self._data):
            raise Short(max(stop, self._after))
        self.at = stop

    def _decode(self, text: bytes, at: int) -> str:
        try:
            return text.decode()
        except UnicodeDecodeError as error:
            raise refuse(at, "a text is not UTF-8") from error
