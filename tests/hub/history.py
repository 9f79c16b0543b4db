"""Commits, branches and tags of one dataset or Space: as much of git as publishing can notice.

A commit's id is made from its content, parent and message, without the time: the same calls give the same
ids, so that tests can be repeated.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.hub.content import Blob, Content
from tests.hub.wire import Refused

SHORTEST_SHA = 7
MAIN = "main"
NAME = re.compile(r"(?!.*(\.\.|//|@\{))[\w.][\w./-]*(?<![./])")
"""What a branch or tag may be called."""


@dataclass(frozen=True)
class Commit:
    """One state of all files.

    Attributes:
        oid: 40 hex digits.
        parent: the commit before; None for a first one and for a squashed one.
        date: ISO 8601.
    """

    oid: str
    parent: str | None
    blobs: Mapping[str, Blob]
    title: str
    message: str
    author: str
    date: str


@dataclass(frozen=True)
class Change:
    """What a commit does to the files: `None` takes a path away, and a folder ends in a slash."""

    title: str
    message: str
    files: tuple[tuple[str, Blob | None], ...]


class History:
    """One repository's commits; callers hold the world's lock while they change it.

    Attributes:
        commits: by id, also those that no branch reaches any more.
        branches: name → commit.
        tags: name → commit.
        tag_messages: name → message, for tags that were given one.
        uploaded: sha256 → content of large files that were sent, whether or not a commit holds them.
    """

    def __init__(self, files: Mapping[str, Blob], author: str, clock: Callable[[], str]) -> None:
        self.commits: dict[str, Commit] = {}
        self.branches: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.tag_messages: dict[str, str] = {}
        self.uploaded: dict[str, Content] = {}
        self._author = author
        self._clock = clock
        self.branches[MAIN] = self._keep(None, files, "initial commit", "").oid

    @property
    def head(self) -> Commit:
        """Where `main` is."""
        return self.commits[self.branches[MAIN]]

    def find(self, name: str) -> Commit:
        """The commit of a branch, a tag, or a sha of at least seven digits.

        Raises:
            Refused: there is none.
        """
        bare = name.removeprefix("refs/heads/").removeprefix("refs/tags/")
        named = self.branches.get(bare) or self.tags.get(bare)
        if named is not None:
            return self.commits[named]
        for oid, commit in self.commits.items():
            if len(name) >= SHORTEST_SHA and oid.startswith(name):
                return commit
        raise Refused(404, f"Invalid rev id: {name}", "RevisionNotFound")

    def log(self, name: str) -> Iterator[Commit]:
        """A commit and those before it, newest first."""
        commit: Commit | None = self.find(name)
        while commit is not None:
            yield commit
            commit = self.commits[commit.parent] if commit.parent else None

    def commit(self, branch: str, change: Change, parent: str | None = None) -> Commit:
        """Move a branch on by one commit; with a parent, only if that is where it is.

        Raises:
            Refused: there is no such branch, it is elsewhere, or a path to be deleted is not there.
        """
        at = self.branches.get(branch)
        if at is None:
            raise Refused(404, f"Invalid rev id: {branch}", "RevisionNotFound")
        if parent is not None and not at.startswith(parent):
            raise Refused(412, "A commit has happened since. Please refresh and try again.")
        files = dict(self.commits[at].blobs)
        for path, blob in change.files:
            if blob is not None:
                files[path] = blob
                continue
            gone = [name for name in files if name == path or (path.endswith("/") and name.startswith(path))]
            if not gone:
                raise Refused(404, f"A file with this name doesn't exist: {path}", "EntryNotFound")
            for name in gone:
                del files[name]
        made = self._keep(at, files, change.title, change.message)
        self.branches[branch] = made.oid
        return made

    def squash(self, branch: str, message: str) -> Commit:
        """Make a branch one commit without a past."""
        if branch not in self.branches:
            raise Refused(404, f"Invalid rev id: {branch}", "RevisionNotFound")
        made = self._keep(None, self.commits[self.branches[branch]].blobs, message, "")
        self.branches[branch] = made.oid
        return made

    def add_branch(self, name: str, start: str | None) -> None:
        """Begin a branch at a revision.

        Raises:
            Refused: it exists, its name is none, or there is no such revision.
        """
        if name in self.branches:
            raise Refused(409, f"Reference already exists: refs/heads/{name}")
        self.branches[_checked(name)] = self.find(start or MAIN).oid

    def add_tag(self, name: str, revision: str, message: str | None) -> None:
        """Tag a revision.

        Raises:
            Refused: the tag exists, its name is none, or there is no such revision.
        """
        if name in self.tags:
            raise Refused(409, f"Tag {name} already exists")
        self.tags[_checked(name)] = self.find(revision).oid
        if message:
            self.tag_messages[name] = message

    def drop(self, name: str, *, tag: bool) -> None:
        """Delete a branch or a tag.

        Raises:
            Refused: there is none, or it is `main`.
        """
        if not tag and name == MAIN:
            raise Refused(403, "Cannot delete the main branch")
        if (self.tags if tag else self.branches).pop(name, None) is None:
            raise Refused(404, f"Invalid rev id: {name}", "RevisionNotFound")
        if tag:
            self.tag_messages.pop(name, None)

    def large(self, sha256: str) -> Content | None:
        """A large file that is here already, sent or committed."""
        if sha256 not in self.uploaded:
            for commit in self.commits.values():
                held = {blob.sha256: blob.content for blob in commit.blobs.values() if blob.lfs}
                self.uploaded.update(held)
        return self.uploaded.get(sha256)

    def _keep(self, parent: str | None, files: Mapping[str, Blob], title: str, message: str) -> Commit:
        ordered = {path: files[path] for path in sorted(files)}
        listing = "".join(f"{path} {blob.oid}\n" for path, blob in ordered.items())
        written = f"{parent}\n{title}\n{message}\n{listing}"
        oid = hashlib.sha1(written.encode()).hexdigest()  # noqa: S324 - stands for git's hash
        made = Commit(oid, parent, ordered, title, message, self._author, self._clock())
        return self.commits.setdefault(oid, made)


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise Refused(400, f"Invalid reference name: {name}")
    return name
