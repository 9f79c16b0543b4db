"""Times of reading are found wherever they stand, and rows keep their values as columns."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from builder.errors import EvidenceUnreadable
from builder.relations import observed
from builder.relations.columns import to_columns
from builder.relations.observed import Observed, sort_observed
from builder.relations.spread import spread_names, spread_values
from schemas.parsed import LISTED
from schemas.relations import DEPARTED, RECORD_LIST, RECORD_VALUE, TASK_COUNT
from schemas.to_arrow import to_arrow_schema

START = datetime(2026, 5, 31, tzinfo=UTC)
IDS = sorted(f"owner-{number}/model" for number in range(400))


def write(path: Path, ids: list[str]) -> Path:
    lines = []
    for repo_id in ids:
        minutes = int(repo_id.partition("-")[2].partition("/")[0])
        for later in (0, 1):
            moment = (START + timedelta(minutes=minutes, hours=later)).isoformat()
            lines.append({"repo_id": repo_id, "part": "list", "observed_at": moment, "not_after": None})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def latest(repo_id: str) -> datetime:
    return START + timedelta(minutes=int(repo_id.partition("-")[2].partition("/")[0]), hours=1)


@pytest.mark.parametrize("step", [1, 37, 399])
def test_the_latest_time_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    # So small that a search has to halve the file many times.
    monkeypatch.setattr(observed, "_LINE", 200)
    with Observed(sort_observed(write(tmp_path / "observed.jsonl", IDS), tmp_path)) as times:
        for repo_id in IDS[::step]:
            assert times.latest(repo_id) == latest(repo_id)
        for repo_id in reversed(IDS[::step]):
            assert times.latest(repo_id) == latest(repo_id)
        assert times.latest("owner-1/models") is None
        assert times.latest("aaa") is None
        assert times.latest("zzz") is None


def test_lines_in_another_order_are_sorted_aside(tmp_path: Path) -> None:
    shuffled = random.Random(1).sample(IDS, len(IDS))  # noqa: S311 - an order, not a secret
    path = write(tmp_path / "observed.jsonl", shuffled)
    before = path.read_bytes()
    work = tmp_path / "work"
    work.mkdir()
    assert sort_observed(path, work) == work / "observed.jsonl"
    assert path.read_bytes() == before
    with Observed(work / "observed.jsonl") as times:
        assert [times.latest(repo_id) for repo_id in IDS] == [latest(repo_id) for repo_id in IDS]


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"repo_id": 1, "observed_at": "2026-05-31T00:00:00Z"}', '{"repo_id": "a"}']
)
def test_a_line_of_another_shape_is_named(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "observed.jsonl", IDS[:3])
    path.write_text(f"{path.read_text()}{line}\n")
    with pytest.raises(EvidenceUnreadable, match=r"observed\.jsonl, line 7: not a line of its shape"):
        sort_observed(path, tmp_path)


def test_rows_become_columns_with_their_values() -> None:
    moment = datetime(2026, 5, 31, 12, 30, 1, 123_000, tzinfo=UTC)
    row = {"pipeline_tag": "x", "model_count": 3, "exact": True, "counted_at": moment, "source": "y"}
    assert to_columns(TASK_COUNT, [row, row]).to_pylist() == [row, row]


def test_what_a_row_does_not_have_is_null() -> None:
    rows = [
        {"repo_id": "a/b", "reason": "retagged"},
        {"repo_id": "a/c", "reason": "renamed", "renamed_to": "d/e"},
    ]
    columns = to_columns(DEPARTED, rows)
    assert columns.column("renamed_to").to_pylist() == [None, "d/e"]
    assert to_columns(DEPARTED, []).equals(to_arrow_schema(DEPARTED).empty_table())
    assert isinstance(columns, pa.Table)


def test_names_of_a_batch_are_spread_once_per_record_that_mentions_them() -> None:
    records = [{"repo_id": "acme/echo-GGUF"}, {"repo_id": "acme/echo"}]
    bases = [
        {"repo_id": "acme/echo-GGUF", "base_id": base} for base in ("acme/echo", "acme/echo", None, "gpt2")
    ]
    rows = spread_names(records, bases).to_pylist()
    assert [(row["repo_id"], row["seen_in"]) for row in rows] == [
        ("acme/echo-GGUF", "acme/echo-GGUF"),
        ("acme/echo", "acme/echo"),
        ("acme/echo", "acme/echo-GGUF"),
        ("gpt2", "acme/echo-GGUF"),
    ]
    assert rows[0]["quantization"] == "gguf"
    assert rows[3]["owner"] is None


def test_elements_of_lists_are_spread_beside_their_column() -> None:
    empty = dict.fromkeys(LISTED)
    lists = [
        {**empty, "repo_id": "acme/echo", "tags": ["a", "b"], "license": ["mit"]},
        {**empty, "repo_id": "acme/none"},
        {**empty, "repo_id": "acme/other", "tags": ["a"]},
    ]
    spread = spread_values(to_columns(RECORD_LIST, lists))
    assert spread.schema == to_arrow_schema(RECORD_VALUE)
    assert sorted(tuple(row.values()) for row in spread.to_pylist()) == [
        ("acme/echo", "license", "mit"),
        ("acme/echo", "tags", "a"),
        ("acme/echo", "tags", "b"),
        ("acme/other", "tags", "a"),
    ]
