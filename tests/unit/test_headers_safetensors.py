"""Safetensors headers: what is read, what is asked for, and what is refused in which words."""

from __future__ import annotations

import json
import struct

import pytest

from builder.errors import EvidenceUnreadable, HeaderUnreadable
from builder.parse.headers.safetensors import MAX_HEADER_BYTES, parse_safetensors
from builder.parse.headers.tensor import MAX_TENSORS, NeedBytes, Skipped, Tensor, TensorTable
from tests.unit.header_bytes import safetensors_entries, safetensors_header

ONE = '"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}'


def read(header: object, file_size: int | None = None) -> TensorTable:
    table = parse_safetensors(safetensors_header(header), file_size)
    assert isinstance(table, TensorTable)
    return table


def test_a_table_has_the_tensors_in_their_order() -> None:
    entries = safetensors_entries({"b": ("BF16", (2, 3)), "a": ("F32", ()), "é": ("U8", (0, 4))})
    data = safetensors_header(entries)
    table = parse_safetensors(data + bytes(16), len(data) + 16)
    assert table == TensorTable(
        (Tensor("b", "BF16", (2, 3), 6, 12), Tensor("a", "F32", (), 1, 4), Tensor("é", "U8", (0, 4), 0, 0)),
        len(data),
    )


def test_spaces_order_of_fields_escapes_and_padding_do_not_matter() -> None:
    header = '{ "\\u0061" :\n{"data_offsets": [0, 8], "more": 1, "shape": [2], "dtype": "F32"} }   '
    assert read(header).tensors == read("{" + ONE + "}").tensors


def test_metadata_keep_short_texts_and_the_length_of_long_ones() -> None:
    long = 'quotes " and \\ backslashes' * 100
    entries = {"__metadata__": {"format": "pt", "log": long}, **safetensors_entries({"a": ("U8", (1,))})}
    assert read(entries).metadata == {"format": "pt", "log": Skipped("text", len(json.dumps(long)) - 2)}
    assert read('{"__metadata__":{}}').tensors == ()
    assert read("{}").metadata == {}


def test_too_few_bytes_ask_for_exactly_the_header() -> None:
    data = safetensors_header("{" + ONE + "}")
    assert parse_safetensors(b"") == NeedBytes(0, 8)
    for given in range(8, len(data)):
        assert parse_safetensors(data[:given]) == NeedBytes(0, len(data))
    assert isinstance(parse_safetensors(data), TensorTable)


def test_an_unknown_type_is_kept_and_a_sub_byte_type_is_checked() -> None:
    odd = {"a": {"dtype": "miku", "shape": [2], "data_offsets": [0, 3]}}
    assert read(odd).tensors[0].dtype == "miku"
    half = {"a": {"dtype": "F4", "shape": [4], "data_offsets": [0, 2]}}
    assert read(half).tensors[0].stored_bytes == 2
    half["a"]["shape"] = [3]
    with pytest.raises(HeaderUnreadable, match="3 elements of F4"):
        read(half)


REFUSED = (
    ("[]", "does not start with an opening brace"),
    ("", "does not start with an opening brace"),
    ("{", "does not start with an opening brace"),
    ("{ ", "no quoted name"),
    ("{}x", "goes on after its closing brace"),
    ("{" + ONE + "}{", "goes on after its closing brace"),
    ("{" + ONE, "not followed by a flat object"),
    ("{" + ONE + ",}", "no quoted name"),
    ("{" + ONE + "," + ONE + "}", "'a' stands in the header twice"),
    ('{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', "or has one twice"),
    ('{"a":{"dtype":"F32","shape":[2]}}', "lacks dtype, shape or data_offsets"),
    ('{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}', "holds nested lists"),
    ('{"a":{"dtype":"F32","shape":{"x":2},"data_offsets":[0,8]}}', "not followed by a flat object"),
    ('{"a":{"dtype":["F32"],"shape":[2],"data_offsets":8}}', "data type that is not a name"),
    ('{"a":{"dtype":"F 32","shape":[2],"data_offsets":[0,8]}}', "data type that is not a name"),
    ('{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}', "not whole numbers >= 0"),
    ('{"a":{"dtype":"F32","shape":[true,true],"data_offsets":[0,4]}}', "not whole numbers >= 0"),
    ('{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}', "not whole numbers >= 0"),
    ('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}', "not whole numbers >= 0"),
    ('{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}', "not whole numbers >= 0"),
    ('{"a":{"dtype":"F32","shape":[2,],"data_offsets":[0,8]}}', "not described in valid JSON"),
    (
        '{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}',
        "outside of the file or ends before it begins",
    ),
    ('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,7]}}', "other offsets than 2 elements of F32 take"),
    ('{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,8]}}', "overflows 63 bits"),
    ('{"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}', "overflows 63 bits"),
    ('{"a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}', "overflows 63 bits"),
    ('{"a":{"dtype":"U8","shape":[1' + ",1" * 99 + '],"data_offsets":[0,1]}}', "100 dimensions"),
    ('{"a":' + "[" * 1000 + "]" * 1000 + "}", "not followed by a flat object"),
    ('{"' + "a" * 2000 + '":{}}', "no quoted name of at most"),
    ('{"\\ud800":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', "not valid JSON in UTF-8"),
    (b'{"\xff":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', "not valid JSON in UTF-8"),
    (b'{"a":{"dtype":"\xff","shape":[],"data_offsets":[0,1]}}', "not described in valid JSON"),
    ('{"__metadata__":null}', "`__metadata__` is not an object"),
    ('{"__metadata__":{"a":1}}', "not a text"),
    ('{"__metadata__":{"a":"1","a":"2"}}', "the metadata 'a' stands in the header twice"),
    ('{"__metadata__":{},"__metadata__":{}}', "`__metadata__` stands in the header twice"),
    ('{"__metadata__":{"a":"b}', "does not end"),
    ('{"__metadata__":{"a":"b"]}', "neither a comma nor a closing brace"),
    ('{"__metadata__":{"a":"' + '\\"' * 1_100_000 + '"}}', "takes more than 2097152 bytes"),
    (
        {"__metadata__": {str(place): "x" for place in range(300)}},
        "`__metadata__` holds more than 256 entries",
    ),
    (
        {
            name: {"dtype": "U8", "shape": [4], "data_offsets": place}
            for name, place in (("a", [0, 4]), ("b", [3, 7]))
        },
        "two tensors claim the same bytes",
    ),
    ({"a": {"dtype": "U8", "shape": [4], "data_offsets": [4, 8]}}, "leave holes"),
)


@pytest.mark.parametrize(
    ("header", "words"), REFUSED, ids=[f"{place} {case[1]}" for place, case in enumerate(REFUSED)]
)
def test_a_wrong_header_is_refused(header: object, words: str) -> None:
    with pytest.raises(HeaderUnreadable, match=words):
        read(header)


def test_lengths_are_bounded_before_anything_is_read() -> None:
    for length in (MAX_HEADER_BYTES + 1, 2**63, 2**64 - 1):
        with pytest.raises(HeaderUnreadable, match=f"byte 0: the header claims {length} bytes"):
            parse_safetensors(struct.pack("<Q", length) + b"{")
    assert parse_safetensors(struct.pack("<Q", MAX_HEADER_BYTES)) == NeedBytes(0, MAX_HEADER_BYTES + 8)


def test_a_known_size_of_the_file_is_held_against_lengths_and_offsets() -> None:
    data = safetensors_header("{" + ONE + "}")
    assert isinstance(parse_safetensors(data, len(data) + 8), TensorTable)
    for size, words in (
        (4, "has 4 bytes"),
        (len(data) - 1, f"but the file has {len(data) - 1} in all"),
        (len(data) + 7, "lies outside of the file"),
        (len(data) + 9, "has 1 more bytes"),
    ):
        with pytest.raises(HeaderUnreadable, match=words):
            parse_safetensors(data[:size] if size < 8 else data, size)


def test_tensors_are_bounded_in_number() -> None:
    entry = '":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"'
    header = '{"' + entry.join(str(place) for place in range(MAX_TENSORS + 2)) + entry[:-2] + "}"
    with pytest.raises(HeaderUnreadable, match=f"more than {MAX_TENSORS} tensors"):
        read(header)


def test_an_error_says_what_where_and_what_to_do_in_one_plain_line() -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        read('{"\\u001b[31m\\n' + "x" * 500 + '":{}}')
    assert str(caught.value).startswith("Safetensors header, byte ")
    assert str(caught.value).endswith("; fetch the file again, or leave it uncounted")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
    assert caught.value.exit_code == 16
