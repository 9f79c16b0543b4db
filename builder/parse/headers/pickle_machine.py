"""The machine of a pickle: a stack with marks, a memo and a place in the bytes, all bounded.

It has the data structures of `pickle.Unpickler` and none of its abilities: values are notes, and the
methods here only move them.
"""

from __future__ import annotations

from typing import Final

from builder.parse.headers.pickle_values import MAX_UNKNOWN, Container, TorchTensor, call, refuse
from builder.parse.headers.tensor import MAX_TENSORS

MAX_LINE_BYTES: Final = 1_024
"""Longer names are cut off: no function that is understood has one."""


class Machine:
    """The state of one walk; running off the end of anything raises IndexError, which the walk names."""

    def __init__(self, data: bytes) -> None:
        """Start at the first opcode."""
        self.data = data
        self.at = 0
        self.stack: list[object] = []
        self.memo: dict[int, object] = {}
        self.tensors = 0
        self.unknown: set[str] = set()
        # Contents of things that cannot hold any, such as the attributes of a tensor.
        self.beside: list[object] = []
        self._size = len(data)
        self._below: list[list[object]] = []

    def take(self, length: int) -> bytes:
        """The next bytes; the caller has bounded how many."""
        start = self.at
        stop = start + length
        if stop > self._size:
            raise IndexError
        self.at = stop
        return self.data[start:stop]

    def number(self, length: int) -> int:
        """An unsigned number of so many bytes."""
        return int.from_bytes(self.take(length), "little")

    def raw_line(self) -> bytes:
        """The bytes up to the end of the line."""
        start = self.at
        self.at = self.data.index(b"\n", start) + 1
        return self.data[start : self.at - 1]

    def line(self) -> str:
        """A name up to the end of the line."""
        return self.raw_line()[:MAX_LINE_BYTES].decode()

    def skip(self, length: int) -> None:
        """Step over bytes without a look."""
        if self.at + length > self._size:
            raise IndexError
        self.at += length

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        self.stack.append(value)

    def mark(self) -> None:
        """Begin a new part of the stack."""
        self._below.append(self.stack)
        self.stack = []

    def pop_mark(self) -> list[object]:
        """End that part, and give its values."""
        items = self.stack
        self.stack = self._below.pop()
        return items

    def add(self, items: list[tuple[object, object]]) -> None:
        """Add pairs of key and value to the container on top."""
        self._top().items += items

    def append(self, values: list[object]) -> None:
        """Add values to the list or set on top; their places are their keys."""
        items = self._top().items
        items += enumerate(values, len(items))

    def _top(self) -> Container:
        target = self.stack[-1]
        if not isinstance(target, Container):
            raise refuse(self.at, "the pickle adds items to what is no list, set or dictionary")
        return target

    def call(self, function: object, arguments: object) -> None:
        """Push what a call stands for; nothing is called."""
        result = call(function, arguments, self.at)
        if isinstance(result, TorchTensor):
            self.tensors += 1
            if self.tensors > MAX_TENSORS:
                raise refuse(self.at, f"the pickle describes more than {MAX_TENSORS} tensors")
        elif isinstance(result, Container) and result.made_by and len(self.unknown) < MAX_UNKNOWN:
            self.unknown.add(result.made_by)
        self.stack.append(result)
