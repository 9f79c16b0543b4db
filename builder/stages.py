"""Where the rooms are joined: each stage reads files, calls the core, and writes files.

A build on one screen: check the evidence, parse each shard into Parquet relations, add curated
facts, run the SQL steps, give the tables their declared form, validate all, write beside the old
and change places.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date as calendar_date, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl
import pyarrow as pa
import yaml

from builder.capture.description import CaptureDescription
from builder.capture.reader import check_evidence, read_shard
from builder.card.facts import collect_facts
from builder.card.render import render_card
from builder.engine.duckdb import DuckdbEngine
from builder.errors import BuilderError, CardStale, EvidenceUnreadable, SnapshotRefused
from builder.index import Draft, read_index
from builder.layout import EvidenceFolder, Layout
from builder.parse.record import Rows, parse_record
from builder.snapshot import build as core
from builder.snapshot import manifest as manifests
from builder.snapshot import store
from builder.tables import curation
from builder.tables.steps import Step, parse_step
from schemas.relations import PARSED, RELATIONS
from schemas.table import Table
from schemas.tables import TABLES
from schemas.to_arrow import to_arrow_schema
from schemas.validate import Violation, validate
from schemas.version import SCHEMA_VERSION

_CODE_ENDINGS: Final = frozenset({".py", ".sql", ".yaml", ".json", ".md", ".lock"})
_TABLES_ROOM: Final = Path(__file__).parent / "tables"

Progress = Callable[[str], None]
"""Called with one line when a stage begins something a person may wait for."""


def _silent(_: str) -> None:
    return


@dataclass(frozen=True)
class Built:
    """What a build made."""

    date: str
    rows: dict[str, int]
    bytes: int
    content: dict[str, str]
    irregularities: int


@dataclass(frozen=True)
class _Plan:
    """What a build starts from."""

    date: str
    draft: Draft
    capture: CaptureDescription
    params: Mapping[str, Any]

    @property
    def day(self) -> calendar_date:
        """The calendar day of a date or of a correction of it."""
        return calendar_date.fromisoformat(self.date[:10])


def build_snapshot(layout: Layout, date: str, progress: Progress = _silent) -> Built:
    """Evidence of a date → validated tables and manifest.

    Raises:
        SnapshotRefused: the date is not one that may be built.
        CaptureRefused, EvidenceUnreadable: the evidence is missing or broken.
        SchemaViolation: a relation or table is not as declared.
    """
    plan = _plan(layout, date)
    layout.work.mkdir(parents=True, exist_ok=True)
    with store.temporary_folder(layout.work / date) as work:
        progress("parsing evidence")
        relations = _write_relations(plan, layout, work)
        progress("running the steps")
        tables = _make_tables(plan, relations)
        progress("validating tables")
        frames = {table.name: (table, core.to_frame(rows)) for table, rows in tables}
        core.refuse(core.find_violations(frames), f"snapshot {date}")
        progress("writing")
        irregular = pl.read_parquet(relations["irregularity"]).to_dicts()
        return _write_snapshot(plan, layout, tables, frames, manifests.count_irregularities(irregular))


def _plan(layout: Layout, date: str) -> _Plan:
    draft = read_index(layout.index).draft(date)
    previous = layout.root / draft.previous
    if _read_json(previous).get("snapshot_date") is not None:
        msg = f"snapshots/index.yaml compares {date} with {draft.previous}; only first dates can be built so far: use snapshots/none.json"
        raise SnapshotRefused(msg)
    return _Plan(date, draft, check_evidence(layout.capture(date)), _read_params(layout))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        msg = f"{path.name} cannot be read as JSON; restore it from the repository or build it again"
        raise EvidenceUnreadable(msg) from error
    if not isinstance(document, dict):
        msg = f"{path.name} holds no JSON object; restore it from the repository or build it again"
        raise EvidenceUnreadable(msg)
    return document


def _read_params(layout: Layout) -> Mapping[str, Any]:
    try:
        params = yaml.safe_load(layout.params.read_bytes())
    except (OSError, yaml.YAMLError) as error:
        msg = "params.yaml cannot be read as YAML; restore it from the repository"
        raise EvidenceUnreadable(msg) from error
    if not isinstance(params, Mapping):
        msg = "params.yaml holds no parameters; restore it from the repository"
        raise EvidenceUnreadable(msg)
    return params


def _write_relations(plan: _Plan, layout: Layout, work: Path) -> dict[str, list[Path]]:
    evidence = EvidenceFolder(layout.capture(plan.date))
    observed = _read_observed(evidence)
    files: dict[str, list[Path]] = {table.name: [] for table in RELATIONS if table.name != "decision"}
    for number, shard in enumerate(evidence.shards):
        _write_rows(_parse_shard(shard, observed), files, work, f"{number:05d}")
    _write_rows({"task_count": _read_counts(evidence)}, files, work, "counts")
    _write_rows(curation.to_relations(_read_curated(), plan.date), files, work, "curated")
    for table in RELATIONS:
        if table.name in files and not files[table.name]:
            _write_rows({table.name: []}, files, work, "none", empty=True)
    violations: list[Violation] = []
    for table in RELATIONS:
        if table.name in files:
            violations += validate(table, pl.scan_parquet(files[table.name]))
    core.refuse(violations, f"evidence of {plan.date}")
    return files


def _parse_shard(shard: Path, observed: Mapping[str, datetime]) -> Rows:
    rows: Rows = {table.name: [] for table in PARSED}
    for line, record in read_shard(shard):
        try:
            if record.repo_id not in observed:
                msg = f"record {record.repo_id}: observed.jsonl does not say when it was read; restore the capture"
                raise EvidenceUnreadable(msg)
            parsed = parse_record(record.repo_id, record.role, record.parts, observed[record.repo_id])
        except BuilderError as error:
            raise type(error)(f"{shard.name}, line {line}: {error}") from error
        for name, more in parsed.items():
            rows[name] += more
    return rows


def _read_observed(evidence: EvidenceFolder) -> dict[str, datetime]:
    latest: dict[str, datetime] = {}
    for line in evidence.observed.read_bytes().splitlines():
        row = orjson.loads(line)
        moment = datetime.fromisoformat(row["observed_at"] or row["not_after"]).astimezone(UTC)
        latest[row["repo_id"]] = max(moment, latest.get(row["repo_id"], moment))
    return latest


def _read_counts(evidence: EvidenceFolder) -> list[dict[str, Any]]:
    rows = []
    for line in evidence.counts.read_bytes().splitlines():
        row = orjson.loads(line)
        counted_at = datetime.fromisoformat(row["counted_at"] or row["not_after"]).astimezone(UTC)
        rows.append({name: row[name] for name in ("pipeline_tag", "model_count", "exact", "source")} | {"counted_at": counted_at})
    return rows


def _read_curated() -> dict[str, Any]:
    documents: dict[str, Any] = {}
    for name in curation.FILES:
        try:
            documents[name] = yaml.safe_load((_TABLES_ROOM / "curated" / f"{name}.yaml").read_bytes())
        except (OSError, yaml.YAMLError) as error:
            msg = f"builder/tables/curated/{name}.yaml cannot be read as YAML; correct it"
            raise EvidenceUnreadable(msg) from error
    return documents


def _write_rows(rows: Rows, files: dict[str, list[Path]], work: Path, label: str, *, empty: bool = False) -> None:
    declared = {table.name: table for table in RELATIONS}
    for name, some in rows.items():
        if some or empty:
            path = work / f"{name}-{label}.parquet"
            store.write_parquet(pa.Table.from_pylist(some, schema=to_arrow_schema(declared[name])), path)
            files[name].append(path)


def read_steps() -> list[Step]:
    """The SQL steps in their order."""
    return [parse_step(path.name, path.read_text()) for path in sorted(_TABLES_ROOM.glob("*.sql"))]


def _make_tables(plan: _Plan, relations: Mapping[str, list[Path]]) -> list[tuple[Table, pa.Table]]:
    build = {
        "snapshot_date": [plan.day],
        "previous_snapshot_date": pa.array([None], pa.date32()),
        "hub_total_disagreement": [float(plan.params["hub_total_disagreement"])],
    }
    with DuckdbEngine() as engine:
        engine.read(relations)
        engine.read_rows("build", pa.table(build))
        engine.run(read_steps())
        return [(table, core.to_declared(table, engine.table(table.name, table.key))) for table in TABLES]


def _write_snapshot(
    plan: _Plan,
    layout: Layout,
    tables: list[tuple[Table, pa.Table]],
    frames: Mapping[str, tuple[Table, pl.DataFrame]],
    irregularities: list[dict[str, Any]],
) -> Built:
    with store.temporary_folder(layout.snapshot(plan.date)) as work:
        data = work / "data"
        data.mkdir()
        described = {}
        for table, rows in tables:
            path = data / f"{table.name}.parquet"
            store.write_parquet(rows, path)
            described[table.name] = {
                "rows": rows.num_rows,
                "bytes": path.stat().st_size,
                "arrow_bytes": rows.nbytes,
                "content_sha256": store.hash_content(path),
                "empty_because": "" if rows.num_rows else table.empty_because,
                "columns": core.fill_rates(table, frames[table.name][1]),
            }
        manifest = _describe(plan, layout, described, irregularities)
        card = _render(layout, {name: frame for name, (_, frame) in frames.items()}, manifest, plan.params)
        manifest["files"] = {
            "README.md": {"sha256": manifests.hash_bytes(card), "bytes": len(card)},
            **{
                f"data/{path.name}": {"sha256": store.hash_file(path), "bytes": path.stat().st_size}
                for path in sorted(data.iterdir())
            },
        }
        store.replace_folder(data, layout.data(plan.date), work / "old")
        store.write_file(layout.manifest(plan.date), manifests.to_json(manifest))
    return Built(
        date=plan.date,
        rows={name: facts["rows"] for name, facts in described.items()},
        bytes=sum(facts["bytes"] for facts in described.values()),
        content={name: facts["content_sha256"] for name, facts in described.items()},
        irregularities=sum(entry["records"] for entry in irregularities),
    )


def _describe(
    plan: _Plan, layout: Layout, tables: dict[str, Any], irregularities: list[dict[str, Any]]
) -> dict[str, Any]:
    capture = plan.capture
    return {
        "snapshot_date": plan.day.isoformat(),
        "name": plan.date,
        "schema_version": SCHEMA_VERSION,
        "made_from": {
            "kind": capture.kind,
            "reconstructed": capture.kind == "import",
            "format": capture.format,
            "repository": capture.origin.repository if capture.origin else None,
            "commit": capture.origin.commit if capture.origin else None,
            "observed_not_after": capture.observed.not_after,
            "capture_id": capture.capture_id,
        },
        "code_sha256": manifests.hash_code(store.read_tree(layout.root, layout.code, _CODE_ENDINGS)),
        "versions": manifests.read_versions(layout.lock.read_text()),
        "previous_snapshot_date": None,
        "drift_reason": plan.draft.reason,
        "tables": tables,
        "irregularities": irregularities,
    }


def _render(
    layout: Layout, frames: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any], params: Mapping[str, Any]
) -> bytes:
    template = layout.card_template.read_text(encoding="utf-8")
    return render_card(template, collect_facts(frames, manifest, params)).encode()


def read_tables(layout: Layout, date: str) -> dict[str, tuple[Table, pl.DataFrame]]:
    """The tables of a built date.

    Raises:
        SnapshotRefused: a table is missing or cannot be read.
    """
    frames = {}
    for table in TABLES:
        path = layout.table(date, table.name)
        try:
            frames[table.name] = (table, pl.read_parquet(path))
        except (OSError, pl.exceptions.PolarsError) as error:
            msg = f"snapshots/{date}/data/{table.name}.parquet cannot be read; run `builder build {date}`"
            raise SnapshotRefused(msg) from error
    return frames


def read_manifest(layout: Layout, date: str) -> dict[str, Any]:
    """The manifest of a built date.

    Raises:
        SnapshotRefused: there is none.
    """
    if not layout.manifest(date).is_file():
        msg = f"snapshots/{date}/manifest.json is missing; run `builder build {date}`"
        raise SnapshotRefused(msg)
    return _read_json(layout.manifest(date))


def write_card(layout: Layout, date: str, *, check: bool = False) -> Path:
    """The card of a built date; with `check`, compare with the one on disk instead of writing.

    Raises:
        SnapshotRefused: the date is not built.
        CardStale: the card differs from the one on disk, or from the one the manifest announces.
    """
    manifest = read_manifest(layout, date)
    announced = dict(manifest)
    files = announced.pop("files", {})
    card = _render(
        layout, {name: frame for name, (_, frame) in read_tables(layout, date).items()}, announced, _read_params(layout)
    )
    if files.get("README.md", {}).get("sha256") != manifests.hash_bytes(card):
        msg = f"the card of {date} is not the one its manifest announces; run `builder build {date}` first"
        raise CardStale(msg)
    path = layout.card(date)
    if not check:
        store.write_file(path, card)
    elif not path.is_file() or path.read_bytes() != card:
        msg = f"snapshots/{date}/README.md is not the card its data make; run `builder card {date}`"
        raise CardStale(msg)
    return path


def validate_snapshot(layout: Layout, date: str) -> int:
    """Check a built date against schema, references, gaps and the hashes of its manifest.

    Returns:
        the number of files that were compared.

    Raises:
        SnapshotRefused: a file is missing, unknown or has other bytes.
        SchemaViolation: a value is not as declared.
    """
    manifest = read_manifest(layout, date)
    folder = layout.snapshot(date)
    there = {path.relative_to(folder).as_posix() for path in folder.glob("data/*")}
    unknown = sorted(there - set(manifest["files"]))
    if unknown:
        msg = f"snapshots/{date}/{unknown[0]} is not in the manifest; remove it or build again"
        raise SnapshotRefused(msg)
    for name, facts in manifest["files"].items():
        path = folder / name
        if not path.is_file() or store.hash_file(path) != facts["sha256"]:
            msg = f"snapshots/{date}/{name} is missing or has other bytes than the manifest says; run `dvc repro`"
            raise SnapshotRefused(msg)
    core.refuse(core.find_violations(read_tables(layout, date)), f"snapshot {date}")
    return len(manifest["files"])


@dataclass(frozen=True)
class Report:
    """One date as a person wants to see it after a build."""

    date: str
    manifest: dict[str, Any]
    same_as_committed: bool | None
    """None where git cannot tell."""

    changed: list[str]


def report_dates(layout: Layout) -> list[Report]:
    """Every date being built, compared with what is committed."""
    reports = []
    for date in sorted(read_index(layout.index).building):
        changed = _changed_files(layout, date)
        reports.append(Report(date, read_manifest(layout, date), None if changed is None else not changed, changed or []))
    return reports


def _changed_files(layout: Layout, date: str) -> list[str] | None:
    folder = f"snapshots/{date}"
    try:
        status = subprocess.run(
            ["git", "status", "--porcelain", "--", folder],  # noqa: S607 - git as the user has it
            cwd=layout.root,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return [line[3:] for line in status.stdout.splitlines()]
