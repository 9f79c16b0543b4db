"""Projection of a table to polars: types of its columns, and a query that tells whether rows are as declared.

The query counts nothing and names nothing: it says yes or no in one pass, without holding the rows. What
is wrong, and where, is pandera's to say, which is asked only where something is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.column import Column
    from schemas.table import Table

PolarsType: TypeAlias = pl.DataType | type[pl.DataType]

POLARS_TYPES: Final[dict[pa.DataType, PolarsType]] = {
    pa.string(): pl.String,
    pa.int64(): pl.Int64,
    pa.float64(): pl.Float64,
    pa.bool_(): pl.Boolean,
    pa.date32(): pl.Date,
    pa.timestamp("ms", tz="UTC"): pl.Datetime("ms", "UTC"),
    pa.list_(pa.string()): pl.List(pl.String),
}


def to_polars_type(column: Column) -> PolarsType:
    """The polars type of a column.

    Raises:
        KeyError: a type that no column of this project has used so far; add it above.
    """
    return POLARS_TYPES[column.arrow]


def no_rows(table: Table) -> pl.LazyFrame:
    """The table without a row."""
    return pl.LazyFrame(schema={column.name: to_polars_type(column) for column in table.columns})


def differs_from_the_row_before(names: tuple[str, ...]) -> pl.Expr:
    """True, per row, where any of the columns has another value than in the row before."""
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in names)


def is_as_declared(table: Table, frame: pl.LazyFrame, *, in_order: bool) -> bool:
    """Whether columns, types, nullability, checks, row checks and the uniqueness of the key all hold.

    Args:
        table: the declaration.
        frame: the rows.
        in_order: whether they come in the order of the key.
    """
    declared = [(column.name, to_polars_type(column)) for column in table.columns]
    if list(frame.collect_schema().items()) != declared:
        return False
    failed = [fails.any().alias(str(number)) for number, fails in enumerate(list_failures(table))]
    if any(frame.select(failed).collect(engine="streaming").row(0)):
        return False
    if in_order:
        once = frame.select(differs_from_the_row_before(table.key).all())
    else:
        keys = frame.select(table.key)
        once = pl.concat(
            [keys.select(rows=pl.len()), keys.unique().select(distinct=pl.len())], how="horizontal"
        ).select(pl.col("rows") == pl.col("distinct"))
    return bool(once.collect(engine="streaming").item())


def list_failures(table: Table) -> Iterator[pl.Expr]:
    """True, per row, where a check fails; a null fails no check."""
    for column in table.columns:
        value = pl.col(column.name)
        if not column.nullable:
            # pandera takes what is not a number for a null.
            yield value.is_null() | value.is_nan() if column.arrow == pa.float64() else value.is_null()
        for check in column.checks:
            yield ~check.passes(value)
    for rule in table.row_checks:
        yield ~rule.expression()
