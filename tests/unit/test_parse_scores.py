"""Results that the Hub shows beside a model, in both of its forms, and what is left of odd ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import EvidenceUnreadable
from builder.parse.facts import Facts, Score
from builder.parse.popping import Fields, Irregularities
from builder.parse.scores import read_scores

PAGE = "https://huggingface.co/acme/echo"


def result(**changes: object) -> dict[str, Any]:
    return {"dataset": {"id": "acme/bench", "task_id": "german"}, "value": 87.5, "verified": True, **changes}


def read(*results: object) -> tuple[list[Score], set[tuple[str, str]]]:
    facts = Facts("acme/echo", "member", datetime(2026, 5, 31, tzinfo=UTC))
    irregular = Irregularities()
    row = Fields("acme/echo", "list", {"evalResults": list(results)}, irregular)
    read_scores(facts, row.subs("evalResults"))
    return facts.scores, irregular.found


@pytest.mark.parametrize(
    "given",
    [
        result(),
        {"data": result()},
        {"data": result(), "value": 1, "dataset": {"id": "acme/other"}},
        result(value="87.5"),
    ],
    ids=["plain", "wrapped", "wrapped with its fields repeated", "a number as text"],
)
def test_a_result_is_data_set_and_task_with_a_number(given: dict[str, Any]) -> None:
    assert read(given) == ([Score("acme/bench/german", 87.5, PAGE)], set())


def test_a_source_is_kept_where_it_is_a_link() -> None:
    linked = result(source={"url": "https://example.org/run"})
    assert read(linked)[0] == [Score("acme/bench/german", 87.5, "https://example.org/run")]
    hostile = result(source={"url": "javascript:alert(1)"})
    assert read(hostile)[0] == [Score("acme/bench/german", 87.5, PAGE)]


def test_of_several_results_of_a_task_the_latest_and_then_the_highest_is_kept() -> None:
    old, new = result(date="2026-01-01", value=99), result(date="2026-02-01", value=80)
    assert read(new, old)[0] == read(old, new)[0] == [Score("acme/bench/german", 80, PAGE)]
    same = result(date="2026-02-01", value=81)
    assert read(same, new)[0] == read(new, same)[0] == [Score("acme/bench/german", 81, PAGE)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (result(dataset=None), "dataset"),
        (result(dataset={"id": "no slash"}), "dataset"),
        (result(dataset={"id": "bench"}), "dataset"),
        (result(value=None), "value"),
        (result(value="high"), "value"),
        (result(value=-1), "value"),
        (result(value=float("inf")), "value"),
    ],
)
def test_a_result_without_data_set_or_number_is_reported_and_left_out(
    given: dict[str, Any], field: str
) -> None:
    scores, irregular = read(given, result(dataset={"id": "acme/other", "task_id": "x"}))
    assert [score.dataset_id for score in scores] == ["acme/other/x"]
    assert any(name.endswith(f".{field}") for name, _ in irregular)


@pytest.mark.parametrize("given", [result(notes="with tools"), {"data": result(), "filename": "a.yaml"}])
def test_an_unknown_field_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(EvidenceUnreadable, match="parse does not know the field"):
        read(given)
