"""All bad rows of a table, validated in one go: one call per case would take minutes."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from unittest import mock

import polars as pl
import pyarrow as pa

from schemas import validate as validating
from schemas.column import Column
from schemas.validate import Violation, validate
from tests.unit.schema_examples import ALL_TABLES, BROKEN, Row, bad_values, frame, valid_row

if TYPE_CHECKING:
    from schemas.table import Table

Case = tuple[str, ...]
"""What a bad row is for: `("check", column, description)`, `("null", column)`, `("rule", meaning)`."""

_NUMBER = Column("__case", pa.int64(), "Tells the rows of this test apart.", "test", nullable=False)


@dataclass(frozen=True)
class Outcome:
    """One bad row and what validation says about it."""

    row: Row
    violations: list[Violation]


@functools.cache
def outcomes(table_name: str) -> dict[Case, list[Outcome]]:
    """What validation says about each bad row of the table."""
    table = next(table for table in ALL_TABLES if table.name == table_name)
    rows = [(case, row) for case, bad in _bad_rows(table).items() for row in bad]
    numbered = replace(table, columns=(*table.columns, _NUMBER), key=(*table.key, _NUMBER.name))
    data = frame(table, *(row for _, row in rows)).with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(_NUMBER.name)
    )
    with mock.patch.object(validating, "MAX_PER_CHECK", len(rows)):
        violations = validate(numbered, data)
    said: dict[int, list[Violation]] = defaultdict(list)
    for violation in violations:
        key, _, number = violation.key.rpartition(" ")
        said[int(number)].append(replace(violation, key=key))
    result: dict[Case, list[Outcome]] = defaultdict(list)
    for index, (case, row) in enumerate(rows):
        result[case].append(Outcome(row, said[index]))
    return result


def _bad_rows(table: Table) -> dict[Case, list[Row]]:
    good = valid_row(table)
    bad: dict[Case, list[Row]] = {}
    for column in table.columns:
        bad["null", column.name] = [good | {column.name: None}]
        for check in column.checks:
            bad["check", column.name, check.describe()] = [
                good | {column.name: value} for value in bad_values(check, column)
            ]
    for rule in table.row_checks:
        assert rule.meaning in BROKEN, f"no row breaks '{rule.meaning}': add one to schema_examples.py"
        bad["rule", rule.meaning] = [good | difference for difference in BROKEN[rule.meaning]]
    return bad
