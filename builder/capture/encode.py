"""Records become the bytes of the evidence files: sorted, so that the order of a source is gone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.capture.description import EvidenceFile, RecordCounts
from builder.capture.evidence import to_line
from builder.layout import RECORDS_PER_SHARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from builder.capture.evidence import Departure, Observation, Record, TaskCount


@dataclass(frozen=True)
class EncodedEvidence:
    """The lines of every evidence file but `capture.json`, by file name."""

    files: Mapping[str, Sequence[bytes]]
    counts: RecordCounts

    def describe_files(self) -> dict[str, EvidenceFile]:
        """Hash, size and number of lines of each file."""
        return {name: _describe(lines) for name, lines in self.files.items()}


def encode_evidence(
    observed: Iterable[tuple[Record, Sequence[Observation]]],
    counts: Iterable[TaskCount],
    records_per_shard: int = RECORDS_PER_SHARD,
    departed: Iterable[Departure] | None = None,
) -> EncodedEvidence:
    """Make the evidence files of records and the observations of their parts.

    Records are encoded as they come and only their lines are held: a listing of millions of rows
    fits in memory as lines, not as objects.
    """
    lines: list[tuple[str, bytes]] = []
    times: list[tuple[str, str, bytes]] = []
    members = 0
    for record, observations in observed:
        lines.append((record.repo_id, to_line(record)))
        times.extend((item.repo_id, item.part, to_line(item)) for item in observations)
        members += record.role == "member"
    lines.sort()
    times.sort()
    # Without a record there is still a first shard: every capture has the same files.
    starts = range(0, max(len(lines), 1), records_per_shard)
    files = {
        f"records-{shard:05d}.jsonl": [line for _, line in lines[start : start + records_per_shard]]
        for shard, start in enumerate(starts)
    }
    files["observed.jsonl"] = [line for _, _, line in times]
    files["counts.jsonl"] = sorted(to_line(count) for count in counts)
    if departed is not None:
        files["departed.jsonl"] = sorted(to_line(departure) for departure in departed)
    return EncodedEvidence(
        files=files,
        counts=RecordCounts(records=len(lines), members=members, bases=len(lines) - members),
    )


def _describe(lines: Sequence[bytes]) -> EvidenceFile:
    digest = hashlib.sha256()
    size = 0
    for line in lines:
        digest.update(line)
        size += len(line)
    return EvidenceFile(sha256=digest.hexdigest(), bytes=size, lines=len(lines))
