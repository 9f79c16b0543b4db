"""Where the rooms are joined: each stage reads files, calls the core, and writes files.

A build on one screen: check the evidence, parse each shard into Parquet relations, run the SQL
steps, give the tables their declared form, validate all, write beside the old and change places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from builder import project
from builder.accuracy import answer_uncorrected, measure_accuracy, read_judged
from builder.aside import work_aside
from builder.assembly import Built, Tables, render_pages, write_snapshot
from builder.capture.reader import check_evidence
from builder.card.figures.canvas import prepare_drawing
from builder.comparison import MOVEMENT, compare, measure_movement
from builder.derivation import MEANS, Means, Plan, parse_plan, plan_build
from builder.errors import CardStale, SnapshotRefused
from builder.index import Publication, add_draft, date_order, read_index
from builder.layout import DATA, FIGURES, Layout
from builder.previous import Side, read_side
from builder.reading import read_manifest, read_tables, refuse_other_bytes
from builder.snapshot import build as core
from builder.snapshot import manifest as manifests
from builder.snapshot import store
from builder.source import Source
from schemas.relations import IRREGULARITY

if TYPE_CHECKING:
    from pathlib import Path

    from builder.capture.capturing import Captured, CaptureRequest
    from builder.capture.hub.client import Patience


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
    judged = read_judged(plan, layout)
    with parse_plan(plan, layout, means) as parsed, work_aside(at_once=parsed.runs_may_overlap) as begin:
        begin(prepare_drawing)
        uncorrected = begin(partial(answer_uncorrected, parsed, plan)) if judged else None
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
        accuracy = (
            measure_accuracy(judged, plan, tables.frames, uncorrected()) if judged and uncorrected else None
        )
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
            refuse_other_bytes(layout, date, index.publication(date).manifest_sha256, manifest["files"])
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
