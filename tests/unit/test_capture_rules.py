"""The rules a field is kept by: every bound has a value that breaks it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from builder.capture.rules import (
    DROPPED,
    Items,
    Keyed,
    Named,
    NegativeCount,
    Note,
    Number,
    Text,
    Value,
    keep,
    shown_name,
)

if TYPE_CHECKING:
    from builder.capture.evidence import JsonValue

TOKEN = "hf" + "_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iLoR"
WORD = Value(text=Text(10))
ANYTHING = Value(
    text=Text(10),
    number=Number(100),
    boolean=True,
    items=Items(WORD, 3),
    members=Named({"a": WORD}),
)
NOTHING = Value(null=False)


def kept(value: JsonValue, rule: Value) -> tuple[object, list[Note]]:
    notes: list[Note] = []
    return keep(value, rule, "f", notes), notes


@pytest.mark.parametrize("value", [None, True, False, 0, 7, "", "no", [], ["a", None], {}, {"a": "b"}])
def test_a_declared_value_stays_as_it_is(value: JsonValue) -> None:
    result, notes = kept(value, ANYTHING)
    assert result == value
    assert type(result) is type(value)
    assert notes == []


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "null"),
        (True, "a boolean"),
        (1, "a number"),
        (0.5, "a number"),
        ("a", "a text"),
        ([], "a list"),
        ({}, "an object"),
    ],
)
def test_a_type_that_is_not_declared_is_dropped(value: JsonValue, reason: str) -> None:
    assert kept(value, NOTHING) == (DROPPED, [Note("dropped", "f", reason)])


@pytest.mark.parametrize(
    ("value", "rule", "reason"),
    [
        ("12345678901", WORD, "longer than 10 characters"),
        (TOKEN, Value(text=Text(99)), "has the shape of a credential"),
        ("hf_\x00" + TOKEN[3:], Value(text=Text(99)), "has the shape of a credential"),
        ("word\x00sk-" + TOKEN[3:], Value(text=Text(99)), "has the shape of a credential"),
        ("xyz", Value(text=Text(10, re.compile("[a-c]+"))), "a text of another form"),
        (101, Value(number=Number(100)), "larger than 100"),
        (10**400, Value(number=Number(100)), "larger than 100"),
        (-101, Value(number=Number(100, signed=True)), "larger than 100"),
        (0.5, Value(number=Number(100)), "not written as a whole number"),
        (float("inf"), Value(number=Number(100)), "not a finite number"),
        (float("nan"), Value(number=Number(100)), "not a finite number"),
        (["a"] * 4, Value(items=Items(WORD, 3)), "more than 3 items"),
        (["a", 1], Value(items=Items(WORD, 3, together=True)), "one of its items was dropped"),
        ({"a": 1, "b": 2}, Value(members=Keyed(Text(5), Value(number=Number(9)), 1)), "more than 1 entries"),
        (
            {"a": 1, "b": "x"},
            Value(members=Keyed(Text(5), Value(number=Number(9)), 5, together=True)),
            "one of its entries was dropped",
        ),
    ],
)
def test_a_value_beyond_its_bound_is_dropped(value: JsonValue, rule: Value, reason: str) -> None:
    result, notes = kept(value, rule)
    assert result is DROPPED
    assert notes[-1] == Note("dropped", "f", reason)


@pytest.mark.parametrize("value", [-1, -0.5, -(10**400)])
def test_a_negative_count_is_raised_not_dropped(value: float) -> None:
    with pytest.raises(NegativeCount, match=r"`f` is -.*, and a count cannot be negative"):
        kept(value, Value(number=Number(100, whole=False)))


def test_a_signed_number_may_be_negative() -> None:
    assert kept(-1, Value(number=Number(100, signed=True))) == (-1, [])


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("1234567890", WORD),
        (100, Value(number=Number(100))),
        (-100, Value(number=Number(100, signed=True))),
        (["a"] * 3, Value(items=Items(WORD, 3))),
        ({"12345": "a", "b": "b"}, Value(members=Keyed(Text(5), WORD, 2))),
    ],
)
def test_a_value_at_its_bound_is_kept(value: JsonValue, rule: Value) -> None:
    assert kept(value, rule) == (value, [])


def test_a_cleaned_text_is_kept_and_noted() -> None:
    assert kept("a\u202eb", WORD) == ("ab", [Note("cleaned", "f", "bidi control")])


def test_length_counts_after_cleaning() -> None:
    assert kept("1234567890\x00", WORD)[0] == "1234567890"


def test_a_bad_item_goes_alone_where_items_stand_for_themselves() -> None:
    assert kept(["a", 1, "b"], Value(items=Items(WORD, 3))) == (
        ["a", "b"],
        [Note("dropped", "f[]", "a number")],
    )


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("toolong", Text(5)),
        ("a\x00", Text(5)),
        (TOKEN, Text(99)),
        ("X", Text(5, re.compile("[a-z]+"))),
    ],
)
def test_an_entry_with_an_unsound_key_is_dropped(key: str, rule: Text) -> None:
    assert kept({key: "v", "b": "w"}, Value(members=Keyed(rule, WORD, 5))) == (
        {"b": "w"},
        [Note("dropped", "f.*", "a key of another form")],
    )


def test_a_field_that_is_not_named_is_left_out_with_its_path() -> None:
    rule = Value(members=Named({"in": Value(members=Named({"a": WORD}))}))
    result, notes = kept({"in": {"a": "x", "b": {"deep": [1]}}, "c": 1}, rule)
    assert result == {"in": {"a": "x"}}
    assert [(note.kind, note.field) for note in notes] == [("left_out", "f.in.b"), ("left_out", "f.c")]


@pytest.mark.parametrize("name", ["By clicking below I accept", "a\x00b", "", "x" * 65, TOKEN, "\u202e"])
def test_a_name_that_is_free_text_is_not_repeated(name: str) -> None:
    assert shown_name(name) == "(a name that is not shown)"


@pytest.mark.parametrize("name", ["model-index", "cardData", "bnb_4bit_quant_type", "x.y:z"])
def test_an_ordinary_name_is_shown(name: str) -> None:
    assert shown_name(name) == name
