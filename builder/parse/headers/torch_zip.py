"""Torch archives (`.bin`, `.pt`, `.ckpt`): a ZIP whose member `data.pkl` describes the tensors.

Layout: `torch/serialization.py` (`_save`): `<name>/data.pkl` is a pickle, `<name>/data/<key>` holds the
bytes of one storage. ZIP and ZIP64: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT,
sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14-16 (its end), 4.5.3 (64-bit sizes).

Three small parts of a file are enough: its first bytes, its directory at the end, and `data.pkl`. The
format from before torch 1.6, pickles one after another, keeps sizes beside the data and is refused.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Final

from builder.parse.headers.pickle_walk import TorchTensor, walk_pickle
from builder.parse.headers.tensor import (
    MAX_TENSORS,
    NeedBytes,
    Refuse,
    Tensor,
    TensorTable,
    count_bytes,
    find_overlap,
    show,
)
from schemas.tables.parameters import SAFETENSORS_BITS

MAX_MEMBERS: Final = MAX_TENSORS + 64
MAX_DIRECTORY_BYTES: Final = 16 * 2**20
MAX_PICKLE_BYTES: Final = 8 * 2**20
"""About 150 bytes describe a tensor, so this is enough for 55,000 tensors."""

MAX_RATIO: Final = 64
"""Pickles of torch shrink to a tenth, and torch itself never deflates; bombs reach a thousandth."""

FIRST_BYTES: Final = 265
"""What `parse_archive` wants of the start of a file: enough to see the marks of all older formats."""

_STORED, _DEFLATED = 0, 8
_ENCRYPTED: Final = 1
_IN_ZIP64: Final = 0xFFFFFFFF
_END: Final = struct.Struct("<4s4H2IH")
_LOCATOR: Final = struct.Struct("<4sIQI")
_END64: Final = struct.Struct("<4sQ2H2I4Q")
_ENTRY: Final = struct.Struct("<4s6H3I5H2I")
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_LONGEST_COMMENT: Final = 2**16 - 1
# The number 0x1950a86a20f9469cfc6c as a pickle, which starts every file of the format before ZIP.
_LEGACY: Final = re.compile(rb"\x80.\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", re.DOTALL)
_TAR_MARK: Final = slice(257, 262)

_refuse: Final = Refuse("Torch archive", "fetch the file again, or leave it uncounted")


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside the archive; `stop` is where the next thing begins."""

    name: str
    method: int
    packed_bytes: int
    size_bytes: int
    offset: int
    stop: int


@dataclass(frozen=True, slots=True)
class TorchArchive:
    """The directory of one archive: where `data.pkl` lies, and the size of every storage by its key."""

    pickle: Member
    storages: dict[str, int]

    @property
    def pickle_bytes(self) -> NeedBytes:
        """The part of the file to fetch for `parse_torch`."""
        most = self.pickle.packed_bytes + _LOCAL.size + 2 * (2**16 - 1)
        return NeedBytes(self.pickle.offset, min(self.pickle.stop, self.pickle.offset + most))


def parse_archive(first: bytes, last: bytes, file_size: int) -> TorchArchive | NeedBytes:
    """Read the directory at the end of an archive.

    Args:
        first: the first `FIRST_BYTES` bytes of the file.
        last: the last bytes, as many as are at hand; 64 KiB hold the directory of most files.
        file_size: size of the whole file.

    Raises:
        HeaderUnreadable: the file is no torch archive, or one whose directory contradicts itself.
    """
    _refuse_older(first)
    if not 0 < len(last) <= file_size:
        raise _refuse(0, f"{len(last)} last bytes were given of a file of {file_size}", "give its last bytes")
    tail = _Tail(last, file_size - len(last), file_size)
    found = tail.find_directory()
    if isinstance(found, NeedBytes):
        return found
    start, stop, count = found
    if start < tail.base:
        return NeedBytes(start, file_size)
    return _choose(_read_members(last[start - tail.base : stop - tail.base], start, count))


def parse_torch(archive: TorchArchive, pickle_bytes: bytes) -> TensorTable | NeedBytes:
    """Read the tensors of an archive from the bytes that `archive.pickle_bytes` asks for.

    Raises:
        HeaderUnreadable: the pickle is damaged, or describes tensors that the archive does not hold.
    """
    member = archive.pickle
    needed = _LOCAL.size
    if len(pickle_bytes) >= needed:
        magic, *_, name_length, extra_length = _LOCAL.unpack_from(pickle_bytes)
        if magic != b"PK\x03\x04":
            raise _refuse(member.offset, "there is no member where the directory says so")
        start = _LOCAL.size + name_length + extra_length
        needed = start + member.packed_bytes
        if member.offset + needed > member.stop:
            raise _refuse(member.offset, f"{show(member.name)} reaches into what comes after it")
        if len(pickle_bytes) >= needed:
            found, unknown = walk_pickle(_inflate(member, pickle_bytes[start:needed]))
            return TensorTable(_check_storages(archive, found), 0, {}, unknown)
    return NeedBytes(member.offset, member.offset + needed)


def _refuse_older(first: bytes) -> None:
    remedy = "count it from its configuration, or from a newer file of the same weights"
    if _LEGACY.match(first):
        raise _refuse(0, "this is the torch format from before version 1.6, not an archive", remedy)
    if first[_TAR_MARK] == b"ustar":
        raise _refuse(0, "this is a TAR of the earliest torch format, or of NeMo", remedy)
    if first[:4] not in {b"PK\x03\x04", b"PK\x05\x06"}:
        raise _refuse(0, "the file does not start as a ZIP archive does")


class _Tail:
    """The last bytes of a file, addressed by their place in the file."""

    def __init__(self, data: bytes, base: int, file_size: int) -> None:
        self._data = data
        self.base = base
        self._size = file_size

    def find_directory(self) -> tuple[int, int, int] | NeedBytes:
        """Start, stop and number of entries of the directory."""
        if self._size < _END.size:
            raise _refuse(0, f"the file has {self._size} bytes, too few for an archive")
        at = self._find_end()
        if at is None:
            longest = _END.size + _LONGEST_COMMENT
            if len(self._data) < min(longest, self._size):
                return NeedBytes(max(0, self._size - longest), self._size)
            raise _refuse(
                self.base, "there is no end of a ZIP directory: the file is truncated or no archive"
            )
        _, disk, disk_of_start, here, count, size, start, _ = _END.unpack_from(self._data, at)
        if disk or disk_of_start or here != count:
            raise _refuse(self.base + at, "the archive is spread over several files")
        stop = self.base + at
        locator = at - _LOCATOR.size
        if locator >= 0 and self._data[locator : locator + 4] == b"PK\x06\x07":
            wide = self._read_zip64(locator)
            if isinstance(wide, NeedBytes):
                return wide
            start, size, count, stop = wide
        if count > MAX_MEMBERS or size > MAX_DIRECTORY_BYTES:
            raise _refuse(
                self.base + at, f"the directory claims {count} members in {size} bytes, which is too many"
            )
        if start + size > stop or count * _ENTRY.size > size:
            raise _refuse(
                self.base + at, f"the directory of {count} members cannot lie at {start} with {size} bytes"
            )
        return start, start + size, count

    def _find_end(self) -> int | None:
        lowest = max(0, len(self._data) - _END.size - _LONGEST_COMMENT)
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
            raise _refuse(self.base + locator, "the 64-bit directory cannot lie where it is said to")
        if place < self.base:
            return NeedBytes(place, self._size)
        magic, _, _, _, _, _, here, count, size, start = _END64.unpack_from(self._data, place - self.base)
        if magic != b"PK\x06\x06" or here != count:
            raise _refuse(place, "there is no 64-bit directory where it is said to lie")
        return start, size, count, place


def _read_members(directory: bytes, base: int, count: int) -> list[Member]:
    members: dict[str, tuple[int, int, int, int]] = {}
    at = 0
    for _ in range(count):
        if at + _ENTRY.size > len(directory):
            raise _refuse(base + at, "the directory ends inside a member")
        entry = _ENTRY.unpack_from(directory, at)
        magic, flags, method, packed, size = entry[0], entry[3], entry[4], entry[8], entry[9]
        name_length, extra_length, comment_length, offset = entry[10], entry[11], entry[12], entry[16]
        if magic != b"PK\x01\x02" or flags & _ENCRYPTED:
            raise _refuse(base + at, "a member of the directory is damaged or encrypted")
        start = at + _ENTRY.size
        extra = directory[start + name_length : start + name_length + extra_length]
        size, packed, offset = _widen((size, packed, offset), extra, base + at)
        try:
            name = directory[start : start + name_length].decode()
        except UnicodeDecodeError as error:
            raise _refuse(base + at, "the name of a member is not UTF-8") from error
        if name in members:
            raise _refuse(base + at, f"the member {show(name)} stands in the directory twice")
        if offset + _LOCAL.size + name_length + packed > base:
            raise _refuse(base + at, f"the member {show(name)} lies outside of the file")
        members[name] = (method, packed, size, offset)
        at = start + name_length + extra_length + comment_length
    if at > len(directory):
        raise _refuse(base + at, "the directory ends inside a member")
    overlap = find_overlap(
        [(place, place + _LOCAL.size + packed) for _, packed, _, place in members.values()]
    )
    if overlap is not None:
        raise _refuse(overlap, "two members claim the same bytes")
    starts = sorted(place for _, _, _, place in members.values())
    stops = dict(zip(starts, [*starts[1:], base], strict=True))
    return [Member(name, *values, stop=stops[values[3]]) for name, values in members.items()]


def _widen(narrow: tuple[int, int, int], extra: bytes, place: int) -> list[int]:
    """Size, packed size and offset, where they are too large for 32 bits: in the extra field 1."""
    wide: list[int] = []
    at = 0
    while at + 4 <= len(extra) and not wide:
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            wide = [value for (value,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])]
        at += 4 + length
    if sum(value == _IN_ZIP64 for value in narrow) > len(wide):
        raise _refuse(place, "a member lacks its 64-bit size or offset")
    values = iter(wide)
    return [next(values) if value == _IN_ZIP64 else value for value in narrow]


def _choose(members: list[Member]) -> TorchArchive:
    pickles = [member for member in members if re.fullmatch(r"(?:[^/]+/)?data\.pkl", member.name)]
    if len(pickles) != 1:
        what = f"the archive has {len(pickles)} members named */data.pkl"
        raise _refuse(
            members[0].offset if members else 0, what, "it is no torch checkpoint: leave it uncounted"
        )
    root = pickles[0].name.removesuffix("data.pkl") + "data/"
    storages = {
        member.name.removeprefix(root): member.size_bytes
        for member in members
        if member.name.startswith(root)
    }
    return TorchArchive(pickles[0], storages)


def _inflate(member: Member, packed: bytes) -> bytes:
    if member.method not in {_STORED, _DEFLATED}:
        raise _refuse(member.offset, f"{show(member.name)} is packed with method {member.method}, not 0 or 8")
    if member.size_bytes > MAX_PICKLE_BYTES:
        what = f"{show(member.name)} claims {member.size_bytes} bytes, more than {MAX_PICKLE_BYTES}"
        raise _refuse(member.offset, what)
    if member.method == _STORED:
        if member.size_bytes != member.packed_bytes:
            raise _refuse(member.offset, f"{show(member.name)} is stored, but with two different sizes")
        return packed
    if member.size_bytes > MAX_RATIO * member.packed_bytes:
        raise _refuse(
            member.offset, f"{show(member.name)} would unpack to more than {MAX_RATIO} times its size"
        )
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        # One byte more than announced is enough to see that the announcement is false.
        data = inflater.decompress(packed, member.size_bytes + 1)
    except zlib.error as error:
        raise _refuse(member.offset, f"{show(member.name)} is not a deflated stream") from error
    if len(data) != member.size_bytes or not inflater.eof:
        raise _refuse(
            member.offset, f"{show(member.name)} does not unpack to the {member.size_bytes} bytes announced"
        )
    return data


def _check_storages(archive: TorchArchive, found: tuple[tuple[str, TorchTensor], ...]) -> tuple[Tensor, ...]:
    """Drop views of elements already counted, and refuse storages that the archive does not hold."""
    left: dict[str, int] = {}
    tensors: list[Tensor] = []
    views: set[tuple[object, ...]] = set()
    for name, tensor in found:
        storage = tensor.storage
        if storage.key not in left:
            held = archive.storages.get(storage.key)
            if held is None or held * 8 < storage.elements * SAFETENSORS_BITS[storage.dtype]:
                what = f"the archive does not hold the {storage.elements} elements of storage {show(storage.key)}"
                raise _refuse(archive.pickle.offset, f"tensor {show(name)}: {what}")
            left[storage.key] = held
        stored_bytes = count_bytes(tensor.dtype, tensor.elements)
        view = (storage.key, tensor.offset, tensor.shape)
        # A second view of the same elements is a tied tensor: stored once, so counted once.
        if stored_bytes is None or view in views or stored_bytes > left[storage.key]:
            continue
        views.add(view)
        left[storage.key] -= stored_bytes
        tensors.append(Tensor(name, tensor.dtype, tensor.shape, tensor.elements, stored_bytes))
    return tuple(tensors)
