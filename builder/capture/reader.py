"""Reads a capture back, and checks that it is what its description says it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NoReturn

from builder.capture.description import (
    CaptureDescription,
    EvidenceFile,
    compute_capture_id,
    read_description,
)
from builder.capture.evidence import Record, read_record
from builder.capture.folder import is_interrupted
from builder.errors import CaptureRefused, EvidenceUnreadable
from builder.layout import EvidenceFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_AGAIN = "restore the folder from version control or make the capture again"


def read_shard(shard: Path) -> Iterator[tuple[int, Record]]:
    """Records of one file with their line numbers; a shard can be read without the others.

    Raises:
        EvidenceUnreadable: The file cannot be read, or a line is not a record.
    """
    try:
        with shard.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                yield number, read_record(line, f"{_shown(shard)}:{number}")
    except OSError as error:
        _refuse_unopened(shard, error)


def read_evidence(folder: Path) -> Iterator[tuple[Path, int, Record]]:
    """Every record of a capture with its file and line number, in the files' order.

    Raises:
        CaptureRefused: There is no capture in the folder.
        EvidenceUnreadable: A line is not a record, or a repo_id stands twice.
    """
    shards = EvidenceFolder(folder).shards
    if not shards:
        _refuse_missing(folder)
    seen: dict[str, str] = {}
    for shard in shards:
        for number, record in read_shard(shard):
            where = f"{_shown(shard)}:{number}"
            if record.repo_id in seen:
                raise EvidenceUnreadable(
                    f"{where}: {record.repo_id} stands already in {seen[record.repo_id]}; {_AGAIN}"
                )
            seen[record.repo_id] = where
            yield shard, number, record


def check_evidence(folder: Path) -> CaptureDescription:
    """Check a capture's files against its description and return it.

    Raises:
        CaptureRefused: The capture, or a file it names, is missing.
        EvidenceUnreadable: A file has other bytes than it was described with.
    """
    files = EvidenceFolder(folder)
    if not files.description.is_file():
        _refuse_missing(folder)
    try:
        content = files.description.read_bytes()
    except OSError as error:
        _refuse_unopened(files.description, error)
    description = read_description(content, _shown(files.description))
    _check_names(files, description)
    for name, expected in description.files.items():
        _check_file(folder / name, expected)
    _check_counts(files, description)
    if compute_capture_id(description.files) != description.capture_id:
        raise EvidenceUnreadable(
            f"{_shown(files.description)}: `capture_id` is not that of its files; {_AGAIN}"
        )
    return description


def _check_names(files: EvidenceFolder, description: CaptureDescription) -> None:
    named = set(description.files)
    required = {files.observed.name, files.counts.name, files.records(0).name}
    if lacking := sorted(required - named):
        raise EvidenceUnreadable(f"{_shown(files.description)}: `files` does not name {lacking[0]}; {_AGAIN}")
    # Names come from a file: they must not lead anywhere else on disk.
    known = required | {files.departed.name} | {files.records(number).name for number in range(len(named))}
    if odd := sorted(named - known):
        raise EvidenceUnreadable(
            f"{_shown(files.description)}: `files` names {odd[0]!a:.60}, which no capture holds; {_AGAIN}",
        )
    if extra := [shard for shard in files.shards if shard.name not in named]:
        raise EvidenceUnreadable(f"{_shown(extra[0])}: the file is not named in capture.json; {_AGAIN}")


def _check_counts(files: EvidenceFolder, description: CaptureDescription) -> None:
    held = sum(description.files[shard.name].lines for shard in files.shards)
    counts = description.counts
    if counts.records != held or counts.members + counts.bases != held:
        raise EvidenceUnreadable(
            f"{_shown(files.description)}: `counts` says {counts.records} records "
            f"({counts.members} members, {counts.bases} bases) and the files hold {held}; {_AGAIN}",
        )


def _check_file(path: Path, expected: EvidenceFile) -> None:
    if not path.is_file():
        raise CaptureRefused(f"{_shown(path)}: the file is missing from the capture; {_AGAIN}")
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
            stream.seek(0)
            lines = sum(1 for _ in stream)
    except OSError as error:
        _refuse_unopened(path, error)
    if size < expected.bytes:
        raise EvidenceUnreadable(
            f"{_shown(path)}: the file breaks off after {size} of {expected.bytes} bytes; {_AGAIN}"
        )
    if digest != expected.sha256 or lines != expected.lines:
        raise EvidenceUnreadable(f"{_shown(path)}: the file has other bytes than capture.json says; {_AGAIN}")


def _refuse_missing(folder: Path) -> NoReturn:
    if is_interrupted(folder):
        raise CaptureRefused(
            f"{_shown(folder)}: an import was interrupted before it had replaced the capture; "
            "run the same `builder import` again, which first puts the old one back",
        )
    raise CaptureRefused(
        f"{_shown(folder)}: there is no capture; make one with `builder import`",
    )


def _refuse_unopened(path: Path, error: OSError) -> NoReturn:
    raise EvidenceUnreadable(
        f"{_shown(path)}: the file cannot be read ({error.strerror}); {_AGAIN}"
    ) from error


def _shown(path: Path) -> str:
    """From the date on, as in `2025-12-07/capture/records-00000.jsonl`."""
    return "/".join(path.parts[-3 if path.suffix else -2 :])
