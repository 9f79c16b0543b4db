"""What the benchmarks measure with is right itself: grown evidence builds, the peer agrees where it can."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from benchmarks.scale import floor, peer
from benchmarks.scale.grow import DATE, draw_models, grow, read_templates
from benchmarks.scale.report import PAGE, RESULTS, fit_exponent, render
from benchmarks.scale.watch import watch
from builder import stages
from builder.capture.reader import check_evidence
from builder.layout import Layout

MODELS = 300


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    layout = Layout(tmp_path_factory.mktemp("grown"))
    (layout.root / "snapshots").mkdir()
    grow(MODELS, layout.root)
    stages.build_snapshot(layout, DATE)
    return layout


def test_grown_evidence_is_evidence(grown: Layout) -> None:
    description = check_evidence(grown.capture(DATE))
    assert description.counts.records == MODELS
    assert stages.read_manifest(grown, DATE)["tables"]["models"]["rows"] == MODELS


def test_equal_arguments_grow_equal_bytes(grown: Layout, tmp_path: Path) -> None:
    (tmp_path / "snapshots").mkdir()
    again = grow(MODELS, tmp_path)
    for path in grown.capture(DATE).iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


def test_chains_are_long_and_some_lead_out_of_the_evidence(grown: Layout) -> None:
    models = draw_models(20_000, read_templates(Layout(Path()), "2025-12-07"), seed=1)
    assert max(model.depth for model in models) == 20
    bases = pl.read_parquet(grown.table(DATE, "lineage")).get_column("in_snapshot")
    assert set(bases) == {True, False}


def test_the_peer_finds_the_same_facts(grown: Layout) -> None:
    theirs = peer.resolve(peer.read(grown.capture(DATE))).set_index("repo_id")
    peer.check(theirs.reset_index())
    ours = pl.read_parquet(grown.table(DATE, "models"))
    assert len(theirs) == ours.height
    for row in ours.select(
        "repo_id", "downloads", "pipeline_tag", "language", "hub_total_parameters"
    ).to_dicts():
        other = theirs.loc[row["repo_id"]]
        assert other["downloads"] == row["downloads"]
        told = other["pipeline_tag"]
        assert (told if isinstance(told, str) else None) == row["pipeline_tag"]
    edges = pl.read_parquet(grown.table(DATE, "lineage")).filter(pl.col("resolved_base_model").is_not_null())
    followed = [row for row in edges.to_dicts() if row["in_snapshot"] and row["status"] == "followed"]
    assert followed
    assert [
        row for row in followed if theirs.loc[row["repo_id"]]["parent"] != row["resolved_base_model"]
    ] == []


def test_the_floor_reads_every_row(grown: Layout, tmp_path: Path) -> None:
    assert floor.convert(grown.capture(DATE), tmp_path / "floor.parquet") == MODELS


def test_memory_of_a_process_tree_is_seen(tmp_path: Path) -> None:
    child = "import time; block = bytearray(200_000_000); time.sleep(1.5)"
    parent = f"""
import subprocess, sys
print('begun', flush=True)
subprocess.run([sys.executable, '-c', {child!r}], check=True)
"""
    command = [sys.executable, "-c", parent]
    began = time.monotonic()
    run = watch(command, tmp_path)
    assert (run.status, [text for _, text in run.lines]) == (0, ["begun"])
    assert run.peak_bytes > 200_000_000
    assert run.wall_s <= time.monotonic() - began + 0.1


def test_growth_is_the_slope_of_logarithms() -> None:
    assert fit_exponent({100_000: 10.0, 1_000_000: 100.0, 10_000_000: 1000.0}) == 1.0
    assert fit_exponent({10_000: 1.0, 100_000: 10.0}) is None


def test_the_page_says_what_was_measured() -> None:
    assert PAGE.read_text() == render(json.loads(RESULTS.read_bytes()))
