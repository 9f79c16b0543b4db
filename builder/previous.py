"""Reads a built date as another one is compared with it: its manifest, and tables with the bytes it names.

What was built by older code may lack columns that were added since. They are read as null, and the
comparison is told that they did not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as calendar_date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from builder import project
from builder.errors import SnapshotRefused
from builder.index import Draft, Index
from builder.layout import DATA, Layout, find_files
from builder.redaction import Redactor
from builder.snapshot import build as core
from builder.snapshot import store
from builder.snapshot.parquet import scan_files
from schemas.table import Table
from schemas.tables import TABLES
from schemas.to_polars import no_rows, to_polars_type
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
    tables: Mapping[str, pl.LazyFrame]
    """Read from their files where they are asked for: a date may be larger than memory."""
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
        files = [_check_file(layout, dated, name) for name in find_files(table.name, dated.manifest["files"])]
        tables[table.name], known = _read_table(dated, table, files, redactor)
        lacks += [(table.name, name) for name in table.column_names if name not in known]
    return Side(dated, tables, tuple(lacks))


def _check_file(layout: Layout, dated: Dated, name: str) -> Path:
    """A file of a date, once its bytes are those that its manifest names."""
    path = layout.snapshot(dated.name) / name
    try:
        if path.is_file() and store.describe_file(path) == dated.manifest["files"][name]:
            return path
    except OSError as error:
        raise _cannot_be_read(dated, path) from error
    raise SnapshotRefused(
        f"snapshots/{dated.name}/{name} is missing or has other bytes than its manifest says; restore it "
        f"from git, or run `builder build {dated.name}`"
    )


def _read_table(
    dated: Dated, table: Table, files: list[Path], redactor: Redactor | None
) -> tuple[pl.LazyFrame, list[str]]:
    """Rows of a table in the declared form, and the columns that it has in its files."""
    if not files:
        return no_rows(table), []
    try:
        schema = pq.read_schema(files[0])
        known = [name for name in table.column_names if name in schema.names]
        # Types are the same as ever within a major version, so that rows can stay where they are.
        same = all(schema.field(name).type == table.column(name).arrow for name in known)
        if same and not (redactor and (redactor.repositories or redactor.owners)):
            return _complete(table, scan_files(files), known), known
        rows = pa.concat_tables(pq.ParquetFile(path).read(known) for path in files)
    except (OSError, pa.ArrowInvalid) as error:
        raise _cannot_be_read(dated, files[0]) from error
    cleaned = redactor.clean_table(rows) if redactor else rows
    return core.to_frame(core.to_declared(table, cleaned)).lazy(), known


def _complete(table: Table, frame: pl.LazyFrame, known: list[str]) -> pl.LazyFrame:
    """The declared columns of a table; what it did not have yet is null."""
    return frame.select(
        pl.col(column.name)
        if column.name in known
        else pl.lit(None, to_polars_type(column)).alias(column.name)
        for column in table.columns
    )


def _cannot_be_read(dated: Dated, path: Path) -> SnapshotRefused:
    name = f"snapshots/{dated.name}/{DATA}/{path.name}"
    return SnapshotRefused(f"{name} cannot be read; run `dvc repro --force build@{dated.name}`")
