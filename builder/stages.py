"""Where the rooms are joined: each stage reads files, calls the core, and writes files.

A build on one screen: check the evidence, parse each shard into Parquet relations, run the SQL
steps, give the tables their declared form, validate all, write beside the old and change places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from builder import project
from builder.assembly import Built, Tables, declare, render_pages, write_snapshot
from builder.capture.leaderboards.reader import check_measurements
from builder.capture.reader import check_evidence
from builder.comparison import MOVEMENT, compare, measure_movement
from builder.derivation import MEANS, Means, Parsed, Plan, parse_plan, plan_build
from builder.errors import CardStale, EvidenceUnreadable, SnapshotRefused
from builder.evaluation.gold import GoldRow, parse_gold
from builder.evaluation.report import evaluate, to_answers
from builder.index import Publication, add_draft, date_order, read_index
from builder.layout import DATA, FIGURES, Layout
from builder.previous import Side, read_side
from builder.redaction import Redactor
from builder.snapshot import build as core
from builder.snapshot import manifest as manifests
from builder.snapshot import store
from builder.snapshot.drift import refuse_drift
from builder.snapshot.parquet import scan_files
from builder.source import Source
from schemas.relations import IRREGULARITY
from schemas.table import Table
from schemas.tables import TABLES
from schemas.to_polars import no_rows
from schemas.version import SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from builder.capture.capturing import Captured, CaptureRequest
    from builder.capture.hub.client import Patience

_MANIFEST = "manifest.json"


def build_snapshot(layout: Layout, date: str, means: Means = MEANS) -> Built:
    """Evidence of a date → validated tables and manifest.

    Raises:
        SnapshotRefused: the date is not one that may be built or compared with its previous one, or
            its files cannot be written.
        CaptureRefused, EvidenceUnreadable: the evidence or a file of the project is missing or broken.
        SchemaViolation: a relation, correction or table is not as declared.
    """
    # Before the folder is touched: a published date is not even mended.
    read_index(layout.index).draft(date)
    folder = layout.snapshot(date)
    with (
        store.refuse_disk_errors(f"snapshots/{date}"),
        store.hold_folder(folder),
    ):
        plan = plan_build(layout, date)
        previous = read_side(layout, plan.previous, plan.redactor) if plan.previous else None
        with store.temporary_folder(folder) as made:
            built = _build_into(made, layout, plan, previous, means)
            store.put_in_place(folder, made, (layout.data(date).name, layout.manifest(date).name))
    return built


def _build_into(made: Path, layout: Layout, plan: Plan, previous: Side | None, means: Means) -> Built:
    data = made / layout.data(plan.date).name
    data.mkdir()
    tables = Tables(data)
    with parse_plan(plan, layout, means) as parsed:
        with parsed.run(settle=tables.settle) as engine:
            means.tell("comparing with the date before")
            movement = compare(engine, layout, previous, tables.frames, work=parsed.work)
            for table in MOVEMENT:
                tables.settle(engine, table)
            irregular = manifests.count_irregularities(
                engine.table("irregularity", IRREGULARITY.key).to_pylist()
            )
        redacted = plan.redactor.counts
        means.tell("validating tables")
        core.refuse(core.find_violations(tables.declared), f"snapshot {plan.date}")
        means.tell("measuring accuracy")
        accuracy = measure_accuracy(parsed, plan, layout, tables.frames)
    drift = measure_movement(movement, previous, tables.frames, plan.params)
    means.tell("writing card and manifest")
    return write_snapshot(
        plan,
        layout,
        tables=tables,
        irregular=irregular,
        redacted=redacted,
        accuracy=accuracy,
        drift=drift,
        made=made,
    )


def plan_draft(layout: Layout, date: str) -> None:
    """List a date that has evidence under `building:`, so that `dvc repro` builds it.

    Raises:
        CaptureRefused: it has no evidence.
        SnapshotRefused: it is listed already, or the index cannot be written.
        EvidenceUnreadable: evidence or index is broken.
    """
    check_evidence(layout.capture(date[:10]))
    content = add_draft(project.read_text(layout.index), date)
    with store.refuse_disk_errors("snapshots/index.yaml"):
        store.write_file(layout.index, content.encode())


def capture_date(layout: Layout, request: CaptureRequest, patience: Patience | None = None) -> Captured:
    """The Hub → evidence of a date.

    Raises:
        UsageError, CaptureRefused, SnapshotRefused, EvidenceUnreadable: as `capturing.capture` says.
    """
    from builder.capture.capturing import Settings, capture
    from builder.capture.crawl.audio import AudioSigns
    from builder.capture.crawl.scopes import read_scopes
    from builder.capture.hub.client import Patience
    from builder.relations.write import check_record

    params = project.read_params(layout)
    designs = [
        design
        for design in project.read_curated(layout)["architectures"]["architectures"]
        if "audio" in design.get("input", ())
    ]
    signs = AudioSigns(
        types=frozenset(design["model_type"] for design in designs),
        classes=frozenset(name for design in designs for name in design.get("classes", ())),
        tags=frozenset(params["audio_tags"]),
    )
    settings = Settings(
        scopes=read_scopes(params),
        signs=signs,
        base_depth=params["base_depth"],
        shrink_limit=params["shrink_limit"],
        check=check_record,
        patience=patience or Patience(),
    )
    return capture(layout, request, settings)


def measure_accuracy(
    parsed: Parsed,
    plan: Plan,
    layout: Layout,
    tables: Mapping[str, pl.LazyFrame],
    gold: Path | None = None,
) -> dict[str, Any] | None:
    """Accuracy of a date's tables against judged rows; None where nobody judged that date.

    Raises:
        EvidenceUnreadable: the gold file is not what it must be, or names a repository that the
            date does not have.
    """
    path = gold or layout.gold(plan.day.isoformat())
    if gold is None and not path.is_file():
        return None
    judged = _redact_gold(parse_gold(project.read_text(path), path.name), plan.redactor)
    models, lineage = (tables[name].collect().to_dicts() for name in ("models", "lineage"))
    unknown = sorted({row.repo_id for row in judged} - {model["repo_id"] for model in models})
    if unknown:
        raise EvidenceUnreadable(f"{path.name}: {unknown[0]} is no repository of {plan.date}; remove the row")
    uncorrected = None
    if any(entry for entry in project.read_curated(layout)["corrections"]["corrections"]):
        with parsed.run_uncorrected() as engine:
            uncorrected = to_answers(core.to_frame(engine.table("models", ("repo_id",))).to_dicts())
    return evaluate(judged, models, lineage, uncorrected)


def _redact_gold(judged: Iterable[GoldRow], redactor: Redactor) -> tuple[GoldRow, ...]:
    """Judged rows whose answers may be listed: what must not be named counts as not judged."""
    hides = redactor.hides
    return tuple(
        replace(row, unique_model_id=None) if row.unique_model_id and hides(row.unique_model_id) else row
        for row in judged
        if not hides(row.repo_id)
    )


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


def write_card(layout: Layout, date: str, *, check: bool = False) -> Path:
    """Card, pictures and croissant.json of a built date; with `check`, compare with what is on disk.

    A published card is compared with its hash alone: template and code may have moved on since.

    Raises:
        SnapshotRefused: the date is not built, or a file cannot be written.
        CardStale: a file differs from the one on disk, or from the one the manifest announces.
    """
    index = read_index(layout.index)
    if not check:
        index.draft(date)
    folder = layout.snapshot(date)
    with store.refuse_disk_errors(f"snapshots/{date}"):
        manifest = read_manifest(layout, date)
        if date in index.published:
            _refuse_other_bytes(layout, date, index.publication(date).manifest_sha256, manifest["files"])
            return layout.card(date)
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
            evidence or compared with another previous date, or a published manifest has other bytes
            than were published.
        CaptureRefused, EvidenceUnreadable: the evidence is missing or broken.
        SchemaViolation: a value is not as declared.
        DriftBeyondLimit: the date moved further than the limits allow, and nobody said why.
    """
    manifest = read_manifest(layout, date)
    files = manifest["files"]
    if check_evidence(layout.capture(date)).capture_id != manifest["made_from"].get("capture_id"):
        raise SnapshotRefused(
            f"snapshots/{date} was made from other evidence than its capture; run `dvc repro`"
        )
    check_measurements(layout, date, manifest["made_from"].get("leaderboards", ()))
    index = read_index(layout.index)
    published = index.publication(date).manifest_sha256 if date in index.published else None
    _check_previous(layout, date, manifest.get("previous"))
    with store.refuse_disk_errors(f"snapshots/{date}"):
        _refuse_other_bytes(layout, date, published, files)
        # A table may have got columns since; what the bytes were checked by is the code that made them.
        if published is None or manifest["schema_version"] == SCHEMA_VERSION:
            tables = declare(read_tables(layout, date))
            core.refuse(core.find_violations(tables, by_pandera=True), f"snapshot {date}")
    refuse_drift(manifest)
    return len(files)


def _check_previous(layout: Layout, date: str, previous: dict[str, Any] | None) -> None:
    """Demand that the date before is still the one that a date was compared with."""
    if previous is None:
        return
    path = layout.manifest(previous["name"])
    if not path.is_file() or store.describe_file(path)["sha256"] != previous["manifest_sha256"]:
        raise SnapshotRefused(
            f"snapshots/{date} was compared with another {previous['name']}; run `dvc repro`"
        )


def _refuse_other_bytes(
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


@dataclass(frozen=True)
class Report:
    """One date as a person wants to see it after a build."""

    date: str
    manifest: dict[str, Any]
    same_as_committed: bool | None
    """None where git cannot tell."""

    changed: list[str]
    published: Publication | None


def report_dates(layout: Layout) -> list[Report]:
    """Every date, compared with what is committed, those being built last."""
    index = read_index(layout.index)
    reports = []
    for date in (*sorted(index.published, key=date_order), *sorted(index.building, key=date_order)):
        changed = _changed_files(layout, date)
        same = None if changed is None else not changed
        published = index.publication(date) if date in index.published else None
        reports.append(Report(date, read_manifest(layout, date), same, changed or [], published))
    return reports


def _changed_files(layout: Layout, date: str) -> list[str] | None:
    try:
        return Source(layout.root).list_changes(f"snapshots/{date}")
    except SnapshotRefused:
        return None
