"""What a capture decides without the network: audio or not, fields to ask for, calls, and refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builder.capture.crawl.audio import AudioSigns, find_audio_sign
from builder.capture.crawl.crawler import Crawled
from builder.capture.crawl.estimate import estimate_calls
from builder.capture.crawl.fetched import Fetched, Row
from builder.capture.crawl.lists import DETAIL_FIELDS, LIST_FIELDS, FieldChoice, Listed
from builder.capture.crawl.previous import Previous
from builder.capture.crawl.scopes import Scope, choose_scopes, read_scopes
from builder.capture.crawl.to_records import to_record
from builder.capture.crawl.verdict import Terms, find_problems
from builder.capture.evidence import JsonObject
from builder.capture.hub.client import Unanswered
from builder.capture.hub.request import Answer, Request
from builder.errors import UsageError

SIGNS = AudioSigns({"qwen2_audio"}, {"VoxtralForConditionalGeneration"}, {"automatic-speech-recognition"})
FULL = Scope("audio-text-to-text", {"pipeline_tag": "audio-text-to-text"}, "full", 151)
TYPE = Scope("voxtral", {"filter": "voxtral"}, "full", 0)
COUNT = Scope(
    "automatic-speech-recognition", {"pipeline_tag": "automatic-speech-recognition"}, "count", 27_000
)
DAY = "2026-01-07"
NOON = f"{DAY}T12:00:00Z"


@pytest.mark.parametrize(
    ("row", "config", "sign"),
    [
        ({}, None, None),
        ({"tags": ["any-to-any", "text"]}, {"vision_config": {}}, None),
        ({}, {"audio_config": {"d_model": 8}}, "config audio_config"),
        ({}, {"thinker_config": {"audio_config": {}}}, "config thinker_config.audio_config"),
        ({}, {"audio_config": None}, None),
        ({"config": {"model_type": "qwen2_audio"}}, None, "model type qwen2_audio"),
        ({}, {"model_type": "qwen2_audio"}, "model type qwen2_audio"),
        (
            {"config": {"architectures": ["VoxtralForConditionalGeneration"]}},
            None,
            "class VoxtralForConditionalGeneration",
        ),
        ({"tags": ["automatic-speech-recognition"]}, None, "tag automatic-speech-recognition"),
        ({"tags": "automatic-speech-recognition", "config": [1]}, {"model_type": 7}, None),
    ],
)
def test_which_models_show_a_sign_of_taking_audio(row: Any, config: Any, sign: str | None) -> None:  # noqa: ANN401 - JSON
    assert find_audio_sign(row, config, SIGNS) == sign


def refusal(names: str) -> Answer:
    return Answer(400, json.dumps({"error": names}).encode(), NOON)


def test_fields_that_the_hub_names_are_asked_for_and_the_others_are_missing() -> None:
    fields = FieldChoice(LIST_FIELDS)
    valid = [name for name in LIST_FIELDS if name not in {"evalResults", "baseModels"}]
    assert fields.narrow(refusal("expected one of " + "|".join(f'"{name}"' for name in valid)), LIST_FIELDS)
    assert fields.granted == tuple(valid)
    assert fields.missing == ("baseModels", "evalResults")


@pytest.mark.parametrize("wanted", [LIST_FIELDS, DETAIL_FIELDS])
def test_a_refusal_that_names_nothing_gives_up_what_is_not_needed(wanted: tuple[str, ...]) -> None:
    fields = FieldChoice(wanted)
    assert fields.narrow(refusal("bad request"), wanted)
    assert set(fields.granted) < set(wanted)
    assert "sha" in fields.granted
    assert not fields.narrow(refusal("bad request"), fields.granted)


PARAMS = {
    "scopes": {
        "tasks": {"audio-text-to-text": "full", "any-to-any": "audio"},
        "type_tags": ["voxtral"],
        "counted": ["automatic-speech-recognition"],
    },
    "expected_models": {"automatic-speech-recognition": 27_000},
}


def test_scopes_are_read_and_chosen_by_name() -> None:
    scopes = read_scopes(PARAMS)
    assert [(scope.name, scope.depth, scope.is_task) for scope in scopes] == [
        ("audio-text-to-text", "full", True),
        ("any-to-any", "audio", True),
        ("automatic-speech-recognition", "count", True),
        ("voxtral", "full", False),
    ]
    assert choose_scopes(scopes, ()) == scopes
    assert [scope.name for scope in choose_scopes(scopes, ("voxtral",))] == ["voxtral"]
    for names in (("nothing",), ("automatic-speech-recognition",)):
        with pytest.raises(UsageError):
            choose_scopes(scopes, names)


def test_the_calls_of_a_first_capture_are_stated_from_the_sizes_that_are_known() -> None:
    estimate = estimate_calls((FULL, COUNT), Previous())
    # Two passes of one page, 27 pages of a count, one call a model and for about 60 bases.
    assert estimate.api == 2 + 27 + 151 + 60


def crawled(**more: Any) -> Crawled:  # noqa: ANN401 - fields of a result
    found = Crawled(
        listed={FULL.name: Listed(FULL, rows={"acme/echo": {}}, counted_at=NOON)},
        members={"acme/echo": Fetched("acme/echo", times={"list": NOON})},
    )
    for name, value in more.items():
        setattr(found, name, value)
    return found


def kinds(found: Crawled, previous: Previous | None = None, reason: str | None = None) -> list[str]:
    problems = find_problems(found, (FULL,), previous or Previous(), Terms(DAY, 0.2, reason))
    return [problem.kind for problem in problems]


def test_a_complete_capture_has_no_problem() -> None:
    assert kinds(crawled()) == []


def test_what_got_no_answer_refuses_whatever_the_reason() -> None:
    missing = Unanswered(Request("/api/models/acme/echo", "api"), "it answered 500")
    assert kinds(crawled(unanswered=[missing]), reason="known") == ["unanswered"]


def test_a_list_that_was_not_read_and_an_empty_one_refuse() -> None:
    assert kinds(crawled(listed={})) == ["missing"]
    assert kinds(crawled(members={})) == ["missing"]


@pytest.mark.parametrize("time", ["2026-01-06T23:59:59Z", "2026-01-09T00:00:00Z"])
def test_answers_of_another_day_refuse(time: str) -> None:
    assert kinds(crawled(members={"acme/echo": Fetched("acme/echo", times={"list": time})})) == ["stale"]


def test_parts_that_were_reused_keep_times_of_their_own() -> None:
    kept = Fetched("acme/echo", times={"list": NOON, "detail": "2025-12-07T12:00:00Z"})
    assert kinds(crawled(members={"acme/echo": kept}, reused={"acme/echo"})) == []
    assert kinds(crawled(members={"acme/echo": kept})) == ["stale"]


def test_a_few_models_may_vanish_and_many_may_not() -> None:
    names = [f"acme/gone-{number}" for number in range(6)]
    assert kinds(crawled(vanished=set(names[:5]))) == []
    assert kinds(crawled(vanished=set(names))) == ["vanished"]


def test_a_list_that_shrank_refuses_unless_somebody_said_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Previous, "listed", lambda _self, _scope: 2)
    assert kinds(crawled()) == ["shrank"]
    assert kinds(crawled(), reason="an owner left") == []
    monkeypatch.setattr(Previous, "listed", lambda _self, _scope: 1)
    assert kinds(crawled()) == []


def test_a_member_is_read_again_for_another_commit_or_an_opened_gate() -> None:
    known = Fetched("acme/echo", {"files": {"sha": "a" * 40}}, absent={"config": "gated"})
    previous = Previous(members={"acme/echo": known})
    row: JsonObject = {"sha": "a" * 40, "gated": "auto"}
    assert previous.reusable("acme/echo", Row(row, NOON)) is known
    assert previous.reusable("acme/echo", Row(row | {"gated": False}, NOON)) is None
    assert previous.reusable("acme/echo", Row(row | {"sha": "b" * 40}, NOON)) is None
    assert previous.reusable("acme/other", Row(row, NOON)) is None


def test_a_count_below_zero_costs_its_field_and_nothing_else() -> None:
    counts: JsonObject = {"total": 4, "parameters": {"F32": -4}}
    row: JsonObject = {"id": "acme/echo", "likes": 3, "downloads": -1, "safetensors": counts}
    record, notes = to_record(Fetched("acme/echo", {"list": row}), "member")
    assert record.parts["list"] == {"id": "acme/echo", "likes": 3}
    assert {(note.field, note.reason) for note in notes} == {
        ("list.downloads", "a count below zero"),
        ("list.safetensors", "a count below zero"),
    }
    assert record.absent["detail"] == "not_captured"
