"""Projection of a table to the pandera schema that validates it.

Each declared check becomes one pandera check under a name of its own, so that a violation can
be led back to the declaration it breaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pandera
import polars as pl

from schemas.to_polars import differs_from_the_row_before, to_polars_type

if TYPE_CHECKING:
    from pandera.api.polars.types import PolarsData

    from schemas.column import Check, RowCheck
    from schemas.table import Table


def _column_check(check: Check) -> pandera.Check:
    def passes(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(check.passes(pl.col(data.key)))

    return pandera.Check(passes, name=check.describe(), error=check.describe())


def _row_check(check: RowCheck) -> pandera.Check:
    def passes(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(check.expression())

    return pandera.Check(passes, name=check.describe(), error=check.describe())


UNIQUE = "multiple_fields_uniqueness"
"""Name of the check that a key occurs once, as pandera has it."""


def _key_check(table: Table) -> pandera.Check:
    def passes(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(differs_from_the_row_before(table.key))

    return pandera.Check(passes, name=UNIQUE, error=UNIQUE)


def to_pandera_schema(table: Table, *, in_order: bool = False) -> pandera.DataFrameSchema:
    """Types, nullability, checks, row checks, unique key; order and set of columns are strict.

    Args:
        table: the declaration.
        in_order: whether rows come in the order of the key, so that equal keys are neighbours; otherwise
            all keys must be held to find them.
    """
    return pandera.DataFrameSchema(
        columns={
            column.name: pandera.Column(
                to_polars_type(column),
                checks=[_column_check(check) for check in column.checks],
                nullable=column.nullable,
            )
            for column in table.columns
        },
        checks=[
            *(_row_check(check) for check in table.row_checks),
            *([_key_check(table)] if in_order else []),
        ],
        unique=None if in_order else list(table.key),
        strict=True,
        ordered=True,
        name=table.name,
    )
