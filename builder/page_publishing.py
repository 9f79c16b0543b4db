"""Publishes the page as a static Space: checks it here, plans against the Hub, acts, and reads back.

As with a date, what is done is never taken from an answer, which may be lost, but from the Space itself:
each step is followed by a new plan, so the same command goes on from wherever it stopped.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from builder import project
from builder.errors import PublishRefused
from builder.layout import Layout
from builder.page.card import render_space_card
from builder.paging import check_page, is_page_file
from builder.publish.answers import AnswerLost, HeadMoved, NameTaken
from builder.publish.page_plan import PagePlan, plan_page
from builder.publish.space import SpaceRepository
from builder.publish.state import CARD, KEPT, FileFacts

PAUSES_S: Final = (1, 2, 4)
"""Before a step whose answer was lost is tried again. Trying again is safe: a commit names its parent."""


@dataclass(frozen=True)
class PreparedPage:
    """A page that may be published, and what that would do."""

    dates: tuple[str, ...]
    files: Mapping[str, bytes]
    """By path in the Space, its card among them."""

    repository: SpaceRepository
    progress: Callable[[str], None]
    plan: PagePlan


@dataclass(frozen=True)
class PublishedPage:
    """What a run ended with."""

    repo_id: str
    commit: str
    acted: bool
    """Whether this run changed anything."""


def prepare_page(layout: Layout, folder: Path, repo_id: str, progress: Callable[[str], None]) -> PreparedPage:
    """Check a built page and plan its publication; nothing is changed anywhere.

    Raises:
        UsageError: the name is none, or the folder holds no page.
        PublishRefused: the page is not what its tables make, or the Space is not one for a page.
    """
    repository = SpaceRepository(repo_id)
    page = check_page(layout, folder)
    card = render_space_card(page.dates, str(project.read_params(layout)["repository"]))
    files = {**page.files, CARD: card.encode()}
    repository.remember(files.values())
    return PreparedPage(page.dates, files, repository, progress, _plan(repository, files, page.dates))


def publish_page(prepared: PreparedPage) -> PublishedPage:
    """Carry a plan out, and read every file back.

    Raises:
        PublishRefused: there is no token that may, another was faster, or the Hub refuses or does not
            answer; the same command goes on from there.
    """
    repository, plan = prepared.repository, prepared.plan
    if not plan.done:
        if plan.parent is None:
            repository.check_token()
        else:
            repository.check_writable()
    state, pauses = plan, list(PAUSES_S)
    while not state.done:
        lost = _step(prepared, state)
        before, state = state, _plan(repository, prepared.files, prepared.dates)
        if state.done or (before.parent is None and state.parent is not None):
            continue
        if before.parent != state.parent:
            raise PublishRefused(
                f"the Space {state.repo_id} moved on while the page was being published: somebody else "
                "changed it, and nothing of this run is there; run the command again to see the new plan"
            )
        if not pauses:
            raise PublishRefused(
                f"the Space {state.repo_id} does not answer ({lost or 'it is not to be seen'}); run the same "
                "command again later: it goes on where this one stopped"
            )
        time.sleep(pauses.pop(0))
    commit = str(state.parent)
    _read_back(prepared, commit)
    return PublishedPage(state.repo_id, commit, acted=not plan.done)


def _plan(repository: SpaceRepository, files: Mapping[str, bytes], dates: tuple[str, ...]) -> PagePlan:
    space = repository.read()
    wanted = {path: _describe(content) for path, content in files.items()}
    return plan_page(wanted, dates, space, {path for path in space.files if is_page_file(path)})


def _describe(content: bytes) -> FileFacts:
    return FileFacts(hashlib.sha256(content).hexdigest(), len(content))


def _step(prepared: PreparedPage, state: PagePlan) -> Exception | None:
    """The next step; what was lost, if its answer was."""
    repository = prepared.repository
    try:
        if state.parent is None:
            prepared.progress(f"making the Space {state.repo_id}")
            repository.create()
        else:
            prepared.progress(f"sending {len(state.changes)} changes, {state.bytes:,} bytes, as one commit")
            repository.commit(state, prepared.files)
    except AnswerLost as lost:
        prepared.progress("the answer was lost; looking at the Space")
        return lost
    except HeadMoved:
        # By another run of the same page, which is as good as ours, or by somebody else: the next plan says.
        pass
    except NameTaken as taken:
        if repository.read().head is None:
            raise PublishRefused(
                f"there is a Space {state.repo_id} already that this token may not see; use a token of its "
                "owner, or name another Space"
            ) from taken
    return None


def _read_back(prepared: PreparedPage, commit: str) -> None:
    """Download every file of the commit, and compare it with the page."""
    repository, files = prepared.repository, prepared.files
    prepared.progress(f"reading {len(files)} files back")
    there = set(repository.list_paths(commit)) - KEPT
    odd = sorted(there ^ set(files)) or [
        path
        for path, content in files.items()
        if repository.fetch(commit, path, None, len(content)) != _describe(content)
    ]
    if odd:
        raise PublishRefused(
            f"{odd[0]!a:.80} read back from the Space {repository.repo_id} is not what was sent, so nobody "
            "should trust what it shows; look at the Space, and publish again"
        )
