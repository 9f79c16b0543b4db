"""Scores against printed intervals, clusters counted by hand, and the conventions of what is scored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from builder.evaluation.gold import GoldRow
from builder.evaluation.score import (
    COLUMNS,
    Answers,
    Miss,
    Score,
    b_cubed,
    find_misses,
    is_close,
    score,
    score_by_confidence,
    wilson,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

ROW = GoldRow("a/b", "a/b", "fam", "original", "yes", 8_000_000_000, 50_000_000, "high", "blind")
RIGHT: dict[str, Any] = {
    "unique_model_id": "a/b",
    "kind": "original",
    "audio_language_model": "yes",
    "family_id": "some-name",
    "runtime_parameters": 8_000_000_000,
    "logical_parameters": 50_000_000,
}


def by_column(gold: Iterable[GoldRow], answers: Answers) -> dict[str, Score]:
    return {entry.column: entry for entry in score(gold, answers)}


# R. G. Newcombe (1998), Table I, prints these intervals of Wilson's method.
@pytest.mark.parametrize(
    ("right", "rows", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_of_the_literature(right: int, rows: int, low: float, high: float) -> None:
    assert wilson(right, rows) == pytest.approx((low, high), abs=5e-5)
    assert wilson(rows - right, rows) == pytest.approx((1 - high, 1 - low), abs=5e-5)


def test_without_rows_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert b_cubed([]) == 0.0
    assert by_column([], {}) == {column: Score(column, 0, 0.0, 0.0, 1.0) for column in COLUMNS}


def test_clusters_by_hand() -> None:
    # Judged {1,2,3} {4,5}, answered {1,2} {3,4,5}.
    pairs = [("x", "p"), ("x", "p"), ("x", "q"), ("y", "q"), ("y", "q")]
    precision, recall = (1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5, (2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5
    assert b_cubed(pairs) == pytest.approx(2 * precision * recall / (precision + recall))


def test_one_lump_and_no_lump_by_hand() -> None:
    lump = [("x", "p"), ("x", "p"), ("y", "p"), ("y", "p")]
    assert b_cubed(lump) == pytest.approx(2 * 0.5 * 1 / 1.5)
    single = [("x", "1"), ("x", "2"), ("y", "3"), ("y", "4")]
    assert b_cubed(single) == pytest.approx(2 * 1 * 0.5 / 1.5)
    assert b_cubed([("x", "any"), ("x", "any"), ("y", "other")]) == 1.0


@pytest.mark.parametrize(
    ("answer", "judged", "close"),
    [
        (8_240_000_000, 8_000_000_000, True),
        (8_240_000_001, 8_000_000_000, False),
        (55_000_000, 50_000_000, True),
        (55_000_001, 50_000_000, False),
        (45_000_000, 50_000_000, True),
        (1, 5_000_001, True),
        (None, 1, False),
    ],
)
def test_a_count_is_right_within_3_percent_or_five_million(
    answer: int | None,
    judged: int,
    close: bool,  # noqa: FBT001 - what is expected
) -> None:
    assert is_close(answer, judged) is close


def test_a_right_row_is_right_everywhere_and_missed_nowhere() -> None:
    scores = by_column([ROW], {"a/b": RIGHT})
    assert [(entry.rows, entry.value) for entry in scores.values()] == [(1, 1.0)] * len(COLUMNS)
    assert find_misses([ROW], {"a/b": RIGHT}) == []


@pytest.mark.parametrize("column", [column for column in COLUMNS if column != "family_id"])
@pytest.mark.parametrize("wrong", [None, "other", 1])
def test_a_wrong_or_missing_answer_is_wrong_in_its_column_alone(column: str, wrong: object) -> None:
    answers = {"a/b": {**RIGHT, column: wrong, f"{column}_confidence": "low"}}
    scores = by_column([ROW], answers)
    assert {name for name, entry in scores.items() if entry.value == 0} == {column}
    judged = str(RIGHT[column])
    written = None if wrong is None else str(wrong)
    assert find_misses([ROW], answers) == [Miss("a/b", column, judged, written, "low")]


def scored(row: GoldRow) -> set[str]:
    return {name for name, entry in by_column([row], {"a/b": RIGHT}).items() if entry.rows}


def test_what_is_scored_follows_what_was_judged() -> None:
    assert scored(ROW) == set(COLUMNS)
    assert scored(replace(ROW, confidence="low")) == set()
    assert scored(replace(ROW, confidence="medium")) == set(COLUMNS)
    assert scored(replace(ROW, kind="placeholder")) == set(COLUMNS) - {"unique_model_id"}
    assert scored(replace(ROW, kind=None)) == set(COLUMNS) - {"unique_model_id", "kind"}
    assert scored(replace(ROW, audio_language_model="no")) == set(COLUMNS) - {"family_id"}
    undecided = set(COLUMNS) - {"family_id", "audio_language_model"}
    assert scored(replace(ROW, audio_language_model="unknown")) == undecided
    assert scored(replace(ROW, audio_language_model=None)) == undecided
    assert scored(replace(ROW, family=None)) == set(COLUMNS) - {"family_id"}
    assert scored(replace(ROW, runtime_parameters=None)) == set(COLUMNS) - {"runtime_parameters"}


def test_a_row_that_the_answers_do_not_have_is_passed_over() -> None:
    gone = replace(ROW, repo_id="gone/away")
    assert by_column([ROW, gone], {"a/b": RIGHT})["kind"].rows == 1
    assert find_misses([gone], {"a/b": RIGHT}) == []


def test_families_are_clusters_whatever_their_names() -> None:
    rows = [replace(ROW, repo_id=name) for name in ("a/1", "a/2", "a/3")]
    answers = {row.repo_id: {**RIGHT, "family_id": "one"} for row in rows}
    assert by_column(rows, answers)["family_id"].value == 1.0
    # Two repositories without a family are not a family together: three clusters of one.
    for name in ("a/1", "a/2"):
        answers[name]["family_id"] = None
    assert by_column(rows, answers)["family_id"].value == pytest.approx(
        2 * 1 * (1 / 3) / (1 + 1 / 3), abs=1e-4
    )


def test_confidence_divides_the_rows() -> None:
    rows = [replace(ROW, repo_id=name) for name in ("a/1", "a/2", "a/3")]
    levels = {"a/1": "high", "a/2": "high", "a/3": "low"}
    answers = {name: {**RIGHT, "kind_confidence": level} for name, level in levels.items()}
    answers["a/3"]["kind"] = "mirror"
    parts = {
        level: next(entry for entry in scores if entry.column == "kind")
        for level, scores in score_by_confidence(rows, answers).items()
    }
    assert [(level, part.rows, part.value) for level, part in parts.items()] == [
        ("high", 2, 1.0),
        ("medium", 0, 0.0),
        ("low", 1, 0.0),
    ]
