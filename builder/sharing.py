"""What people take away from a built date: a citation of it, and its tables in other formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Final

import pyarrow.parquet as pq

from builder.card.citation import TITLE, Citation, Place, cite_as_bibtex
from builder.errors import EvidenceUnreadable, SnapshotRefused, UsageError
from builder.export.cells import to_csv_header, to_csv_line, to_json_line
from builder.export.documents import COLUMNS, COLUMNS_OF, ENDINGS, README, list_columns, render_readme
from builder.index import Index, read_index
from builder.layout import DATA, Layout, find_files, part_name
from builder.reading import read_manifest
from builder.snapshot import manifest as manifests
from builder.snapshot import store
from schemas.tables import TABLES

_ROWS: Final = 8_192
"""Rows held as Python values at a time."""


def cite_date(layout: Layout, date: str) -> Citation:
    """How a date is cited: by its place on the Hub where it is published, and by its content.

    Raises:
        SnapshotRefused: nobody planned the date, it is not built, or a published manifest has other bytes.
        EvidenceUnreadable: the index does not say where the published date lies.
    """
    index = read_index(layout.index)
    if date not in index.published:
        index.draft(date)
    manifest = read_manifest(layout, date)
    place = _find_place(index, date) if date in index.published else None
    if place and place.manifest_sha256 != store.describe_file(layout.manifest(date))["sha256"]:
        raise SnapshotRefused(
            f"snapshots/{date}/manifest.json has other bytes than were published; "
            f"restore it from the git tag {date}"
        )
    try:
        content = manifests.hash_tables(manifest["tables"])
        return Citation(str(manifest["name"]), str(manifest["schema_version"]), content, place)
    except (KeyError, TypeError) as error:
        raise SnapshotRefused(
            f"snapshots/{date}/manifest.json is no manifest; run `builder build {date}`"
        ) from error


def _find_place(index: Index, date: str) -> Place:
    fields = index.published[date] or {}
    names = ("repo_id", "tag", "hub_commit", "manifest_sha256")
    for name in names:
        if not isinstance(fields.get(name), str):
            raise EvidenceUnreadable(
                f"snapshots/index.yaml gives the published {date} no `{name}`; correct it as its comment says"
            )
    return Place(*(fields[name] for name in names))


@dataclass(frozen=True)
class Exported:
    """What an export made."""

    folder: Path
    rows: dict[str, int]
    bytes: int


def export_date(layout: Layout, date: str, format_: str, output: Path) -> Exported:
    """Write every table of a built date into a folder, with the meaning of every column.

    Raises:
        UsageError: the folder holds files that no export made, or is no folder.
        SnapshotRefused: the date is not built, a table has other bytes than the manifest says, or the
            system refuses to write.
    """
    citation = cite_date(layout, date)
    manifest = read_manifest(layout, date)
    with store.refuse_disk_errors(f"snapshots/{date}"):
        for table in TABLES:
            for name in find_files(table.name, manifest["files"]) or [f"{DATA}/{part_name(table.name)}"]:
                path = layout.snapshot(date) / name
                if not path.is_file() or store.describe_file(path) != manifest["files"].get(name):
                    raise SnapshotRefused(
                        f"snapshots/{date}/{name} is missing or has other bytes than the manifest says; "
                        "run `dvc repro --force`"
                    )
    ending = ENDINGS[format_]
    # The README first: it tells the next run that the folder is an export, should this one be killed.
    names = [README, f"{COLUMNS}.{ending}", *(f"{table.name}.{ending}" for table in TABLES)]
    with (
        store.refuse_disk_errors(output.name or str(output)),
        _output_folder(output, names),
        store.temporary_folder(output) as made,
    ):
        rows = {
            table.name: _export_table(
                layout.table_files(date, table.name), made / f"{table.name}.{ending}", format_
            )
            for table in TABLES
        }
        with _open(made / f"{COLUMNS}.{ending}") as stream:
            _write_rows(stream, format_, list(COLUMNS_OF), list_columns())
        with _open(made / README) as stream:
            cited = cite_as_bibtex(citation)
            stream.write(render_readme(format_, title=TITLE, date=date, citation=cited, rows=rows))
        size = sum(path.stat().st_size for path in made.iterdir())
        for name in names:
            (made / name).replace(output / name)
    return Exported(output, rows, size)


@contextmanager
def _output_folder(output: Path, names: list[str]) -> Iterator[None]:
    """A folder that holds nothing but an earlier export; one that was made for a failed export goes again."""
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output.name} is no folder; name one with --output")
    was_there = output.is_dir()
    found = sorted(path for path in output.iterdir() if not store.is_unfinished(path)) if was_there else []
    known = names if _is_export(output) else []
    foreign = [path.name for path in found if path.name not in known or path.is_dir()]
    if foreign:
        raise UsageError(
            f"{output.name or output} holds {foreign[0]}, which no export in this format made; name a new or "
            "empty folder with --output"
        )
    output.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        if not was_there and not any(output.iterdir()):
            output.rmdir()
        raise


def _is_export(folder: Path) -> bool:
    """Whether the folder's README is one that an export writes."""
    begins = f"# {TITLE}\n".encode()
    try:
        with (folder / README).open("rb") as stream:
            return stream.read(len(begins)) == begins
    except OSError:
        return False


def _export_table(paths: list[Path], target: Path, format_: str) -> int:
    names: list[str] = pq.read_schema(paths[0]).names
    with _open(target) as stream:
        _write_rows(stream, format_, names, chain.from_iterable(_read_batches(paths)))
    return sum(int(pq.read_metadata(path).num_rows) for path in paths)


def _read_batches(paths: list[Path]) -> Iterator[list[dict[str, object]]]:
    for path in paths:
        with pq.ParquetFile(path) as file:
            yield from (batch.to_pylist() for batch in file.iter_batches(batch_size=_ROWS))


def _open(path: Path) -> IO[str]:
    # Lines end as they are written, whatever the system's custom.
    return path.open("w", encoding="utf-8", newline="")


def _write_rows(
    stream: IO[str], format_: str, names: list[str], rows: Iterable[Mapping[str, object]]
) -> None:
    if format_ == "json":
        stream.writelines(map(to_json_line, rows))
        return
    stream.write(to_csv_header(names))
    stream.writelines(to_csv_line(row[name] for name in names) for row in rows)
