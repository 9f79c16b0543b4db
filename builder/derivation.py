"""Evidence of a date → an engine in which every step has run: what a build writes and `explain` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date as calendar_date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from builder import project
from builder.capture.description import CaptureDescription
from builder.capture.leaderboards.reader import Measurements, read_measurements
from builder.capture.leaderboards.tables import SYSTEMS_FILE
from builder.capture.reader import check_evidence
from builder.engine.duckdb import DuckdbEngine
from builder.engine.engine import Engine
from builder.errors import EvidenceUnreadable
from builder.index import Draft, read_index
from builder.layout import EvidenceFolder, Layout
from builder.previous import Dated, find_previous
from builder.redaction import Redactor, read_redactions
from builder.relations.columns import to_columns
from builder.relations.workers import Workers
from builder.relations.write import ParseShards, Relations, write_relations
from builder.snapshot import build as core
from builder.snapshot import store
from builder.tables import curation
from builder.tables.steps import Step, plan_writing
from schemas.relations import CORRECTION
from schemas.table import Table
from schemas.tables import TABLES
from schemas.tables.models import MODELS
from schemas.validate import Violation

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str], None]
"""Called with one line when a stage begins something a person may wait for."""


def silent(_: str) -> None:
    """Say nothing."""


ENGINES: Final = ("duckdb", "spark")


@dataclass(frozen=True)
class Means:
    """What a build may use of the machine; the result is the same, whatever it is."""

    workers: int | None = None
    """Processes that parse; None for as many as there are processors."""
    memory_limit: int = 2_000_000_000
    """Bytes that the tables may take before they spill to disk; parsing and writing take a few hundred
    million more, and so does the run without corrections that goes on beside the steps of a small date."""
    tell: Progress = silent
    engine: str = "duckdb"
    """One of `ENGINES`."""
    master: str = "local[*]"
    """Where Spark runs, if it is the engine."""


MEANS: Final = Means()

_SMALL: Final = 5_000
"""Up to so many records, a second run of the steps is mostly planning and takes a few hundred MB."""

Settle = Callable[[Engine, Table], None]

_PUBLISHED: Final = {table.name: table for table in TABLES}


@dataclass(frozen=True)
class Plan:
    """What a build starts from."""

    date: str
    draft: Draft
    previous: Dated | None
    """The date that it is compared with; None for a first date."""
    capture: CaptureDescription
    params: Mapping[str, Any]
    curated: Mapping[str, Any]
    """Curated files by name, as they are read."""
    measurements: tuple[Measurements, ...]
    """Of each leaderboard, the one observation that the date takes."""
    redactor: Redactor
    """What must not be named; it counts what the last run of the steps left out."""

    @property
    def day(self) -> calendar_date:
        """The calendar day of a date or of a correction of it."""
        return calendar_date.fromisoformat(self.date[:10])


def plan_build(layout: Layout, date: str) -> Plan:
    """What a build of a date starts from, checked; of a published one too, which is asked but not built."""
    index = read_index(layout.index)
    draft = index.entry(date)
    curated = project.read_curated(layout)
    plan = Plan(
        date,
        draft,
        find_previous(layout, index, date, draft),
        check_evidence(layout.capture(date)),
        project.read_params(layout),
        curated,
        read_measurements(layout, calendar_date.fromisoformat(date[:10])),
        read_redactions(curated["redactions"]),
    )
    if plan.capture.date != plan.day.isoformat():
        raise EvidenceUnreadable(
            f"snapshots/{date}/capture is evidence of {plan.capture.date}; put it under its own date"
        )
    return plan


@dataclass(frozen=True)
class Parsed:
    """Evidence and curated facts of a date as relations on disk, over which steps can run more than once."""

    work: Path
    """A folder that lasts as long, for files that an engine reads."""
    relations: Relations
    build: pa.Table
    """What the steps need to know of the build itself, in one row."""
    steps: Sequence[Step]
    runs_may_overlap: bool
    """Whether a second run of the steps may go on beside the first: in DuckDB, with few records."""
    open_engine: Callable[[], AbstractContextManager[Engine]]
    tell: Progress = silent

    @contextmanager
    def run(self, settle: Settle | None = None) -> Iterator[Engine]:
        """An engine in which every step has run, corrections that nothing needs refused.

        Args:
            settle: what to do with each published table as soon as it is made.
        """
        with self.open_engine() as engine:
            engine.read(self.relations)
            engine.read_rows("build", self.build)
            steps = (
                plan_writing(self.steps, _PUBLISHED, kept=("refused_correction",)) if settle else self.steps
            )
            for number, step in enumerate(steps, start=1):
                self.tell(f"running step {number} of {len(steps)}: {step.relation}")
                engine.run([step])
                if settle and step.is_written:
                    settle(engine, _PUBLISHED[step.relation])
            core.refuse(_refused_corrections(engine), "builder/tables/curated/corrections.yaml")
            yield engine

    @contextmanager
    def run_uncorrected(self) -> Iterator[Engine]:
        """An engine in which the rules stand alone, up to `models`: to say what curated corrections add."""
        with self.open_engine() as engine:
            engine.read({name: files for name, files in self.relations.items() if name != CORRECTION.name})
            engine.read_rows(CORRECTION.name, to_columns(CORRECTION, []))
            engine.read_rows("build", self.build)
            last = [step.relation for step in self.steps].index(MODELS.name)
            engine.run(plan_writing(self.steps[: last + 1], (), kept=(MODELS.name,)))
            yield engine


@contextmanager
def parse_plan(plan: Plan, layout: Layout, means: Means = MEANS) -> Iterator[Parsed]:
    """Parse the evidence of a plan, once for all runs of the steps."""
    curated = curation.to_relations(plan.curated, plan.day.isoformat())
    measured = [row for measurements in plan.measurements for row in measurements.rows]
    _refuse_unresolved(measured, curated["leaderboard_system"])
    plan.redactor.start()
    given = {
        name: plan.redactor.clean_rows(rows) for name, rows in {**curated, "measurement": measured}.items()
    }
    build = pl.DataFrame(
        {
            "snapshot_date": [plan.day],
            "previous_snapshot_date": pl.Series([plan.previous and plan.previous.day], dtype=pl.Date),
            "hub_total_disagreement": [plan.params["hub_total_disagreement"]],
        }
    )
    with store.temporary_folder(layout.work / plan.date) as work:
        open_engine, parse_shards = _prepare(means, work, plan.capture.counts.records)
        means.tell("parsing evidence")
        evidence = EvidenceFolder(layout.capture(plan.date))
        relations = write_relations(evidence, given, work, plan.redactor, parse_shards)
        yield Parsed(
            work,
            relations,
            build.to_arrow(),
            project.read_steps(layout.tables),
            means.engine == "duckdb" and plan.capture.counts.records <= _SMALL,
            open_engine,
            means.tell,
        )


@contextmanager
def run_steps(plan: Plan, layout: Layout, means: Means = MEANS) -> Iterator[Engine]:
    """An engine in which every step over the evidence of a plan has run."""
    with parse_plan(plan, layout, means) as parsed, parsed.run() as engine:
        yield engine


def _prepare(
    means: Means, work: Path, records: int
) -> tuple[Callable[[], AbstractContextManager[Engine]], ParseShards]:
    """What opens an engine, and what parses shards for it."""
    if means.engine == "spark":
        from builder.engine.spark import SparkEngine, start_session
        from builder.relations.cluster import Cluster

        session = start_session(means.master, means.memory_limit)
        return partial(SparkEngine, session, work / "spark"), Cluster(session, means.tell).parse
    open_duckdb = partial(DuckdbEngine, spill=work / "spill", memory_limit=means.memory_limit)
    return open_duckdb, Workers(means.workers, means.tell, records).parse


def list_systems(layout: Layout, leaderboard: str) -> frozenset[str]:
    """Names of a leaderboard that the curated map resolves.

    Raises:
        EvidenceUnreadable: a curated file is not as declared.
    """
    curated = curation.to_relations(project.read_curated(layout), "")
    return frozenset(
        row["listed_as"] for row in curated["leaderboard_system"] if row["leaderboard"] == leaderboard
    )


def _refuse_unresolved(measured: list[dict[str, Any]], systems: list[dict[str, Any]]) -> None:
    """A name of a leaderboard that nothing resolves would lose its numbers in silence."""
    known = {(system["leaderboard"], system["listed_as"]) for system in systems}
    unknown = sorted({(row["leaderboard"], row["listed_as"]) for row in measured} - known)
    if unknown:
        leaderboard, listed_as = unknown[0]
        raise EvidenceUnreadable(
            f"snapshots/leaderboards/{leaderboard}: nothing says which repository {listed_as} is; add it to "
            f"{SYSTEMS_FILE}, with its reason"
        )


def _refused_corrections(engine: Engine) -> list[Violation]:
    rows = engine.table("refused_correction", CORRECTION.key).to_pylist()
    return [
        Violation(CORRECTION.name, row["column_name"], row["repo_id"], row["value"], row["reason"])
        for row in rows
    ]
