"""Validated tables become files: Parquet, the manifest, and the pages that the manifest announces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from builder import project
from builder.capture.description import CaptureDescription
from builder.card.croissant import render_croissant
from builder.card.facts import collect_facts
from builder.card.figures.gallery import draw_figures
from builder.card.render import render_card
from builder.derivation import Plan
from builder.layout import CARD, CROISSANT, FIGURES, Layout
from builder.previous import Dated
from builder.snapshot import build as core
from builder.snapshot import manifest as manifests
from builder.snapshot import store
from builder.snapshot.drift import describe_breaches
from builder.snapshot.parquet import Stored, write_table
from schemas.table import Table
from schemas.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from builder.engine.engine import Engine


@dataclass(frozen=True)
class Tables:
    """The tables of a date while they are made: each is written as soon as its step has run."""

    folder: Path
    stored: dict[str, Stored] = field(default_factory=dict)

    def settle(self, engine: Engine, table: Table) -> None:
        """Write a table of the engine, which reads it from its file from then on."""
        stored = write_table(table, engine.stream(table.name, table.key), self.folder)
        self.stored[table.name] = stored
        engine.settle(table.name, stored.files)

    @property
    def frames(self) -> dict[str, pl.LazyFrame]:
        """Table name → rows, read where they are asked for."""
        return {name: stored.scan() for name, stored in self.stored.items()}

    @property
    def declared(self) -> dict[str, tuple[Table, pl.LazyFrame]]:
        """Table name → declaration and rows, in the order in which tables are published."""
        return declare(self.frames)


def declare(frames: Mapping[str, pl.LazyFrame]) -> dict[str, tuple[Table, pl.LazyFrame]]:
    """Rows beside their declaration, in the order in which tables are published."""
    return {table.name: (table, frames[table.name]) for table in TABLES}


@dataclass(frozen=True)
class Built:
    """What a build made."""

    date: str
    rows: dict[str, int]
    bytes: int
    content: dict[str, str]
    irregularities: int
    drift: list[str]
    """Limits that the date exceeds, one clause each; with a `reason` they are accepted."""


def write_snapshot(  # noqa: PLR0913 - what a snapshot is made of
    plan: Plan,
    layout: Layout,
    *,
    tables: Tables,
    irregular: list[dict[str, Any]],
    redacted: dict[str, int],
    accuracy: dict[str, Any] | None,
    drift: dict[str, Any] | None,
    made: Path,
) -> Built:
    """Write tables and manifest into the folder `made`, from where they can take their places."""
    written = {table.name: tables.stored[table.name].describe() for table in TABLES}
    announced = manifests.to_manifest(
        name=plan.date,
        repository=plan.params["repository"],
        snapshot_date=plan.day,
        previous=_describe_previous(plan.previous),
        made_from=_describe_capture(plan.capture),
        code_sha256=project.hash_code(layout),
        versions=manifests.read_versions(project.read_text(layout.lock)),
        drift=drift,
        drift_reason=plan.draft.reason,
        tables={
            name: {
                **facts,
                "empty_because": "" if facts["rows"] else table.empty_because,
                "columns": core.fill_rates(table, frame),
            }
            for (name, facts), (table, frame) in zip(written.items(), tables.declared.values(), strict=True)
        },
        irregularities=irregular,
        redacted=redacted,
        accuracy=accuracy,
    )
    data = tables.folder
    stored = {f"{data.name}/{path.name}": store.describe_file(path) for path in sorted(data.iterdir())}
    pages = render_pages(layout, tables.frames, {**announced, "files": stored}, plan.params)
    files = {name: manifests.describe_bytes(content) for name, content in pages.items()} | stored
    store.write_file(made / layout.manifest(plan.date).name, manifests.to_json({**announced, "files": files}))
    return Built(
        date=plan.date,
        rows={name: facts["rows"] for name, facts in written.items()},
        bytes=sum(facts["bytes"] for facts in written.values()),
        content={name: facts["content_sha256"] for name, facts in written.items()},
        irregularities=sum(entry["records"] for entry in irregular),
        drift=describe_breaches(drift["breaches"]) if drift else [],
    )


def _describe_previous(previous: Dated | None) -> dict[str, Any] | None:
    if previous is None:
        return None
    return {
        "name": previous.name,
        "snapshot_date": previous.day.isoformat(),
        "manifest_sha256": previous.manifest_sha256,
        # Where it differs from this date's, some differences are those of the rules.
        "code_sha256": previous.manifest.get("code_sha256"),
    }


def _describe_capture(capture: CaptureDescription) -> dict[str, Any]:
    return {
        "kind": capture.kind,
        "reconstructed": capture.kind == "import",
        "format": capture.format,
        "repository": capture.origin.repository if capture.origin else None,
        "commit": capture.origin.commit if capture.origin else None,
        "observed_not_after": capture.observed.not_after,
        "capture_id": capture.capture_id,
    }


def render_pages(
    layout: Layout,
    tables: Mapping[str, pl.LazyFrame],
    manifest: Mapping[str, Any],
    params: Mapping[str, Any],
) -> dict[str, bytes]:
    """What describes the given tables, by path in the folder: card, pictures, and the card for machines.

    Of the manifest's files, it takes those of the tables.
    """
    template = project.read_text(layout.card_template)
    facts = collect_facts(tables, manifest, params)
    figures = draw_figures(facts.pictures)
    return {
        CARD: render_card(template, facts).encode(),
        CROISSANT: render_croissant(
            facts.repository, facts.snapshot_date, facts.schema_version, manifest["files"]
        ),
        **{f"{FIGURES}/{name}": content for name, content in figures.items()},
    }
