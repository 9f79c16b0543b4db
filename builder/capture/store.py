"""Imports an earlier export: input files → evidence under `snapshots/<date>/capture/`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as calendar_date
from typing import TYPE_CHECKING

from builder.capture.description import (
    SHAPE,
    CaptureDescription,
    InputFile,
    Observed,
    Origin,
    compute_capture_id,
)
from builder.capture.encode import EncodedEvidence, encode_evidence
from builder.capture.evidence import Observation, Record, TaskCount
from builder.capture.importer import count_of_export, records_of_export, records_of_listing
from builder.capture.inputs import describe_input, read_json_lines, read_json_list
from builder.capture.place import Change, place_evidence
from builder.capture.tally import Tally
from builder.errors import CaptureRefused, UsageError, describe_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from builder.layout import Layout

INPUTS_OF_FORMAT = {"export-2025": ("LISTING", "DETAILS"), "hub-listing": ("FILE",)}
"""The formats an import knows, each with the files it takes."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True)
class ImportRequest:
    """What is imported, as which date; `replace` allows other bytes on an unpublished date."""

    format: str
    inputs: tuple[Path, ...]
    date: str
    observed_before: str
    origin_repository: str | None = None
    origin_commit: str | None = None
    counts: tuple[TaskCount, ...] = ()
    replace: bool = False


@dataclass(frozen=True)
class ImportResult:
    """Where the evidence lies, what became of the folder, and the facts of the capture."""

    capture: Path
    change: Change
    description: CaptureDescription


def import_evidence(
    layout: Layout, request: ImportRequest, check: Callable[[Record], None] | None = None
) -> ImportResult:
    """Make the evidence of one date from an earlier export; doing it twice changes nothing.

    Each record is shown to `check` before anything is put in place: what parse would refuse later is
    refused while the old evidence still stands.

    Raises:
        UsageError: The request cannot be carried out as it was typed.
        EvidenceUnreadable: An input is not what its format says.
        CaptureRefused: There is not one row, another process writes this date, or the disk refuses.
        SnapshotRefused: The date holds other evidence and may not, or need not, change.
    """
    origin = _check_request(request)
    inputs = tuple(describe_input(path) for path in request.inputs)
    tally = Tally()
    evidence = _read_inputs(request, tally, check)
    if not evidence.counts.records:
        raise CaptureRefused(
            f"{inputs[0].name}: there is not one row; a capture of nothing cannot become a date"
        )
    description = _describe(request, origin, inputs, evidence, tally)
    try:
        change = place_evidence(layout, evidence, description, replace=request.replace)
    except OSError as error:
        raise CaptureRefused(
            f"snapshots/{request.date}/capture cannot be written: {describe_os_error(error)}; "
            "mend that and import again, what was there is unchanged"
        ) from error
    return ImportResult(layout.capture(request.date), change, description)


def _check_request(request: ImportRequest) -> Origin | None:
    expected = INPUTS_OF_FORMAT.get(request.format)
    if expected is None:
        raise UsageError(
            f"The format {request.format!a:.40} is not known; use {' or '.join(INPUTS_OF_FORMAT)}"
        )
    if len(request.inputs) != len(expected):
        raise UsageError(
            f"The format {request.format} takes {len(expected)} files ({' '.join(expected)}) and "
            f"{len(request.inputs)} were given; name exactly these"
        )
    _check_times(request.date, request.observed_before)
    return check_origin(request.origin_repository, request.origin_commit)


def _check_times(date: str, observed_before: str) -> None:
    day = parse_day(date)
    if day is None:
        raise UsageError(f"--date is {date!a:.40} and not a day; write it as 2025-12-07")
    if _TIME.fullmatch(observed_before) is None or (moment := _parse_time(observed_before)) is None:
        raise UsageError(
            f"--observed-before is {observed_before!a:.40} and not a time in UTC; "
            "write it as 2025-12-07T15:26:59Z"
        )
    # An export of a date is read on that date and may be published the morning after.
    if (moment.date() - day).days not in {0, 1}:
        raise UsageError(
            f"--observed-before {observed_before} is not on {date} or the day after, so the export "
            f"does not show the Hub of that date; give --date {moment.date().isoformat()} or mend the time"
        )


def parse_day(text: str) -> calendar_date | None:
    """A day as folders are named; None where the text is none."""
    try:
        # The pattern too: ISO 8601 knows more forms of a day than a folder's name should have.
        return calendar_date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _parse_time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def check_origin(repository: str | None, commit: str | None) -> Origin | None:
    """Where imported files come from; None where that is not said.

    Raises:
        UsageError: one of the two is missing or has another form.
    """
    if repository is None and commit is None:
        return None
    if repository is None or commit is None:
        raise UsageError("--origin-repository and --origin-commit belong together; give both or none")
    if _REPOSITORY.fullmatch(repository) is None:
        raise UsageError(f"--origin-repository is {repository!a:.60}; write it as owner/name")
    if _COMMIT.fullmatch(commit) is None:
        raise UsageError(f"--origin-commit is {commit!a:.60}; write 7 to 40 hexadecimal digits")
    return Origin(repository=repository, commit=commit)


def _read_inputs(
    request: ImportRequest, tally: Tally, check: Callable[[Record], None] | None
) -> EncodedEvidence:
    counts = list(request.counts)
    if request.format == "export-2025":
        listing, details = (read_json_list(path) for path in request.inputs)
        records = list(records_of_export(listing, details, tally))
        counts.append(count_of_export(len(records), request.observed_before))
        return encode_evidence(_observe(_checked(records, check), request.observed_before), counts)
    rows = records_of_listing(read_json_lines(request.inputs[0]), tally)
    return encode_evidence(_observe(_checked(rows, check), request.observed_before), counts)


def _checked(records: Iterable[Record], check: Callable[[Record], None] | None) -> Iterator[Record]:
    for record in records:
        if check is not None:
            check(record)
        yield record


def _observe(
    records: Iterable[Record],
    not_after: str,
) -> Iterator[tuple[Record, list[Observation]]]:
    for record in records:
        yield record, [Observation(record.repo_id, part, None, not_after) for part in record.parts]


def _describe(
    request: ImportRequest,
    origin: Origin | None,
    inputs: tuple[InputFile, ...],
    evidence: EncodedEvidence,
    tally: Tally,
) -> CaptureDescription:
    files = evidence.describe_files()
    return CaptureDescription(
        shape=SHAPE,
        capture_id=compute_capture_id(files),
        kind="import",
        format=request.format,
        date=request.date,
        origin=origin,
        inputs=inputs,
        observed=Observed(not_before=None, not_after=request.observed_before),
        counts=evidence.counts,
        files=files,
        left_out=tally.report("left_out"),
        dropped=tally.report("dropped"),
        cleaned=tally.report("cleaned"),
    )
