"""The state of the loopback Hub: which repositories there are under which names, changeable while it runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.hub.catalogue import Kind, Repository
from tests.hub.content import Blob
from tests.hub.wire import Answer, Refused, Request

SHORTEST_SHA = 7


@dataclass(frozen=True)
class Access:
    """Who may do what.

    Attributes:
        token: may read and write everything that is not gated.
        read_token: may read, private repositories included, and not write.
        granted: gated repositories whose files the tokens may read.
        user: name of the tokens' owner.
        namespaces: owners under which the tokens may write; None for all.
    """

    token: str | None = None
    read_token: str | None = None
    granted: frozenset[str] = frozenset()
    user: str = "tester"
    namespaces: frozenset[str] | None = None

    def known(self, request: Request) -> bool:
        """Whether the request comes from somebody; without a token it comes from nobody.

        Raises:
            Refused: its token is not one of ours.
        """
        if request.token is None:
            return False
        if request.token not in {self.token, self.read_token}:
            raise Refused(401, "Invalid credentials in Authorization header")
        return True


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

    def __init__(self, repositories: Iterable[Repository], access: Access) -> None:
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
        for repository in repositories:
            self.put(repository)

    def put(self, repository: Repository) -> None:
        """Add a repository, or put a new state in place of the one of that name; old commits stay."""
        key = (repository.kind, repository.repo_id.lower())
        with self.lock:
            old = self._held.get(key)
            if old is not None:
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
                states = [
                    *self._held.values(),
                    *(old for past in self._past.values() for old in past.values()),
                ]
                blobs = [blob for state in states for blob in state.blobs.values() if blob.lfs]
                self._large.update({blob.sha256: blob for blob in blobs})
            return self._large.get(sha256)

    def revision(self, repository: Repository, name: str) -> Revision:
        """The files at a branch, tag or commit.

        Raises:
            Refused: there is no such revision.
        """
        with self.lock:
            past = self._past.get((repository.kind, repository.repo_id.lower()), {})
        states = {**past, repository.head: repository}
        if name in {"main", "HEAD"}:
            name = repository.head
        for sha, state in states.items():
            if sha == name or (len(name) >= SHORTEST_SHA and sha.startswith(name)):
                return Revision(state, sha, state.blobs)
        raise Refused(404, f"Invalid rev id: {name}", "RevisionNotFound")

    def check_files(self, request: Request, repository: Repository) -> None:
        """Refuse the files of a gated repository to whoever has not been let in.

        Raises:
            Refused: the sender must log in, or ask.
        """
        if not repository.gated:
            return
        what = f"Access to {repository.kind} {repository.repo_id} is restricted"
        if not self.access.known(request):
            message = f"{what}. You must have access to it and be authenticated to access it. Please log in."
            raise Refused(401, message, "GatedRepo")
        if repository.repo_id not in self.access.granted:
            raise Refused(403, f"{what} and you are not in the authorized list.", "GatedRepo")


def redirect_renamed(request: Request, old: str, new: str) -> Answer:
    """The Hub's answer under an old name: the same address with the new name, relative."""
    return Answer.redirect(307, request.target.replace(f"/{old}", f"/{new}", 1))
