"""Where the rooms are joined: each stage reads files, calls the core, and writes files.

A build on one screen: check the evidence, parse each shard into Parquet relations, run the SQL
steps, give the tables their declared form, validate all, write beside the old and change places.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from builder import project
from builder.assembly import Built, render_pages, to_frames, write_snapshot
from builder.capture.reader import check_evidence
from builder.derivation import Plan, Progress, plan_build, run_steps, silent
from builder.errors import CardStale, EvidenceUnreadable, SnapshotRefused
from builder.evaluation.gold import parse_gold
from builder.evaluation.report import evaluate, to_answers
from builder.index import read_index
from builder.layout import DATA, FIGURES, Layout
from builder.snapshot import build as core
from builder.snapshot import manifest as manifests
from builder.snapshot import store
from schemas.relations import IRREGULARITY
from schemas.table import Table
from schemas.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from builder.assembly import Tables

_MANIFEST = "manifest.json"


def build_snapshot(layout: Layout, date: str, progress: Progress = silent) -> Built:
    """Evidence of a date → validated tables and manifest.

    Raises:
        SnapshotRefused: the date is not one that may be built, or its files cannot be written.
        CaptureRefused, EvidenceUnreadable: the evidence or a file of the project is missing or broken.
        SchemaViolation: a relation, correction or table is not as declared.
    """
    # Before the folder is touched: a published date is not even mended.
    read_index(layout.index).draft(date)
    folder = layout.snapshot(date)
    with store.refuse_disk_errors(f"snapshots/{date}"), store.hold_folder(folder):
        plan = plan_build(layout, date)
        with run_steps(plan, layout, progress) as engine:
            tables = [
                (table, core.to_declared(table, engine.table(table.name, table.key))) for table in TABLES
            ]
            irregular = manifests.count_irregularities(
                engine.table("irregularity", IRREGULARITY.key).to_pylist()
            )
        progress("validating tables")
        frames = to_frames(tables)
        core.refuse(core.find_violations(frames), f"snapshot {date}")
        progress("measuring accuracy")
        accuracy = measure_accuracy(plan, layout, frames)
        progress("writing")
        with store.temporary_folder(folder) as made:
            built = write_snapshot(
                plan, layout, tables=tables, irregular=irregular, accuracy=accuracy, made=made
            )
            store.put_in_place(folder, made, (layout.data(date).name, layout.manifest(date).name))
    return built


def measure_accuracy(
    plan: Plan, layout: Layout, tables: Tables, gold: Path | None = None
) -> dict[str, Any] | None:
    """Accuracy of a date's tables against judged rows; None where nobody judged that date.

    Raises:
        EvidenceUnreadable: the gold file is not what it must be, or names a repository that the
            date does not have.
    """
    path = gold or layout.gold(plan.day.isoformat())
    if gold is None and not path.is_file():
        return None
    judged = parse_gold(project.read_text(path), path.name)
    models, lineage = (tables[name][1].to_dicts() for name in ("models", "lineage"))
    unknown = sorted({row.repo_id for row in judged} - {model["repo_id"] for model in models})
    if unknown:
        raise EvidenceUnreadable(f"{path.name}: {unknown[0]} is no repository of {plan.date}; remove the row")
    uncorrected = None
    if any(entry for entry in project.read_curated(layout)["corrections"]["corrections"]):
        with run_steps(plan, layout, corrected=False) as engine:
            uncorrected = to_answers(engine.table("models", ("repo_id",)).to_pylist())
    return evaluate(judged, models, lineage, uncorrected)


def read_tables(layout: Layout, date: str) -> dict[str, tuple[Table, pl.DataFrame]]:
    """The tables of a built date.

    Raises:
        SnapshotRefused: a table is missing or cannot be read.
    """
    frames = {}
    for table in TABLES:
        try:
            frames[table.name] = (table, pl.read_parquet(layout.table(date, table.name)))
        except (OSError, pl.exceptions.PolarsError) as error:
            raise SnapshotRefused(
                f"snapshots/{date}/data/{table.name}.parquet cannot be read; run `builder build {date}`"
            ) from error
    return frames


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


def write_card(layout: Layout, date: str, *, check: bool = False) -> Path:
    """Card, pictures and croissant.json of a built date; with `check`, compare with what is on disk.

    Raises:
        SnapshotRefused: the date is not built, or a file cannot be written.
        CardStale: a file differs from the one on disk, or from the one the manifest announces.
    """
    if not check:
        read_index(layout.index).draft(date)
    folder = layout.snapshot(date)
    with store.refuse_disk_errors(f"snapshots/{date}"):
        manifest = read_manifest(layout, date)
        pages = render_pages(layout, read_tables(layout, date), manifest, project.read_params(layout))
        announced = {
            name: facts for name, facts in manifest["files"].items() if not name.startswith(f"{DATA}/")
        }
        if announced != {name: manifests.describe_bytes(page) for name, page in pages.items()}:
            raise CardStale(
                f"the card of {date} is not the one its manifest announces; run `builder build {date}` first"
            )
        if not check:
            _put_pages(folder, pages)
        elif stale := _find_stale(folder, pages):
            raise CardStale(f"snapshots/{date}/{stale} is not what its data make; run `builder card {date}`")
    return layout.card(date)


def _put_pages(folder: Path, pages: Mapping[str, bytes]) -> None:
    """All pages take their places together, so that none is of other data than the rest."""
    with store.hold_folder(folder), store.temporary_folder(folder) as made:
        # Also without a picture: DVC looks for the folder.
        (made / FIGURES).mkdir()
        for name, page in pages.items():
            store.write_file(made / name, page)
        store.put_in_place(folder, made, sorted({name.partition("/")[0] for name in pages} | {FIGURES}))


def _find_stale(folder: Path, pages: Mapping[str, bytes]) -> str | None:
    """The first file that is missing, has other bytes, or is a picture that nobody drew."""
    for name, page in pages.items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != page:
            return name
    drawn = (path.relative_to(folder).as_posix() for path in sorted((folder / FIGURES).glob("*")))
    return next((name for name in drawn if name not in pages), None)


def validate_snapshot(layout: Layout, date: str) -> int:
    """Check a built date against its evidence, schema, references, gaps and the hashes of its manifest.

    Returns:
        the number of files that were compared.

    Raises:
        SnapshotRefused: a file is missing, unknown or has other bytes, the tables were made from other
            evidence, or a published manifest has other bytes than were published.
        CaptureRefused, EvidenceUnreadable: the evidence is missing or broken.
        SchemaViolation: a value is not as declared.
    """
    manifest = read_manifest(layout, date)
    files = manifest["files"]
    folder = layout.snapshot(date)
    if check_evidence(layout.capture(date)).capture_id != manifest["made_from"].get("capture_id"):
        raise SnapshotRefused(
            f"snapshots/{date} was made from other evidence than its capture; run `dvc repro`"
        )
    published = read_index(layout.index).published.get(date, {}).get("manifest_sha256")
    if published not in {None, store.describe_file(layout.manifest(date))["sha256"]}:
        raise SnapshotRefused(
            f"snapshots/{date}/{_MANIFEST} has other bytes than were published; "
            f"restore it from the git tag {date}"
        )
    with store.refuse_disk_errors(f"snapshots/{date}"):
        there = {
            path.relative_to(folder).as_posix()
            for inside in (layout.data(date), layout.figures(date))
            for path in inside.glob("*")
        }
        unknown = sorted(there - set(files))
        if unknown:
            raise SnapshotRefused(
                f"snapshots/{date}/{unknown[0]} is not in the manifest; remove it or build again"
            )
        for name, facts in files.items():
            path = folder / name
            if not path.is_file() or store.describe_file(path) != facts:
                raise SnapshotRefused(
                    f"snapshots/{date}/{name} is missing or has other bytes than the manifest says; "
                    "run `dvc repro --force`"
                )
        core.refuse(core.find_violations(read_tables(layout, date)), f"snapshot {date}")
    return len(files)


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
        same = None if changed is None else not changed
        reports.append(Report(date, read_manifest(layout, date), same, changed or []))
    return reports


def _changed_files(layout: Layout, date: str) -> list[str] | None:
    try:
        status = subprocess.run(  # noqa: S603 - the date comes from an index that allows dates only
            ["git", "status", "--porcelain", "--", f"snapshots/{date}"],  # noqa: S607 - as the user has it
            cwd=layout.root,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return [line[3:] for line in status.stdout.splitlines()]
