"""Checks a built date against its evidence, the schemas, and the hashes of its manifest."""

from __future__ import annotations

from typing import Any

from builder.assembly import declare
from builder.capture.leaderboards.reader import check_measurements
from builder.capture.reader import check_evidence
from builder.errors import SnapshotRefused
from builder.index import read_index
from builder.layout import Layout
from builder.reading import read_manifest, read_tables, refuse_other_bytes
from builder.snapshot import build as core
from builder.snapshot import store
from builder.snapshot.drift import refuse_drift
from schemas.version import SCHEMA_VERSION


def validate_snapshot(layout: Layout, date: str) -> int:
    """Check a built date against its evidence, schema, references, gaps and the hashes of its manifest.

    Returns:
        the number of files that were compared.

    Raises:
        SnapshotRefused: a file is missing, unknown or has other bytes, the tables were made from other
            evidence or compared with another previous date, or a published manifest has other bytes
            than were published.
        CaptureRefused, EvidenceUnreadable: the evidence is missing or broken.
        SchemaViolation: a value is not as declared.
        DriftBeyondLimit: the date moved further than the limits allow, and nobody said why.
    """
    manifest = read_manifest(layout, date)
    files = manifest["files"]
    if check_evidence(layout.capture(date)).capture_id != manifest["made_from"].get("capture_id"):
        raise SnapshotRefused(
            f"snapshots/{date} was made from other evidence than its capture; run `dvc repro`"
        )
    check_measurements(layout, date, manifest["made_from"].get("leaderboards", ()))
    index = read_index(layout.index)
    published = index.publication(date).manifest_sha256 if date in index.published else None
    _check_previous(layout, date, manifest.get("previous"))
    with store.refuse_disk_errors(f"snapshots/{date}"):
        refuse_other_bytes(layout, date, published, files)
        # A table may have got columns since; what the bytes were checked by is the code that made them.
        if published is None or manifest["schema_version"] == SCHEMA_VERSION:
            tables = declare(read_tables(layout, date))
            core.refuse(core.find_violations(tables, by_pandera=True), f"snapshot {date}")
    refuse_drift(manifest)
    return len(files)


def _check_previous(layout: Layout, date: str, previous: dict[str, Any] | None) -> None:
    """Demand that the date before is still the one that a date was compared with."""
    if previous is None:
        return
    path = layout.manifest(previous["name"])
    if not path.is_file() or store.describe_file(path)["sha256"] != previous["manifest_sha256"]:
        raise SnapshotRefused(
            f"snapshots/{date} was compared with another {previous['name']}; run `dvc repro`"
        )
