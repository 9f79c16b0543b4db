"""The tables of one date: rows of the engine take their declared form, and are checked as a whole.

Pure: rows in, tables or violations out.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pyarrow as pa

from builder.errors import SchemaViolation
from schemas.shared import SNAPSHOT_DATE
from schemas.table import Table
from schemas.to_arrow import to_arrow_schema
from schemas.validate import Violation, validate, validate_gaps, validate_references

SHOWN = 5
"""Violations that an error message spells out; the count says how many more there are."""


def to_declared(table: Table, rows: pa.Table) -> pa.Table:
    """Rows in the declared form, sorted by key.

    Raises:
        SchemaViolation: as `cast_rows` says.
    """
    return cast_rows(table, rows).sort_by([(name, "ascending") for name in table.key])


def cast_rows(table: Table, rows: pa.Table) -> pa.Table:
    """Rows in the declared columns and types; a column the rows lack is null.

    Raises:
        SchemaViolation: the rows have a column that is not declared, or a value that does not
            fit its type.
    """
    unknown = sorted(set(rows.column_names) - set(table.column_names))
    if unknown:
        raise SchemaViolation(
            f"table {table.name}: the column {unknown[0]} is not declared; "
            f"declare it in schemas/tables/{table.name}.py"
        )
    columns = []
    for column in table.columns:
        if column.name not in rows.column_names:
            columns.append(pa.chunked_array([pa.nulls(rows.num_rows, column.arrow)]))
            continue
        values = rows.column(column.name)
        if values.null_count == len(values):
            columns.append(pa.chunked_array([pa.nulls(rows.num_rows, column.arrow)]))
            continue
        try:
            columns.append(values.cast(column.arrow))
        except pa.ArrowInvalid as error:
            raise SchemaViolation(
                f"table {table.name}: {column.name} does not fit {column.arrow} ({error}); "
                "correct its step in builder/tables"
            ) from error
    return pa.Table.from_arrays(columns, schema=to_arrow_schema(table))


def demand_order(table: Table, rows: pa.Table, last: pa.Table | None) -> None:
    """Demand that rows come in the order of the key, after the last row before them.

    Equal keys are let pass: that they are wrong is a violation, which is told by name.

    Raises:
        ValueError: they do not.
    """
    whole = rows.select(list(table.key))
    if last is not None:
        whole = pa.concat_tables([last.select(list(table.key)), whole])
    if whole.num_rows < 2:  # noqa: PLR2004 - one row is in order
        return
    ahead, undecided = pl.lit(value=False), pl.lit(value=True)
    for name in table.key:
        before, after = pl.col(name).shift(), pl.col(name)
        ahead |= undecided & (before < after)
        undecided &= before == after
    if not to_frame(whole).select((ahead | undecided).slice(1).all()).item():
        msg = f"the rows of {table.name} do not come in the order of its key"
        raise ValueError(msg)


def to_frame(rows: pa.Table) -> pl.DataFrame:
    """The same rows for polars, which reads list fields by their declared names."""
    frame = pl.from_arrow(rows)
    if not isinstance(frame, pl.DataFrame):
        msg = "a table became a series"
        raise TypeError(msg)
    return frame


def find_violations(
    tables: Mapping[str, tuple[Table, pl.DataFrame | pl.LazyFrame]], *, by_pandera: bool = False
) -> list[Violation]:
    """Every violation in the tables of one date: columns, keys, references and gaps.

    The rows of each table stand in the order of its key, as the writer has made sure. With `by_pandera`
    two ways of checking, both made of the declarations, have to agree: a build takes the short one, and the
    stage after it the other.
    """
    lazy = {name: (table, frame.lazy()) for name, (table, frame) in tables.items()}
    violations = [
        violation
        for table, frame in lazy.values()
        for violation in validate(table, frame, in_order=True, by_pandera=by_pandera)
    ]
    if violations:
        return violations
    models, frame = lazy["models"]
    return [*validate_references(lazy), *validate_gaps(models, frame, lazy["gaps"][1])]


def refuse(violations: list[Violation], where: str) -> None:
    """Turn violations into one error.

    Raises:
        SchemaViolation: there is at least one.
    """
    if not violations:
        return
    shown = "; ".join(str(violation) for violation in violations[:SHOWN])
    more = f" (and {len(violations) - SHOWN} more)" if len(violations) > SHOWN else ""
    msg = f"{where}: {shown}{more}; correct the evidence, the rule or the declaration and build again"
    raise SchemaViolation(msg)


def fill_rates(table: Table, frame: pl.DataFrame | pl.LazyFrame) -> dict[str, dict[str, float | int]]:
    """How many values of each column are known; of none where the table is empty."""
    names = [name for name in table.column_names if name != SNAPSHOT_DATE.name]
    counts = (
        frame.lazy()
        .select(pl.len().alias(SNAPSHOT_DATE.name), pl.col(names).count())
        .collect(engine="streaming")
    )
    known = counts.row(0, named=True)
    rows = known.pop(SNAPSHOT_DATE.name)
    return {
        name: {"non_null": count, "fill_rate": round(count / rows, 6) if rows else 0.0}
        for name, count in known.items()
    }
