"""Holds dvc.yaml to snapshots/index.yaml, since DVC is silent where the two disagree.

An empty or misspelt `foreach` makes no stages, says "up to date" and exits 0.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from builder.index import Publication
from builder.publish.entry import publish_entry

ROOT = Path(__file__).resolve().parents[2]
INDEX = yaml.safe_load((ROOT / "snapshots" / "index.yaml").read_text())


def test_each_date_in_the_making_has_its_two_stages() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "dvc", "stage", "list", "--name-only"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert sorted(listed) == sorted(
        f"{stage}@{date}" for stage in ("build", "card") for date in INDEX["building"]
    )


@pytest.mark.parametrize("left", [[], ["2031-01-01"]], ids=["none", "one"])
def test_a_published_date_is_no_stage_any_more(tmp_path: Path, left: list[str]) -> None:
    """Whatever dvc.lock still says of it; with nothing left to build, DVC has nothing to say."""
    for name in ("dvc.yaml", "dvc.lock", ".dvc/config", "snapshots/none.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    date = next(iter({**INDEX["building"], **INDEX["published"]}))
    (tmp_path / "snapshots" / date).mkdir()
    text = "building:\n" + "".join(
        f'  "{building}":\n    previous: snapshots/none.json\n' for building in (date, *left)
    )
    entry = Publication("acme/data", "main", date, "a" * 40, "b" * 40, "c" * 64)
    index = publish_entry(f"{text}published: {{}}\n", date, entry)
    (tmp_path / "snapshots" / "index.yaml").write_text(index)

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "dvc", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    run("config", "core.no_scm", "true")
    listed = run("stage", "list", "--name-only").split()
    assert listed == [f"{stage}@{building}" for stage in ("build", "card") for building in left]
    if not left:
        assert run("status", "--json").strip() == "{}"
        assert "up to date" in run("repro", "--force")


def test_dates_are_quoted_and_stand_in_one_list_only() -> None:
    dates = [*INDEX["building"], *INDEX["published"]]
    assert dates
    assert all(
        isinstance(date, str) and re.fullmatch(r"\d{4}-\d\d-\d\d(\.[1-9]\d*)?", date) for date in dates
    )
    assert len(dates) == len(set(dates))


def test_each_date_in_the_making_has_evidence_and_an_earlier_date_to_compare_with() -> None:
    for date, entry in INDEX["building"].items():
        assert (ROOT / "snapshots" / date / "capture").is_dir(), date
        assert {"previous"} <= set(entry) <= {"previous", "reason"}, date
        previous = json.loads((ROOT / entry["previous"]).read_text())["snapshot_date"]
        assert previous is None or previous < date


def test_outputs_stay_in_git_and_survive_a_failing_run() -> None:
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    outs = [(name, out) for name, stage in stages.items() for out in stage["do"]["outs"]]
    assert outs
    assert [out for out in outs if list(out[1].values()) != [{"cache": False, "persist": True}]] == []


def test_a_date_is_built_after_the_one_that_it_is_compared_with(tmp_path: Path) -> None:
    (tmp_path / "snapshots").mkdir()
    for name in ("dvc.yaml", "params.yaml", "snapshots/none.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "snapshots" / "index.yaml").write_text(
        'building:\n  "2026-06-30":\n    previous: snapshots/2026-05-31/manifest.json\n'
        '  "2026-05-31":\n    previous: snapshots/none.json\npublished: {}\n'
    )

    def dvc(*arguments: str) -> str:
        command = [sys.executable, "-m", "dvc", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    dvc("init", "--no-scm", "--quiet")
    edges = {
        line.strip(" ;") for line in dvc("dag", "--dot", "build@2026-06-30").splitlines() if "->" in line
    }
    assert edges == {'"build@2026-05-31" -> "build@2026-06-30"'}


def test_a_reason_that_is_added_makes_its_date_stale() -> None:
    # It is published in manifest and card, and stands in a file that no other dependency covers.
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    assert stages["build"]["do"]["params"] == [{"snapshots/index.yaml": ["building"]}]
