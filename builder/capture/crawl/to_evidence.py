"""A finished run becomes evidence: records, times, counts, who left, and the description of it all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from builder.capture.crawl.scopes import COUNT_SOURCE, Scope
from builder.capture.crawl.to_records import to_observations, to_record
from builder.capture.crawl.verdict import observed_between
from builder.capture.description import (
    SHAPE,
    CaptureDescription,
    Observed,
    Run,
    ScopeRun,
    compute_capture_id,
)
from builder.capture.encode import EncodedEvidence, encode_evidence
from builder.capture.evidence import Observation, Record, TaskCount
from builder.capture.tally import Tally

if TYPE_CHECKING:
    from builder.capture.crawl.crawler import Crawled
    from builder.capture.crawl.fetched import Fetched
    from builder.capture.crawl.previous import Previous
    from builder.capture.evidence import Role

FORMAT: Final = "hub"


@dataclass(frozen=True)
class Asked:
    """For which day a run asked, whom, and whether as somebody: with a token the Hub shows more."""

    date: str
    host: str
    authenticated: bool


def to_evidence(
    found: Crawled,
    scopes: tuple[Scope, ...],
    previous: Previous,
    asked: Asked,
    check: Callable[[Record], None],
) -> tuple[EncodedEvidence, CaptureDescription]:
    """The evidence files of a run, and the facts about them.

    Raises:
        EvidenceUnreadable, SchemaViolation: `check` refuses a record.
    """
    tally = Tally()
    evidence = encode_evidence(
        _to_lines(found, tally, check), _to_counts(found, scopes), departed=found.departed
    )
    first, last = observed_between(found)
    files = evidence.describe_files()
    description = CaptureDescription(
        shape=SHAPE,
        capture_id=compute_capture_id(files),
        kind="capture",
        format=FORMAT,
        date=asked.date,
        origin=None,
        inputs=(),
        observed=Observed(not_before=_to_text(first), not_after=_to_text(last) or f"{asked.date}T23:59:59Z"),
        counts=evidence.counts,
        files=files,
        left_out=tally.report("left_out"),
        dropped=tally.report("dropped"),
        cleaned=tally.report("cleaned"),
        run=Run(
            endpoint=asked.host,
            authenticated=asked.authenticated,
            scopes=tuple(_to_scope_run(found, scope) for scope in scopes),
            previous=previous.date,
            reused=len(found.reused),
            fields_missing=found.missing_fields,
            bases_not_found=tuple(sorted(found.not_found)),
            vanished=tuple(sorted(found.vanished)),
        ),
    )
    return evidence, description


def _to_lines(
    found: Crawled, tally: Tally, check: Callable[[Record], None]
) -> Iterator[tuple[Record, list[Observation]]]:
    roles: tuple[tuple[Role, dict[str, Fetched]], ...] = (("member", found.members), ("base", found.bases))
    for role, items in roles:
        for item in items.values():
            record, notes = to_record(item, role)
            check(record)
            tally.add(record.repo_id, notes)
            yield record, to_observations(item)


def _to_counts(found: Crawled, scopes: tuple[Scope, ...]) -> list[TaskCount]:
    return [
        TaskCount(
            pipeline_tag=scope.name,
            model_count=len(found.listed[scope.name].rows),
            exact=True,
            counted_at=found.listed[scope.name].counted_at,
            not_after=None,
            source=COUNT_SOURCE,
        )
        for scope in scopes
        if scope.is_task
    ]


def _to_scope_run(found: Crawled, scope: Scope) -> ScopeRun:
    listed = found.listed[scope.name]
    kept = sum(scope.name in item.scopes for item in found.members.values())
    return ScopeRun(
        name=scope.name,
        query="&".join(f"{name}={value}" for name, value in sorted(scope.query.items())),
        depth=scope.depth,
        listed=len(listed.rows),
        kept=kept,
        gaps=len(listed.gaps),
        odd=listed.odd,
    )


def _to_text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
