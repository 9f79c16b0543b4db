"""An import that fails or is killed at any step: the folder is the old capture or the new one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder.capture.folder import hold_date
from builder.capture.reader import check_evidence
from builder.errors import CaptureRefused, SnapshotRefused

if TYPE_CHECKING:
    from tests.integration.capture.conftest import House


TIME = "2025-12-07T15:26:59Z"


def test_two_writers_of_one_date_do_not_mix(house: House) -> None:
    house.run()
    before = house.files()
    house.give_other()
    with (
        hold_date(house.snapshot),
        pytest.raises(CaptureRefused, match="Another process is writing"),
    ):
        house.run(replace=True)
    assert house.files() == before


TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "os.listdir"}
"""What a process can do to files, as Python's audit events."""


class Trip:
    """Counts what a process does to files below a folder, and trips over the n-th.

    An audit hook cannot be taken off again, so there is one for the whole module, idle unless set.
    """

    below = ""
    left = 0
    event = ""

    def hook(self, event: str, args: tuple[object, ...]) -> None:
        if not self.below or event not in TOUCHES or not str(args[0]).startswith(self.below):
            return
        self.left -= 1
        if self.left == 0:
            self.below, self.event = "", event
            raise OSError(28, "No space left on device")

    @contextmanager
    def over(self, folder: Path, step: int) -> Iterator[None]:
        self.below, self.left, self.event = str(folder), step, ""
        try:
            yield
        finally:
            self.below = ""


@pytest.fixture(scope="module")
def trip() -> Trip:
    made = Trip()
    sys.addaudithook(made.hook)
    return made


@pytest.mark.parametrize("there", [False, True])
def test_a_failure_at_any_step_leaves_the_old_or_the_new_capture_whole(
    house: House,
    trip: Trip,
    *,
    there: bool,
) -> None:
    for step in range(1, 100):
        shutil.rmtree(house.snapshot, ignore_errors=True)
        if there:
            house.give_usual()
            house.run()
        before = house.files()
        house.give_other()
        refused = False
        with trip.over(house.snapshot, step):
            try:
                house.run(replace=True)
            except CaptureRefused as error:
                refused = "No space left" in str(error)
        if refused:
            assert house.files() == before, f"step {step}: {trip.event}"
            assert house.snapshot.exists() == there
        else:
            # What fails in silence is tidying up behind the finished capture.
            check_evidence(house.capture)
            assert house.likes() == 4
        house.run(replace=True)
        assert not list(house.snapshot.glob(".capture-*"))
        if not trip.event:
            break
    assert 8 < step < 99, "every file was a step of its own, and there was an end"


def test_a_disk_that_cannot_keep_a_file_leaves_the_old_capture(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house.run()
    before = house.files()
    house.give_other()

    def refuse(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(CaptureRefused, match=r"capture cannot be written: Input/output error; mend"):
        house.run(replace=True)
    assert house.files() == before


KILLED = """
import os, sys
from pathlib import Path
from builder.capture.store import ImportRequest, import_evidence
from builder.layout import Layout

root, step, listing, details, date, time = sys.argv[1:]
left = int(step)

def die(event, args):
    global left
    if event in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}:
        if args and str(args[0]).startswith(f"{root}/snapshots/{date}/"):
            left -= 1
            if left == 0:
                os._exit(9)

request = ImportRequest("export-2025", (Path(listing), Path(details)), date, time, replace=True)
sys.addaudithook(die)
import_evidence(Layout(Path(root)), request)
"""


def test_a_process_killed_at_any_step_loses_no_capture(house: House) -> None:
    # Made as the killed process makes them, to compare every byte.
    house.request = replace(house.request, origin_repository=None, origin_commit=None)
    house.give_other()
    house.run()
    wanted = house.files()
    for step in range(1, 100):
        house.give_usual()
        house.run(replace=True)
        before = house.files()
        house.give_other()
        arguments = [house.layout.root, step, *house.request.inputs, house.request.date, TIME]
        ended = subprocess.run([sys.executable, "-c", KILLED, *map(str, arguments)], check=False).returncode
        assert ended in {0, 9}
        if house.capture.exists():
            check_evidence(house.capture)
        else:
            with pytest.raises(CaptureRefused, match=r"an import was interrupted.*run the same"):
                check_evidence(house.capture)
        try:
            assert house.run() == "unchanged"
            assert house.files() == wanted
        except SnapshotRefused:
            assert house.files() == before
        if ended == 0:
            break
    assert 8 < step < 99, "every file was a step of its own, and there was an end"


def test_an_interrupted_replacement_is_undone_even_by_a_refused_import(house: House) -> None:
    house.run()
    before = house.files()
    house.capture.rename(house.capture.with_name(".capture-old-0123456789abcdef"))
    house.capture.with_name(".capture-new-0123456789abcdef").mkdir()
    house.give_other()
    with pytest.raises(SnapshotRefused, match="holds other evidence"):
        house.run()
    assert house.files() == before
    assert not list(house.snapshot.glob(".capture-*"))
