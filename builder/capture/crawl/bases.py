"""What a repository builds on, as its evidence says: which bases are worth a call."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from builder.capture.crawl.to_records import to_record
from builder.parse.record import parse_record

if TYPE_CHECKING:
    from builder.capture.crawl.fetched import Fetched

_ANY_TIME: Final = datetime.min.replace(tzinfo=UTC)


def find_bases(found: Fetched) -> set[str]:
    """Ids of bases to ask for, in the spelling of whoever named them.

    What the Hub has resolved stands for what the card declares, unless the card names more of them: the
    Hub drops those that it does not find under the letters given, and finds some under other letters.

    Raises:
        EvidenceUnreadable, SchemaViolation: the record is one that parse refuses.
    """
    record, _ = to_record(found, "member")
    rows = parse_record(record.repo_id, "member", record.parts, _ANY_TIME)["base_reference"]
    by_evidence: dict[str, set[str]] = {}
    for row in rows:
        # An id without owner is either a local folder or older than owners; the Hub resolves the latter.
        if row["base_id"] is not None and ("/" in row["base_id"] or row["evidence"] == "hub"):
            by_evidence.setdefault(row["evidence"], set()).add(row["base_id"])
    resolved, declared = by_evidence.get("hub", set()), by_evidence.get("declared", set())
    wanted = resolved | by_evidence.get("config", set())
    if len(declared) > len(resolved):
        known = {name.lower() for name in resolved}
        wanted |= {name for name in declared if name.lower() not in known}
    return wanted - {record.repo_id}
