"""Fields are taken with their types; what cannot be used is noted, what nobody takes is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from builder.errors import EvidenceUnreadable
from builder.parse.popping import MAX_NUMBER, Fields, Irregularities


def fields(value: object = None, **more: object) -> tuple[Fields, Irregularities]:
    irregular = Irregularities()
    return Fields("acme/echo", "list", {"f": value, **more}, irregular), irregular


def problems(irregular: Irregularities) -> list[tuple[str, str]]:
    return sorted(irregular.found)


READERS: dict[str, Callable[[Fields], object]] = {
    "text": lambda row: row.text("f"),
    "whole": lambda row: row.whole("f"),
    "real": lambda row: row.real("f"),
    "signed": lambda row: row.signed("f"),
    "flag": lambda row: row.flag("f"),
    "gate": lambda row: row.gate("f"),
    "instant": lambda row: row.instant("f"),
    "texts": lambda row: row.texts("f"),
    "sub": lambda row: row.sub("f"),
    "subs": lambda row: list(row.subs("f")),
}


@pytest.mark.parametrize("kind", READERS)
def test_null_is_unknown_and_no_irregularity(kind: str) -> None:
    row, irregular = fields()
    assert READERS[kind](row) in (None, [])
    row.done()
    assert READERS[kind](row) in (None, [])
    assert not irregular.found


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("text", "  a \n b ", "a b"),
        ("text", "", None),
        ("text", " ", None),
        ("whole", 0, 0),
        ("whole", 7, 7),
        ("whole", 7.0, 7),
        ("whole", MAX_NUMBER, MAX_NUMBER),
        ("real", 0.68, 0.68),
        ("real", 3, 3.0),
        ("signed", -1, -1.0),
        ("flag", False, False),
        ("gate", False, "false"),
        ("gate", "auto", "auto"),
        ("gate", "manual", "manual"),
        ("instant", "2025-12-07T15:26:59.123Z", datetime(2025, 12, 7, 15, 26, 59, 123000, UTC)),
        ("instant", "2025-12-07T15:26:59.1239999Z", datetime(2025, 12, 7, 15, 26, 59, 123000, UTC)),
        ("instant", "2025-12-07T16:26:59+01:00", datetime(2025, 12, 7, 15, 26, 59, 0, UTC)),
        ("texts", "a", ["a"]),
        ("texts", ["b", " a  c "], ["b", "a c"]),
    ],
)
def test_a_value_of_its_type_is_read(kind: str, value: object, read: object) -> None:
    row, irregular = fields(value)
    found = READERS[kind](row)
    assert found == read
    assert type(found) is type(read)
    assert not irregular.found


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("text", 3, "int where text is expected"),
        ("text", "x" * 257, "text longer than 256 characters"),
        ("whole", "3", "str where a number is expected"),
        ("whole", True, "bool where a number is expected"),
        ("whole", 0.5, "float where a whole number is expected"),
        ("whole", 10**400, "not a number up to 2^53"),
        ("whole", float("inf"), "not a number up to 2^53"),
        ("real", float("nan"), "not a number up to 2^53"),
        ("real", {}, "dict where a number is expected"),
        ("real", 10**400, "not a number up to 2^53"),
        ("flag", 1, "int where true or false is expected"),
        ("gate", True, "neither false, auto nor manual"),
        ("gate", 0, "neither false, auto nor manual"),
        ("gate", [], "neither false, auto nor manual"),
        ("instant", "yesterday", "not a time in RFC 3339"),
        ("instant", "2025-12-07", "a time without zone"),
        ("instant", "0001-01-01T00:00:00+23:00", "not a time in RFC 3339"),
        ("texts", [], "empty list"),
        ("texts", "", "empty text"),
        ("texts", False, "bool where text is expected"),
        ("texts", {"a": "b"}, "dict where text is expected"),
        ("texts", [None], "null in a list"),
        ("texts", ["x" * 10_000], "text longer than 256 characters"),
        ("sub", [], "list where an object is expected"),
        ("subs", {}, "dict where a list is expected"),
        ("subs", [3], "int where an object in a list is expected"),
    ],
)
def test_a_value_that_cannot_be_used_is_noted_and_unknown(kind: str, value: object, problem: str) -> None:
    row, irregular = fields(value)
    assert READERS[kind](row) in (None, [])
    assert problems(irregular) == [("list.f", problem)]


def test_one_bad_element_does_not_lose_the_others() -> None:
    row, irregular = fields(["a", 3, "b"])
    assert row.texts("f") == ["a", "b"]
    assert problems(irregular) == [("list.f", "int where text is expected")]


def test_false_may_stand_for_a_word_that_yaml_reads_so() -> None:
    row, irregular = fields([False, "en"])
    assert row.texts("f", false_is="no") == ["no", "en"]
    assert problems(irregular) == [("list.f", "false, read as `no`")]


@pytest.mark.parametrize("kind", ["whole", "real"])
@pytest.mark.parametrize("value", [-1, -0.5])
def test_a_negative_count_names_record_field_and_remedy(kind: str, value: float) -> None:
    row, _ = fields(value)
    with pytest.raises(EvidenceUnreadable, match="negative") as caught:
        READERS[kind](row)
    message = str(caught.value)
    assert message.startswith(f"record acme/echo: list.f is {value}, ")
    assert "correct the evidence" in message


def test_a_field_that_nobody_takes_is_refused() -> None:
    row, _ = fields(1, g=2)
    row.ignore("f", "absent")
    with pytest.raises(EvidenceUnreadable) as caught:
        row.done()
    assert str(caught.value) == (
        "record acme/echo: parse does not know the field list.g; "
        "teach it to builder/parse, or leave the field out of builder/capture/fields.py"
    )


def test_a_nested_field_is_named_by_its_path() -> None:
    row, _ = fields({"a": [{"b": 1}]})
    inner = row.sub("f")
    assert inner is not None
    (element,) = inner.subs("a")
    with pytest.raises(EvidenceUnreadable, match=r"the field list\.f\.a\[\]\.b;"):
        element.done()


def test_a_name_that_is_data_is_shown_on_one_line() -> None:
    row, _ = fields(**{"a\nb": 1})
    row.ignore("f")
    with pytest.raises(EvidenceUnreadable, match=r"the field list\.'a\\nb';"):
        row.done()


def test_evidence_itself_is_not_changed() -> None:
    values = {"f": 1}
    Fields("acme/echo", "list", values, Irregularities()).whole("f")
    assert values == {"f": 1}


def test_a_part_that_is_no_object_is_refused() -> None:
    with pytest.raises(EvidenceUnreadable, match="record acme/echo: list is no JSON object"):
        Fields("acme/echo", "list", [], Irregularities())
