"""Many shards, many processes and large tables: the same rows, and one sentence where something breaks."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import datasets
import polars as pl
import pytest
from click.testing import CliRunner

from builder import reading, stages
from builder.cli import main
from builder.derivation import Means
from builder.layout import EvidenceFolder, Layout
from builder.snapshot import parquet
from tests.integration.invented_hub import (
    LISTING,
    build_date,
    describe_again,
    files_below,
    leftovers,
    rewrite_evidence,
)
from tests.shared import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import sys
from pathlib import Path
from builder.cli import main
from builder.layout import Layout
if __name__ == "__main__":
    Layout.curated = Path(sys.argv.pop(1))
    main()
"""

Records = list[dict[str, Any]]


def contents(layout: Layout) -> dict[str, str]:
    tables = reading.read_manifest(layout, LISTING)["tables"]
    return {name: facts["content_sha256"] for name, facts in tables.items()}


def in_three(records: Records) -> list[Records]:
    return [records[:5], records[5:12], records[12:]]


def build_apart(project: Layout, tmp_path: Path, *options: str) -> subprocess.Popen[str]:
    """`builder build` in a process of its own, which can start others and be killed."""
    script = tmp_path / "run.py"
    script.write_text(RUN)
    return subprocess.Popen(
        [sys.executable, script, Layout(Path()).curated, "build", LISTING, *options],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refused(process: subprocess.Popen[str], code: int, *words: str) -> None:
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code, errors
    assert (errors.count("\n"), errors.startswith("error: ")) == (1, True), errors
    assert [word for word in words if word not in errors] == [], errors


@contextmanager
def nothing_changes(project: Layout) -> Iterator[None]:
    before = files_below(project.root / "snapshots")
    yield
    assert files_below(project.root / "snapshots") == before
    assert leftovers(project) == []


@pytest.mark.slow
def test_shards_and_processes_do_not_matter(project: Layout, built: Layout, tmp_path: Path) -> None:
    rewrite_evidence(project, LISTING, in_three)
    process = build_apart(project, tmp_path, "--workers", "2", "--memory-limit", "300MB")
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, errors
    assert contents(project) == contents(built)


def test_records_and_times_in_another_order(project: Layout, built: Layout) -> None:
    def shuffle(records: Records) -> list[Records]:
        random.Random(3).shuffle(records)  # noqa: S311 - an order, not a secret
        return in_three(records)

    rewrite_evidence(project, LISTING, shuffle)
    evidence = EvidenceFolder(project.capture(LISTING))
    lines = evidence.observed.read_text().splitlines()
    random.Random(4).shuffle(lines)  # noqa: S311 - as above
    evidence.observed.write_text("".join(f"{line}\n" for line in lines))
    describe_again(evidence)
    stages.build_snapshot(project, LISTING, Means(workers=1))
    assert contents(project) == contents(built)


def break_line(evidence: EvidenceFolder) -> None:
    lines = evidence.records(1).read_bytes().splitlines(keepends=True)
    lines[3] = lines[3][: len(lines[3]) // 2] + b"\n"
    evidence.records(1).write_bytes(b"".join(lines))


def cut_off(evidence: EvidenceFolder) -> None:
    content = evidence.records(1).read_bytes()
    evidence.records(1).write_bytes(content[:-100] + b"\n")


BROKEN: dict[str, tuple[Callable[[EvidenceFolder], None], bool, str]] = {
    "a malformed line": (break_line, True, "records-00001.jsonl:4: the line is not JSON"),
    "a shard cut off, and described so": (cut_off, True, "records-00001.jsonl:7: the line is not JSON"),
    "a shard cut off": (cut_off, False, "records-00001.jsonl: the file breaks off after"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("change", "described", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_shard_is_named_with_its_line(
    project: Layout,
    tmp_path: Path,
    change: Callable[[EvidenceFolder], None],
    described: bool,  # noqa: FBT001 - a case of the table
    words: str,
) -> None:
    rewrite_evidence(project, LISTING, in_three)
    evidence = EvidenceFolder(project.capture(LISTING))
    whole = evidence.records(1).read_bytes()
    change(evidence)
    if described:
        describe_again(evidence)
    with nothing_changes(project):
        refused(build_apart(project, tmp_path, "--workers", "2"), 16, words, "; ")
    evidence.records(1).write_bytes(whole)
    describe_again(evidence)
    stages.build_snapshot(project, LISTING)


def kill_a_worker(parent: int) -> None:
    """Kill one of the two processes in which the build parses, once both are there."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        workers = [
            int(child)
            for children in Path(f"/proc/{parent}/task").glob("*/children")
            for child in children.read_text().split()
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
        ]
        if len(workers) > 1:
            os.kill(workers[0], signal.SIGKILL)
            return
        time.sleep(0.01)
    pytest.fail("the build started fewer than two processes")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the workers in /proc")
def test_a_killed_worker(project: Layout, built: Layout, tmp_path: Path) -> None:
    rewrite_evidence(project, LISTING, in_three)
    with nothing_changes(project):
        process = build_apart(project, tmp_path, "--workers", "2")
        kill_a_worker(process.pid)
        refused(process, 13, "a process that parsed records-0000", "was killed", "run the same command again")
    done = build_apart(project, tmp_path, "--workers", "2")
    _, errors = done.communicate(timeout=PATIENCE_S)
    assert done.returncode == 0, errors
    assert contents(project) == contents(built)


@pytest.mark.slow
def test_a_disk_that_fills_up_while_shards_are_parsed(project: Layout, tmp_path: Path) -> None:
    rewrite_evidence(project, LISTING, in_three)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with nothing_changes(project):
        # No file may grow beyond this, in the workers too: what a full disk looks like to one who writes.
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
        try:
            process = build_apart(project, tmp_path, "--workers", "2")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        refused(process, 13, f"snapshots/{LISTING}: File too large", "same command again")
    stages.build_snapshot(project, LISTING)


@pytest.mark.parametrize("size", ["12 apples", "0GB", "-1GB", "GB"])
def test_a_size_that_is_none(project: Layout, size: str) -> None:
    with nothing_changes(project):
        result = CliRunner().invoke(main, ["build", LISTING, "--memory-limit", size])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: --memory-limit ")
    assert "is no size; write a number with MB, GB, GiB or TB, such as 12GB" in result.stderr


def test_a_limit_that_is_too_low(project: Layout) -> None:
    with nothing_changes(project):
        result = CliRunner().invoke(main, ["build", LISTING, "--memory-limit", "2MB"])
    assert result.exit_code == 13
    assert result.stderr.startswith(
        "error: the tables need more memory at once than `--memory-limit` grants; "
    )
    assert result.stderr.count("\n") == 1


def write_many_files(patch: pytest.MonkeyPatch) -> None:
    """From here on, every table of more than one group of rows lies in several files."""
    patch.setattr(parquet, "MAX_FILE_BYTES", 1)
    patch.setattr(parquet, "ROWS_PER_GROUP", 20)


@pytest.fixture(scope="module")
def split_once(built: Layout, tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The date in several files per table; not to be changed."""
    layout = Layout(tmp_path_factory.mktemp("split") / "project")
    shutil.copytree(built.root, layout.root)
    with pytest.MonkeyPatch.context() as patch:
        write_many_files(patch)
        build_date(layout, LISTING)
    return layout


@pytest.fixture
def split(split_once: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A copy of it to change, with the working directory inside."""
    write_many_files(monkeypatch)
    layout = Layout(tmp_path / "split")
    shutil.copytree(split_once.root, layout.root)
    monkeypatch.chdir(layout.root)
    return layout


def test_a_large_table_lies_in_several_files(split: Layout, built: Layout, tmp_path: Path) -> None:
    files = [path.name for path in split.table_files(LISTING, "gaps")]
    assert files[:2] == ["gaps-00000.parquet", "gaps-00001.parquet"]
    whole = pl.read_parquet(built.table_files(LISTING, "gaps"))
    assert pl.read_parquet(split.table_files(LISTING, "gaps")).equals(whole)
    assert split.table_files(LISTING, "tasks") == [split.table(LISTING, "tasks")]
    loaded = datasets.load_dataset(
        str(split.snapshot(LISTING)), "gaps", split="train", cache_dir=str(tmp_path / "cache")
    )
    assert loaded.num_rows == whole.height


def test_what_reads_a_date_reads_all_its_files(split: Layout, tmp_path: Path) -> None:
    for command in (
        ["verify", LISTING],
        ["validate", LISTING],
        ["card", LISTING, "--check"],
        ["export", LISTING, "--format", "json", "--output", str(tmp_path / "out")],
    ):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    (exported,) = (tmp_path / "out").glob("gaps.*")
    rows = exported.read_text().splitlines()
    assert len(rows) == reading.read_manifest(split, LISTING)["tables"]["gaps"]["rows"]
    described = json.loads(split.croissant(LISTING).read_text())
    sets = [part for part in described["distribution"] if part["@type"] == "cr:FileSet"]
    assert "data/gaps-*.parquet" in [part["includes"] for part in sets]
    split.table_files(LISTING, "gaps")[1].unlink()
    assert CliRunner().invoke(main, ["validate", LISTING]).exit_code == 13
