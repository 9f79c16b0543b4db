"""One project built once, and for each test a clone of it with an empty dataset repository on a Hub."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from huggingface_hub import HfApi, constants

from builder import validation
from builder.layout import Layout
from builder.publish import act, repository
from tests.e2e.publishing.project import OLD, READ_TOKEN, REPOSITORY, TOKEN, World, clone, make_repository
from tests.hub.server import LoopbackHub
from tests.integration.invented_hub import files_below
from tests.shared import shared_folder

COMMIT = re.compile(rb"\b[0-9a-f]{40}\b")
VALID: dict[tuple[str, str], int] = {}
"""Date and bytes → what validating gave."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # The client sends large files in a way that its own HTTP library calls outdated.
        item.add_marker(pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning"))


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """Three dates, built and committed; not to be changed."""
    return make_repository(shared_folder(tmp_path_factory, "publishing"))


@pytest.fixture(autouse=True)
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The real client, without Xet, without the token of whoever runs the tests, and without patience."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setattr(constants, "HF_STORED_TOKENS_PATH", str(tmp_path / "no-tokens"))
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    for module in (act, repository):
        monkeypatch.setattr(module, "PAUSES_S", (0, 0, 0))


@pytest.fixture(autouse=True)
def remember(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validate the same bytes once per session: that takes a second each time, and gives the same answer.

    Which commit the index names for a published date is another one in each test, and not validated.
    """
    validate = validation.validate_snapshot

    def validate_once(layout: Layout, date: str) -> int:
        files = files_below(layout.root / "snapshots")
        files["index.yaml"] = COMMIT.sub(b"", files["index.yaml"])
        asked = (date, hashlib.sha256(repr(files).encode()).hexdigest())
        if asked not in VALID:
            VALID[asked] = validate(layout, date)
        return VALID[asked]

    monkeypatch.setattr(validation, "validate_snapshot", validate_once)


@contextmanager
def run_hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(token=TOKEN, read_token=READ_TOKEN, namespaces=["acme"]) as running:
        yield running
        assert running.leaks == (), "the token went to another host"


@pytest.fixture
def loopback() -> Iterator[LoopbackHub]:
    with run_hub() as running:
        yield running


@pytest.fixture(scope="module")
def once(committed: Layout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world in which the first date is published, for all tests of a module."""
    layout = clone(committed, tmp_path_factory.mktemp("once") / "clone")
    with run_hub() as running, pytest.MonkeyPatch.context() as patch:
        patch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        patch.setenv("HF_TOKEN", TOKEN)
        patch.setenv("HF_ENDPOINT", running.endpoint)
        patch.chdir(layout.root)
        HfApi(running.endpoint, token=TOKEN).create_repo(REPOSITORY, repo_type="dataset")
        world = World(layout, running)
        world.must_publish(OLD)
        yield world


@pytest.fixture
def published(once: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A clone of that project to change, and the same Hub, whose `main` and tag are to stay."""
    layout = clone(once.layout, tmp_path / "clone")
    monkeypatch.setenv("HF_ENDPOINT", once.hub.endpoint)
    monkeypatch.chdir(layout.root)
    return World(layout, once.hub)


@pytest.fixture
def world(committed: Layout, loopback: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A clone to publish from, with the working directory inside, and an empty dataset to publish to."""
    monkeypatch.setenv("HF_ENDPOINT", loopback.endpoint)
    HfApi(loopback.endpoint, token=TOKEN).create_repo(REPOSITORY, repo_type="dataset")
    loopback.clear_requests()
    layout = clone(committed, tmp_path / "clone")
    monkeypatch.chdir(layout.root)
    return World(layout, loopback)
