"""Counts what a capture did not keep as given, so that nothing is ever lost in silence."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.capture.rules import Note, NoteKind

EXAMPLES_MAX = 20
"""Repositories named per entry: enough to look into a new field, and the count says the rest."""

ENTRIES_MAX = 1_000
"""Entries per list: 4,167 real rows make about 60, and names are free text anyone may invent."""

FURTHER = "(further fields)"


@dataclass(frozen=True)
class FieldNote:
    """How often one field was left out, dropped or cleaned for one reason.

    `values` counts occurrences, `records` the records they are in; `repo_ids` are the first few.
    """

    field: str
    reason: str
    values: int
    records: int
    repo_ids: tuple[str, ...]


@dataclass
class _Entry:
    values: int = 0
    records: int = 0
    repo_ids: list[str] = field(default_factory=list)

    def add(self, values: int, repo_id: str) -> None:
        self.values += values
        self.records += 1
        # The smallest ids rather than the first seen: the order of the input must not show.
        insort(self.repo_ids, repo_id)
        del self.repo_ids[EXAMPLES_MAX:]


class Tally:
    """Running counts over the records of one capture, each record added once."""

    def __init__(self) -> None:
        """Start with nothing noted."""
        self._entries: dict[tuple[NoteKind, str, str], _Entry] = {}

    def add(self, repo_id: str, notes: Iterable[Note]) -> None:
        """Count the notes of one record."""
        of_record: dict[tuple[NoteKind, str, str], int] = {}
        for note in notes:
            key = (note.kind, note.field, note.reason)
            of_record[key] = of_record.get(key, 0) + 1
        for key, values in of_record.items():
            self._entries.setdefault(key, _Entry()).add(values, repo_id)

    def report(self, kind: NoteKind) -> tuple[FieldNote, ...]:
        """The entries of one kind by field and reason; the rarest beyond a bound become one."""
        notes = [
            FieldNote(name, reason, entry.values, entry.records, tuple(entry.repo_ids))
            for (of_kind, name, reason), entry in self._entries.items()
            if of_kind == kind
        ]
        notes.sort(key=lambda note: (-note.records, note.field, note.reason))
        shown, rest = notes[:ENTRIES_MAX], notes[ENTRIES_MAX:]
        shown.sort(key=lambda note: (note.field, note.reason))
        if rest:
            shown.append(_merge(rest))
        return tuple(shown)


def _merge(rest: list[FieldNote]) -> FieldNote:
    repo_ids = sorted({repo_id for note in rest for repo_id in note.repo_ids})
    return FieldNote(
        field=FURTHER,
        reason=f"{len(rest)} rarer fields, counted together",
        values=sum(note.values for note in rest),
        records=sum(note.records for note in rest),
        repo_ids=tuple(repo_ids[:EXAMPLES_MAX]),
    )
