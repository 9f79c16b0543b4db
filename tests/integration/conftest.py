"""One invented project, built once for all tests that only read it, and a copy for each that changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import yaml

from builder.layout import Layout
from builder.relations import workers
from tests.integration.invented_hub import EXPORT, LISTING, build_date, make_project
from tests.shared import make_once, shared_folder


@pytest.fixture(scope="session")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project's curated facts without its corrections, which are about repositories of the real Hub."""
    folder = tmp_path_factory.mktemp("curated") / "curated"
    shutil.copytree(Layout(Path()).curated, folder)
    (folder / "corrections.yaml").write_text(yaml.safe_dump({"corrections": []}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Layout, "curated", folder)
        yield folder


@pytest.fixture(scope="session", autouse=True)
def one_process() -> Iterator[None]:
    """Parse where the test runs, since to start a pool costs more than a build.

    test_build_scale.py asks for one with `--workers`.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "count_processors", lambda: 1)
        yield


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, curated: Path) -> Layout:
    """Both dates with tables, manifest and card; not to be changed."""
    assert curated.is_dir()
    folder = shared_folder(tmp_path_factory, "invented")
    layout = Layout(folder / "project")
    make_once(folder, {"evidence": partial(make_project, layout.root)})
    make_once(folder, {date: partial(build_date, layout, date) for date in (EXPORT, LISTING)})
    return layout


@pytest.fixture
def project(built: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A copy of it to change, with the working directory inside."""
    root = tmp_path / "project"
    shutil.copytree(built.root, root)
    monkeypatch.chdir(root)
    return Layout(root)
