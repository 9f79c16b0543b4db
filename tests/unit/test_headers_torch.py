"""Torch archives: which bytes are asked for, what the tensors are, bombs and impostors refused by name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from builder.errors import HeaderUnreadable
from builder.parse.headers.tensor import NeedBytes, Tensor, TensorTable
from builder.parse.headers.torch_zip import FIRST_BYTES, TorchArchive, parse_archive, parse_torch
from tests.unit.header_bytes import (
    pickle_dict,
    pickle_file,
    pickle_int,
    pickle_ints,
    pickle_storage,
    pickle_tensor,
    torch_file,
)


def read(data: bytes, last: int = 70_000) -> TensorTable:
    archive = parse_archive(data[:FIRST_BYTES], data[-last:], len(data))
    assert isinstance(archive, TorchArchive)
    wanted = archive.pickle_bytes
    table = parse_torch(archive, data[wanted.start : wanted.stop])
    assert isinstance(table, TensorTable)
    return table


def read_pickle(root: bytes, **storages: int) -> TensorTable:
    sizes = {key.removeprefix("s"): size for key, size in storages.items()}
    return read(torch_file(pickle_file(root), sizes))


@pytest.mark.parametrize("deflated", [False, True])
def test_a_state_dictionary_is_a_table(deflated: bool) -> None:  # noqa: FBT001 - pytest hands parameters over by name
    state = pickle_dict(
        {
            "encoder.weight": pickle_tensor((2, 3), "0"),
            "encoder.bias": pickle_tensor((3,), "1", storage="BFloat16Storage"),
            "steps": pickle_tensor((), "2", storage="LongStorage"),
            "epoch": pickle_int(3),
        }
    )
    assert read(torch_file(pickle_file(state), {"0": 24, "1": 6, "2": 8}, deflated=deflated)).tensors == (
        Tensor("encoder.weight", "F32", (2, 3), 6, 24),
        Tensor("encoder.bias", "BF16", (3,), 3, 6),
        Tensor("steps", "I64", (), 1, 8),
    )


def test_names_are_the_keys_that_lead_to_a_tensor() -> None:
    inner = pickle_dict({"a": pickle_tensor((1,), "0")})
    module = pickle_dict({"_parameters": pickle_dict({"w": pickle_tensor((1,), "1")}), "training": b"\x88"})
    module_object = b"capp.models\nNet\n)\x81" + module + b"b"
    listed = b"](" + pickle_tensor((1,), "2") + pickle_int(7) + pickle_tensor((1,), "3") + b"e"
    root = pickle_dict({"model": inner, "net": module_object, "list": listed})
    table = read_pickle(root, s0=4, s1=4, s2=4, s3=4)
    assert [tensor.name for tensor in table.tensors] == ["model.a", "net.w", "list.0", "list.2"]
    assert table.unknown == ("app.models.Net",)


def test_shared_storages_are_counted_once() -> None:
    tied = {"embed": pickle_tensor((5, 2), "0"), "head": pickle_tensor((5, 2), "0")}
    assert [tensor.name for tensor in read_pickle(pickle_dict(tied), s0=40).tensors] == ["embed"]
    halves = {
        "first": pickle_tensor((2,), "0", elements=4),
        "second": pickle_tensor((2,), "0", elements=4, offset=2),
        "all": pickle_tensor((4,), "0", elements=4),
    }
    assert [tensor.name for tensor in read_pickle(pickle_dict(halves), s0=16).tensors] == ["first", "second"]
    twice = {"a": pickle_tensor((2,), "0", elements=8), "b": pickle_tensor((2,), "0", elements=8)}
    assert [tensor.name for tensor in read_pickle(pickle_dict(twice), s0=32).tensors] == ["a"]


def test_repeated_elements_are_stored_once() -> None:
    root = pickle_dict({"mask": pickle_tensor((1000, 4), elements=4, strides=(0, 1))})
    assert read_pickle(root, s0=16).tensors == (Tensor("mask", "F32", (1, 4), 4, 16),)


def test_parameters_sizes_and_eight_bit_floats_are_understood() -> None:
    parameter = b"ctorch._utils\n_rebuild_parameter\n(" + pickle_tensor((2,), "0") + b"\x88NtR"
    size = b"ctorch\nSize\n" + pickle_ints((2, 2)) + b"\x85R"
    arguments = pickle_storage("1", 4, "UntypedStorage") + pickle_int(0) + size + pickle_ints((2, 1))
    eight = b"ctorch._utils\n_rebuild_tensor_v3\n(" + arguments + b"\x89Nctorch\nfloat8_e4m3fn\ntR"
    table = read_pickle(pickle_dict({"p": parameter, "f": eight}), s0=8, s1=4)
    assert table.tensors == (Tensor("p", "F32", (2,), 2, 8), Tensor("f", "F8_E4M3", (2, 2), 4, 4))
    assert table.unknown == ()


def test_little_is_asked_for() -> None:
    data = torch_file(pickle_file(pickle_dict({"w": pickle_tensor((50_000,))})), {"0": 200_000})
    archive = parse_archive(data[:FIRST_BYTES], data, len(data))
    assert isinstance(archive, TorchArchive)
    for last in range(1, 600):
        answer = parse_archive(data[:FIRST_BYTES], data[-last:], len(data))
        assert answer == archive or (isinstance(answer, NeedBytes) and answer.start < len(data) - last)
    wanted = archive.pickle_bytes
    assert wanted.stop - wanted.start < 1000
    part = data[wanted.start : wanted.stop]
    for given in range(len(part)):
        more = parse_torch(archive, part[:given])
        assert isinstance(more, NeedBytes)
        assert wanted.start + given < more.stop <= wanted.stop
    assert parse_torch(archive, part) == read(data)


def to_zip64(data: bytes) -> bytes:
    """The same archive with its directory announced in 64 bits, as torch writes large files."""
    end = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HII", data, end + 10)
    record = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:end] + record + locator + tail


def test_a_directory_in_64_bits_is_read() -> None:
    data = torch_file(pickle_file(pickle_dict({"w": pickle_tensor((2,))})), {"0": 8})
    wide = to_zip64(data)
    assert read(wide) == read(data)
    for last in range(1, 300):
        answer = parse_archive(wide[:FIRST_BYTES], wide[-last:], len(wide))
        assert isinstance(answer, NeedBytes | TorchArchive)
    broken = wide.replace(b"PK\x06\x06", b"PK\x06\x05")
    with pytest.raises(HeaderUnreadable, match="no 64-bit directory where it is said to lie"):
        read(broken)


GOOD = pickle_file(pickle_dict({"w": pickle_tensor((2,))}))


def archive(**changes: object) -> bytes:
    return torch_file(GOOD, {"0": 8}, **changes)  # type: ignore[arg-type]


def bomb(size: int, *, claimed: int | None = None) -> bytes:
    """An archive whose data.pkl unpacks to zeros, with a size in the directory that may be a lie."""
    data = torch_file(bytes(size), {}, deflated=True)
    if claimed is None:
        return data
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", claimed) + data[at + 4 :]


def with_directory(change: Callable[[bytearray, int], None]) -> bytes:
    """A good archive with one change in the first entry of its directory."""
    data = bytearray(archive())
    change(data, data.index(b"PK\x01\x02"))
    return bytes(data)


def put(offset: int, layout: str, value: int) -> Callable[[bytearray, int], None]:
    return lambda data, start: struct.pack_into(layout, data, start + offset, value)


def in_local_header(layout: str, offset: int, value: int) -> bytes:
    data = bytearray(archive())
    struct.pack_into(layout, data, offset, value)
    return bytes(data)


def two_pickles() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        written.writestr("a/data.pkl", GOOD)
        written.writestr("b/data.pkl", GOOD)
    return target.getvalue()


def spread() -> bytes:
    data = bytearray(archive())
    struct.pack_into("<H", data, data.rindex(b"PK\x05\x06") + 4, 1)
    return bytes(data)


ARCHIVES = (
    (b"", "does not start as a ZIP archive"),
    (b"PK\x03\x04", "4 bytes, too few for an archive"),
    (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.", "torch format from before version 1.6"),
    (b"./data".ljust(257, b"\0") + b"ustar\x0000" + bytes(300), "a TAR of the earliest torch format"),
    (archive()[:-30], "no end of a ZIP directory"),
    (archive() + b"x", "no end of a ZIP directory"),
    (spread(), "spread over several files"),
    (in_local_header("<H", 28, 65535), "reaches into what comes after it"),
    (torch_file(GOOD, {"0": 8, "1": 8}).replace(b"data/1", b"data/0"), "stands in the directory twice"),
    (two_pickles(), "2 members named"),
    (archive(root="deep/er"), "0 members named"),
    (with_directory(put(0, "<H", 0)), "damaged or encrypted"),
    (with_directory(put(8, "<H", 1)), "damaged or encrypted"),
    (with_directory(put(10, "<H", 12)), "packed with method 12"),
    (with_directory(put(20, "<I", 2**31)), "lies outside of the file"),
    (with_directory(put(20, "<I", 0xFFFFFFFF)), "lacks its 64-bit size"),
    (with_directory(put(24, "<I", 7)), "stored, but with two different sizes"),
    (with_directory(put(24, "<I", 2**31)), "claims 2147483648 bytes"),
    (with_directory(put(42, "<I", 3)), "no member where the directory says so"),
    (with_directory(put(42, "<I", 100)), "two members claim the same bytes"),
    (with_directory(put(46, "<B", 255)), "not UTF-8"),
    (with_directory(put(30, "<H", 65535)), "ends inside a member"),
    (archive().replace(b"PK\x03\x04", b"PK\x03\x05", 1), "does not start as a ZIP archive"),
    (bomb(10**6), "more than 64 times its size"),
    (bomb(10**8), "claims 100000000 bytes"),
    (bomb(10**6, claimed=1000), "does not unpack to the 1000 bytes announced"),
    (
        archive(deflated=True).replace(zlib.compress(GOOD, wbits=-15)[:8], b"\xff" * 8),
        "not a deflated stream",
    ),
)


@pytest.mark.parametrize(
    ("data", "words"), ARCHIVES, ids=[f"{place} {case[1]}" for place, case in enumerate(ARCHIVES)]
)
def test_a_wrong_archive_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(HeaderUnreadable, match=words):
        read(data, len(data))


@pytest.mark.parametrize(("shape", "key"), [((2**20,), "0"), ((2,), "7")])
def test_a_storage_must_be_in_the_archive(shape: tuple[int, ...], key: str) -> None:
    words = f"the archive does not hold {shape[0]} elements under '{key}'"
    with pytest.raises(HeaderUnreadable, match=words):
        read_pickle(pickle_tensor(shape, key), s0=8)


def test_the_directory_is_bounded() -> None:
    data = bytearray(archive())
    at = data.rindex(b"PK\x05\x06")
    for count, size, start, words in (
        (3, 10**9, 0, "too many"),
        (3, 60, 0, "cannot lie"),
        (3, 200, 10**6, "cannot lie"),
    ):
        struct.pack_into("<HHII", data, at + 8, count, count, size, start)
        with pytest.raises(HeaderUnreadable, match=words):
            read(bytes(data))
    with pytest.raises(HeaderUnreadable, match="give its last bytes"):
        parse_archive(b"PK\x03\x04", b"", 100)
