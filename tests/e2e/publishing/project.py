"""A project inside git with two dates and a correction, and a Hub on this machine to publish them to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner, Result

from builder import reading
from builder.capture.store import ImportRequest, import_evidence
from builder.cli import main
from builder.layout import Layout
from tests.hub.server import LoopbackHub
from tests.integration.invented_hub import (
    REPOS,
    Repo,
    build_date,
    files_below,
    make_empty_project,
    to_listing_row,
)
from tests.shared import make_once

if TYPE_CHECKING:
    from collections.abc import Iterable

OLD, NEW = "2026-01-07", "2026-02-07"
CORRECTED = f"{OLD}.1"
"""Corrects the older date, so that it goes to a branch once the newer one is published."""

REPOSITORY = "acme/audio-multimodal-models"
TOKEN, READ_TOKEN = "hf_write_for_tests", "hf_read_for_tests"
SEEN = {OLD: REPOS[:8], CORRECTED: REPOS[:8], NEW: REPOS[:12]}


def run_git(layout: Layout, *arguments: str) -> str:
    """A git command in the project."""
    done = subprocess.run(["git", *arguments], cwd=layout.root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit_all(layout: Layout, message: str = "Change") -> str:
    """Commit whatever changed; the new commit."""
    run_git(layout, "add", "--all")
    run_git(layout, "commit", "--quiet", "--message", message)
    return run_git(layout, "rev-parse", "HEAD")


def import_listing(layout: Layout, date: str, repos: Iterable[Repo]) -> None:
    """Evidence of a day, as the Hub would list it."""
    rows = layout.work / "rows.jsonl"
    rows.parent.mkdir(parents=True, exist_ok=True)
    rows.write_text("\n".join(json.dumps(to_listing_row(repo)) for repo in repos))
    import_evidence(layout, ImportRequest("hub-listing", (rows,), date, f"{date}T23:59:59Z"))


def make_repository(folder: Path) -> Layout:
    """The project with all three dates built and committed, none of them published; made once in a folder."""
    layout = Layout(folder / "project")
    make_once(folder, {"evidence": partial(_import_dates, layout.root)})
    make_once(folder, {date: partial(build_date, layout, date) for date in SEEN})
    make_once(folder, {"commit": partial(_commit_dates, layout)})
    return layout


def _import_dates(root: Path) -> None:
    layout = make_empty_project(root)
    params = layout.params.read_text().replace("NAMESPACE/audio-multimodal-models", REPOSITORY)
    layout.params.write_text(params)
    (root / ".gitignore").write_text(".work/\n")
    layout.index.write_text(
        "# Dates, and what is known of them.\nbuilding:\n"
        f'  "{OLD}":\n    previous: snapshots/none.json\n'
        f'  "{CORRECTED}":\n    previous: snapshots/none.json\n    reason: a rule was wrong\n'
        f'  "{NEW}":\n    previous: snapshots/none.json\n\npublished: {{}}\n'
    )
    import_listing(layout, OLD, SEEN[OLD])
    import_listing(layout, NEW, SEEN[NEW])
    shutil.copytree(layout.capture(OLD), layout.capture(CORRECTED))


def _commit_dates(layout: Layout) -> None:
    run_git(layout, "init", "--quiet", "--initial-branch", "main")
    for name, value in (("user.name", "Tester"), ("user.email", "tester@example.org")):
        run_git(layout, "config", name, value)
    run_git(layout, "config", "commit.gpgsign", "false")
    run_git(layout, "config", "tag.gpgsign", "false")
    commit_all(layout, "Build three dates")


@dataclass
class World:
    """A clone of the project, and the Hub that it publishes to."""

    layout: Layout
    hub: LoopbackHub

    def run(self, *arguments: str) -> Result:
        """A command of the builder, in the project."""
        return CliRunner().invoke(main, arguments)

    def publish(self, date: str, *more: str, repo_id: str = REPOSITORY) -> Result:
        """Publish a date in earnest."""
        return self.run("publish", date, "--repo-id", repo_id, "--execute", *more)

    def must_publish(self, date: str) -> None:
        """Publish a date that there is no reason to refuse."""
        done = self.publish(date)
        assert done.exit_code == 0, done.output

    def refuse(self, code: int, *words: str, command: tuple[str, ...]) -> None:
        """Run a command that must end in one sentence and change nothing, neither here nor on the Hub."""
        before = self.state()
        result = self.run(*command)
        sentence = result.stderr.splitlines()[-1]
        assert result.exit_code == code, result.output
        assert sentence.startswith("error: ")
        assert [word for word in words if word not in sentence] == [], sentence
        assert "; " in sentence, "it says what to do"
        assert TOKEN not in result.output
        assert READ_TOKEN not in result.output
        assert str(self.layout.root) not in sentence
        assert self.state() == before

    def state(self) -> tuple[Any, ...]:
        """Everything that publishing may change."""
        held = self.hub.world.current(REPOSITORY, "dataset")
        history = self.hub.history(REPOSITORY) if held else None
        remote = (dict(history.branches), dict(history.tags), len(history.commits)) if history else None
        return remote, run_git(self.layout, "tag"), files_below(self.layout.root / "snapshots")

    def files_at(self, revision: str) -> dict[str, bytes]:
        """Files of a revision on the Hub, those of the Hub itself left out."""
        commit = self.hub.history(REPOSITORY).find(revision)
        held = {path: b"".join(blob.read(0, blob.size)) for path, blob in commit.blobs.items()}
        held.pop(".gitattributes", None)
        return held

    def files_of(self, date: str) -> dict[str, bytes]:
        """Files of a date that are to be published."""
        folder = self.layout.snapshot(date)
        names = [*reading.read_manifest(self.layout, date)["files"], "manifest.json"]
        return {name: (folder / name).read_bytes() for name in names}

    @property
    def commits_of(self) -> dict[str, int]:
        """Commits per title, the Hub's first one left out."""
        titles = [commit.title for commit in self.hub.history(REPOSITORY).commits.values()]
        return {title: titles.count(title) for title in set(titles) - {"initial commit"}}


def clone(layout: Layout, root: Path) -> Layout:
    """A copy of a project, with its git."""
    shutil.copytree(layout.root, root)
    return Layout(root)


def environment(hub: LoopbackHub, home: Path) -> dict[str, str]:
    """For a process of its own that talks to the Hub of the tests and to nobody else."""
    return {
        **os.environ,
        "HF_ENDPOINT": hub.endpoint,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_XET": "1",
        "HF_TOKEN": TOKEN,
    }
