"""Laws of the header readers: any bytes give a table, a request or a named error; tables survive writing."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import HeaderUnreadable
from builder.parse.headers.counts import count_tensors
from builder.parse.headers.gguf import TYPES, parse_gguf
from builder.parse.headers.pickle_walk import walk_pickle
from builder.parse.headers.safetensors import parse_safetensors
from builder.parse.headers.tensor import NeedBytes, Tensor, TensorTable, count_bytes
from builder.parse.headers.torch_zip import FIRST_BYTES, parse_archive, parse_torch
from schemas.tables.parameters import BITS_OF_DTYPE
from tests.unit.header_bytes import (
    SAFETENSORS_BYTES,
    STORAGE_BYTES,
    gguf_array,
    gguf_file,
    gguf_pair,
    gguf_tensor,
    gguf_text,
    pickle_dict,
    pickle_file,
    pickle_tensor,
    safetensors_entries,
    safetensors_header,
    torch_file,
)

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# Small, since the data of torch storages are written out.
shapes = st.lists(st.integers(0, 9), max_size=4).map(tuple)
specs = st.dictionaries(
    names.filter(lambda name: name != "__metadata__"),
    st.tuples(st.sampled_from(sorted(SAFETENSORS_BYTES)), shapes),
    max_size=6,
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4)
        | st.tuples(inner)
    ),
    max_leaves=10,
)


def read_torch(data: bytes) -> TensorTable | NeedBytes:
    archive = parse_archive(data[:FIRST_BYTES], data, len(data))
    if isinstance(archive, NeedBytes):
        return archive
    wanted = archive.pickle_bytes
    return parse_torch(archive, data[wanted.start : wanted.stop])


GOOD: dict[str, tuple[Callable[[bytes], TensorTable | NeedBytes], bytes]] = {
    "safetensors": (
        parse_safetensors,
        safetensors_header(
            {"__metadata__": {"a": "b"}, **safetensors_entries({"a": ("F32", (2, 3)), "b": ("I64", ())})}
        ),
    ),
    "gguf": (
        parse_gguf,
        gguf_file(
            [
                gguf_pair("k", 4, bytes(4)),
                gguf_pair("t", 9, gguf_array(8, 2, gguf_text("a") + gguf_text("b"))),
            ],
            [gguf_tensor("a", (32, 2), 0, 0), gguf_tensor("b", (256,), 12, 256)],
        ),
    ),
    "torch": (
        read_torch,
        torch_file(pickle_file(pickle_dict({"a": pickle_tensor((2,)), "b": pickle_tensor((2,))})), {"0": 8}),
    ),
    "torch, deflated": (
        read_torch,
        torch_file(pickle_file(pickle_dict({"a": pickle_tensor((2,))})), {"0": 8}, deflated=True),
    ),
}


def check(read: Callable[[bytes], TensorTable | NeedBytes], data: bytes) -> None:
    """Whatever is read can be counted, too."""
    try:
        answer = read(data)
    except HeaderUnreadable as error:
        assert len(str(error)) < 500  # noqa: PT017 - a refusal is as good as a table here
        return
    if isinstance(answer, NeedBytes):
        assert 0 <= answer.start < answer.stop
        return
    for count in count_tensors(answer.tensors):
        assert count.stored_elements >= 0
        if count.dtype in BITS_OF_DTYPE:
            assert count.stored_bytes * 8 <= count.stored_elements * BITS_OF_DTYPE[count.dtype]


@pytest.mark.parametrize("kind", GOOD)
@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_files_give_a_table_or_a_named_error(kind: str, data: st.DataObject) -> None:
    read, good = GOOD[kind]
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)) | st.just(len(good)))
    check(read, bytes(damaged[:cut]) + data.draw(st.binary(max_size=4)))


@given(st.binary(max_size=300))
@settings(max_examples=500, deadline=None)
def test_any_bytes_give_a_table_or_a_named_error(data: bytes) -> None:
    check(parse_safetensors, data)
    check(parse_safetensors, safetensors_header(b"{" + data))
    check(parse_gguf, data)
    check(parse_gguf, b"GGUF\x03\0\0\0" + data)
    check(read_torch, data)
    check(read_torch, torch_file(data, {}))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(names, x)
    )
)
def test_any_json_gives_a_table_or_a_named_error(header: object) -> None:
    check(parse_safetensors, safetensors_header(json.dumps(header)))


@given(specs, st.booleans())
@settings(deadline=None)
def test_safetensors_tables_survive_writing(
    tensors: dict[str, tuple[str, tuple[int, ...]]],
    ascii_only: bool,  # noqa: FBT001 - hypothesis hands values over by place
) -> None:
    header = json.dumps(safetensors_entries(tensors), ensure_ascii=ascii_only)
    data = safetensors_header(header)
    table = parse_safetensors(data)
    assert isinstance(table, TensorTable)
    assert [(tensor.name, (tensor.dtype, tensor.shape)) for tensor in table.tensors] == list(tensors.items())
    assert all(
        tensor.stored_bytes == prod(tensor.shape) * SAFETENSORS_BYTES[tensor.dtype]
        for tensor in table.tensors
    )
    for given_bytes in range(len(data)):
        assert parse_safetensors(data[:given_bytes]) == NeedBytes(0, 8 if given_bytes < 8 else len(data))


@given(
    st.dictionaries(
        names,
        st.tuples(st.sampled_from(sorted(TYPES)), st.lists(st.integers(0, 9), min_size=1, max_size=3)),
        max_size=5,
    ),
    st.dictionaries(
        names.filter(lambda key: key != "general.alignment"), st.integers(-(2**63), 2**63 - 1), max_size=5
    ),
)
def test_gguf_tables_survive_writing(
    tensors: dict[str, tuple[int, list[int]]], metadata: dict[str, int]
) -> None:
    expected: list[Tensor] = []
    written: list[bytes] = []
    offset = 0
    for name, (number, blocks) in tensors.items():
        # Rows of 256 are whole blocks of every type.
        shape = (blocks[0] * 256, *blocks[1:])
        size = count_bytes(TYPES[number], prod(shape))
        assert size is not None
        expected.append(Tensor(name, TYPES[number], shape[::-1], prod(shape), size))
        written.append(gguf_tensor(name, shape, number, offset))
        offset += size + -size % 32
    pairs = [gguf_pair(key, 11, value.to_bytes(8, "little", signed=True)) for key, value in metadata.items()]
    data = gguf_file(pairs, written)
    table = parse_gguf(data)
    assert isinstance(table, TensorTable)
    assert list(table.tensors) == expected
    assert table.metadata == metadata
    for given_bytes in range(0, len(data), 7):
        answer = parse_gguf(data[:given_bytes])
        assert isinstance(answer, NeedBytes)
        assert given_bytes < answer.stop <= len(data)


@given(
    # A tensor without a name is called "?": beside one of that name the file is refused.
    st.dictionaries(
        names.filter(lambda name: name != "?"),
        st.tuples(st.sampled_from(sorted(STORAGE_BYTES)), shapes),
        max_size=5,
    ),
    st.booleans(),
)
@settings(deadline=None)
def test_torch_tables_survive_writing(
    tensors: dict[str, tuple[str, tuple[int, ...]]],
    deflated: bool,  # noqa: FBT001 - as above
) -> None:
    state = {
        name: pickle_tensor(shape, str(place), storage=storage)
        for place, (name, (storage, shape)) in enumerate(tensors.items())
    }
    sizes = {
        str(place): prod(shape) * STORAGE_BYTES[storage]
        for place, (storage, shape) in enumerate(tensors.values())
    }
    table = read_torch(torch_file(pickle_file(pickle_dict(state)), sizes, deflated=deflated))
    assert isinstance(table, TensorTable)
    assert [(tensor.name, tensor.shape, tensor.stored_bytes) for tensor in table.tensors] == [
        (name or "?", shape, prod(shape) * STORAGE_BYTES[storage])
        for name, (storage, shape) in tensors.items()
    ]


@given(values, st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_whatever_python_pickles_without_tensors_is_an_empty_table(value: object, protocol: int) -> None:
    assert walk_pickle(pickle.dumps(value, protocol))[0] == ()


@given(st.permutations(range(6)))
def test_counts_do_not_depend_on_the_order_of_tensors(order: list[int]) -> None:
    tensors = [
        Tensor("a.qweight", "I32", (8, 64), 512, 2048),
        Tensor("a.scales", "F16", (1, 64), 64, 128),
        Tensor("a.qzeros", "I32", (1, 8), 8, 32),
        Tensor("model.norm.weight", "F16", (64,), 64, 128),
        Tensor("a.bias", "F16", (64,), 64, 128),
        Tensor("a.mask", "U8", (64,), 64, 64),
    ]
    assert count_tensors([tensors[place] for place in order]) == count_tensors(tensors)
