"""Puts evidence in the place of a date: once, or again with the same bytes, never over what is published."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal, TypeAlias

from builder.capture.description import CaptureDescription, to_json
from builder.capture.folder import hold_date, put_capture, same_files
from builder.errors import SnapshotRefused
from builder.index import read_index

if TYPE_CHECKING:
    from builder.capture.encode import EncodedEvidence
    from builder.layout import Layout

Change: TypeAlias = Literal["written", "replaced", "unchanged"]


def place_evidence(
    layout: Layout, evidence: EncodedEvidence, description: CaptureDescription, *, replace: bool
) -> Change:
    """Make the evidence that of its date.

    Raises:
        CaptureRefused: another process writes this date.
        SnapshotRefused: the date holds other evidence and may not, or need not, change.
        OSError: the disk refuses.
    """
    date = description.date
    capture = layout.capture(date)
    described = to_json(description)
    digests = {name: file.sha256 for name, file in description.files.items()}
    digests["capture.json"] = hashlib.sha256(described).hexdigest()
    with hold_date(layout.snapshot(date)):
        there = capture.exists()
        if there and not capture.is_dir():
            raise SnapshotRefused(f"snapshots/{date}/capture is not a folder; move it away")
        if there and same_files(capture, digests):
            return "unchanged"
        if is_published(layout, date):
            raise SnapshotRefused(
                f"snapshots/{date} is published and this would be other evidence; "
                "make it under another date, since a published date never changes"
            )
        if there and not replace:
            raise SnapshotRefused(
                f"snapshots/{date}/capture holds other evidence than this makes; "
                "give --replace to put it in its place"
            )
        put_capture(capture, {**evidence.files, "capture.json": [described]})
    return "replaced" if there else "written"


def is_published(layout: Layout, date: str) -> bool:
    """Whether a date never changes again; a project without an index has published nothing."""
    return layout.index.exists() and read_index(layout.index).is_published(date)
