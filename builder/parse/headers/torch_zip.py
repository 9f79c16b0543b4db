"""Torch archives (`.bin`, `.pt`, `.ckpt`): a ZIP whose member `data.pkl` describes the tensors.

Layout: `torch/serialization.py` (`_save`): `<name>/data.pkl` is a pickle, `<name>/data/<key>` holds the
bytes of one storage.

Three small parts of a file are enough: its first bytes, its directory at the end, and `data.pkl`. The
format from before torch 1.6, pickles one after another, keeps sizes beside the data and is refused.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Final

from builder.parse.headers.pickle_values import TorchTensor
from builder.parse.headers.pickle_walk import walk_pickle
from builder.parse.headers.tensor import NeedBytes, Tensor, TensorTable, count_bytes, show
from builder.parse.headers.zip_directory import LOCAL_HEADER, LONGEST_FIELD, Member, read_directory, refuse
from schemas.tables.parameters import SAFETENSORS_BITS

MAX_PICKLE_BYTES: Final = 8 * 2**20
"""About 150 bytes describe a tensor, so this is enough for 55,000 tensors."""

MAX_RATIO: Final = 64
"""Pickles of torch shrink to a tenth, and torch itself never deflates; bombs reach a thousandth."""

FIRST_BYTES: Final = 265
"""What `parse_archive` wants of the start of a file: enough to see the marks of all older formats."""

_STORED, _DEFLATED = 0, 8
# The number 0x1950a86a20f9469cfc6c as a pickle, which starts every file of the format before ZIP.
_LEGACY: Final = re.compile(rb"\x80.\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", re.DOTALL)
_TAR_MARK: Final = slice(257, 262)


@dataclass(frozen=True, slots=True)
class TorchArchive:
    """The directory of one archive: where `data.pkl` lies, and the size of every storage by its key."""

    pickle: Member
    storages: dict[str, int]

    @property
    def pickle_bytes(self) -> NeedBytes:
        """The part of the file to fetch for `parse_torch`."""
        most = self.pickle.packed_bytes + LOCAL_HEADER.size + 2 * LONGEST_FIELD
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
    members = read_directory(last, file_size)
    return members if isinstance(members, NeedBytes) else _choose(members)


def parse_torch(archive: TorchArchive, pickle_bytes: bytes) -> TensorTable | NeedBytes:
    """Read the tensors of an archive from the bytes that `archive.pickle_bytes` asks for.

    Raises:
        HeaderUnreadable: the pickle is damaged, or describes tensors that the archive does not hold.
    """
    member = archive.pickle
    needed = LOCAL_HEADER.size
    if len(pickle_bytes) >= needed:
        magic, *_, name_length, extra_length = LOCAL_HEADER.unpack_from(pickle_bytes)
        if magic != b"PK\x03\x04":
            raise refuse(member.offset, "there is no member where the directory says so")
        start = LOCAL_HEADER.size + name_length + extra_length
        needed = start + member.packed_bytes
        if member.offset + needed > member.stop:
            raise refuse(member.offset, f"{show(member.name)} reaches into what comes after it")
        if len(pickle_bytes) >= needed:
            found, unknown = walk_pickle(_inflate(member, pickle_bytes[start:needed]))
            return TensorTable(_check_storages(archive, found), 0, {}, unknown)
    return NeedBytes(member.offset, member.offset + needed)


def _refuse_older(first: bytes) -> None:
    remedy = "count it from its configuration, or from a newer file of the same weights"
    if _LEGACY.match(first):
        raise refuse(0, "this is the torch format from before version 1.6, not an archive", remedy)
    if first[_TAR_MARK] == b"ustar":
        raise refuse(0, "this is a TAR of the earliest torch format, or of NeMo", remedy)
    if first[:4] not in {b"PK\x03\x04", b"PK\x05\x06"}:
        raise refuse(0, "the file does not start as a ZIP archive does")


def _choose(members: list[Member]) -> TorchArchive:
    pickles = [member for member in members if re.fullmatch(r"(?:[^/]+/)?data\.pkl", member.name)]
    if len(pickles) != 1:
        what = f"the archive has {len(pickles)} members named */data.pkl"
        raise refuse(
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
        raise refuse(member.offset, f"{show(member.name)} is packed with method {member.method}, not 0 or 8")
    if member.size_bytes > MAX_PICKLE_BYTES:
        what = f"{show(member.name)} claims {member.size_bytes} bytes, more than {MAX_PICKLE_BYTES}"
        raise refuse(member.offset, what)
    if member.method == _STORED:
        if member.size_bytes != member.packed_bytes:
            raise refuse(member.offset, f"{show(member.name)} is stored, but with two different sizes")
        return packed
    if member.size_bytes > MAX_RATIO * member.packed_bytes:
        raise refuse(
            member.offset, f"{show(member.name)} would unpack to more than {MAX_RATIO} times its size"
        )
    try:
        # One byte more than announced is enough to see that the announcement is false.
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.size_bytes + 1)
    except zlib.error as error:
        raise refuse(member.offset, f"{show(member.name)} is not a deflated stream") from error
    if len(data) != member.size_bytes:
        raise refuse(
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
                what = f"the archive does not hold {storage.elements} elements under {show(storage.key)}"
                raise refuse(archive.pickle.offset, f"tensor {show(name)}: {what}")
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
