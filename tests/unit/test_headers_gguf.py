"""GGUF headers: metadata, tensors, and what is refused in which words."""

from __future__ import annotations

import struct

import pytest

from builder.errors import HeaderUnreadable
from builder.parse.headers.gguf import TYPES, parse_gguf
from builder.parse.headers.gguf_values import MAX_STEPPED
from builder.parse.headers.tensor import NeedBytes, Skipped, Tensor, TensorTable
from schemas.tables.parameters import BITS_OF_DTYPE, GGUF_BLOCKS
from tests.unit.header_bytes import gguf_array, gguf_file, gguf_pair, gguf_tensor, gguf_text

TEXT, ARRAY, UINT32 = 8, 9, 4
F32, F16, Q4_K = 0, 1, 12


def read(data: bytes, file_size: int | None = None) -> TensorTable:
    table = parse_gguf(data, file_size)
    assert isinstance(table, TensorTable)
    return table


@pytest.mark.parametrize("version", [2, 3])
def test_tensors_have_names_types_shapes_and_sizes(version: int) -> None:
    tensors = [gguf_tensor("blk.0.w", (512, 3), Q4_K, 0), gguf_tensor("norm", (5,), F32, 864)]
    table = read(gguf_file([], tensors, version=version))
    assert table.tensors == (
        # The fastest dimension comes first in the file and last in the table.
        Tensor("blk.0.w", "Q4_K", (3, 512), 1536, 1536 // 256 * 144),
        Tensor("norm", "F32", (5,), 5, 20),
    )
    assert table.header_bytes % 32 == 0


def test_metadata_are_typed_and_long_ones_leave_their_length() -> None:
    pairs = [
        gguf_pair("u8", 0, b"\xff"),
        gguf_pair("i8", 1, b"\xff"),
        gguf_pair("u16", 2, struct.pack("<H", 65535)),
        gguf_pair("i16", 3, struct.pack("<h", -3)),
        gguf_pair("u32", UINT32, struct.pack("<I", 7)),
        gguf_pair("i32", 5, struct.pack("<i", -7)),
        gguf_pair("f32", 6, struct.pack("<f", 0.5)),
        gguf_pair("bool", 7, b"\1"),
        gguf_pair("text", TEXT, gguf_text("é")),
        gguf_pair("u64", 10, struct.pack("<Q", 2**64 - 1)),
        gguf_pair("i64", 11, struct.pack("<q", -(2**63))),
        gguf_pair("f64", 12, struct.pack("<d", 0.25)),
        gguf_pair("heads", ARRAY, gguf_array(UINT32, 2, struct.pack("<II", 8, 4))),
        gguf_pair("scores", ARRAY, gguf_array(6, 100, bytes(400))),
        gguf_pair("tokens", ARRAY, gguf_array(TEXT, 3, gguf_text("a") + gguf_text(b"\xff") + gguf_text(""))),
        gguf_pair("lists", ARRAY, gguf_array(ARRAY, 1, gguf_array(0, 2, b"\0\0"))),
        gguf_pair("template", TEXT, gguf_text("{" * 1000)),
    ]
    assert read(gguf_file(pairs)).metadata == {
        "u8": 255, "i8": -1, "u16": 65535, "i16": -3, "u32": 7, "i32": -7, "f32": 0.5, "bool": True,
        "text": "é", "u64": 2**64 - 1, "i64": -(2**63), "f64": 0.25, "heads": (8, 4),
        "scores": Skipped("array of float32", 100), "tokens": Skipped("array of text", 3),
        "lists": Skipped("array of array", 1), "template": Skipped("text", 1000),
    }  # fmt: skip


def test_every_type_has_the_size_of_the_published_table() -> None:
    for number, name in TYPES.items():
        block, size = GGUF_BLOCKS.get(name, (1, int(BITS_OF_DTYPE[name]) // 8))
        tensor = read(gguf_file([], [gguf_tensor("a", (2 * block,), number, 0)])).tensors[0]
        assert (tensor.dtype, tensor.stored_bytes) == (name, 2 * size)


def test_asking_for_what_is_needed_ends_at_the_header() -> None:
    pairs = [
        gguf_pair("tokens", ARRAY, gguf_array(TEXT, 200, gguf_text("token") * 200)),
        gguf_pair("template", TEXT, gguf_text("x" * 3000)),
    ]
    data = gguf_file(pairs, [gguf_tensor(f"t{place}", (32,), F32, place * 128) for place in range(50)])
    given = asked = 0
    while isinstance(answer := parse_gguf(data[:given], len(data) + 10_000), NeedBytes):
        assert given < answer.stop <= len(data)
        given = answer.stop
        asked += 1
    assert answer == read(data)
    assert asked < 300


def test_alignment_comes_from_the_metadata() -> None:
    pair = gguf_pair("general.alignment", UINT32, struct.pack("<I", 64))
    table = read(gguf_file([pair], [gguf_tensor("a", (1,), F32, 64)]))
    assert table.header_bytes % 64 == 0
    with pytest.raises(HeaderUnreadable, match="does not start at a multiple of 64 bytes"):
        read(gguf_file([pair], [gguf_tensor("a", (1,), F32, 32)]))
    for wrong in (0, 3, 2**31):
        pair = gguf_pair("general.alignment", UINT32, struct.pack("<I", wrong))
        with pytest.raises(HeaderUnreadable, match="not a power of two"):
            read(gguf_file([pair]))
    with pytest.raises(HeaderUnreadable, match="not a power of two"):
        read(gguf_file([gguf_pair("general.alignment", TEXT, gguf_text("32"))]))


def tensor(name: str = "a", shape: tuple[int, ...] = (32,), number: int = F32, offset: int = 0) -> bytes:
    return gguf_file([], [gguf_tensor(name, shape, number, offset)])


def pair(kind: int, value: bytes, key: str = "k") -> bytes:
    return gguf_file([gguf_pair(key, kind, value)])


REFUSED = (
    (b"GGML" + bytes(20), "does not start with GGUF"),
    (b"lmgg" + bytes(20), "GGML file from before GGUF"),
    (b"tjgg" + bytes(20), "GGML file from before GGUF"),
    (gguf_file(version=1), "version 1, whose lengths are 32 bits wide"),
    (gguf_file(version=4), "version 4, and 2 and 3 are known"),
    (gguf_file(version=0), "version 0"),
    (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "big-endian"),
    (gguf_file(counts=(2**63, 0)), "claims 9223372036854775808 tensors"),
    (gguf_file(counts=(0, 2**64 - 1)), "claims 18446744073709551615 metadata values"),
    (pair(13, b""), "unknown type 13"),
    (pair(7, b"\2"), "neither 0 nor 1"),
    (pair(TEXT, struct.pack("<Q", 2**64 - 1)), "no file has"),
    (pair(TEXT, struct.pack("<Q", 2**40)), "only 67108864 are possible"),
    (pair(TEXT, gguf_text(b"\xff")), "not UTF-8"),
    (pair(ARRAY, gguf_array(13, 1, b"")), "array has the unknown type 13"),
    (pair(ARRAY, gguf_array(0, 2**64 - 1, b"")), "no file has"),
    (pair(ARRAY, gguf_array(10, 2**61, b"")), "no file has"),
    (pair(ARRAY, gguf_array(TEXT, 2**63, b"")), f"more than {MAX_STEPPED}"),
    (
        pair(ARRAY, gguf_array(TEXT, 3, gguf_text("a") + struct.pack("<QQ", 2**64 - 1, 0))),
        "only 67108864 are possible",
    ),
    (pair(ARRAY, gguf_array(TEXT, 1, struct.pack("<Q", 2**64 - 1))), "no file has"),
    (pair(ARRAY, gguf_array(ARRAY, 2**40, b"")), "arrays, more than 64"),
    (pair(ARRAY, gguf_array(ARRAY, 1, b"") * 1000), "nested deeper than 2"),
    (pair(0, b"\0", key="k" * 300), "a name of 300 bytes"),
    (gguf_file([gguf_pair("k", 0, b"\0")] * 2), "the metadata 'k' stands in the header twice"),
    (tensor(name="n" * 300), "a name of 300 bytes"),
    (tensor(shape=(1, 1, 1, 1, 1)), "5 dimensions, more than 4"),
    (tensor(shape=(2**63,)), "overflows 63 bits"),
    (tensor(shape=(2**32, 2**32, 0)), "overflows 63 bits"),
    (tensor(number=4), "type 4, whose size is not known"),
    (tensor(number=2**32 - 1), "whose size is not known"),
    (tensor(number=Q4_K, shape=(255,)), "rows of 255 elements, no whole blocks of Q4_K"),
    (tensor(number=Q4_K, shape=(128, 2)), "rows of 128 elements, no whole blocks of Q4_K"),
    (tensor(offset=7), "does not start at a multiple of 32 bytes"),
    (tensor(offset=2**63), "beyond the end of the file"),
    (gguf_file([], [gguf_tensor("a", (32,), F32, 0)] * 2), "tensor 'a' stands in the header twice"),
    (
        gguf_file([], [gguf_tensor("a", (32,), F32, 0), gguf_tensor("b", (32,), F32, 96)]),
        "two tensors claim the same bytes",
    ),
)


@pytest.mark.parametrize(
    ("data", "words"), REFUSED, ids=[f"{place} {case[1]}" for place, case in enumerate(REFUSED)]
)
def test_a_wrong_header_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(HeaderUnreadable, match=words):
        read(data)


def test_a_known_size_of_the_file_is_held_against_what_is_announced() -> None:
    data = gguf_file([], [gguf_tensor("a", (32,), F16, 0)])
    start = read(data).header_bytes
    assert read(data, start + 64) == read(data, None)
    with pytest.raises(HeaderUnreadable, match="beyond the end of the file"):
        read(data, start + 63)
    for given in range(len(data)):
        # All of the file is there, so nothing can be fetched.
        with pytest.raises(HeaderUnreadable, match="possible"):
            parse_gguf(data[:given], given)


def test_a_vocabulary_is_not_materialised() -> None:
    count = 200_000
    body = gguf_text("word") * count
    table = read(gguf_file([gguf_pair("tokenizer.ggml.tokens", ARRAY, gguf_array(TEXT, count, body))]))
    assert table.metadata == {"tokenizer.ggml.tokens": Skipped("array of text", count)}
