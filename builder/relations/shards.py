"""One shard of evidence → one Parquet file per parsed relation: the unit of work, in a pool or on a cluster.

A shard is read line by line and written in batches, so that a process holds a few thousand records at a
time. Nothing here knows another shard: what is asked across shards is asked of the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from builder.capture.reader import read_shard
from builder.errors import BuilderError, EvidenceUnreadable
from builder.parse.record import Rows, parse_record
from builder.redaction import Redactor
from builder.relations.columns import to_columns
from builder.relations.observed import Observed
from builder.relations.spread import spread_names, spread_values
from builder.snapshot.parquet import ROWS_PER_GROUP, scan_files
from schemas.relations import ABSENCE, BASE_REFERENCE, NAME, PARSED, RECORD, RECORD_LIST, RECORD_VALUE
from schemas.validate import Violation, validate

RECORDS_PER_BATCH: Final = 1_024
"""Records whose rows wait in Python: few enough to stay in the processor's cache, which they are read from
once per column."""

COMPRESSION: Final = "lz4"
"""Of files that live as long as one build: a third of the bytes for a tenth of what zstd costs."""


@dataclass(frozen=True)
class Shard:
    """What one task needs to know; small, so that it can be sent anywhere."""

    records: Path
    observed: Path
    """Times of reading of all shards, as `sort_observed` gives them."""
    work: Path
    redactor: Redactor

    @property
    def label(self) -> str:
        """What names the files of this shard."""
        return self.records.stem


@dataclass(frozen=True)
class ParsedShard:
    """What one task made."""

    files: Mapping[str, Path]
    """Relation name → its Parquet file, where the shard has rows of it."""
    absences: Mapping[str, list[dict[str, Any]]]
    """Name of a set of reasons → its rows of `absence`, which shards share."""
    violations: tuple[Violation, ...]
    """Where a relation is not as declared. A key holds the id of its record, so that a shard can be checked
    without the others, but for a record that stands in two."""
    records: int
    hidden: int
    mentions: int


@dataclass
class _Writers:
    """One Parquet file per relation, made when the first row comes."""

    work: Path
    label: str
    files: dict[str, Path] = field(default_factory=dict)
    _open: dict[str, pq.ParquetWriter] = field(default_factory=dict)
    _waiting: dict[str, list[pa.Table]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for name in self._waiting:
                self._flush(name)
        for writer in self._open.values():
            writer.close()

    def write(self, name: str, rows: pa.Table) -> None:
        """Append rows, which reach the file in groups that are worth reading."""
        waiting = self._waiting.setdefault(name, [])
        waiting.append(rows)
        if sum(part.num_rows for part in waiting) >= ROWS_PER_GROUP:
            self._flush(name)

    def _flush(self, name: str) -> None:
        waiting = self._waiting[name]
        if not sum(part.num_rows for part in waiting):
            return
        if name not in self._open:
            self.files[name] = self.work / f"{name}-{self.label}.parquet"
            self._open[name] = pq.ParquetWriter(self.files[name], waiting[0].schema, compression=COMPRESSION)
        self._open[name].write_table(pa.concat_tables(waiting))
        waiting.clear()


def parse_shard(shard: Shard) -> ParsedShard:
    """Parse every record of a shard and write its relations.

    What the redactor hides is gone before parse sees it.

    Raises:
        EvidenceUnreadable: a line, record or field is not what it must be; the message names shard and line.
        SchemaViolation: a base stands in a relation that is none of the Hub's.
        OSError: a file cannot be written.
    """
    shown = "/".join(shard.records.parts[-3:])
    redactor = replace(shard.redactor, rows=0, mentions=0)
    absences: dict[str, list[dict[str, Any]]] = {}
    records = 0
    with _Writers(shard.work, shard.label) as writers, Observed(shard.observed) as observed:
        waiting: Rows = {table.name: [] for table in PARSED}
        for line, record in read_shard(shard.records):
            records += 1
            if redactor.skip(record.repo_id, record.role):
                continue
            try:
                when = observed.latest(record.repo_id)
                if when is None:
                    raise EvidenceUnreadable(
                        f"record {record.repo_id}: observed.jsonl does not say when it was read; "
                        "restore the capture or make it again"
                    )
                parsed = parse_record(record.repo_id, record.role, redactor.clean(record.parts), when)
            except BuilderError as error:
                raise type(error)(f"{shown}, line {line}: {error}") from error
            absences.setdefault(parsed["record"][0]["absence_set"], parsed.pop(ABSENCE.name))
            for name, more in parsed.items():
                if more:
                    waiting[name] += more
            if records % RECORDS_PER_BATCH == 0:
                _flush(writers, waiting)
        _flush(writers, waiting)
    violations = tuple(
        violation
        for table in PARSED
        if table.name in writers.files
        for violation in validate(table, scan_files([writers.files[table.name]]))
    )
    return ParsedShard(writers.files, absences, violations, records, redactor.rows, redactor.mentions)


def _flush(writers: _Writers, waiting: Rows) -> None:
    if not waiting[RECORD.name]:
        return
    columns = {table.name: to_columns(table, waiting[table.name]) for table in PARSED if waiting[table.name]}
    columns[NAME.name] = spread_names(waiting[RECORD.name], waiting[BASE_REFERENCE.name])
    columns[RECORD_VALUE.name] = spread_values(columns[RECORD_LIST.name])
    for name, rows in columns.items():
        writers.write(name, rows)
        waiting[name] = []
