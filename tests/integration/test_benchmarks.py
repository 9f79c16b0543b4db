"""What the benchmarks measure with is right itself: grown evidence builds, the peer agrees where it can."""

from __future__ import annotations

import gzip
import json
import sys
import time
from pathlib import Path

import orjson
import polars as pl
import pytest
from click.testing import CliRunner

from benchmarks.scale import __main__ as scale_main
from benchmarks.scale import floor, grow, measure, peer, shapes
from benchmarks.scale.grow import DATE, Growth
from benchmarks.scale.plan import BLOCK, CIRCLE_AT, DEPTH, Plan
from benchmarks.scale.report import PAGE, RESULTS, fit_exponent, render
from benchmarks.scale.watch import Look, Watched, watch
from builder import reading, stages
from builder.capture.evidence import is_repo_id
from builder.capture.fields import filter_part
from builder.capture.reader import check_evidence, read_evidence
from builder.layout import Layout

MODELS = 300
MANY = 20_000


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    layout = Layout(tmp_path_factory.mktemp("grown"))
    grow.grow(MODELS, layout.root)
    stages.build_snapshot(layout, DATE)
    return layout


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Growth(MANY).plan()


def test_grown_evidence_is_evidence(grown: Layout) -> None:
    description = check_evidence(grown.capture(DATE))
    assert description.counts.records == MODELS
    assert reading.read_manifest(grown, DATE)["tables"]["models"]["rows"] == MODELS


def test_a_capture_would_keep_a_grown_row_as_it_is(grown: Layout) -> None:
    for _, _, record in read_evidence(grown.capture(DATE)):
        row = dict(record.parts["list"])
        assert filter_part("list", row) == (row, [])


def test_equal_arguments_grow_equal_bytes_in_however_many_processes(
    grown: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = grow.grow(MODELS, tmp_path / "again")
    for path in grown.capture(DATE).iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()
    monkeypatch.setattr(grow, "RECORDS_PER_SHARD", 100)
    split = grow.grow(MODELS, tmp_path / "split", processes=2)
    assert check_evidence(split).counts.records == MODELS
    shards = [split / f"records-{number:05d}.jsonl" for number in range(3)]
    assert b"".join(shard.read_bytes() for shard in shards) == (again / "records-00000.jsonl").read_bytes()
    assert (split / "observed.jsonl").read_bytes() == (again / "observed.jsonl").read_bytes()


def test_another_seed_grows_other_models(grown: Layout, tmp_path: Path) -> None:
    other = grow.grow(MODELS, tmp_path, seed=2)
    assert check_evidence(other).capture_id != check_evidence(grown.capture(DATE)).capture_id


def test_lines_are_as_long_as_those_of_the_counted_rows(grown: Layout) -> None:
    size = (grown.capture(DATE) / "records-00000.jsonl").stat().st_size / MODELS
    # Four fields more, which a capture of today asks for and the counted rows lack, take some 130 bytes.
    assert size == pytest.approx(shapes.read_shapes(1).bytes_per_line + 130, rel=0.1)


def test_chains_end_at_the_depth_that_is_stated(plan: Plan) -> None:
    steps = [plan.model(number).steps for number in range(MANY)]
    assert max(steps) == DEPTH
    chain = range(BLOCK, BLOCK + DEPTH + 1)
    assert [plan.model(number).steps for number in chain] == list(range(DEPTH + 1))
    for number in chain[1:]:
        assert plan.model(number).bases[0] == number - 1


def test_circles_lead_back(plan: Plan) -> None:
    for block, length in ((3, 1), (4, 2), (5, 3)):
        first = number = block * BLOCK + CIRCLE_AT
        for _ in range(length):
            assert plan.model(number).circle
            number = plan.model(number).bases[0]
        assert number == first


def test_bases_are_right_spelt_in_other_letters_or_gone(plan: Plan) -> None:
    edges = [(number, base) for number in range(MANY) for base in plan.model(number).bases]
    spelt = [(plan.spell_base(*edge), plan.repo_id(edge[1])) for edge in edges]
    assert all(is_repo_id(text) for pair in spelt for text in pair)
    gone = sum(text == f"{right}-gone" for text, right in spelt)
    other = sum(text != right and text.lower() == right.lower() for text, right in spelt)
    right = sum(text == right for text, right in spelt)
    assert gone + other + right == len(edges)
    assert 0.03 < gone / len(edges) < 0.06
    assert 0.003 < other / len(edges) < 0.015


def test_no_two_models_have_one_id(plan: Plan) -> None:
    assert len({plan.repo_id(number).lower() for number in range(MANY)}) == MANY


def test_what_is_hard_to_build_is_there(grown: Layout) -> None:
    models = pl.read_parquet(grown.table(DATE, "models"))
    assert {"original", "finetune", "adapter", "merge", "quantized"} <= set(models["kind"])
    assert {"yes", "no"} <= set(models["audio_language_model"])
    assert "packed_elements" in set(models["hub_total_disagreement"])
    lineage = pl.read_parquet(grown.table(DATE, "lineage"))
    assert {"backbone", "encoder"} <= set(lineage["relation"])
    assert {"followed", "cut_self"} <= set(lineage["status"])
    assert set(lineage["in_snapshot"]) == {True, False}


def test_rows_are_counted_without_what_few_of_them_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {
        "id": "a/b",
        "author": "a",
        "library_name": "peft",
        "pipeline_tag": None,
        "safetensors": None,
        "downloads": 5,
        "downloadsAllTime": 50,
        "likes": 1,
        "tags": ["often", "peft", "license:mit"],
        "cardData": {"license": "mit", "language": ["en", "en"]},
    }
    odd = {**row, "tags": ["once"], "cardData": None, "safetensors": {"parameters": {"F16": 9}, "total": 9}}
    listing, table = tmp_path / "list.jsonl.gz", tmp_path / "shapes.json"
    with gzip.open(listing, "wb") as stream:
        stream.writelines(orjson.dumps(line) + b"\n" for line in (*[row] * 5, odd))
    monkeypatch.setattr(shapes, "SHAPES", table)
    result = CliRunner().invoke(shapes.main, [str(listing), "--origin", "a test"], catch_exceptions=False)
    assert result.exit_code == 0
    counted = json.loads(table.read_bytes())
    assert (counted["rows"], counted["tags"], counted["licenses"]) == (6, {"often": 5}, {"mit": 5})
    assert (counted["rare_tags_per_row"], counted["cards_that_repeat"]) == (0.17, 0.833)
    assert counted["common_tags_per_row"] == {"0": 1, "1": 5}
    drawn = shapes.read_shapes(1)
    assert {drawn.number("downloads", share / 10) for share in range(10)} == {5}
    assert drawn.dtypes.at(0.5) == "F16"
    assert set(drawn.tag_sets) == {("often",), ()}


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
    edges = pl.read_parquet(grown.table(DATE, "lineage")).filter(
        pl.col("in_snapshot"), status="followed", relation="quantized"
    )
    assert edges.height > MODELS / 20
    # Of what is a copy of a copy, the peer climbs as the build does.
    ours = ours.filter(pl.col("unique_model_id").is_in(ours["repo_id"].implode()))
    uniques = dict(ours.select("repo_id", "unique_model_id").iter_rows())
    for row in edges.to_dicts():
        other = theirs.loc[row["repo_id"]]
        assert other["parent"] == row["resolved_base_model"]
        assert other["unique_model"] == uniques[row["repo_id"]]


def test_the_peer_adds_up_what_it_read(grown: Layout, tmp_path: Path) -> None:
    peer.main(grown.capture(DATE), tmp_path)
    models = pl.read_parquet(grown.table(DATE, "models"))
    for table in ("unique_models", "families"):
        sums = pl.read_parquet(tmp_path / f"{table}.parquet")
        assert sums["repositories"].sum() == MODELS
        assert sums["downloads"].sum() == models["downloads"].sum()


def test_the_peer_climbs_out_of_circles() -> None:
    parent = {"a/3": "a/2", "a/2": "a/1", "a/1": "a/2", "a/own": "a/own", "a/top": None, "a/low": "a/top"}
    roots = {repo_id: peer.climb(repo_id, parent) for repo_id in parent}
    assert roots["a/3"] == roots["a/2"] == roots["a/1"] == "a/1"
    assert (roots["a/own"], roots["a/low"]) == ("a/own", "a/top")


def test_the_floor_reads_every_row(grown: Layout, tmp_path: Path) -> None:
    assert floor.convert(grown.capture(DATE), tmp_path / "floor.parquet") == MODELS


def test_time_and_memory_of_a_process_tree_are_seen(tmp_path: Path) -> None:
    child = "import time; block = bytearray(200_000_000); sum(range(10**7)); time.sleep(1.5)"
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
    assert run.others_cpu_s >= 0
    # The child's processor time is seen while it runs, and not twice.
    assert 0 < max(look.cpu_s for look in run.looks) <= run.cpu_s + 0.1


def test_a_program_that_fails_ends_the_measurement(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"(?s)ended with 13:\nerror: 2020-01-01"):
        measure.measure_build(grow.prepare_project(tmp_path, DATE).root, "2020-01-01")


def test_what_a_stage_took_is_between_its_first_line_and_the_next() -> None:
    looks = (Look(0.5, 0.4, 10), Look(1.5, 1.2, 30), Look(2.5, 3.2, 20), Look(3.5, 3.9, 5))
    lines = ((1.0, "parsing evidence"), (1.4, "parsing evidence: 5 of 9"), (2.0, "running step 1 of 2: a"))
    split = measure.split_stages(Watched(4.0, 4.5, 0.0, looks, lines, 0))
    assert split == {
        "start and evidence check": {"wall_s": 1.0, "cpu_s": 0.4, "peak_bytes": 10},
        "parse": {"wall_s": 1.0, "cpu_s": 0.8, "peak_bytes": 30},
        "steps and tables": {"wall_s": 2.0, "cpu_s": 3.3, "peak_bytes": 20},
    }


@pytest.mark.slow
def test_a_small_measurement_makes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results, page = tmp_path / "results.json", tmp_path / "page.md"
    monkeypatch.setattr(scale_main, "RESULTS", results)
    run = CliRunner().invoke(scale_main.main, ["--size", "20"], catch_exceptions=False)
    assert run.exit_code == 0
    found = json.loads(results.read_bytes())
    assert set(found["sizes"]["20"]) == {"evidence_bytes", "floor", "peer", "build"}
    assert set(found["sizes"]["20"]["build"]["stages"]) == {measure.FIRST, *measure.STAGES.values()}
    assert found["committed"]["models"] == 151
    page.write_text(render(found))
    assert "| 20 |" in page.read_text()


def test_runs_merge_by_size_unless_the_machine_is_another() -> None:
    first = scale_main.merge({"notes": ["Seen."]}, {"processors": 2}, {"sizes": {"100": 1, "20": 2}})
    second = scale_main.merge(first, {"processors": 2}, {"committed": 3, "sizes": {"100": 4}})
    assert second == {
        "machine": {"processors": 2},
        "committed": 3,
        "sizes": {"20": 2, "100": 4},
        "notes": ["Seen."],
    }
    other = scale_main.merge(second, {"processors": 8}, {"sizes": {"20": 5}})
    assert (other["sizes"], other["committed"]) == ({"20": 5}, None)


def test_growth_is_the_slope_of_logarithms() -> None:
    assert fit_exponent({100_000: 10.0, 1_000_000: 100.0, 10_000_000: 1000.0}) == 1.0
    assert fit_exponent({10_000: 1.0, 100_000: 10.0}) is None


def test_the_page_says_what_was_measured() -> None:
    assert PAGE.read_text() == render(json.loads(RESULTS.read_bytes()))
