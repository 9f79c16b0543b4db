"""Pickles: tensors found from opcodes alone, nothing executed, and what is refused in which words."""

from __future__ import annotations

import pickle
import sys

import pytest

from builder.errors import HeaderUnreadable
from builder.parse.headers.pickle_walk import walk_pickle
from tests.unit.header_bytes import (
    pickle_dict,
    pickle_file,
    pickle_int,
    pickle_ints,
    pickle_tensor,
    pickle_text,
)


def names(root: bytes) -> list[str]:
    return [name for name, _ in walk_pickle(pickle_file(root))[0]]


def test_every_protocol_of_python_s_own_pickler_is_walked() -> None:
    values = {
        "text": "x" * 10_000, "é": b"bytes" * 100, "big": 10**30, "neg": -5, "float": 0.5, "set": {1, 2},
        "frozen": frozenset({3}), "none": None, "deep": [[[(1, 2, 3, 4)]]], "array": bytearray(10),
        "true": True, "complex": 1j,
    }  # fmt: skip
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert walk_pickle(pickle.dumps(values, protocol))[0] == ()


def test_nothing_is_executed_or_imported() -> None:
    called = b"cthis_module_does_not_exist\nrun\n" + pickle_text("touch") + b"\x85R"
    system = b"cos\nsystem\n" + pickle_text("exit 1") + b"\x85R"
    stacked = pickle_text("builtins") + pickle_text("eval") + b"\x93" + pickle_text("1/0") + b"\x85R"
    old = b"(" + pickle_text("exit 1") + b"ios\nsystem\n"
    object_ = b"(cos\nsystem\n" + pickle_text("exit 1") + b"o"
    parts = {"a": called, "b": system, "c": stacked, "d": old, "e": object_, "w": pickle_tensor((1,))}
    before = set(sys.modules)
    tensors, unknown = walk_pickle(pickle_file(pickle_dict(parts)))
    assert unknown == ("builtins.eval", "os.system", "this_module_does_not_exist.run")
    assert [name for name, _ in tensors] == ["w"]
    assert set(sys.modules) == before


def test_tensors_inside_of_opaque_things_are_found() -> None:
    made = b"capp\nmake\n(" + pickle_dict({"w": pickle_tensor((1,))}) + b"tR"
    assert names(pickle_dict({"x": made})) == ["x.0.w"]


def test_circles_are_walked_once() -> None:
    # A list that contains itself and, twice, a tensor; its storage will tell that it is one.
    root = b"]q\x00h\x00a" + pickle_tensor((1,)) + b"q\x01ah\x01a"
    assert names(root) == ["1", "2"]


REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n("
PICKLES = (
    (b"", "ends early"),
    (b"\x80\x09.", "a number or a text that is none"),
    (b"\xff.", "unknown opcode"),
    (b".", "takes more off its stack"),
    (b"}", "ends early"),
    (b"X\xff\xff\xff\xffabc.", "ends early"),
    (b"\x8d" + b"\xff" * 8 + b".", "ends early"),
    (b"\x8b\xff\xff\xff\xff.", "ends early"),
    (b"X\x01\0\0\0\xff.", "a number or a text that is none"),
    (b"Iseven\n.", "a number or a text that is none"),
    (b"h\x07.", "recalls what it never noted"),
    (b"t.", "takes more off its stack"),
    (b"(.", "takes more off its stack"),
    (b"NR.", "takes more off its stack"),
    (b"N]\x94a.", "adds items to what is no list"),
    (b"\x82\x01.", "extension codes"),
    (b"\x97.", "buffers kept elsewhere"),
    (b"N0" * 20_000 + b"N.", "opcodes describe only 0 tensors"),
    (b"]" * 200 + b"a" * 199 + b".", "deeper than 64"),
    (pickle_dict({"k" * 600: pickle_tensor((1,))}) + b".", "longer than 512 characters"),
    (
        pickle_dict({"a.b": pickle_tensor((1,)), "a": pickle_dict({"b": pickle_tensor((1,), "1")})}) + b".",
        "have the name",
    ),
    (REBUILD + b"tR.", "not called with storage"),
    (REBUILD + pickle_text("0") + pickle_int(0) + pickle_ints((2,)) * 2 + b"tR.", "not called with storage"),
    (pickle_tensor((-2,), elements=2) + b".", "not whole numbers >= 0"),
    (pickle_tensor((2,), strides=(-1,)) + b".", "not whole numbers >= 0"),
    (pickle_tensor((2,), strides=()) + b".", "not whole numbers >= 0"),
    (pickle_tensor((2,), offset=-1) + b".", "not whole numbers >= 0"),
    (pickle_tensor((2**40, 2**40), elements=2) + b".", "overflows 63 bits"),
    (pickle_tensor((3,), elements=2) + b".", "views elements up to 2 of a storage of 2"),
    (pickle_tensor((2,), elements=2, offset=1) + b".", "views elements up to 2 of a storage of 2"),
    (pickle_tensor((2,), elements=2**70) + b".", "a storage claims"),
    (pickle_tensor((2,), elements=-1) + b".", "a storage claims"),
    (
        pickle_tensor((2,), storage="ComplexDoubleStorage") + b".",
        "storage class 'ComplexDoubleStorage' is not known",
    ),
)


@pytest.mark.parametrize(
    ("pickled", "words"), PICKLES, ids=[f"{place} {case[1]}" for place, case in enumerate(PICKLES)]
)
def test_a_wrong_pickle_is_refused(pickled: bytes, words: str) -> None:
    with pytest.raises(HeaderUnreadable, match=words):
        walk_pickle(pickled)


def test_deep_tuples_are_refused_without_taking_the_stack_of_python() -> None:
    with pytest.raises(HeaderUnreadable, match="deeper than 64"):
        walk_pickle(b")" + b"\x85" * 19_000 + b".")
    # As a key of a dictionary too, where hashing it would go all the way down.
    assert names(b"})" + b"\x85" * 19_000 + pickle_tensor((1,)) + b"s") == ["?"]
