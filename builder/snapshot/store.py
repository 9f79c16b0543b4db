"""Files of a snapshot: one Parquet writer, hashes, and a change of folder that is never half done."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_PER_GROUP: Final = 65_536
"""Rows per batch and row group: fixed, so that bytes do not depend on how rows arrived."""

ZSTD_LEVEL: Final = 3
"""Of 2.5 million rows: level 3 gives 205 MB, level 9 gives 181 MB at several times the time."""

_TEMPORARY: Final = ".making-"


def write_parquet(rows: pa.Table, path: Path) -> None:
    """Write rows as they stand: one row group per 65,536 rows, zstd, page index, no statistics of time or host."""
    with pq.ParquetWriter(
        path, rows.schema, compression="zstd", compression_level=ZSTD_LEVEL, write_page_index=True, version="2.6"
    ) as writer:
        for start in range(0, max(rows.num_rows, 1), ROWS_PER_GROUP):
            writer.write_table(rows.slice(start, ROWS_PER_GROUP).combine_chunks(), row_group_size=ROWS_PER_GROUP)


def hash_content(path: Path) -> str:
    """SHA-256 over the Arrow IPC batches read back from a Parquet file: the rows, whatever the file's encoding."""
    digest = hashlib.sha256()
    file = pq.ParquetFile(path)
    schema = file.schema_arrow.remove_metadata()
    digest.update(pa.schema([field.remove_metadata() for field in schema]).serialize().to_pybytes())
    for batch in file.iter_batches(batch_size=ROWS_PER_GROUP):
        plain = pa.RecordBatch.from_arrays(batch.columns, schema=pa.schema([f.remove_metadata() for f in batch.schema]))
        digest.update(plain.serialize().to_pybytes())
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """A folder beside the final one, gone when the work is done or fails; those of killed runs go first."""
    for stale in parent.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(stale, ignore_errors=True)
    folder = parent / f"{_TEMPORARY}{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def replace_folder(new: Path, target: Path, aside: Path) -> None:
    """Put a finished folder in the place of another; what was there is moved aside, not deleted, until then."""
    if target.exists():
        target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """Write bytes under a temporary name, then rename: a reader sees the old file or the new one."""
    temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{path.name}")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_tree(root: Path, paths: tuple[Path, ...], endings: frozenset[str]) -> Mapping[str, bytes]:
    """Contents of files and of folders' files with the given endings, by path relative to the root."""
    found: dict[str, bytes] = {}
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and (file.suffix in endings or not path.is_dir()) and "__pycache__" not in file.parts:
                found[file.relative_to(root).as_posix()] = file.read_bytes()
    return found
