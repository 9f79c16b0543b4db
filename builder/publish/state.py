"""What publishing compares: a snapshot's files here, and the commits of the dataset repository there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from builder.index import Publication

MANIFEST: Final = "manifest.json"
CARD: Final = "README.md"

KEPT: Final = frozenset({".gitattributes"})
"""Files of the Hub itself: never compared, changed or deleted."""


Published: TypeAlias = Mapping[str, Publication]
"""Date → entry of the index, of one dataset repository."""


@dataclass(frozen=True)
class FileFacts:
    """A file by its content."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Snapshot:
    """What a date publishes: the files that its manifest announces, and the manifest."""

    date: str
    files: Mapping[str, FileFacts]
    """By path in the repository; the manifest is one of them."""

    card: str
    code_commit: str | None = None
    """Commit of the source repository that holds code and snapshot, where it is known."""

    @property
    def manifest_sha256(self) -> str:
        """Stands for all of it, since the manifest holds the hash of every other file."""
        return self.files[MANIFEST].sha256


@dataclass(frozen=True)
class Revision:
    """One commit of the dataset repository; others may have written it, so nothing in it is trusted."""

    commit: str
    files: Mapping[str, FileFacts]
    """Without those of `KEPT`."""

    manifest: Mapping[str, Any] | None = None
    """None where there is none, or where it is no JSON object."""

    card: str = ""

    def holds(self, snapshot: Snapshot) -> bool:
        """Whether it holds exactly the files of a snapshot."""
        return dict(self.files) == dict(snapshot.files)


@dataclass(frozen=True)
class Remote:
    """The dataset repository as it was read, as far as one date concerns it."""

    repo_id: str
    branches: Mapping[str, str]
    """Branch → commit."""

    tags: Mapping[str, str]
    """Tag → commit."""

    start: str
    """Commit at which a branch of the date would begin: the last published date before it, else the first
    commit."""

    revisions: Mapping[str, Revision]
    """By commit, those that a plan for the date looks at: head or start of its branch, and its tag."""
