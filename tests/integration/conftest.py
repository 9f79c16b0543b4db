"""One invented project, built once for all tests that only read it, and a copy for each that changes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from builder import stages
from builder.layout import Layout
from tests.integration.invented_hub import EXPORT, LISTING, make_project


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """Both dates with tables, manifest and card; not to be changed."""
    layout = make_project(tmp_path_factory.mktemp("invented") / "project")
    for date in (EXPORT, LISTING):
        stages.build_snapshot(layout, date)
        stages.write_card(layout, date)
    return layout


@pytest.fixture
def project(built: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A copy of it to change, with the working directory inside."""
    root = tmp_path / "project"
    shutil.copytree(built.root, root)
    monkeypatch.chdir(root)
    return Layout(root)
