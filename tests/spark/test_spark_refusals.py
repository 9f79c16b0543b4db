"""What goes wrong on Spark ends as it does without: one sentence, an exit code, and nothing half-written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from builder import stages
from builder.engine.spark import refuse_lost_jobs, start_session
from builder.errors import BuilderError, EvidenceUnreadable, SnapshotRefused, UsageError
from tests.integration.invented_hub import EXPORT, LISTING, files_below, leftovers, rewrite_evidence
from tests.spark.conftest import MASTER, ON_SPARK, make_dates

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession

    from builder.capture.evidence import JsonObject
    from builder.derivation import Means
    from builder.layout import Layout

pytestmark = pytest.mark.spark


def refusal(layout: Layout, date: str, *means: Means) -> tuple[type, str]:
    before = files_below(layout.snapshot(date))
    with pytest.raises(BuilderError) as caught:
        stages.build_snapshot(layout, date, *means)
    assert files_below(layout.snapshot(date)) == before
    assert leftovers(layout) == []
    return caught.type, str(caught.value)


def test_a_record_that_parse_refuses_is_named_with_shard_and_line(tmp_path: Path, curated: Path) -> None:
    assert curated.is_dir()
    layout = make_dates(tmp_path / "project")

    def spoil(records: list[JsonObject]) -> list[list[JsonObject]]:
        records[5]["parts"] = {"export": {"unheard": 1}}
        return [records[:3], records[3:]]

    rewrite_evidence(layout, EXPORT, spoil)
    kind, message = refusal(layout, EXPORT, ON_SPARK)
    assert kind is EvidenceUnreadable
    assert "records-00001.jsonl, line 3: " in message
    assert refusal(layout, EXPORT) == (kind, message)


def test_a_value_that_breaks_its_declaration_is_named(tmp_path: Path, curated: Path) -> None:
    assert curated.is_dir()
    layout = make_dates(tmp_path / "project")

    def spoil(records: list[JsonObject]) -> list[list[JsonObject]]:
        records[5]["parts"]["list"]["downloads"] = -1  # type: ignore[index, call-overload] # of this shape
        return [records]

    rewrite_evidence(layout, LISTING, spoil)
    assert refusal(layout, LISTING, ON_SPARK) == refusal(layout, LISTING)


def test_a_worker_that_dies_is_a_refusal(session: SparkSession) -> None:
    told = r"Spark gave up on the steps: .* nothing was changed"
    with pytest.raises(SnapshotRefused, match=told), refuse_lost_jobs("the steps"):
        session.sparkContext.parallelize([9], 1).map(os._exit).collect()


def test_java_that_is_not_there_is_a_users_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="needs Java 17 or newer and finds none"):
        start_session(MASTER)
