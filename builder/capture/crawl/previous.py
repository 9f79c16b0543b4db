"""Evidence of an earlier date, for what has not changed since: the same commit is not read again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import orjson

from builder.capture.crawl.fetched import REUSED_PARTS, Fetched, Row
from builder.capture.description import CaptureDescription
from builder.capture.reader import check_evidence, read_evidence
from builder.layout import EvidenceFolder

if TYPE_CHECKING:
    from pathlib import Path

    from builder.capture.crawl.scopes import Scope

_EXPORTED: Final = "audio-text-to-text"
"""What an export of 2025 lists: it has no part that says so."""


@dataclass(frozen=True)
class Previous:
    """Records of an earlier date; empty on the first one."""

    description: CaptureDescription | None = None
    members: dict[str, Fetched] = field(default_factory=dict)
    bases: dict[str, Fetched] = field(default_factory=dict)
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def date(self) -> str | None:
        """Its date."""
        return None if self.description is None else self.description.date

    def reusable(self, name: str, row: Row) -> Fetched | None:
        """What was read of a member at the commit that its row still names; None where it must be read."""
        kept = self.members.get(name) or self.bases.get(name)
        if kept is None or kept.sha is None or kept.sha != row.fields.get("sha"):
            return None
        # A gate may have been opened since, without a commit.
        was_closed = "gated" in kept.absent.values()
        return None if was_closed and row.fields.get("gated") is False else kept

    def base(self, name: str) -> Fetched | None:
        """What was read of a base, under whichever name it was asked for."""
        return self.bases.get(name) or next(
            (base for base in self.bases.values() if name in base.asked), None
        )

    def lacked(self, name: str) -> bool:
        """Whether the Hub did not show this base then."""
        run = None if self.description is None else self.description.run
        return run is not None and name in run.bases_not_found

    def members_of(self, scopes: Iterable[Scope]) -> set[str]:
        """Its members that the given scopes would list if they were still there."""
        names = {scope.name for scope in scopes if scope.depth != "count"}
        return {repo_id for repo_id, matched in self.scopes.items() if matched and matched <= names}

    def listed(self, scope: Scope) -> int | None:
        """How many models a scope listed then; None where it was not read."""
        if self.description is None:
            return None
        if self.description.run is None:
            return len(self.scopes) if scope.name == _EXPORTED and any(self.scopes.values()) else None
        return next((done.listed for done in self.description.run.scopes if done.name == scope.name), None)


def read_previous(folder: Path) -> Previous:
    """Read the evidence of a date.

    Raises:
        CaptureRefused, EvidenceUnreadable: it is missing or broken.
    """
    description = check_evidence(folder)
    times = _read_times(folder)
    members: dict[str, Fetched] = {}
    bases: dict[str, Fetched] = {}
    scopes: dict[str, frozenset[str]] = {}
    for _, _, record in read_evidence(folder):
        found = Fetched(
            record.repo_id,
            parts=dict(record.parts),
            absent=dict(record.absent),
            times={part: times[record.repo_id, part] for part in record.parts if part in REUSED_PARTS},
        )
        if record.role == "base":
            bases[record.repo_id] = found
        else:
            members[record.repo_id] = found
            exported = "export" in record.parts
            scopes[record.repo_id] = frozenset({_EXPORTED}) if exported else frozenset(found.scopes)
    return Previous(description, members, bases, scopes)


def _read_times(folder: Path) -> dict[tuple[str, str], str]:
    times = {}
    for line in EvidenceFolder(folder).observed.read_bytes().splitlines():
        row = orjson.loads(line)
        times[row["repo_id"], row["part"]] = row["observed_at"] or row["not_after"]
    return times
