"""Holds what is generated to what it is generated from: nobody edits it, and nobody forgets to make it anew.

A failure here means: run `dvc repro`, then `builder document`, and commit what changes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from builder import project, reading, stages, validation
from builder.documenting import write_document
from builder.layout import Layout
from builder.snapshot import manifest as manifests

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = Layout(ROOT)
INDEX = yaml.safe_load(LAYOUT.index.read_text())
BUILDING = pytest.mark.parametrize("date", INDEX["building"])
EVERY = pytest.mark.parametrize("date", [*INDEX["building"], *INDEX["published"]])


@EVERY
def test_the_card_is_the_one_that_its_data_make(date: str) -> None:
    assert stages.write_card(LAYOUT, date, check=True) == LAYOUT.card(date)


@BUILDING
def test_the_snapshot_was_built_by_the_code_and_the_packages_that_are_here(date: str) -> None:
    manifest = reading.read_manifest(LAYOUT, date)
    assert manifest["code_sha256"] == project.hash_code(LAYOUT)
    assert manifest["versions"] == manifests.read_versions(LAYOUT.lock.read_text())
    assert set(manifest["versions"]) == set(manifests.MAKERS)


@EVERY
def test_the_snapshot_holds_every_check_and_its_files_are_committed(date: str) -> None:
    assert validation.validate_snapshot(LAYOUT, date) == len(reading.read_manifest(LAYOUT, date)["files"])
    tracked = subprocess.run(
        ["git", "ls-files", f"snapshots/{date}"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    there = {path.relative_to(ROOT).as_posix() for path in LAYOUT.snapshot(date).rglob("*") if path.is_file()}
    assert set(tracked) == there


def test_the_page_about_both_kinds_of_models_is_the_one_that_the_tables_make() -> None:
    assert write_document(LAYOUT, check=True) == LAYOUT.comparison_page


def test_nothing_is_out_of_date() -> None:
    if not (ROOT / "dvc.lock").is_file():
        pytest.skip("dvc.lock is not there yet, which tests/house/test_project.py says")
    status = subprocess.run(
        [sys.executable, "-m", "dvc", "status", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(status.stdout) == {}
