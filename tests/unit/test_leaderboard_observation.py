"""Which observation of a leaderboard a date takes, and that its files say what they must."""

from __future__ import annotations

from datetime import date

import orjson
import pytest

from builder.capture.description import InputFile, Origin
from builder.capture.leaderboards.observation import (
    Observation,
    choose_day,
    encode_facts,
    read_lines,
    read_observation,
    to_json,
)
from builder.errors import EvidenceUnreadable

MARCH, AUGUST, NOVEMBER = date(2026, 3, 26), date(2026, 8, 21), date(2026, 11, 27)
LINES, FACTS = encode_facts(
    [
        {"table": "b", "system": "x/y", "column": "c", "value": 1},
        {"table": "a", "system": "x/y", "column": "c", "value": 2},
    ]
)
OBSERVATION = Observation(
    "open-asr",
    AUGUST,
    Origin("acme/board", "d1e99b2"),
    "Apache-2.0",
    (InputFile("a.csv", "0" * 64, 9),),
    FACTS,
)


@pytest.mark.parametrize(
    ("days", "day", "chosen"),
    [
        ([], AUGUST, None),
        ([MARCH, AUGUST], AUGUST, AUGUST),
        ([AUGUST, MARCH], date(2026, 8, 20), MARCH),
        ([MARCH, AUGUST], NOVEMBER, AUGUST),
        ([AUGUST, MARCH], date(2025, 12, 7), MARCH),
    ],
    ids=["none", "of the day", "the newest before", "the newest of all", "none before: the earliest after"],
)
def test_a_date_takes_one_observation(days: list[date], day: date, chosen: date | None) -> None:
    assert choose_day(days, day) == chosen


def test_a_description_is_read_as_it_was_written() -> None:
    assert read_observation(to_json(OBSERVATION), "leaderboard.json") == OBSERVATION
    assert OBSERVATION.source_url == "https://github.com/acme/board/tree/d1e99b2"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"shape": 2}, "of another shape"),
        ({"observed_on": "August"}, "not the description of a leaderboard"),
        ({"observed_on": None}, "not the description of a leaderboard"),
        ({"origin": {"repository": "acme/board"}}, "not the description of a leaderboard"),
        ({"leaderboard": 7}, "not the description of a leaderboard"),
        ({"inputs": None}, "not the description of a leaderboard"),
    ],
)
def test_a_description_that_is_none_is_refused(change: dict[str, object], sentence: str) -> None:
    content = orjson.dumps({**orjson.loads(to_json(OBSERVATION)), **change})
    with pytest.raises(EvidenceUnreadable, match=f"leaderboard.json: {sentence}"):
        read_observation(content, "leaderboard.json")


def test_facts_are_ordered_and_read_back_with_their_places() -> None:
    read = list(read_lines(b"".join(LINES), FACTS, "facts.jsonl"))
    assert [(where, fact["table"]) for where, fact in read] == [
        ("facts.jsonl, line 1", "a"),
        ("facts.jsonl, line 2", "b"),
    ]


def test_other_bytes_are_refused() -> None:
    with pytest.raises(EvidenceUnreadable, match=r"facts\.jsonl: other bytes than were imported"):
        list(read_lines(LINES[0], FACTS, "facts.jsonl"))
    lines, described = encode_facts([])
    assert list(read_lines(b"".join(lines), described, "facts.jsonl")) == []
