"""Evidence and curated facts → Parquet relations, validated: what the SQL steps start from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from builder.capture.evidence import Record
from builder.capture.reader import read_evidence
from builder.errors import EvidenceUnreadable
from builder.layout import EvidenceFolder
from builder.parse.record import Rows, parse_record
from builder.redaction import Redactor
from builder.relations.columns import to_columns
from builder.relations.observed import broken_line, sort_observed
from builder.relations.shards import ParsedShard, Shard
from builder.snapshot import build as core
from builder.snapshot.parquet import scan_files, write_parquet
from schemas.parsed import ABSENCE, DEPARTED, TASK_COUNT
from schemas.relations import CURATED, DECISION, RELATIONS
from schemas.table import Table
from schemas.validate import Violation, validate

Relations = Mapping[str, list[Path]]
"""Relation name → its Parquet files, one per shard of evidence."""

ParseShards = Callable[[list[Shard]], Iterable[ParsedShard]]
"""Carries out `parse_shard` on every shard, here or elsewhere, and gives the results in any order."""

_WRITTEN: Final = tuple(table for table in RELATIONS if table is not DECISION)
"""Decisions are made by the steps; everything else stands before the first of them."""


def write_relations(
    evidence: EvidenceFolder, curated: Rows, work: Path, redactor: Redactor, parse_shards: ParseShards
) -> Relations:
    """Parse every shard, write every relation into `work`, and check all of them.

    What the redactor hides is gone before parse sees it.

    Raises:
        EvidenceUnreadable: a line, record or field is not what it must be.
        SchemaViolation: a relation is not as declared.
    """
    files: dict[str, list[Path]] = {table.name: [] for table in _WRITTEN}
    observed = sort_observed(evidence.observed, work)
    absences: dict[str, list[dict[str, Any]]] = {}
    violations: list[Violation] = []
    for parsed in parse_shards([Shard(shard, observed, work, redactor) for shard in evidence.shards]):
        for name, path in parsed.files.items():
            files[name].append(path)
        absences.update(parsed.absences)
        violations += parsed.violations
        redactor.count(parsed.hidden, parsed.mentions)
    _write({ABSENCE.name: [row for name in sorted(absences) for row in absences[name]]}, files, work, "all")
    _write({"task_count": _read_counts(evidence)}, files, work, "counts")
    _write({"departed": redactor.clean_rows(_read_departed(evidence))}, files, work, "departed")
    _write(curated, files, work, "curated")
    for table in _WRITTEN:
        files[table.name].sort()
        if not files[table.name]:
            _write_one(table, [], files, work, "none")
    _refuse_repeated(files, evidence)
    core.refuse(_find_violations(CURATED, files), "builder/tables/curated")
    violations += _find_violations((ABSENCE, DEPARTED, TASK_COUNT), files)
    core.refuse(sorted(violations), f"evidence {_shown(evidence.folder)}")
    return files


def check_record(record: Record) -> None:
    """Demand that parse understands a record; for evidence that is not in place yet.

    Raises:
        EvidenceUnreadable, SchemaViolation: it does not.
    """
    parse_record(record.repo_id, record.role, record.parts, datetime.now(UTC))


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
            raise EvidenceUnreadable(broken_line(evidence.departed, number)) from error
    return rows


def _read_lines(path: Path, fields: Mapping[str, type], moment: str) -> Iterator[dict[str, Any]]:
    """JSON lines with the given fields and one time: known as `moment`, or at least `not_after`."""
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row = orjson.loads(line)
            found = {name: row[name] for name in fields}
            when = datetime.fromisoformat(row[moment] or row["not_after"]).astimezone(UTC)
        except (ValueError, TypeError, KeyError) as error:
            raise EvidenceUnreadable(broken_line(path, number)) from error
        if any(type(found[name]) is not kind for name, kind in fields.items()):
            raise EvidenceUnreadable(broken_line(path, number))
        yield found | {moment: when}


def _write(rows: Rows, files: dict[str, list[Path]], work: Path, label: str) -> None:
    for table in _WRITTEN:
        if rows.get(table.name):
            _write_one(table, rows[table.name], files, work, label)


def _write_one(
    table: Table, rows: list[dict[str, Any]], files: dict[str, list[Path]], work: Path, label: str
) -> None:
    path = work / f"{table.name}-{label}.parquet"
    write_parquet(to_columns(table, rows), path)
    files[table.name].append(path)


def _refuse_repeated(files: Relations, evidence: EvidenceFolder) -> None:
    """Name both places of a repository that stands twice, in one shard or in two.

    The search for the places reads the evidence again, so it is made only where there is something
    to find.
    """
    ids = scan_files(files["record"]).select("repo_id")
    if ids.select(pl.len() != pl.col("repo_id").n_unique()).collect().item():
        for _ in read_evidence(evidence.folder):
            pass


def _find_violations(tables: Iterable[Table], files: Relations) -> list[Violation]:
    return [violation for table in tables for violation in validate(table, scan_files(files[table.name]))]


def _shown(folder: Path) -> str:
    """From the date on, as in `2025-12-07/capture`."""
    return "/".join(folder.parts[-2:])
