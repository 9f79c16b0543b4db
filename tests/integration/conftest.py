"""One invented project, built once for all tests that only read it, and a copy for each that changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from builder import stages
from builder.layout import Layout
from tests.integration.invented_hub import EXPORT, LISTING, make_project


@pytest.fixture(scope="session")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project's curated facts without its corrections, which are about repositories of the real Hub."""
    folder = tmp_path_factory.mktemp("curated") / "curated"
    shutil.copytree(Layout(Path()).curated, folder)
    (folder / "corrections.yaml").write_text(yaml.safe_dump({"corrections": []}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Layout, "curated", folder)
        yield folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, curated: Path) -> Layout:
    """Both dates with tables, manifest and card; not to be changed."""
    assert curated.is_dir()
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
