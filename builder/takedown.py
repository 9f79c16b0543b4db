"""Finds out what taking a repository out of the snapshots concerns; docs/takedown.md says what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as calendar_date

from builder.capture.leaderboards.reader import read_measurements
from builder.capture.reader import read_evidence
from builder.errors import UsageError
from builder.index import date_order, read_index
from builder.layout import Layout
from builder.project import read_curated
from builder.redaction import REASONS, Redactor, hash_id, read_redactions, render_entry
from builder.tables.curation import to_relations


@dataclass(frozen=True)
class Affected:
    """One date whose evidence names the repository."""

    date: str
    published: bool
    rows: int
    mentions: int
    correction: str | None
    """The entry that corrects it, where it is published; None where it is built anew anyway."""


@dataclass(frozen=True)
class Takedown:
    """What to write down, and which dates it changes."""

    entry: str
    listed: bool
    """Whether the list hides it already."""

    dates: tuple[Affected, ...]


def plan_takedown(layout: Layout, name: str, reason: str, since: calendar_date) -> Takedown:
    """The list's entry for a repository, or for all of an owner, and the dates that name them.

    Raises:
        UsageError: `reason` is none of the known ones.
        CaptureRefused, EvidenceUnreadable: the evidence of a date is missing or broken.
    """
    if reason not in REASONS:
        raise UsageError(f"{reason!a:.40} is no reason; give one of {', '.join(REASONS)}")
    listed = read_redactions(read_curated(layout)["redactions"]).hides(name)
    return Takedown(render_entry(name, reason, since), listed, tuple(_find_dates(layout, name)))


def _find_dates(layout: Layout, name: str) -> Iterator[Affected]:
    index = read_index(layout.index)
    known = {*index.building, *index.published}
    for date in sorted(known, key=date_order):
        only = frozenset({hash_id(name)})
        redactor = Redactor(only, frozenset()) if "/" in name else Redactor(frozenset(), only)
        for _, _, record in read_evidence(layout.capture(date)):
            if not redactor.skip(record.repo_id, record.role):
                redactor.clean(record.parts)
        redactor.count(0, _count_measured(layout, date, redactor))
        if redactor.rows or redactor.mentions:
            numbers = [date_order(other)[1] for other in known if other[:10] == date[:10]]
            published = date in index.published
            next_one = f"{date[:10]}.{max(numbers) + 1}" if published else None
            yield Affected(date, published, redactor.rows, redactor.mentions, next_one)


def _count_measured(layout: Layout, date: str, redactor: Redactor) -> int:
    """Numbers of leaderboards that a date takes and that are about a hidden repository."""
    systems = to_relations(read_curated(layout), date)["leaderboard_system"]
    hidden = {
        (system["leaderboard"], system["listed_as"])
        for system in systems
        if system["repo_id"] is not None and redactor.hides(system["repo_id"])
    }
    measured = read_measurements(layout, calendar_date.fromisoformat(date[:10]))
    return sum((row["leaderboard"], row["listed_as"]) in hidden for one in measured for row in one.rows)
