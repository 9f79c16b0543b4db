"""The state of the loopback Hub: which repositories there are under which names, changeable while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tests.hub.access import Access
from tests.hub.catalogue import WRITABLE, Kind, Repository, read_card
from tests.hub.content import Blob
from tests.hub.history import Commit, History
from tests.hub.wire import Answer, Refused, Request

SHORTEST_SHA = 7


@dataclass(frozen=True)
class Revision:
    """The files of a repository at one commit.

    Attributes:
        repository: the facts beside the files.
        sha: the commit.
    """

    repository: Repository
    sha: str
    blobs: Mapping[str, Blob]


class Moved(Exception):
    """A repository that has another name now."""

    def __init__(self, repo_id: str) -> None:
        super().__init__(repo_id)
        self.repo_id = repo_id


class World:
    """All repositories; every method is safe to call from any thread."""

    def __init__(
        self, repositories: Iterable[Repository], access: Access, seconds: Callable[[], float]
    ) -> None:
        self._seconds = seconds
        self.lock = threading.RLock()
        self.access = access
        self.kept: dict[object, list[Repository]] = {}
        """Orders of the list that were asked for, until something changes."""
        self.rotation = 0
        """Rows by which the order of every list has shifted since the start."""
        self._held: dict[tuple[Kind, str], Repository] = {}
        self._moved: dict[tuple[Kind, str], str] = {}
        self._past: dict[tuple[Kind, str], dict[str, Repository]] = {}
        self._large: dict[str, Blob] = {}
        self._histories: dict[tuple[Kind, str], History] = {}
        for repository in repositories:
            self.put(repository)

    def clock(self) -> str:
        """Now, as the Hub writes times."""
        now = datetime.fromtimestamp(self._seconds(), UTC)
        return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z"

    def put(self, repository: Repository) -> None:
        """Add a repository, or put a new state in place of the one of that name; old commits stay.

        The files of a dataset or Space are its history's from then on; a new state brings other facts only.
        """
        key = (repository.kind, repository.repo_id.lower())
        with self.lock:
            old = self._held.get(key)
            if repository.kind in WRITABLE:
                author = repository.author or self.access.user
                fresh = History(repository.blobs, author, self.clock)
                self._histories.setdefault(key, fresh)
            elif old is not None:
                self._past.setdefault(key, {})[old.head] = old
            self._held[key] = repository
            self._moved.pop(key, None)
            for name in repository.renamed_from:
                self._moved[repository.kind, name.lower()] = repository.repo_id
            self.kept.clear()

    def remove(self, repo_id: str, kind: Kind = "model") -> None:
        """Take a repository away, as if it were deleted."""
        with self.lock:
            del self._held[kind, repo_id.lower()]
            if kind in WRITABLE:
                del self._histories[kind, repo_id.lower()]
            self.kept.clear()

    def rename(self, old: str, new: str, kind: Kind = "model") -> None:
        """Give a repository another name; the old one redirects, and its place in the list stays."""
        with self.lock:
            renamed = self._held[kind, old.lower()].renamed(new)
            self._held = {
                (kind, new.lower()) if key == (kind, old.lower()) else key: value
                for key, value in self._held.items()
            }
            self._past[kind, new.lower()] = self._past.pop((kind, old.lower()), {})
            if kind in WRITABLE:
                self._histories[kind, new.lower()] = self._histories.pop((kind, old.lower()))
            self.put(renamed)

    def replace_all(self, repositories: list[Repository], kind: Kind) -> None:
        """Make the repositories of a kind exactly these.

        One that is gone is deleted; one whose `hub_id` has another name now was renamed.
        """
        with self.lock:
            names = {repo.hub_id: repo.repo_id for repo in repositories}
            for old in self.all(kind):
                new = names.get(old.hub_id)
                if new is None:
                    self.remove(old.repo_id, kind)
                elif new.lower() != old.repo_id.lower():
                    self.rename(old.repo_id, new, kind)
            for repository in repositories:
                self.put(repository)

    def shift(self, rows: int) -> None:
        """Move the order of the list, so that a reader in the middle of it misses rows or sees them twice."""
        with self.lock:
            self.rotation += rows
            self.kept.clear()

    def all(self, kind: Kind) -> list[Repository]:
        """Every repository of a kind in the order in which they came."""
        with self.lock:
            return [repository for repository in self._held.values() if repository.kind == kind]

    def current(self, repo_id: str, kind: Kind = "model") -> Repository | None:
        """A repository under any of its names, in any case; None if there is none."""
        with self.lock:
            name = self._moved.get((kind, repo_id.lower()), repo_id)
            return self._held.get((kind, name.lower()))

    def history(self, repo_id: str, kind: Kind = "dataset") -> History:
        """Commits, branches and tags of a dataset or Space; whoever changes it holds the lock."""
        return self._histories[kind, repo_id.lower()]

    def find(self, request: Request, kind: Kind, repo_id: str) -> Repository:
        """The repository that a request may see.

        Raises:
            Moved: it has another name now.
            Refused: there is none, or none that the sender may know of.
        """
        known = self.access.known(request)
        key = (kind, repo_id.lower())
        with self.lock:
            found, moved = self._held.get(key), self._moved.get(key)
        if found is None and moved is not None:
            raise Moved(moved)
        if found is None or (found.private and not known):
            # Nobody is told whether a repository that he may not see exists.
            if known:
                raise Refused(404, "Repository not found", "RepoNotFound")
            raise Refused(401, "Invalid username or password.", "RepoNotFound")
        if found.disabled:
            raise Refused(403, "Access to this resource is disabled.", "DisabledRepo")
        return found

    def large(self, sha256: str) -> Blob | None:
        """A file of large file storage by its hash; None if there is none."""
        with self.lock:
            if sha256 not in self._large:
                blobs = [repo.blobs.values() for repo in self._held.values()]
                for past in self._past.values():
                    blobs += [repo.blobs.values() for repo in past.values()]
                for history in self._histories.values():
                    blobs += [commit.blobs.values() for commit in history.commits.values()]
                self._large = {blob.sha256: blob for held in blobs for blob in held if blob.lfs}
            return self._large.get(sha256)

    def revision(self, repository: Repository, name: str) -> Revision:
        """The files at a branch, tag or commit.

        Raises:
            Refused: there is no such revision.
        """
        if repository.kind in WRITABLE:
            with self.lock:
                history = self.history(repository.repo_id, repository.kind)
                return self._committed(repository, history, history.find(name))
        with self.lock:
            past = self._past.get((repository.kind, repository.repo_id.lower()), {})
        states = {**past, repository.head: repository}
        if name in {"main", "HEAD"}:
            name = repository.head
        for sha, state in states.items():
            if sha == name or (len(name) >= SHORTEST_SHA and sha.startswith(name)):
                return Revision(state, sha, state.blobs)
        raise Refused(404, f"Invalid rev id: {name}", "RevisionNotFound")

    def _committed(self, repository: Repository, history: History, commit: Commit) -> Revision:
        """The facts of a dataset or Space as of one commit."""
        held = history.commits.values()
        sizes = {blob.sha256: blob.size for other in held for blob in other.blobs.values()}
        state = replace(
            repository,
            last_modified=commit.date,
            card_data=read_card(commit.blobs.get("README.md")),
            used_storage=sum(sizes.values()),
        )
        return Revision(state, commit.oid, commit.blobs)


def redirect_renamed(request: Request, old: str, new: str) -> Answer:
    """The Hub's answer under an old name: the same address with the new name, relative."""
    return Answer.redirect(307, request.target.replace(f"/{old}", f"/{new}", 1))
