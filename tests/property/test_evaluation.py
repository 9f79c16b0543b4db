"""Laws of the scores: bounded, independent of order, and 1 exactly where every answer is the judged one."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.evaluation.draw import Candidate, draw_rows
from builder.evaluation.gold import GoldRow
from builder.evaluation.score import b_cubed, find_misses, score, wilson
from schemas import vocabulary

PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), max_size=40)
COUNTS = st.none() | st.integers(1, 10**12)
NAMES = st.none() | st.sampled_from(("a/x", "a/y", "b/z"))


@st.composite
def judged_rows(draw: st.DrawFn) -> list[GoldRow]:
    """Up to eight judged repositories."""
    return [
        GoldRow(
            repo_id=f"owner/{number}",
            unique_model_id=draw(NAMES),
            family=draw(st.none() | st.sampled_from("fg")),
            kind=draw(st.none() | st.sampled_from(tuple(vocabulary.KIND))),
            audio_language_model=draw(st.none() | st.sampled_from(tuple(vocabulary.AUDIO_LANGUAGE_MODEL))),
            runtime_parameters=draw(COUNTS),
            logical_parameters=draw(COUNTS),
            confidence=draw(st.sampled_from(tuple(vocabulary.CONFIDENCE))),
            judged=draw(st.sampled_from(("handed", "blind"))),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


def to_answer(row: GoldRow) -> dict[str, Any]:
    """The answer that the judge would give."""
    return {
        "unique_model_id": row.unique_model_id,
        "kind": row.kind,
        "audio_language_model": row.audio_language_model,
        "family_id": row.family,
        "runtime_parameters": row.runtime_parameters,
        "logical_parameters": row.logical_parameters,
    }


@given(PAIRS, st.randoms())
def test_b_cubed_is_bounded_and_does_not_depend_on_order_or_on_names(
    pairs: list[tuple[str, str]], dice: Random
) -> None:
    value = b_cubed(pairs)
    assert 0 <= value <= 1 + 1e-12
    shuffled = pairs.copy()
    dice.shuffle(shuffled)
    assert b_cubed(shuffled) == value
    assert b_cubed([(f"{judged}-judged", f"{given}-given") for judged, given in pairs]) == value
    if pairs:
        assert abs(b_cubed([(given, judged) for judged, given in pairs]) - value) < 1e-12
        assert b_cubed([(judged, judged) for judged, _ in pairs]) == 1


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_an_interval_holds_its_share(one: int, other: int) -> None:
    right, rows = min(one, other), max(one, other)
    low, high = wilson(right, rows)
    assert 0 <= low <= high <= 1
    if rows:
        assert low - 1e-12 <= right / rows <= high + 1e-12


@settings(max_examples=25)  # each example resamples four times
@given(judged_rows(), judged_rows(), st.randoms())
def test_scores_are_bounded_and_do_not_depend_on_the_order_of_rows(
    gold: list[GoldRow], others: list[GoldRow], dice: Random
) -> None:
    answers = {row.repo_id: to_answer(row) for row in others}
    scores = score(gold, answers)
    for entry in scores:
        assert 0 <= entry.low <= entry.high <= 1
        assert 0 <= entry.value <= 1
    shuffled = gold.copy()
    dice.shuffle(shuffled)
    assert score(shuffled, dict(reversed(answers.items()))) == scores


@settings(max_examples=25)
@given(judged_rows())
def test_the_judges_own_answers_are_perfect(gold: list[GoldRow]) -> None:
    answers = {row.repo_id: to_answer(row) for row in gold}
    assert [entry for entry in score(gold, answers) if entry.rows and entry.value != 1] == []
    assert find_misses(gold, answers) == []


@given(st.sets(st.text("ab-/gf", min_size=1, max_size=8)), st.integers(1, 60))
def test_a_draw_is_as_large_as_it_can_be_and_has_no_row_twice(names: set[str], rows: int) -> None:
    drawn = draw_rows("2026-01-07", [Candidate(name, frozenset()) for name in names], rows)
    assert len(drawn) == len(set(drawn)) == min(rows, len(names))
    assert set(drawn) <= names
