"""What the columns of the Open ASR Leaderboard measure, and which cells are numbers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from builder.errors import EvidenceUnreadable
from builder.parse.open_asr import TABLES, LeaderboardTable, parse_fact, read_cell
from schemas import vocabulary
from schemas.tables.evaluations import DATASET_ID

FACT = {"table": "en_shortform", "system": "acme/echo", "column": "AMI WER", "value": 9.5}
WHERE = ("https://example.org", "facts.jsonl, line 1")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_column_measures_something_that_the_table_can_hold(table: LeaderboardTable) -> None:
    places = [(measured.dataset_id, measured.metric) for measured in table.measured.values()]
    assert len(set(places)) == len(places)
    for measured in table.measured.values():
        assert re.fullmatch(DATASET_ID.pattern, measured.dataset_id)
        assert measured.metric in vocabulary.METRIC
        assert measured.unit in vocabulary.METRIC_UNIT
        assert measured.language is None or measured.language in vocabulary.LANGUAGE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8.13", 8.13),
        ("0", 0),
        ("105.2", 105.2),
        ("1e2", 100),
        ("", None),
        (" ", None),
        ("-1", None),
        ("-1.0", None),
    ],
)
def test_a_cell_is_a_number_or_says_that_nobody_measured(text: str, value: float | None) -> None:
    assert read_cell(text) == value


@pytest.mark.parametrize("text", ["-2", "nan", "inf", "n/a", "8,13", "0x1f", "8.13%"])
def test_a_cell_that_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        read_cell(text)


def test_a_fact_becomes_a_row() -> None:
    assert parse_fact(FACT, date(2026, 8, 21), *WHERE) == {
        "leaderboard": "open-asr",
        "listed_as": "acme/echo",
        "dataset_id": "hf-audio/open-asr-leaderboard/ami/test",
        "metric": "wer",
        "value": 9.5,
        "unit": "percent",
        "language": "en",
        "observed_at": datetime(2026, 8, 21, tzinfo=UTC),
        "source_url": "https://example.org",
    }


def test_languages_stand_in_a_column_of_their_own_and_means_have_none() -> None:
    german = {**FACT, "table": "multilingual", "column": "de_covost"}
    row = parse_fact(german, date(2026, 8, 21), *WHERE)
    assert (row["dataset_id"], row["language"]) == ("nithinraok/asr-leaderboard-datasets/mcv_de/test", "de")
    mean = parse_fact({**german, "column": "Avg"}, date(2026, 8, 21), *WHERE)
    assert mean["language"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"column": "Chime WER"},
        {"table": "en_midform"},
        {"table": None},
        {"value": "9.5"},
        {"value": True},
        {"system": 7},
        {"comment": "new"},
    ],
)
def test_what_is_no_fact_of_a_known_column_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(EvidenceUnreadable, match=r"facts\.jsonl, line 1: not a fact of a column"):
        parse_fact({**FACT, **change}, date(2026, 8, 21), *WHERE)
