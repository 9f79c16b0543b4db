"""Reads a built date as another one is compared with it: its manifest, and tables with the bytes it names.

What was built by older code may lack columns that were added since. They are read as null, and the
comparison is told that they did not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as calendar_date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder import project
from builder.errors import SnapshotRefused
from builder.index import Draft, Index
from builder.layout import Layout, find_files
from builder.redaction import Redactor
from builder.snapshot import build as core
from builder.snapshot import store
from schemas.table import Table
from schemas.tables import TABLES
from schemas.version import SCHEMA_VERSION


@dataclass(frozen=True)
class Dated:
    """A built date, by its manifest."""

    name: str
    day: calendar_date
    manifest: Mapping[str, Any]
    manifest_sha256: str


@dataclass(frozen=True)
class Side:
    """The tables of one of two dates that are compared, in their declared form."""

    dated: Dated
    tables: Mapping[str, pa.Table]
    lacks: tuple[tuple[str, str], ...]
    """Table and column of every declared column that the date did not have yet."""


def find_previous(layout: Layout, index: Index, date: str, draft: Draft) -> Dated | None:
    """The date that another is compared with; None where it is a first date.

    Raises:
        SnapshotRefused: it is not built, is no earlier one, or has other bytes than were published.
        EvidenceUnreadable: its manifest cannot be read.
    """
    name = draft.previous_date
    if name is None:
        nothing = project.read_json(layout.root / draft.previous, draft.previous)
        if nothing.get("snapshot_date") is not None:
            raise SnapshotRefused(
                f"{draft.previous} stands for no date and names one; restore it from the repository"
            )
        return None
    if not index.is_known(name):
        raise SnapshotRefused(
            f"snapshots/index.yaml compares {date} with {name}, which is neither being built nor published; "
            "list it there or name another date"
        )
    if name[:10] >= date[:10]:
        raise SnapshotRefused(
            f"snapshots/index.yaml compares {date} with {name}, which is no earlier day; name an earlier "
            "date as its `previous`, and for a correction the one that the corrected date has"
        )
    previous = find_date(layout, index, name)
    if previous.day.isoformat() != name[:10]:
        raise SnapshotRefused(
            f"snapshots/{name}/manifest.json is that of {previous.day}; restore it or build {name} again"
        )
    return previous


def find_date(layout: Layout, index: Index, name: str) -> Dated:
    """A built date that can be compared.

    Raises:
        SnapshotRefused: it is not built, has other bytes than were published, or its schema is of
            another major version.
        EvidenceUnreadable: its manifest cannot be read.
    """
    path, where = layout.manifest(name), f"snapshots/{name}/manifest.json"
    if not index.is_known(name):
        raise SnapshotRefused(f"{name:.40} is no date of snapshots/index.yaml; name one that is listed there")
    if not path.is_file():
        raise SnapshotRefused(f"{where} is missing; run `builder build {name}` first")
    manifest = project.read_json(path, where)
    try:
        day = calendar_date.fromisoformat(manifest["snapshot_date"])
        version = str(manifest["schema_version"])
        files = manifest["files"].items()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SnapshotRefused(f"{where} is no manifest; run `builder build {name}`") from error
    if version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        raise SnapshotRefused(
            f"{name} has schema version {version}, which cannot be compared with {SCHEMA_VERSION}: columns "
            "mean other things; compare with a date of the same major version, or start anew with "
            "`previous: snapshots/none.json`"
        )
    sha256 = str(store.describe_file(path)["sha256"])
    if (index.published.get(name) or {}).get("manifest_sha256", sha256) != sha256:
        raise SnapshotRefused(
            f"{where} has other bytes than were published; restore it from the git tag {name}"
        )
    return Dated(name, day, {**manifest, "files": dict(files)}, sha256)


def read_side(layout: Layout, dated: Dated, redactor: Redactor | None = None) -> Side:
    """The tables of a date, once their bytes are those that its manifest names.

    What the redactor hides is not in them, or the next date would name it again.

    Raises:
        SnapshotRefused: a file is missing, has other bytes or cannot be read.
        SchemaViolation: a value does not fit its declared type.
    """
    tables, lacks = {}, []
    for table in TABLES:
        rows = _read_table(layout, dated, table)
        if rows is None:
            lacks += [(table.name, column) for column in table.column_names]
            rows = pa.table({})
        else:
            lacks += [(table.name, name) for name in table.column_names if name not in rows.column_names]
            rows = redactor.clean_table(rows) if redactor else rows
        tables[table.name] = core.to_declared(table, rows)
    return Side(dated, tables, tuple(lacks))


def _read_table(layout: Layout, dated: Dated, table: Table) -> pa.Table | None:
    """The declared columns that a file has; None where the date did not have such a table yet."""
    names = find_files(table.name, dated.manifest["files"])
    if not names and table.name not in dated.manifest["tables"]:
        return None
    parts = [_read_file(layout, dated, table, name) for name in names]
    return pa.concat_tables(parts) if parts else None


def _read_file(layout: Layout, dated: Dated, table: Table, name: str) -> pa.Table:
    path = layout.snapshot(dated.name) / name
    try:
        if path.is_file() and store.describe_file(path) == dated.manifest["files"][name]:
            file = pq.ParquetFile(path)
            return file.read([column for column in table.column_names if column in file.schema_arrow.names])
    except (OSError, pa.ArrowInvalid) as error:
        raise SnapshotRefused(
            f"snapshots/{dated.name}/{name} cannot be read; run `dvc repro --force build@{dated.name}`"
        ) from error
    raise SnapshotRefused(
        f"snapshots/{dated.name}/{name} is missing or has other bytes than its manifest says; restore it "
        f"from git, or run `builder build {dated.name}`"
    )
