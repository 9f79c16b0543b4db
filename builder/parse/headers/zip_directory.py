"""The directory of a ZIP archive, read from the last bytes of a file and checked before it is used.

Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7 (local header),
4.3.12 (directory), 4.3.14 to 4.3.16 (its end, also in 64 bits) and 4.5.3 (64-bit sizes). Archives that
are encrypted, spread over several files, or whose members overlap are refused.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from builder.parse.headers.tensor import MAX_TENSORS, NeedBytes, Refuse, find_overlap, show

MAX_MEMBERS: Final = MAX_TENSORS + 64
MAX_DIRECTORY_BYTES: Final = 16 * 2**20
"""About 100 bytes name a member, so this is enough for the most members that are accepted."""

MAX_EXTRA_FIELDS: Final = 16

LOCAL_HEADER: Final = struct.Struct("<4s5H3I2H")
LONGEST_FIELD: Final = 2**16 - 1
"""Names, extra fields and comments have 16 bits for their length."""

_ENCRYPTED: Final = 1
_IN_ZIP64: Final = 0xFFFFFFFF
_END: Final = struct.Struct("<4s4H2IH")
_LOCATOR: Final = struct.Struct("<4sIQI")
_END64: Final = struct.Struct("<4sQ2H2I4Q")
_ENTRY: Final = struct.Struct("<4s6H3I5H2I")

refuse: Final = Refuse("Torch archive", "fetch the file again, or leave it uncounted")


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside the archive; `stop` is where the next thing begins."""

    name: str
    method: int
    packed_bytes: int
    size_bytes: int
    offset: int
    stop: int


def read_directory(last: bytes, file_size: int) -> list[Member] | NeedBytes:
    """The members of an archive, from the last bytes of its file.

    Raises:
        HeaderUnreadable: there is no directory, or one that contradicts itself.
    """
    if not 0 < len(last) <= file_size:
        raise refuse(0, f"{len(last)} last bytes were given of a file of {file_size}", "give its last bytes")
    tail = _Tail(last, file_size - len(last), file_size)
    found = tail.find_directory()
    if isinstance(found, NeedBytes):
        return found
    start, stop, count = found
    if start < tail.base:
        return NeedBytes(start, file_size)
    return _read_members(last[start - tail.base : stop - tail.base], start, count)


class _Tail:
    """The last bytes of a file, addressed by their place in the file."""

    def __init__(self, data: bytes, base: int, file_size: int) -> None:
        self._data = data
        self.base = base
        self._size = file_size

    def find_directory(self) -> tuple[int, int, int] | NeedBytes:
        """Start, stop and number of entries of the directory."""
        if self._size < _END.size:
            raise refuse(0, f"the file has {self._size} bytes, too few for an archive")
        at = self._find_end()
        if at is None:
            longest = _END.size + LONGEST_FIELD
            if len(self._data) < min(longest, self._size):
                return NeedBytes(max(0, self._size - longest), self._size)
            raise refuse(self.base, "there is no end of a ZIP directory: the file is truncated or no archive")
        _, disk, disk_of_start, here, count, size, start, _ = _END.unpack_from(self._data, at)
        if disk or disk_of_start or here != count:
            raise refuse(self.base + at, "the archive is spread over several files")
        stop = self.base + at
        locator = at - _LOCATOR.size
        if locator < 0 < self.base:
            # What may announce a 64-bit directory lies just before what was given.
            return NeedBytes(max(0, self.base + locator), self._size)
        if locator >= 0 and self._data[locator : locator + 4] == b"PK\x06\x07":
            wide = self._read_zip64(locator)
            if isinstance(wide, NeedBytes):
                return wide
            start, size, count, stop = wide
        if count > MAX_MEMBERS or size > MAX_DIRECTORY_BYTES:
            raise refuse(
                self.base + at, f"the directory claims {count} members in {size} bytes, which is too many"
            )
        if start + size > stop or count * _ENTRY.size > size:
            raise refuse(
                self.base + at, f"the directory of {count} members cannot lie at {start} with {size} bytes"
            )
        return start, start + size, count

    def _find_end(self) -> int | None:
        lowest = max(0, len(self._data) - _END.size - LONGEST_FIELD)
        at = self._data.rfind(b"PK\x05\x06", lowest)
        # A comment may contain the mark; the true one is followed by exactly the comment it announces.
        while at >= 0:
            comment = self._data[at + _END.size - 2 : at + _END.size]
            if at + _END.size + int.from_bytes(comment, "little") == len(self._data) and len(comment) == len(
                "xx"
            ):
                return at
            at = self._data.rfind(b"PK\x05\x06", lowest, at)
        return None

    def _read_zip64(self, locator: int) -> tuple[int, int, int, int] | NeedBytes:
        _, disk, place, disks = _LOCATOR.unpack_from(self._data, locator)
        if disk or disks > 1 or place + _END64.size > self.base + locator:
            raise refuse(self.base + locator, "the 64-bit directory cannot lie where it is said to")
        if place < self.base:
            return NeedBytes(place, self._size)
        magic, _, _, _, _, _, here, count, size, start = _END64.unpack_from(self._data, place - self.base)
        if magic != b"PK\x06\x06" or here != count:
            raise refuse(place, "there is no 64-bit directory where it is said to lie")
        return start, size, count, place


def _read_members(directory: bytes, base: int, count: int) -> list[Member]:
    members: dict[str, tuple[int, int, int, int]] = {}
    at = 0
    for _ in range(count):
        if at + _ENTRY.size > len(directory):
            raise refuse(base + at, "the directory ends inside a member")
        entry = _ENTRY.unpack_from(directory, at)
        magic, flags, method, packed, size = entry[0], entry[3], entry[4], entry[8], entry[9]
        name_length, extra_length, comment_length, offset = entry[10], entry[11], entry[12], entry[16]
        if magic != b"PK\x01\x02" or flags & _ENCRYPTED:
            raise refuse(base + at, "a member of the directory is damaged or encrypted")
        start = at + _ENTRY.size
        extra = directory[start + name_length : start + name_length + extra_length]
        size, packed, offset = _widen((size, packed, offset), extra, base + at)
        try:
            name = directory[start : start + name_length].decode()
        except UnicodeDecodeError as error:
            raise refuse(base + at, "the name of a member is not UTF-8") from error
        if name in members:
            raise refuse(base + at, f"the member {show(name)} stands in the directory twice")
        if offset + LOCAL_HEADER.size + name_length + packed > base:
            raise refuse(base + at, f"the member {show(name)} lies outside of the file")
        members[name] = (method, packed, size, offset)
        at = start + name_length + extra_length + comment_length
    if at > len(directory):
        raise refuse(base + at, "the directory ends inside a member")
    overlap = find_overlap(
        [(place, place + LOCAL_HEADER.size + packed) for _, packed, _, place in members.values()]
    )
    if overlap is not None:
        raise refuse(overlap, "two members claim the same bytes")
    starts = sorted(place for _, _, _, place in members.values())
    stops = dict(zip(starts, [*starts[1:], base], strict=True))
    return [Member(name, *values, stop=stops[values[3]]) for name, values in members.items()]


def _widen(narrow: tuple[int, int, int], extra: bytes, place: int) -> list[int]:
    """Size, packed size and offset, where they are too large for 32 bits: in the extra field 1."""
    wanted = sum(value == _IN_ZIP64 for value in narrow)
    wide: list[int] = []
    at = 0
    # No writer puts more than a handful of fields in front of the one that is looked for.
    for _ in range(MAX_EXTRA_FIELDS if wanted else 0):
        if at + 4 > len(extra):
            break
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            wide = [value for (value,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])]
            break
        at += 4 + length
    if wanted > len(wide):
        raise refuse(place, "a member lacks its 64-bit size or offset")
    values = iter(wide)
    return [next(values) if value == _IN_ZIP64 else value for value in narrow]
