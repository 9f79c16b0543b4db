"""Answers about one repository as a whole: its facts, its branches and tags, its commits, and who asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.hub.access import Access
from tests.hub.catalogue import WRITABLE, Repository
from tests.hub.files import show_page
from tests.hub.history import MAIN, Commit
from tests.hub.rows import FIELDS, check_expand, row_of
from tests.hub.wire import Answer, Refused, Request
from tests.hub.world import Revision, World

COMMITS = 50
"""Commits on a page of the log."""


def show_detail(world: World, request: Request, revision: Revision) -> Answer:
    """The detail call: everything, or what `expand` names, and the sizes of files with `blobs=true`.

    Raises:
        Refused: an `expand` name that the route does not know.
    """
    expandable, detail = FIELDS[revision.repository.kind]
    expand = request.values("expand")
    check_expand(expand, expandable)
    sized = request.flag("blobs")
    names = ("_id", "id", *expand, *(["siblings"] if sized else [])) if expand else detail
    row = row_of(world, revision, names, sized=sized)
    if request.flag("securityStatus"):
        row["securityRepoStatus"] = {"scansDone": True, "filesWithIssues": []}
    return Answer.json(row)


def show_refs(world: World, repository: Repository) -> Answer:
    """Branches and tags; a model has only `main`."""
    with world.lock:
        kind = repository.kind
        history = world.history(repository.repo_id, kind) if kind in WRITABLE else None
        branches = dict(history.branches) if history else {MAIN: repository.head}
        tags = dict(history.tags) if history else {}
    return Answer.json(
        {
            "branches": _refs("heads", branches.items()),
            "converts": [],
            "tags": _refs("tags", tags.items()),
            "pullRequests": [],
        }
    )


def show_commits(world: World, request: Request, revision: Revision) -> Answer:
    """The log from a revision on, newest first; a model's knows nothing of what was before."""
    with world.lock:
        rows = [
            {
                "id": commit.oid,
                "title": commit.title,
                "message": commit.message,
                "authors": [{"user": commit.author, "avatar": ""}],
                "date": commit.date,
            }
            for commit in _log(world, revision)
        ]
    return show_page(request, rows, COMMITS)


def last_commit(world: World, revision: Revision) -> dict[str, Any]:
    """A revision's commit as trees name it."""
    with world.lock:
        commit = next(iter(_log(world, revision)))
    return {"id": commit.oid, "title": commit.title, "date": commit.date}


def show_user(access: Access, request: Request) -> Answer:
    """`GET /api/whoami-v2`.

    Raises:
        Refused: nobody asks.
    """
    if not access.known(request):
        raise Refused(401, "Invalid username or password.")
    role = "write" if request.token == access.token else "read"
    token = {"displayName": role, "role": role, "createdAt": "2025-01-01T00:00:00.000Z"}
    groups = sorted((access.namespaces or frozenset()) - {access.user})
    return Answer.json(
        {
            "type": "user",
            "id": "0" * 24,
            "name": access.user,
            "fullname": access.user,
            "isPro": False,
            "orgs": [{"type": "org", "name": name, "roleInOrg": "write"} for name in groups],
            "auth": {"type": "access_token", "accessToken": token},
        }
    )


def _log(world: World, revision: Revision) -> Iterable[Commit]:
    repo = revision.repository
    if repo.kind in WRITABLE:
        return world.history(repo.repo_id, repo.kind).log(revision.sha)
    title = "Upload folder using huggingface_hub"
    return [
        Commit(revision.sha, None, revision.blobs, title, "", repo.author or repo.repo_id, repo.last_modified)
    ]


def _refs(space: str, named: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "ref": f"refs/{space}/{name}", "targetCommit": oid} for name, oid in sorted(named)]
