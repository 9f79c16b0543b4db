"""The draw of rows to judge: by date alone, every form of repository, nothing of the answers."""

from __future__ import annotations

from collections import Counter

import pytest

from builder.errors import EvidenceUnreadable
from builder.evaluation.draw import Candidate, draw_rows, find_stratum, to_csv
from builder.evaluation.gold import COLUMNS, parse_gold

DATE = "2026-01-07"
FORMS = {"-GGUF": 20, "-awq": 4, "-ONNX": 3, "-lora": 1, "": 172}
CANDIDATES = [
    Candidate(f"owner/model{number}{form}", frozenset())
    for form, size in FORMS.items()
    for number in range(size)
]


@pytest.mark.parametrize(
    ("repo_id", "tags", "stratum"),
    [
        ("a/Echo-7B-GGUF", (), "gguf"),
        ("a/Echo-7B-i1-Q4_K_M", (), "gguf"),
        ("gguf/Echo-7B", (), "plain"),
        ("a/Echo-7B-4bit-bnb", (), "quantized"),
        ("a/Echo-7B-w4a16-gptq", (), "quantized"),
        ("a/Echo-7B-fp32", (), "plain"),
        ("a/Echo-ONNX", (), "ported"),
        ("a/Echo-LoRA", (), "trained_further"),
        ("a/Flora-7B", (), "plain"),
        ("a/Echo-7B", ("gguf",), "gguf"),
        ("a/Echo-7B", ("peft", "base_model:b/c"), "trained_further"),
        ("a/Echo-7B", ("base_model:b/c",), "declares_a_base"),
        ("Echo", (), "plain"),
    ],
)
def test_the_form_of_a_repository(repo_id: str, tags: tuple[str, ...], stratum: str) -> None:
    assert find_stratum(Candidate(repo_id, frozenset(tags))) == stratum


def test_the_same_date_draws_the_same_rows_whatever_their_order() -> None:
    drawn = draw_rows(DATE, CANDIDATES, 50)
    assert drawn == draw_rows(DATE, reversed(CANDIDATES), 50)
    assert len(set(drawn)) == 50


def test_another_date_draws_others() -> None:
    assert set(draw_rows(DATE, CANDIDATES, 50)) != set(draw_rows("2026-02-07", CANDIDATES, 50))


def test_every_form_has_its_share_and_at_least_one_row() -> None:
    drawn = set(draw_rows(DATE, CANDIDATES, 50))
    forms = Counter(find_stratum(candidate) for candidate in CANDIDATES if candidate.repo_id in drawn)
    assert forms == {"gguf": 5, "quantized": 1, "ported": 1, "trained_further": 1, "plain": 42}


def test_more_rows_than_there_are_draw_all() -> None:
    assert sorted(draw_rows(DATE, CANDIDATES, 500)) == sorted(candidate.repo_id for candidate in CANDIDATES)
    assert draw_rows(DATE, [], 50) == []


def test_the_drawn_file_has_to_be_judged_before_it_can_be_scored() -> None:
    text = to_csv(["a/b", "c/d"])
    assert text.splitlines() == [",".join(COLUMNS), "a/b,,,,,,,,,blind,", "c/d,,,,,,,,,blind,"]
    with pytest.raises(EvidenceUnreadable, match="line 2: confidence is empty"):
        parse_gold(text, "gold.csv")
    judged = text.replace(",blind", "low,blind")
    assert [row.repo_id for row in parse_gold(judged, "gold.csv")] == ["a/b", "c/d"]
