"""Everything countable on the card, as one frozen value: what `dataset_card.md` may speak of.

Counted from the tables, so that the card cannot disagree with them; the manifest adds what a table
cannot say of itself (bytes, hashes, where the evidence came from).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from builder.card.accuracy import Accuracy, read_accuracy
from builder.card.coverage import CoverageLine, count_coverage
from builder.card.figures.facts import Pictures, collect_pictures
from builder.card.fits import Memory, collect_memory
from builder.card.frames import Frame, count_rows
from builder.card.loads import Loads, list_loads
from builder.card.movement import Movement, collect_movement
from builder.card.population import (
    FamilyLine,
    KindLine,
    TaskLine,
    Totals,
    count_kinds,
    count_totals,
    list_families,
    list_tasks,
)
from builder.card.trust import (
    ConfidenceLine,
    EvidenceLine,
    GapLine,
    Known,
    count_confidence,
    count_evidence,
    count_gaps,
    count_known,
    list_uncaptured,
    sum_decisions,
)
from builder.errors import SnapshotRefused
from builder.layout import DATA, find_files, part_name
from builder.snapshot.scopes import read_scopes
from schemas.table import Table
from schemas.tables import TABLES

_DATE = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(\.(?P<number>[1-9][0-9]*))?")
"""A day, or the numbered correction of one (`2025-12-07.1`)."""
_SCHEMA_VERSION = re.compile(r"[0-9]+\.[0-9]+")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)

SPEECH_RECOGNITION = "automatic-speech-recognition"
"""The task beside which the first sentence sets this field."""

SPARSE = 0.5
"""Fill rate below which the card warns of a column: most rows have no value."""


def _is_date(name: str) -> bool:
    form = _DATE.fullmatch(name)
    if form is None:
        return False
    try:
        date.fromisoformat(form["day"])
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Origin:
    """Where the evidence of the date came from."""

    captured: bool
    reconstructed: bool
    format: str | None
    repository: str | None
    commit: str | None
    observed_not_after: str | None
    capture_id: str


@dataclass(frozen=True)
class TableFacts:
    """One published table of this date beside its declaration."""

    table: Table
    rows: int
    file_bytes: int
    arrow_bytes: int
    content_sha256: str
    empty_because: str
    void_columns: tuple[str, ...]
    """Columns without a single value."""
    sparse_columns: tuple[str, ...]
    """Columns with a value in less than half of the rows."""
    split: bool = False
    """Whether the table is so large that it lies in several files."""

    @property
    def path(self) -> str:
        """Where its rows lie in a dated revision; a pattern where that is several files."""
        return f"{DATA}/{part_name(self.table.name, '*' if self.split else None)}"


@dataclass(frozen=True)
class Irregularity:
    """Something about a field of the evidence that parse reported."""

    field: str
    problem: str
    records: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class CardFacts:
    """One date, counted."""

    repository: str
    """Dataset repository on the Hub, from where the card's code loads it."""

    snapshot_date: str
    """The day, or the numbered correction of one; the tag that it is published under."""

    scopes: tuple[str, ...]
    previous_snapshot_date: str | None
    drift_reason: str | None
    schema_version: str
    code_sha256: str
    versions: tuple[tuple[str, str], ...]
    origin: Origin
    totals: Totals
    kinds: tuple[KindLine, ...]
    families: tuple[FamilyLine, ...]
    tasks: tuple[TaskLine, ...]
    movement: Movement | None
    memory: Memory
    loads: Loads
    pictures: Pictures
    accuracy: Accuracy | None
    known: tuple[Known, ...]
    coverage: tuple[CoverageLine, ...]
    confidence: tuple[ConfidenceLine, ...]
    decisions: ConfidenceLine
    evidence: tuple[EvidenceLine, ...]
    gaps: tuple[GapLine, ...]
    uncaptured: tuple[str, ...]
    tables: tuple[TableFacts, ...]
    irregularities: tuple[Irregularity, ...]
    redacted_rows: int
    """Repositories in scope that were left out on request, for a secret or by law."""

    redacted_mentions: int

    def __post_init__(self) -> None:
        """Refuse a date, schema version or repository of no known form: code blocks print them, unescaped.

        Raises:
            SnapshotRefused: one of them is not what it must be.
        """
        if not _is_date(self.snapshot_date):
            msg = f"the manifest's name {self.snapshot_date!r} is no date: build the date again"
            raise SnapshotRefused(msg)
        if not _SCHEMA_VERSION.fullmatch(self.schema_version):
            msg = f"the manifest's schema_version {self.schema_version!r} is no version: build the date again"
            raise SnapshotRefused(msg)
        if not _REPOSITORY.fullmatch(self.repository):
            msg = f"the manifest's repository {self.repository!r} is none of the Hub: build the date again"
            raise SnapshotRefused(msg)

    @property
    def corrects(self) -> str | None:
        """The tag that this date corrects, where it is a correction."""
        form = _DATE.fullmatch(self.snapshot_date)
        if form is None or form["number"] is None:
            return None
        number = int(form["number"]) - 1
        return f"{form['day']}.{number}" if number else form["day"]

    @property
    def speech_recognition(self) -> TaskLine | None:
        """The task beside which this field is seen, where it was counted."""
        return next((task for task in self.tasks if task.pipeline_tag == SPEECH_RECOGNITION), None)


def _table_facts(table: Table, frame: Frame, manifest: Mapping[str, Any]) -> TableFacts:
    entry, rows = manifest["tables"][table.name], count_rows(frame)
    if entry["rows"] != rows:
        msg = (
            f"the manifest counts {entry['rows']} rows of {table.name}, its file holds {rows}: "
            "build the date again"
        )
        raise SnapshotRefused(msg)
    columns = entry["columns"] if rows else {}
    rates = {name: float(column["fill_rate"]) for name, column in columns.items()}
    return TableFacts(
        table=table,
        rows=rows,
        file_bytes=int(entry["bytes"]),
        arrow_bytes=int(entry["arrow_bytes"]),
        content_sha256=str(entry["content_sha256"]),
        empty_because=str(entry["empty_because"] or table.empty_because),
        void_columns=tuple(name for name in table.column_names if rates.get(name) == 0),
        sparse_columns=tuple(name for name in table.column_names if 0 < rates.get(name, 1) < SPARSE),
        split=len(find_files(table.name, manifest.get("files", ()))) > 1,
    )


def _optional(mapping: Mapping[str, Any], name: str) -> str | None:
    value = mapping.get(name)
    return None if value is None else str(value)


def _origin(made_from: Mapping[str, Any]) -> Origin:
    return Origin(
        captured=made_from["kind"] == "capture",
        reconstructed=bool(made_from["reconstructed"]),
        format=_optional(made_from, "format"),
        repository=_optional(made_from, "repository"),
        commit=_optional(made_from, "commit"),
        observed_not_after=_optional(made_from, "observed_not_after"),
        capture_id=str(made_from["capture_id"]),
    )


def _irregularity(entry: Mapping[str, Any]) -> Irregularity:
    return Irregularity(
        field=str(entry["field"]),
        problem=str(entry["problem"]),
        records=int(entry["records"]),
        examples=tuple(str(example) for example in entry["examples"]),
    )


def collect_facts(
    tables: Mapping[str, Frame], manifest: Mapping[str, Any], params: Mapping[str, Any]
) -> CardFacts:
    """Count one date.

    Raises:
        SnapshotRefused: the manifest is not that of these tables, or names its date or schema
            version in no known form.
    """
    present = set(tables) & set(manifest["tables"])
    missing = [table.name for table in TABLES if table.name not in present]
    if missing:
        msg = f"table {missing[0]} is missing from the snapshot or its manifest: build the date again"
        raise SnapshotRefused(msg)
    models, unique_models = tables["models"], tables["unique_models"]
    confidence = count_confidence(models)
    scopes = tuple(sorted(read_scopes(models)))
    totals = count_totals(models, unique_models, tables["families"])
    return CardFacts(
        repository=str(manifest["repository"]),
        snapshot_date=str(manifest["name"]),
        scopes=scopes,
        previous_snapshot_date=_optional(manifest, "previous_snapshot_date"),
        drift_reason=_optional(manifest, "drift_reason"),
        schema_version=str(manifest["schema_version"]),
        code_sha256=str(manifest["code_sha256"]),
        versions=tuple(sorted((str(name), str(version)) for name, version in manifest["versions"].items())),
        origin=_origin(manifest["made_from"]),
        totals=totals,
        kinds=count_kinds(models),
        families=list_families(tables["families"]),
        tasks=list_tasks(tables["tasks"]),
        movement=collect_movement(tables, manifest),
        memory=collect_memory(tables, params["memory_tiers_gb"]),
        loads=list_loads(tables, params["memory_tiers_gb"]),
        pictures=collect_pictures(tables, totals, scopes, params["memory_tiers_gb"]),
        accuracy=read_accuracy(manifest.get("accuracy")),
        known=count_known(unique_models),
        coverage=count_coverage(models, unique_models),
        confidence=confidence,
        decisions=sum_decisions(confidence),
        evidence=count_evidence(models),
        gaps=count_gaps(tables["gaps"]),
        uncaptured=list_uncaptured(tables["gaps"], models),
        tables=tuple(_table_facts(table, tables[table.name], manifest) for table in TABLES),
        redacted_rows=int(manifest["redacted"]["rows"]),
        redacted_mentions=int(manifest["redacted"]["mentions"]),
        irregularities=tuple(_irregularity(entry) for entry in manifest["irregularities"]),
    )
