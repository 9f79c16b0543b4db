"""The code on the card runs as printed, and three ways of asking give one answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
import yaml

from builder.card.questions import QUESTIONS, Question, choose_questions

ROOT = Path(__file__).resolve().parents[2]
INDEX = yaml.safe_load((ROOT / "snapshots" / "index.yaml").read_text())
DATE = max([*INDEX["building"], *INDEX["published"]])
FOLDER = ROOT / "snapshots" / DATE
REPOSITORY = "acme/audio-multimodal-models"


def run(code: str, cache: Path) -> Any:  # noqa: ANN401 - a frame of one of three libraries
    """What the code prints, with the local folder in the place of the repository."""
    local = code.replace(f"hf://datasets/{REPOSITORY}@{DATE}", str(FOLDER)).replace(
        f'"{REPOSITORY}"', repr(str(FOLDER))
    )
    local = local.replace('split="train"', f'split="train", cache_dir={str(cache)!r}')
    assert REPOSITORY not in local
    printed: list[Any] = []
    exec(local, {"print": printed.append})  # noqa: S102 - our own code, as a reader would run it
    (answer,) = printed
    return answer


def to_rows(answer: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as above
    """Rows in an order of their own; lists as sets, numbers to six digits."""
    if isinstance(answer, pd.Series):
        answer = answer.reset_index()
    if isinstance(answer, pd.DataFrame):
        answer = answer.reset_index() if answer.index.names != [None] else answer
        rows = [tuple(row) for row in answer.itertuples(index=False)]
    else:
        rows = answer.rows() if isinstance(answer, pl.DataFrame) else answer.fetchall()
    return sorted((tuple(map(plain, row)) for row in rows), key=repr)


def plain(value: Any) -> Any:  # noqa: ANN401 - as above
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return tuple(sorted(value))
    return f"{value:.6g}" if isinstance(value, float) else value


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_three_ways_of_asking_give_one_answer_with_rows(question: Question, tmp_path: Path) -> None:
    import datasets

    datasets.disable_progress_bars()
    answers = {way: to_rows(run(code, tmp_path)) for way, code in question.snippets(REPOSITORY, DATE)}
    assert answers["DuckDB"]
    assert answers["datasets"] == answers["DuckDB"] == answers["polars"]


def test_each_way_is_three_lines() -> None:
    for question in QUESTIONS:
        for _, code in question.snippets(REPOSITORY, DATE):
            assert len(code.splitlines()) == 3
            assert all(len(line) < 240 for line in code.splitlines())


def test_a_later_date_asks_what_changed_and_none_asks_an_empty_table() -> None:
    tables = frozenset(question.table for question in QUESTIONS)
    assert choose_questions(tables, is_first=True) == QUESTIONS[:6]
    assert choose_questions(tables, is_first=False) == (*QUESTIONS[:5], QUESTIONS[6])
    asked = choose_questions(frozenset({"tasks", "changes"}), is_first=True)
    assert [question.table for question in asked] == ["tasks"]


def test_the_card_asks_six_questions_in_three_ways_each() -> None:
    card = (FOLDER / "README.md").read_text()
    section = card.partition("## Questions it answers")[2].partition("\n## ")[0]
    assert len(re.findall(r"(?m)^### ", section)) == 6
    assert len(re.findall(r"(?m)^```python$", section)) == 18
