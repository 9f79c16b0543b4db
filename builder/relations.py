"""Evidence and curated facts → Parquet relations, validated: what the SQL steps start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl
import pyarrow as pa

from builder.capture.evidence import Record
from builder.capture.reader import read_evidence, read_shard
from builder.errors import BuilderError, EvidenceUnreadable
from builder.layout import EvidenceFolder
from builder.parse.record import Rows, parse_record
from builder.redaction import Redactor
from builder.snapshot import build as core
from builder.snapshot import store
from schemas.parsed import DEPARTED
from schemas.relations import CURATED, DECISION, PARSED, RELATIONS
from schemas.table import Table
from schemas.to_arrow import to_arrow_schema
from schemas.validate import validate

Relations = Mapping[str, list[Path]]
"""Relation name → its Parquet files, one per shard of evidence."""

_WRITTEN: Final = tuple(table for table in RELATIONS if table is not DECISION)
"""Decisions are made by the steps; everything else stands before the first of them."""


def write_relations(evidence: EvidenceFolder, curated: Rows, work: Path, redactor: Redactor) -> Relations:
    """Parse every shard, write every relation into `work`, and check all of them.

    What the redactor hides is gone before parse sees it.

    Raises:
        EvidenceUnreadable: a line, record or field is not what it must be.
        SchemaViolation: a relation is not as declared.
    """
    files: dict[str, list[Path]] = {table.name: [] for table in _WRITTEN}
    observed = _read_observed(evidence)
    for number, shard in enumerate(evidence.shards):
        _write(_parse_shard(shard, observed, redactor), files, work, f"{number:05d}")
    _write({"task_count": _read_counts(evidence)}, files, work, "counts")
    _write({"departed": redactor.clean_rows(_read_departed(evidence))}, files, work, "departed")
    _write(curated, files, work, "curated")
    for table in _WRITTEN:
        if not files[table.name]:
            _write_one(table, [], files, work, "none")
    _refuse_repeated(files, evidence)
    _refuse_violations(CURATED, files, "builder/tables/curated")
    _refuse_violations(PARSED, files, f"evidence {_shown(evidence.folder)}")
    return files


def check_record(record: Record) -> None:
    """Demand that parse understands a record; for evidence that is not in place yet.

    Raises:
        EvidenceUnreadable, SchemaViolation: it does not.
    """
    parse_record(record.repo_id, record.role, record.parts, datetime.now(UTC))


def _parse_shard(shard: Path, observed: Mapping[str, datetime], redactor: Redactor) -> Rows:
    rows: Rows = {table.name: [] for table in PARSED}
    for line, record in read_shard(shard):
        if redactor.skip(record.repo_id, record.role):
            continue
        try:
            if record.repo_id not in observed:
                raise EvidenceUnreadable(
                    f"record {record.repo_id}: observed.jsonl does not say when it was read; "
                    "restore the capture or make it again"
                )
            parsed = parse_record(
                record.repo_id, record.role, redactor.clean(record.parts), observed[record.repo_id]
            )
        except BuilderError as error:
            raise type(error)(f"{_shown(shard)}, line {line}: {error}") from error
        for name, more in parsed.items():
            rows[name] += more
    return rows


def _read_observed(evidence: EvidenceFolder) -> dict[str, datetime]:
    """The latest time of reading of each record."""
    latest: dict[str, datetime] = {}
    for row in _read_lines(evidence.observed, {"repo_id": str}, moment="observed_at"):
        latest[row["repo_id"]] = max(row["observed_at"], latest.get(row["repo_id"], row["observed_at"]))
    return latest


def _read_counts(evidence: EvidenceFolder) -> list[dict[str, Any]]:
    fields = {"pipeline_tag": str, "model_count": int, "exact": bool, "source": str}
    return list(_read_lines(evidence.counts, fields, moment="counted_at"))


def _read_departed(evidence: EvidenceFolder) -> list[dict[str, Any]]:
    """Why members of the previous date are gone; only captures ask for that."""
    if not evidence.departed.is_file():
        return []
    rows = []
    for number, line in enumerate(evidence.departed.read_bytes().splitlines(), start=1):
        try:
            row = orjson.loads(line)
            rows.append({name: row[name] for name in DEPARTED.column_names})
        except (ValueError, TypeError, KeyError) as error:
            raise EvidenceUnreadable(_broken_line(evidence.departed, number)) from error
    return rows


def _read_lines(path: Path, fields: Mapping[str, type], moment: str) -> Iterator[dict[str, Any]]:
    """JSON lines with the given fields and one time: known as `moment`, or at least `not_after`."""
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row = orjson.loads(line)
            found = {name: row[name] for name in fields}
            when = datetime.fromisoformat(row[moment] or row["not_after"]).astimezone(UTC)
        except (ValueError, TypeError, KeyError) as error:
            raise EvidenceUnreadable(_broken_line(path, number)) from error
        if any(type(found[name]) is not kind for name, kind in fields.items()):
            raise EvidenceUnreadable(_broken_line(path, number))
        yield found | {moment: when}


def _broken_line(path: Path, number: int) -> str:
    return f"{_shown(path)}, line {number}: not a line of its shape; restore the capture or make it again"


def _write(rows: Rows, files: dict[str, list[Path]], work: Path, label: str) -> None:
    for table in _WRITTEN:
        if rows.get(table.name):
            _write_one(table, rows[table.name], files, work, label)


def _write_one(
    table: Table, rows: list[dict[str, Any]], files: dict[str, list[Path]], work: Path, label: str
) -> None:
    path = work / f"{table.name}-{label}.parquet"
    store.write_parquet(pa.Table.from_pylist(rows, schema=to_arrow_schema(table)), path)
    files[table.name].append(path)


def _refuse_repeated(files: Relations, evidence: EvidenceFolder) -> None:
    """Name both places of a repository that stands twice, in one shard or in two.

    The search for the places reads the evidence again, so it is made only where there is something
    to find.
    """
    ids = pl.scan_parquet(files["record"]).select("repo_id")
    if ids.select(pl.len() != pl.col("repo_id").n_unique()).collect().item():
        for _ in read_evidence(evidence.folder):
            pass


def _refuse_violations(tables: Iterable[Table], files: Relations, where: str) -> None:
    violations = [
        violation for table in tables for violation in validate(table, pl.scan_parquet(files[table.name]))
    ]
    core.refuse(violations, where)


def _shown(path: Path) -> str:
    """From the date on, as in `2025-12-07/capture/records-00000.jsonl`."""
    return "/".join(path.parts[-3 if path.suffix == ".jsonl" else -2 :])
