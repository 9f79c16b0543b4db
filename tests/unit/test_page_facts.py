"""The facts of the page: what is kept of a row, and what becomes of the unknown."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from builder.page import facts
from builder.page.columns import to_columns, to_rows
from builder.page.facts import MINUTES, TABLES, collect_facts
from builder.paging import to_script

DAY = date(2026, 5, 31)
KNOWN = {"repo_id": "a/b", "unique_model_id": "a/b"}
MODEL = {**KNOWN, "model_type": None}
UNIQUE = {
    "unique_model_id": "a/b",
    "title": "b",
    "family_id": "a/b",
    "audio_language_model": "yes",
    "audio_max_s": None,
    "context_length": None,
    "language": None,
    "required_licenses": ["mit"],
    "required_gated": False,
    "downloads": 0,
}


def tables(**rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {name: [] for name in (*TABLES, "evaluations", "runtimes")} | {"unique_models": [UNIQUE]} | rows


def read(**rows: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Overview and details as the page reads them."""
    facts = collect_facts("2026-05-31", tables(**rows))
    assert len(facts.parts) == 1
    return facts.overview, {name: to_rows(table) for name, table in facts.parts[0].items()}


def test_an_unknown_value_is_absent_and_its_reason_is_there() -> None:
    model = {"snapshot_date": DAY, **MODEL, "downloads": 0, "context_length": None}
    gap = {"repo_id": "a/b", "column_name": "context_length", "reason": "not_published"}
    _, details = read(models=[model], gaps=[gap])
    assert details["repositories"] == [
        {**KNOWN, "downloads": 0, "gaps": {"context_length": "not_published"}},
    ]


def test_rows_are_in_order_of_their_keys_whatever_order_they_come_in() -> None:
    rows = [{**MODEL, "repo_id": name} for name in ("b/b", "a/b", "B/b")]
    first, second = (read(models=given) for given in (rows, list(reversed(rows))))
    assert first == second
    assert [row["repo_id"] for row in first[1]["repositories"]] == ["B/b", "a/b", "b/b"]


def test_times_and_lists_are_values_of_json() -> None:
    model = {**MODEL, "created_at": datetime(2026, 5, 1, tzinfo=UTC), "license": ["mit"]}
    (row,) = json.loads(json.dumps(read(models=[model])[1]))["repositories"]
    assert row["license"] == ["mit"]
    assert row["created_at"].startswith("2026-05-01T00:00:00")


def test_what_is_no_audio_language_model_is_not_offered() -> None:
    other = {**UNIQUE, "unique_model_id": "a/text", "audio_language_model": "no"}
    overview, details = read(unique_models=[UNIQUE, other], models=[MODEL, {**MODEL, "repo_id": "a/c"}])
    assert [row["unique_model_id"] for row in to_rows(overview["models"])] == ["a/b"]
    assert [row["unique_model_id"] for row in details["models"]] == ["a/b"]


def test_models_are_divided_into_parts_that_each_hold_whole_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "PART_CHARACTERS", 1)
    names = ["a/b", "a/c", "a/d"]
    given = tables(
        unique_models=[{**UNIQUE, "unique_model_id": name} for name in names],
        models=[{**MODEL, "repo_id": name, "unique_model_id": name} for name in names],
    )
    found = collect_facts("2026-05-31", given)
    places = {row["unique_model_id"]: row["part"] for row in to_rows(found.overview["models"])}
    assert places == {"a/b": 0, "a/c": 1, "a/d": 2}
    for name, place in places.items():
        assert [row["repo_id"] for row in to_rows(found.parts[place]["repositories"])] == [name]


RATE = {
    "repo_id": "a/b",
    "dataset_id": "sets/short/average",
    "source": "board",
    "metric": "wer",
    "value": 6.5,
    "language": "en",
    "reference": False,
    "source_url": "https://board.example",
    "observed_at": DAY,
}


def test_a_rate_stands_beside_the_speed_of_the_same_sets_and_the_memory_of_the_original() -> None:
    speeds = [
        {**RATE, "metric": "rtfx", "value": 80.0},
        {**RATE, "metric": "rtfx", "value": 9.0, "dataset_id": "sets/long/average"},
    ]
    form = {
        "repo_id": "a/b",
        "path_group": "*",
        "paths": None,
        "overhead_bytes": 1,
        "weights_bytes": 2,
        **dict.fromkeys(("kv_cache_bytes_3min", "kv_cache_bytes_30min", "kv_cache_bytes_60min")),
    }
    model = {**MODEL, "audio_tokens_per_s": None, "library_name": None}
    overview, _ = read(
        models=[model],
        variants=[
            {**form, "variant": "int4", "basis": "files", "min_memory_bytes": 4},
            {**form, "variant": "bf16", "basis": "estimate", "min_memory_bytes": 16},
        ],
        evaluations=[RATE, *speeds, {**RATE, "repo_id": "b/classic", "reference": True}],
    )
    ours, classic = to_rows(overview["measurements"])
    assert (ours["wer"], ours["rtfx"], ours["memory_bytes"], ours["variant"]) == (6.5, 80.0, 16, "bf16")
    assert ours["offered"] is True
    assert (classic["wer"], classic["reference"], classic["offered"]) == (6.5, True, False)
    assert not {"rtfx", "memory_bytes"} & set(classic)


def test_one_set_alone_is_in_the_panel_and_not_in_the_picture() -> None:
    overview, details = read(models=[MODEL], evaluations=[{**RATE, "dataset_id": "sets/short/test"}])
    assert to_rows(overview["measurements"]) == []
    assert [row["value"] for row in details["evaluations"]] == [6.5]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{}],
        [{"a": 1}, {"b": [1, 2]}, {"a": 1, "b": {"c": "d"}}],
        [{"language": ["de", "en"], "n": number % 3} for number in range(20)],
        [{"a": True}, {"a": 1}, {"a": 1.0}, {"a": "1"}],
    ],
)
def test_rows_come_back_out_of_columns(rows: list[dict[str, Any]]) -> None:
    written = json.loads(json.dumps(to_columns(rows)))
    assert json.dumps(to_rows(written)) == json.dumps(rows)


def test_values_that_repeat_stand_there_once() -> None:
    many = ["a long list of languages", "and one more of them"]
    table = to_columns([{"language": many} for _ in range(50)])
    assert json.dumps(table).count(many[0]) == 1


def test_the_lengths_offered_rise() -> None:
    assert list(MINUTES) == sorted(set(MINUTES))


@pytest.mark.parametrize(
    "text",
    ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "a\u2028b\u2029c", "&lt;", '"\\"', "\x00"],
)
def test_no_text_ends_the_script_that_it_stands_in(text: str) -> None:
    script = to_script({"title": text})
    assert json.loads(script) == {"title": text}
    assert not set("<>&\u2028\u2029\x00") & set(script)


def test_what_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_script(float("nan"))
