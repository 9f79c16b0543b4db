"""What was published loads with `datasets` at every revision, streaming and not, as card and files say."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import datasets
import pyarrow.parquet as pq
import pytest
import yaml

from tests.e2e.publishing.project import CORRECTED, NEW, OLD, REPOSITORY, World, environment

LOAD = """
import json, sys
import yaml

# Each load reads the whole card; reading it in C takes a tenth of the time.
yaml.SafeLoader = yaml.CSafeLoader
import datasets

datasets.disable_progress_bars()
repository, *revisions = sys.argv[1:]
for revision in revisions:
    whole = revision[:4] in ("main", "2026")
    names = datasets.get_dataset_config_names(repository, revision=revision) if whole else ["families"]
    for config in names:
        for streaming in (False, True):
            rows = datasets.load_dataset(
                repository, config, revision=revision, split="train", streaming=streaming
            )
            first = next(iter(rows))
            count = sum(1 for _ in rows) if streaming else rows.num_rows
            print(json.dumps([revision, config, streaming, count, rows.features._to_yaml_list(), str(first)]))
"""
WRONG = """
import sys
import datasets

try:
    datasets.load_dataset(sys.argv[1], "families", revision="2031-01-01", split="train")
except Exception as error:
    print(type(error).__name__, error)
"""


def run(world: World, home: Path, script: str, *arguments: str) -> str:
    """A script in a process of its own: the clients read endpoint and cache folder once."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(world.hub, home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.soak
def test_every_config_loads_at_every_revision(world: World, tmp_path: Path) -> None:
    for date in (NEW, OLD, CORRECTED):
        world.must_publish(date)
    history = world.hub.history(REPOSITORY)
    others = {f"date/{OLD}": CORRECTED, history.tags[OLD]: OLD}
    revisions = {NEW: NEW, OLD: OLD, CORRECTED: CORRECTED, "main": NEW} | others
    told: dict[tuple[str, str], list[list[Any]]] = {}
    for line in run(world, tmp_path / "home", LOAD, REPOSITORY, *revisions).splitlines():
        revision, config, *rest = json.loads(line)
        told.setdefault((revision, config), []).append(rest)
    for revision, date in revisions.items():
        files = world.files_of(date)
        manifest = json.loads(files["manifest.json"])
        card = yaml.safe_load(files["README.md"].decode().split("---\n")[1])
        announced = {info["config_name"]: info for info in card["dataset_info"]}
        filled = [name for name, facts in manifest["tables"].items() if facts["rows"]]
        loaded_names = [name for at, name in told if at == revision]
        assert sorted(filled) == sorted(announced)
        assert sorted(loaded_names) == (["families"] if revision in others else sorted(filled))
        for name in loaded_names:
            schema = pq.read_schema(io.BytesIO(files[f"data/{name}.parquet"]))
            features = datasets.Features.from_arrow_schema(schema)
            assert datasets.Features._from_yaml_list(announced[name]["features"]) == features
            whole, streamed = told[revision, name]
            assert (whole[0], streamed[0]) == (False, True)
            assert whole[1] == streamed[1] == manifest["tables"][name]["rows"]
            for _, _, loaded, first in (whole, streamed):
                assert datasets.Features._from_yaml_list(loaded) == features
                assert date[:10] in first or "datetime.date" in first
    names = [commit.title for commit in history.log(f"date/{OLD}")]
    assert names == [f"Publish {CORRECTED}", f"Publish {OLD}", "initial commit"]
    wrong = run(world, tmp_path / "home", WRONG, REPOSITORY)
    assert "Revision '2031-01-01' doesn't exist for dataset" in wrong
