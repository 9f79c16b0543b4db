"""What publishing the page would do, as data: a Space to make, and files to add, change and remove in it.

Pure: the files of a page and what the Space holds give one plan or one refusal. A Space shows
the last page that was sent, so there is neither tag nor branch, and its past is in its commits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from builder.errors import PublishRefused
from builder.publish.plan import Change, list_changes
from builder.publish.state import CARD, FileFacts

_FIRST: Final = frozenset({"index.html", "style.css", CARD})
"""What the Hub puts into a new static Space; a page takes its place."""


@dataclass(frozen=True)
class Space:
    """A Space as it was read."""

    repo_id: str
    head: str | None
    """Commit of its branch; None where there is no such Space, or none that the token may see."""

    files: Mapping[str, FileFacts]
    """Without those of the Hub itself."""


@dataclass(frozen=True)
class PagePlan:
    """What is left to do until a Space shows a page."""

    repo_id: str
    dates: tuple[str, ...]
    parent: str | None
    """Commit that the new one must follow; None where the Space has to be made first."""

    changes: tuple[Change, ...]

    @property
    def done(self) -> bool:
        """Whether the Space holds exactly this page."""
        return self.parent is not None and not self.changes

    @property
    def bytes(self) -> int:
        """Size of the files that are sent."""
        return sum(change.bytes for change in self.changes)


def plan_page(
    files: Mapping[str, FileFacts], dates: Collection[str], space: Space, is_own: Collection[str]
) -> PagePlan:
    """What is left to do until the Space holds the page and nothing else.

    Args:
        files: the page with its card, by path.
        dates: what the page shows, newest first.
        space: the Space as it was read a moment ago.
        is_own: those of its files that can only be an earlier page's.

    Raises:
        PublishRefused: it holds something that is neither a page nor what the Hub puts into a new Space.
    """
    foreign = sorted(set(space.files) - set(files) - set(is_own) - _FIRST)
    if foreign:
        raise PublishRefused(
            f"the Space {space.repo_id} holds {foreign[0]!a:.80}, which is no part of a page; name another "
            "Space, or take that file out of this one"
        )
    return PagePlan(space.repo_id, tuple(dates), space.head, list_changes(files, space.files))
