"""A built date as its files say it: manifest, tables, and the bytes that the manifest announces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from builder import project
from builder.errors import SnapshotRefused
from builder.layout import Layout
from builder.snapshot import store
from builder.snapshot.parquet import scan_files
from schemas.table import Table
from schemas.tables import TABLES
from schemas.to_polars import no_rows

_MANIFEST = "manifest.json"


def read_tables(layout: Layout, date: str) -> dict[str, pl.LazyFrame]:
    """The tables of a built date, of which only what is asked for is read.

    One that a date did not have yet, as its manifest says, has no rows.

    Raises:
        SnapshotRefused: a table is missing or cannot be read.
    """
    frames = {}
    for table in TABLES:
        try:
            frames[table.name] = scan_files(layout.table_files(date, table.name))
            frames[table.name].collect_schema()
        except (OSError, pl.exceptions.PolarsError) as error:
            if _is_younger(layout, date, table):
                frames[table.name] = no_rows(table)
                continue
            raise SnapshotRefused(
                f"snapshots/{date}/data/{table.name}.parquet cannot be read; run `builder build {date}`"
            ) from error
    return frames


def _is_younger(layout: Layout, date: str, table: Table) -> bool:
    """Whether a date was built before there was such a table, so that its manifest does not name it."""
    return layout.manifest(date).is_file() and table.name not in read_manifest(layout, date)["tables"]


def read_manifest(layout: Layout, date: str) -> dict[str, Any]:
    """The manifest of a built date.

    Raises:
        SnapshotRefused: there is none, or it is not one.
    """
    if not layout.manifest(date).is_file():
        raise SnapshotRefused(f"snapshots/{date}/{_MANIFEST} is missing; run `builder build {date}`")
    manifest = project.read_json(layout.manifest(date), f"snapshots/{date}/{_MANIFEST}")
    if not all(isinstance(manifest.get(name), dict) for name in ("files", "tables", "made_from", "versions")):
        raise SnapshotRefused(f"snapshots/{date}/{_MANIFEST} is no manifest; run `builder build {date}`")
    return manifest


def refuse_other_bytes(
    layout: Layout, date: str, published: str | None, files: Mapping[str, Mapping[str, Any]]
) -> None:
    """Demand exactly the files that the manifest announces, and of a published date the manifest itself."""
    mend = f"restore it from the git tag {date}" if published else "build again with `dvc repro --force`"
    if published not in {None, store.describe_file(layout.manifest(date))["sha256"]}:
        raise SnapshotRefused(f"snapshots/{date}/{_MANIFEST} has other bytes than were published; {mend}")
    unknown = sorted(list_files(layout, date) - set(files) - {_MANIFEST})
    if unknown:
        raise SnapshotRefused(
            f"snapshots/{date}/{unknown[0]} is not in the manifest; take it away, or build again"
        )
    for name, facts in files.items():
        path = layout.snapshot(date) / name
        if not path.is_file() or store.describe_file(path) != facts:
            raise SnapshotRefused(
                f"snapshots/{date}/{name} is missing or has other bytes than the manifest says; {mend}"
            )


def list_files(layout: Layout, date: str) -> set[str]:
    """Every file of a date but its evidence, by its path in the folder."""
    folder, evidence = layout.snapshot(date), layout.capture(date)
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and evidence not in path.parents
    }
