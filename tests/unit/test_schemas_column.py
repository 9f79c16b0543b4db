"""What each class of check lets pass and refuses, nulls and edges included, and how it says so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest

from schemas.column import (
    AtLeast,
    AtMost,
    Check,
    Column,
    Each,
    Matches,
    MaxLength,
    NotBlank,
    OneOf,
    RowCheck,
    SortedSet,
    all_checks,
)

if TYPE_CHECKING:
    from schemas.to_polars import PolarsType

WORD = Matches("[a-z]+|[0-9]+", "a word or a number")
FEW = OneOf(("a", "b"))
MANY = OneOf(tuple(f"value-{number}" for number in range(30)))
TEXTS = pl.List(pl.String)


@pytest.mark.parametrize(
    ("check", "dtype", "good", "bad"),
    [
        (AtLeast(0), pl.Int64, [0, 1, 2**62], [-1, -(2**62)]),
        (AtLeast(0.5), pl.Float64, [0.5, 1e300], [0.49, -1.0, math.nan, math.inf, -math.inf]),
        (AtMost(64), pl.Int64, [64, -1], [65]),
        (AtMost(0.5), pl.Float64, [0.5, -1e300], [0.51, math.nan, math.inf, -math.inf]),
        (FEW, pl.String, ["a", "b"], ["A", "", "a ", "ab"]),
        (WORD, pl.String, ["a", "abc", "12"], ["", "A", "a1", "a b", "abc\n", "1 a"]),
        (MaxLength(3), pl.String, ["", "abc", "üüü"], ["abcd", "üüüü"]),
        (NotBlank(), pl.String, ["a", " a "], ["", " ", "\t\n", "\u3000"]),
        (Each(FEW), TEXTS, [[], ["a"], ["b", "a"]], [["a", "c"], [None], ["a", None]]),
        (
            SortedSet(),
            TEXTS,
            [["a"], ["a", "b"], ["B", "a"], ["z", "é"]],
            [[], ["b", "a"], ["a", "a"], ["a", "b", "a"]],
        ),
    ],
    ids=[
        "at least, whole",
        "at least, real",
        "at most, whole",
        "at most, real",
        "one of",
        "matches",
        "max length",
        "not blank",
        "each",
        "sorted set",
    ],
)
def test_a_check_tells_good_from_bad(
    check: Check, dtype: PolarsType, good: list[Any], bad: list[Any]
) -> None:
    def passes(values: list[Any]) -> list[bool | None]:
        data = pl.DataFrame({"value": values}, schema={"value": dtype})
        return data.select(check.passes(pl.col("value"))).to_series().to_list()

    assert passes(good) == [True] * len(good)
    assert passes(bad) == [False] * len(bad)
    assert passes([None]) == [None]


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (AtLeast(0), "be at least 0"),
        (AtLeast(0.001), "be at least 0.001"),
        (AtMost(64), "be at most 64"),
        (FEW, "be one of `a`, `b`"),
        (MANY, "be one of 30 known values (value-0, value-1, value-2, …)"),
        (WORD, "be a word or a number"),
        (MaxLength(256), "have at most 256 characters"),
        (NotBlank(), "not be empty or only white space"),
        (Each(FEW), "in each element be one of `a`, `b`"),
        (SortedSet(), "be a non-empty list, sorted, without repetition"),
        (RowCheck(("a",), "a = 1", "one is one"), "keep the rule that one is one"),
    ],
)
def test_a_check_completes_the_sentence_that_the_value_must(check: Check | RowCheck, words: str) -> None:
    assert check.describe() == words


def test_a_row_check_holds_where_it_cannot_be_decided() -> None:
    rule = RowCheck(("low", "high"), "low <= high", "low is not above high")
    rows = pl.DataFrame({"low": [1, 2, None], "high": [1, 1, 1]})
    assert rows.select(rule.expression()).to_series().to_list() == [True, False, True]


def test_all_checks_pairs_each_check_with_its_column() -> None:
    first = Column("first", pa.string(), "First.", "test", checks=(NotBlank(), FEW))
    second = Column("second", pa.int64(), "Second.", "test")
    assert all_checks((first, second)) == [(first, NotBlank()), (first, FEW)]
    assert not first.is_list
    assert Column("third", pa.list_(pa.string()), "Third.", "test").is_list
