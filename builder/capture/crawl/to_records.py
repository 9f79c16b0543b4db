"""What was fetched becomes records of evidence: filtered, bounded, with the time of each part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.capture.evidence import HUB_PARTS, Observation, Record
from builder.capture.fields import filter_part
from builder.capture.rules import NegativeCount, Note

if TYPE_CHECKING:
    from builder.capture.crawl.fetched import Fetched
    from builder.capture.evidence import JsonObject, Role


def to_record(found: Fetched, role: Role) -> tuple[Record, list[Note]]:
    """The record of one repository, and what was not kept as the Hub gave it."""
    parts: dict[str, JsonObject] = {}
    notes = list(found.notes)
    for name, answer in sorted(found.parts.items()):
        kept, more = _filter(name, answer)
        parts[name] = kept
        notes += more
    absent = {name: found.absent.get(name, "not_captured") for name in HUB_PARTS if name not in parts}
    return Record(repo_id=found.repo_id, role=role, parts=parts, absent=absent), notes


def to_observations(found: Fetched) -> list[Observation]:
    """When each part was read; what a capture says itself (the part `scopes`) is no observation."""
    return [
        Observation(found.repo_id, part, found.times[part], None)
        for part in sorted(found.parts)
        if part in found.times
    ]


def _filter(name: str, answer: JsonObject) -> tuple[JsonObject, list[Note]]:
    """Keep what is allowed; a count below zero costs its field: one repository must not stop a month."""
    left = dict(answer)
    notes: list[Note] = []
    while True:
        try:
            kept, more = filter_part(name, left)
        except NegativeCount as error:
            field = error.field.removeprefix(f"{name}.").partition(".")[0].partition("[")[0]
            if left.pop(field, None) is None:
                raise
            notes.append(Note("dropped", f"{name}.{field}", "a count below zero"))
            continue
        return kept, notes + more
