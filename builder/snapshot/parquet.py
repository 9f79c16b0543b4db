"""The one writer of tables: batches in the order of the key become Parquet files, and are described.

Rows pass through in groups of 65,536, whatever batches they come in, so that the bytes do not depend on
how a table was made and no table need fit in memory. A table of more than 100 MB goes into several files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from builder.layout import part_name
from builder.snapshot import build as core
from schemas.table import Table

ROWS_PER_GROUP: Final = 65_536
"""Rows per batch and row group: fixed, so that bytes do not depend on how rows arrived."""

ZSTD_LEVEL: Final = 3
"""Of 2.5 million rows: level 3 gives 205 MB, level 9 gives 181 MB at several times the time."""

MAX_FILE_BYTES: Final = 100_000_000
"""A file that has reached this gets no further row group: what people download and retry in one piece."""


@dataclass(frozen=True)
class Stored:
    """One written table."""

    table: Table
    files: tuple[Path, ...]
    rows: int
    arrow_bytes: int

    def scan(self) -> pl.LazyFrame:
        """Its rows, read where they are asked for."""
        return scan_files(self.files)

    def describe(self) -> dict[str, Any]:
        """Rows, sizes and content hash, as the manifest announces them."""
        return {
            "rows": self.rows,
            "bytes": sum(path.stat().st_size for path in self.files),
            "arrow_bytes": self.arrow_bytes,
            "content_sha256": hash_content(self.files),
        }


def scan_files(files: Sequence[Path]) -> pl.LazyFrame:
    """Rows of Parquet files, in their order."""
    return pl.scan_parquet(list(files), glob=False)


def write_parquet(rows: pa.Table, path: Path) -> None:
    """Write rows as they stand: row groups of 65,536 rows, zstd, page index; nothing of time or host."""
    with _open(path, rows.schema) as writer:
        for start in range(0, max(rows.num_rows, 1), ROWS_PER_GROUP):
            group = rows.slice(start, ROWS_PER_GROUP).combine_chunks()
            writer.write_table(group, row_group_size=ROWS_PER_GROUP)


def write_table(table: Table, rows: Iterable[pa.RecordBatch], folder: Path) -> Stored:
    """Write the rows of a table, which come in the order of its key.

    Raises:
        SchemaViolation: the rows have a column that is not declared, or a value that does not fit.
        ValueError: they are not in the order of the key.
        OSError: a file cannot be written.
    """
    with _Parts(table, folder) as parts:
        for group in regroup(rows):
            parts.write(core.cast_rows(table, group))
        if not parts.files:
            parts.write(core.cast_rows(table, pa.table({})))
    return Stored(table, parts.name_files(), parts.rows, parts.arrow_bytes)


def regroup(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows in tables of exactly 65,536, but for the last."""
    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        waiting.append(batch)
        held += batch.num_rows
        if held >= ROWS_PER_GROUP:
            rows = pa.Table.from_batches(waiting)
            whole = held - held % ROWS_PER_GROUP
            for start in range(0, whole, ROWS_PER_GROUP):
                yield rows.slice(start, ROWS_PER_GROUP)
            waiting, held = rows.slice(whole).to_batches(), held - whole
    if held:
        yield pa.Table.from_batches(waiting)


@dataclass
class _Parts:
    """The files of one table while it is being written."""

    table: Table
    folder: Path
    files: list[Path] = field(default_factory=list)
    rows: int = 0
    arrow_bytes: int = 0
    _writer: pq.ParquetWriter | None = None
    _last: pa.Table | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def write(self, group: pa.Table) -> None:
        """Append one row group, in another file where this one is full."""
        core.demand_order(self.table, group, self._last)
        if self.files and self.files[-1].stat().st_size >= MAX_FILE_BYTES:
            self._close()
        if self._writer is None:
            self.files.append(self.folder / part_name(self.table.name, len(self.files)))
            self._writer = _open(self.files[-1], group.schema)
        group = group.combine_chunks()
        self._writer.write_table(group, row_group_size=ROWS_PER_GROUP)
        self.rows += group.num_rows
        self.arrow_bytes += group.nbytes
        self._last = group.slice(group.num_rows - 1) if group.num_rows else None

    def name_files(self) -> tuple[Path, ...]:
        """The files under their last names: a table of one file is named for itself."""
        if len(self.files) == 1:
            self.files = [self.files[0].rename(self.folder / part_name(self.table.name))]
        return tuple(self.files)

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _open(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        write_page_index=True,
        version="2.6",
    )


def hash_content(files: Iterable[Path]) -> str:
    """SHA-256 over the Arrow IPC batches read back from Parquet files: their rows, however encoded."""
    digest = hashlib.sha256()
    for number, path in enumerate(files):
        file = pq.ParquetFile(path)
        schema = file.schema_arrow.remove_metadata()
        if number == 0:
            plain = pa.schema([column.remove_metadata() for column in schema])
            digest.update(plain.serialize().to_pybytes())
        for batch in file.iter_batches(batch_size=ROWS_PER_GROUP):
            rows = pa.RecordBatch.from_arrays(
                batch.columns, schema=pa.schema([column.remove_metadata() for column in batch.schema])
            )
            digest.update(rows.serialize().to_pybytes())
    return digest.hexdigest()
