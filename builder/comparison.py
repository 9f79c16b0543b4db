"""Holds two dates beside each other: hands their tables to the comparison steps and takes the result.

A build compares the date it makes with the previous one; `builder diff` compares any two built dates.
On a first date the other side is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from builder import project
from builder.engine.duckdb import DuckdbEngine
from builder.engine.engine import Engine
from builder.layout import Layout
from builder.previous import Side
from builder.snapshot import build as core
from builder.snapshot import store
from builder.snapshot.canonical import to_tracked_texts
from builder.snapshot.drift import Limits, measure_drift
from builder.snapshot.scopes import read_scopes
from builder.tables.placeholders import PREVIOUS, TEXTS, key_columns, tracked_columns
from schemas import vocabulary
from schemas.relations import DEPARTED
from schemas.tables.changes import CHANGES, COMPARED
from schemas.tables.gaps import GAPS
from schemas.tables.history import HISTORY
from schemas.tables.models import MODELS
from schemas.to_arrow import to_arrow_schema
from schemas.to_polars import no_rows

if TYPE_CHECKING:
    import pyarrow as pa

_MORE: Final = {
    "models": ("hub_id", "scopes", "unique_model_id", "family_id"),
    "gaps": ("reason",),
    "history": tuple(HISTORY.column_names),
}
"""Columns that the comparison steps read of a previous table besides its key."""

MOVEMENT: Final = (CHANGES, HISTORY)
"""Tables that the comparison makes."""


@dataclass(frozen=True)
class Movement:
    """What the comparison steps say of two dates, besides the tables of `MOVEMENT` that they make."""

    moved: pl.DataFrame
    """`previous_id` and `current_id` of renamed repositories."""
    scopes: tuple[frozenset[str], frozenset[str]]
    """Queries of the other date, none on a first date, and of this one."""

    @property
    def shared_scopes(self) -> frozenset[str]:
        """Queries that both dates asked."""
        return self.scopes[0] & self.scopes[1]


@dataclass(frozen=True)
class Comparison(Movement):
    """Two built dates beside each other."""

    changes: pa.Table
    history: pa.Table


def compare(  # noqa: PLR0913 - two dates, and where they are compared
    engine: Engine,
    layout: Layout,
    previous: Side | None,
    tables: Mapping[str, pl.LazyFrame],
    *,
    lacks: tuple[tuple[str, str], ...] = (),
    work: Path | None = None,
) -> Movement:
    """Run the comparison steps, after which the engine holds the tables of `MOVEMENT`.

    Args:
        engine: holds the tables of this date, `gaps`, `departed` and `build` under their names.
        layout: where the steps lie.
        previous: the other date; None on a first date.
        tables: the tables of this date.
        lacks: declared columns that this date did not have yet, where it was built by older code.
        work: a folder that the engine may read from until it is done; without, rows pass through memory.

    Raises:
        SchemaViolation: a step made a column that is not declared.
    """
    frames = previous.tables if previous else {}
    for table in (*COMPARED, GAPS, HISTORY):
        columns = [*dict.fromkeys([*key_columns(table), *_MORE.get(table.name, ())])]
        rows = frames.get(table.name, no_rows(table)).select(columns)
        _hand_over(engine, f"{PREVIOUS}{table.name}", rows, work if previous else None)
    for table in COMPARED:
        if tracked_columns(table):
            # Without another date nothing can be another value, so nobody needs to spell them all.
            now = tables[table.name] if previous else no_rows(table)
            then = frames.get(table.name, no_rows(table))
            for begin, rows in ((TEXTS, now), (f"{PREVIOUS}{TEXTS}", then)):
                texts = to_tracked_texts(table, rows)
                _hand_over(engine, f"{begin}{table.name}", texts, work if previous else None)
    asked_before = read_scopes(frames[MODELS.name]) if previous else frozenset()
    asked_now = read_scopes(tables[MODELS.name])
    for name, asked in (("previous_scope", asked_before), ("current_scope", asked_now)):
        engine.read_rows(name, pl.DataFrame({"scope": sorted(asked)}, {"scope": pl.String}).to_arrow())
    for name, missing in (("previous_lacks", previous.lacks if previous else ()), ("current_lacks", lacks)):
        pairs = pl.DataFrame(list(missing), {"table_name": pl.String, "column_name": pl.String}, orient="row")
        engine.read_rows(name, pairs.to_arrow())
    written = {table.name for table in MOVEMENT}
    for step in project.read_steps(layout.comparison):
        engine.run([replace(step, is_written=step.relation in written)])
    moved = core.to_frame(engine.table("moved", ("previous_id",)))
    return Movement(moved, (asked_before, asked_now))


def measure_movement(
    movement: Movement,
    previous: Side | None,
    tables: Mapping[str, pl.LazyFrame],
    params: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Drift of a date, as its manifest publishes it; None on a first date."""
    if previous is None:
        return None
    limits = Limits(**params["drift"])
    return measure_drift(previous.tables, tables, movement.moved, movement.shared_scopes, limits)


def compare_sides(layout: Layout, before: Side, now: Side) -> Comparison:
    """Compare two built dates, in whatever order of time.

    Raises:
        SchemaViolation: a step made a column that is not declared.
    """
    with store.temporary_folder(layout.work / "diff") as work, DuckdbEngine(spill=work) as engine:
        for table in (*COMPARED, GAPS):
            _hand_over(engine, table.name, now.tables[table.name], work)
        engine.read_rows(DEPARTED.name, _recall_departed(before, now))
        days = pl.DataFrame({"snapshot_date": [now.dated.day], "previous_snapshot_date": [before.dated.day]})
        engine.read_rows("build", days.to_arrow())
        movement = compare(engine, layout, before, now.tables, lacks=now.lacks, work=work)
        changes, history = (
            core.to_declared(table, engine.table(table.name, table.key)) for table in MOVEMENT
        )
        return Comparison(movement.moved, movement.scopes, changes, history)


def _recall_departed(before: Side, now: Side) -> pa.Table:
    """What the Hub said of repositories that left, where the later date was built against the other.

    Only the capture knew it, and the date's own `changes` keep it.
    """
    nothing = to_arrow_schema(DEPARTED).empty_table()
    if (now.dated.manifest.get("previous") or {}).get("name") != before.dated.name:
        return nothing
    events = now.tables[CHANGES.name].filter(table_name="models", column_name="*").collect()
    gone = events.filter(pl.col("reason").is_in(vocabulary.DEPARTURE)).select(
        pl.col("key").alias("repo_id"), "reason", pl.lit(None, pl.String).alias("renamed_to")
    )
    renamed = events.filter(change="renamed").select(
        # The old name as JSON, which for a repository id is the id in quotes.
        pl.col("before").str.strip_chars('"').alias("repo_id"),
        pl.lit("renamed").alias("reason"),
        pl.col("key").alias("renamed_to"),
    )
    return pl.concat([gone, renamed]).to_arrow().cast(nothing.schema)


def to_frames(side: Side) -> dict[str, pl.DataFrame]:
    """The compared tables of a date, in memory."""
    return {table.name: side.tables[table.name].collect() for table in COMPARED}


def _hand_over(engine: Engine, name: str, rows: pl.LazyFrame, work: Path | None) -> None:
    """Give rows to an engine: in a file where there may be more than memory holds."""
    if work is None:
        engine.read_rows(name, rows.collect().to_arrow())
        return
    path = work / f"{name}.parquet"
    rows.sink_parquet(path, compression="lz4")
    engine.read({name: [path]})
