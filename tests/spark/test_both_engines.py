"""Both engines make the same of the same evidence: every step, every table, every byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from builder import project, reading, stages
from builder.derivation import plan_build, run_steps
from builder.layout import Layout
from tests.integration.invented_hub import LATER, LISTING, files_below, leftovers, rewrite_evidence
from tests.spark.conftest import CURATED, ON_SPARK

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

    from builder.capture.evidence import JsonObject

pytestmark = pytest.mark.spark

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = "2025-12-07"


def contents(layout: Layout, date: str) -> dict[str, str]:
    tables = reading.read_manifest(layout, date)["tables"]
    return {name: facts["content_sha256"] for name, facts in tables.items()}


def rows(relation: pa.Table, columns: list[str]) -> list[dict[str, Any]]:
    """In one order for both engines; that each sorts alike is seen in the bytes of a date."""
    found: list[dict[str, Any]] = relation.select(columns).to_pylist()
    return sorted(found, key=lambda row: [str(row[column]) for column in columns])


def test_every_step_makes_the_same_relation(on_duckdb: Layout, session: SparkSession) -> None:
    plan = plan_build(on_duckdb, LISTING)
    differing = {}
    with run_steps(plan, on_duckdb) as duckdb, run_steps(plan, on_duckdb, ON_SPARK):
        for step in project.read_steps(on_duckdb.tables):
            theirs = session.table(step.relation)
            columns = theirs.columns
            left = rows(duckdb.table(step.relation, columns), columns)
            right = rows(theirs.toArrow(), columns)
            if left != right:
                pairs = zip(left, right, strict=False)
                differing[step.relation] = (
                    len(left),
                    len(right),
                    next((pair for pair in pairs if pair[0] != pair[1]), None),
                )
    assert differing == {}


def test_a_date_is_the_same_to_the_byte(on_duckdb: Layout, tmp_path: Path) -> None:
    """Compared with the date before, from five shards, in a folder whose name is not only letters."""

    def deal(records: list[JsonObject]) -> list[list[JsonObject]]:
        return [records[start::5] for start in range(5)]

    layout = Layout(tmp_path / "élsewhere, 100 % longer name")
    shutil.copytree(on_duckdb.root, layout.root)
    wanted = contents(layout, LATER), files_below(layout.data(LATER))
    shutil.rmtree(layout.data(LATER))
    rewrite_evidence(layout, LATER, deal)
    built = stages.build_snapshot(layout, LATER, ON_SPARK)
    assert (built.content, files_below(layout.data(LATER))) == wanted
    assert leftovers(layout) == []


def test_the_committed_evidence_gives_the_committed_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Layout, "curated", CURATED)
    wanted = json.loads((ROOT / "snapshots" / COMMITTED / "manifest.json").read_text())["tables"]
    layout = Layout(tmp_path / "project")
    for name in ("params.yaml", "dataset_card.md", "requirements.lock", "dvc.yaml", "snapshots/none.json",
                 "snapshots/index.yaml"):  # fmt: skip
        (layout.root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, layout.root / name)
    shutil.copytree(ROOT / "snapshots" / COMMITTED / "capture", layout.capture(COMMITTED))
    shutil.copytree(Layout(ROOT).leaderboards, layout.leaderboards)
    built = stages.build_snapshot(layout, COMMITTED, ON_SPARK)
    assert built.content == {name: facts["content_sha256"] for name, facts in wanted.items()}
