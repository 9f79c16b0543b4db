"""The same input gives the same bytes: in any order, in any folder, after any interruption."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder import reading, stages
from builder.layout import Layout
from builder.snapshot import store
from tests.integration.invented_hub import (
    EXPORT,
    LISTING,
    REPOS,
    files_below,
    import_repos,
    leftovers,
    make_empty_project,
    make_project,
    rewrite_evidence,
)

if TYPE_CHECKING:
    from builder.capture.evidence import JsonObject

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import sys
from pathlib import Path
from builder.cli import main
from builder.layout import Layout
Layout.curated = Path(sys.argv.pop(1))
main()
"""


def contents(layout: Layout, date: str) -> dict[str, str]:
    tables = reading.read_manifest(layout, date)["tables"]
    return {name: facts["content_sha256"] for name, facts in tables.items()}


@pytest.mark.parametrize("date", [EXPORT, LISTING])
def test_the_order_of_the_input_does_not_matter(built: Layout, tmp_path: Path, date: str) -> None:
    layout = make_empty_project(tmp_path / "project")
    import_repos(layout, date, REPOS, seed=7)
    stages.build_snapshot(layout, date)
    stages.write_card(layout, date)
    made, wanted = (files_below(one.snapshot(date)) for one in (layout, built))
    # It holds the hashes of the inputs, which are other files now.
    assert made.pop("capture/capture.json") != wanted.pop("capture/capture.json")
    assert made == wanted


@pytest.mark.parametrize(
    ("date", "seed"), [(EXPORT, 1), (LISTING, 2), pytest.param(LISTING, 3, marks=pytest.mark.soak)]
)
def test_the_order_and_the_shards_of_the_evidence_do_not_matter(
    built: Layout, project: Layout, date: str, seed: int
) -> None:
    def shuffle(records: list[JsonObject]) -> list[list[JsonObject]]:
        chance = random.Random(seed)  # noqa: S311 - an order, not a secret
        chance.shuffle(records)
        cut = chance.randrange(1, len(records))
        return [records[:cut], records[cut:]]

    rewrite_evidence(project, date, shuffle)
    made = stages.build_snapshot(project, date)
    assert made.content == contents(built, date)


def test_the_folder_does_not_matter(built: Layout, tmp_path: Path) -> None:
    layout = make_project(tmp_path / "élsewhere, with a longer name")
    stages.build_snapshot(layout, LISTING)
    stages.write_card(layout, LISTING)
    assert files_below(layout.snapshot(LISTING)) == files_below(built.snapshot(LISTING))


def test_building_again_changes_nothing(built: Layout, project: Layout) -> None:
    stages.build_snapshot(project, LISTING)
    assert files_below(project.root / "snapshots") == files_below(built.root / "snapshots")
    assert leftovers(project) == []


@pytest.mark.parametrize(
    "seed", [11, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(12, 16))]
)
def test_a_build_that_is_killed_is_made_good_by_the_same_command(
    built: Layout, project: Layout, curated: Path, seed: int
) -> None:
    command = [sys.executable, "-c", RUN, str(curated), "build", LISTING]
    # Something else to begin with, or a build that is killed at once would look finished.
    project.manifest(LISTING).write_text("{}")
    for table in project.data(LISTING).iterdir():
        table.write_bytes(b"old")
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    with subprocess.Popen(command, cwd=project.root) as process:
        time.sleep(chance.uniform(0.8, 2.2))
        process.send_signal(signal.SIGKILL)
        assert process.wait() in {0, -signal.SIGKILL}
    subprocess.run(command, cwd=project.root, check=True)
    assert files_below(project.root / "snapshots") == files_below(built.root / "snapshots")
    assert leftovers(project) == []


TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}
"""What changes a folder, as Python's audit events."""

KILLED = f"""
import os, sys
from pathlib import Path
from builder.snapshot import store

folder, left = Path(sys.argv[1]), int(sys.argv[2])

def die(event, args):
    global left
    if event in {sorted(TOUCHES)} and str(args[0]).startswith(str(folder)):
        left -= 1
        if left == 0:
            os._exit(9)

sys.addaudithook(die)
with store.hold_folder(folder), store.temporary_folder(folder) as made:
    (made / "data").mkdir()
    (made / "data" / "table").write_text("new")
    store.write_file(made / "manifest.json", b"new")
    store.put_in_place(folder, made, ("data", "manifest.json"))
"""
OLD = {"data/": b"", "data/table": b"old", "data/gone": b"old", "manifest.json": b"old"}
NEW = {"data/": b"", "data/table": b"new", "manifest.json": b"new"}


@pytest.mark.parametrize("there", [False, True])
def test_a_change_that_is_killed_at_any_step_is_undone_or_done(tmp_path: Path, *, there: bool) -> None:
    seen = set()
    for step in range(1, 60):
        folder = tmp_path / f"step-{step}"
        folder.mkdir()
        if there:
            (folder / "data").mkdir()
            for name in ("table", "gone"):
                (folder / "data" / name).write_text("old")
            (folder / "manifest.json").write_text("old")
        ended = subprocess.run([sys.executable, "-c", KILLED, folder, str(step)], check=False).returncode
        assert ended in {0, 9}
        # Whoever holds the folder next finds one or the other, whole.
        with store.hold_folder(folder):
            found = files_below(folder)
        assert found in ((OLD if there else {}), NEW)
        seen.add(found == NEW)
        if ended == 0:
            break
    assert seen == {False, True}
    assert 8 < step < 59, "every file was a step of its own, and there was an end"


def test_a_change_that_fails_is_undone_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    for name in ("table", "gone"):
        (tmp_path / "data" / name).write_text("old")
    (tmp_path / "manifest.json").write_text("old")
    rename = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if target == tmp_path / "manifest.json" and path.parent.name.startswith(".making-"):
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with store.hold_folder(tmp_path), store.temporary_folder(tmp_path) as made:
        (made / "data").mkdir()
        (made / "data" / "table").write_text("new")
        (made / "manifest.json").write_text("new")
        with pytest.raises(OSError, match="No space left"):
            store.put_in_place(tmp_path, made, ("data", "manifest.json"))
    assert files_below(tmp_path) == OLD


def test_what_a_killed_card_left_goes_with_the_next_build(project: Layout) -> None:
    (project.snapshot(LISTING) / f".making-{os.getpid()}-README.md").write_text("half")
    stages.write_card(project, LISTING)
    assert leftovers(project) == []


def test_a_temporary_folder_in_use_is_not_taken_for_one_of_a_killed_run(tmp_path: Path) -> None:
    (tmp_path / ".making-killed" / "data").mkdir(parents=True)
    with store.temporary_folder(tmp_path) as first, store.temporary_folder(tmp_path) as second:
        assert sorted(tmp_path.iterdir()) == sorted([first, second])
    assert list(tmp_path.iterdir()) == []
