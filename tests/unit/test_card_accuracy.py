"""The card's account of accuracy: every figure, how rows were judged, and every error, escaped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.card.accuracy import WORDS, Share, read_accuracy
from builder.card.facts import CardFacts, collect_facts
from builder.card.phrasing import (
    write_answer,
    write_interval,
    write_share,
    write_share_percent,
    write_share_rows,
)
from builder.card.render import render_card
from builder.errors import SnapshotRefused
from builder.evaluation.score import COLUMNS
from tests.unit.accuracy_fixture import to_accuracy
from tests.unit.card_fixture import PARAMS, tiny_rows, to_frames, to_manifest

TEMPLATE = (Path(__file__).parents[2] / "dataset_card.md").read_text(encoding="utf-8")


def to_facts(accuracy: dict[str, Any] | None) -> CardFacts:
    frames = to_frames(tiny_rows())
    return collect_facts(frames, {**to_manifest(frames), "accuracy": accuracy}, PARAMS)


def to_card(accuracy: dict[str, Any] | None) -> str:
    return render_card(TEMPLATE, to_facts(accuracy))


def section(card: str) -> str:
    return card.partition("## How often it is right\n")[2].partition("\n## ")[0]


def test_every_scored_column_has_words() -> None:
    assert list(WORDS) == list(COLUMNS)


def test_the_manifest_is_read_whole() -> None:
    accuracy = read_accuracy(to_accuracy())
    assert accuracy is not None
    assert (accuracy.judged, accuracy.scored, accuracy.blind, accuracy.handed) == (6, 5, 4, 2)
    kind = next(line for line in accuracy.lines if line.column == "kind")
    assert (kind.right.value, kind.right.rows) == (0.8, 5)
    assert [share.rows for share in kind.by_confidence] == [5, 0, 0]
    assert [share.value for share in kind.baselines] == [0.2, 0.2]
    assert len(accuracy.errors) == 3
    assert read_accuracy(None) is None


def test_a_manifest_of_another_version_is_refused() -> None:
    old = to_accuracy()
    del old["blind_without_corrections"]
    with pytest.raises(SnapshotRefused, match=r"blind_without_corrections.*build the date again"):
        read_accuracy(old)
    with pytest.raises(SnapshotRefused, match="build the date again"):
        read_accuracy({**to_accuracy(), "scores": {"kind": None}})


def test_a_manifest_read_back_makes_the_same_card() -> None:
    accuracy = to_accuracy()
    assert to_card(json.loads(json.dumps(accuracy))) == to_card(accuracy)


def test_each_figure_stands_with_interval_rows_and_baselines() -> None:
    text = section(to_card(to_accuracy()))
    assert (
        "| kind | 0.800 | 0.376 – 0.964 | 5 | 0.800 (0.376 – 0.964) | 0.667 (3) | 0.200 | 0.200 |\n" in text
    )
    assert "| kind | 0.800 (5) | – | – |\n" in text
    assert "| parameters in the repository | – | – | 0 | – (–) | – | – | – |\n" in text


def test_how_rows_were_judged_is_said() -> None:
    text = section(to_card(to_accuracy()))
    assert "2 rows were handed over with the project, and the rules were written with these in view" in text
    assert "4 rows were judged blind, from public facts, before anybody looked at the rules’ answers" in text
    assert "(confidence low) a row is not scored: 5 are" in text
    assert "Curated corrections decide" not in text
    corrected = section(to_card(to_accuracy() | {"corrected_blind": 2}))
    assert "Curated corrections decide 2 rows of those judged blind" in corrected
    assert "made after judged rows had been compared with the answers" in corrected
    alone = section(to_card(to_accuracy() | {"judged_blind": 6}))
    assert "handed over" not in alone


def test_the_first_screen_gives_the_figures_without_corrections() -> None:
    accuracy = to_accuracy()
    accuracy["without_corrections"]["kind"] = {"rows": 5, "value": 0.6, "low": 0.231, "high": 0.882}
    first = to_card(accuracy).partition("## Families")[0]
    assert (
        "Measured on 5 judged rows, the rules alone are right about the distinct model in 100 % (51 – 100)"
        in first
    )
    assert "the kind in 60 % (23 – 88), the parameters to load in 50 % (15 – 85)" in first
    assert "(#how-often-it-is-right)" in first


def test_a_date_that_nobody_judged_says_so_and_has_no_section() -> None:
    card = to_card(None)
    assert "## How often it is right" not in card
    assert "(#how-often-it-is-right)" not in card
    assert "How often they are right is not measured on this date." in card.partition("## Families")[0]
    assert "is not measured on this date; the confidence levels" in card
    assert "not measured" not in to_card(to_accuracy())


def test_no_error_is_said_too() -> None:
    assert "No answer on a scored row is wrong." in section(to_card(to_accuracy() | {"errors": []}))


def test_errors_are_listed_with_link_and_counts() -> None:
    text = section(to_card(to_accuracy()))
    assert "<summary>3 wrong answers</summary>" in text
    assert (
        "| [mirror/gamma-3b](https://huggingface.co/mirror/gamma-3b) | `runtime_parameters` "
        "| 4,000,000,000 | 3,000,000,000 | medium |\n"
    ) in text
    assert "| 244,000,000 | not known | – |\n" in text


@pytest.mark.parametrize(
    "hostile", ["a|b", "[x](javascript:y)", "<script>", "`x`\n## y", "{{ facts }}", "\u202ex"]
)
def test_errors_of_hostile_names_are_escaped(hostile: str) -> None:
    error = dict.fromkeys(("repo_id", "column", "judged", "answer", "confidence"), hostile)
    text = section(to_card(to_accuracy() | {"errors": [error]}))
    row = text.partition("|---|---|---|---|---|\n")[2].partition("\n")[0]
    assert hostile not in text
    assert row.count("|") == 6
    assert "](javascript" not in row


SHARE = Share(rows=20, value=0.95, low=0.764, high=0.9911)


def test_a_share_in_numbers() -> None:
    assert write_share(SHARE) == "0.950"
    assert write_interval(SHARE) == "0.764 – 0.991"
    assert write_share_rows(SHARE) == "0.950 (20)"
    assert write_share_percent(SHARE) == "95 % (76 – 99)"


def test_a_share_is_none_or_all_only_where_that_is_exact() -> None:
    nearly = replace(SHARE, value=0.9999, low=0.0001, high=1.0)
    assert (write_share(nearly), write_interval(nearly)) == ("0.999", "0.001 – 1.000")
    assert write_share_percent(nearly) == "99 % (1 – 100)"
    assert write_share(replace(SHARE, value=1.0)) == "1.000"


def test_a_share_of_no_rows_is_a_dash() -> None:
    nothing = Share(0, 0.0, 0.0, 1.0)
    assert {write_share(nothing), write_interval(nothing), write_share_rows(nothing)} == {"–"}


def test_an_answer_is_a_count_a_word_or_not_known() -> None:
    assert write_answer("5574460384") == "5,574,460,384"
    assert write_answer("acme/Echo-7B") == "acme/Echo-7B"
    assert write_answer(None) == "not known"
    assert write_answer("\N{SUPERSCRIPT TWO}") == "\N{SUPERSCRIPT TWO}"
