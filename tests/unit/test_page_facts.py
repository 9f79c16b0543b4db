"""The facts of the page: what is kept of a row, and what becomes of the unknown."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from builder.page.facts import MINUTES, TABLES, collect_facts
from builder.paging import to_script

DAY = date(2026, 5, 31)
KNOWN = {"repo_id": "a/b", "unique_model_id": "a/b"}
MODEL = {**KNOWN, "model_type": None}


def tables(**rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {name: [] for name in (*TABLES, "evaluations", "runtimes")} | rows


def test_an_unknown_value_is_absent_and_its_reason_is_there() -> None:
    model = {"snapshot_date": DAY, **MODEL, "downloads": 0, "context_length": None}
    gap = {"repo_id": "a/b", "column_name": "context_length", "reason": "not_published"}
    facts = collect_facts("2026-05-31", tables(models=[model], gaps=[gap]))
    assert facts["models"] == [
        {**KNOWN, "downloads": 0, "gaps": {"context_length": "not_published"}},
    ]


def test_rows_are_in_order_of_their_keys_whatever_order_they_come_in() -> None:
    rows = [{**MODEL, "repo_id": name} for name in ("b/b", "a/b", "B/b")]
    first, second = (
        collect_facts("2026-05-31", tables(models=given)) for given in (rows, list(reversed(rows)))
    )
    assert first == second
    assert [row["repo_id"] for row in first["models"]] == ["B/b", "a/b", "b/b"]


def test_times_and_lists_are_values_of_json() -> None:
    model = {**MODEL, "created_at": datetime(2026, 5, 1, tzinfo=UTC), "license": ["mit"]}
    facts = collect_facts("2026-05-31", tables(models=[model]))
    assert json.loads(json.dumps(facts))["models"][0]["license"] == ["mit"]
    assert facts["models"][0]["created_at"].startswith("2026-05-01T00:00:00")


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
