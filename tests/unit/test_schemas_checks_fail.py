"""Every declared check of every table refuses a bad value, and says so where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from schemas.column import Check, Column, RowCheck
from schemas.to_polars import is_as_declared, list_failures, to_polars_type
from schemas.validate import Violation, validate
from tests.unit.schema_examples import (
    ALL_TABLES,
    BROKEN,
    WRONG_TYPES,
    Row,
    frame,
    good_values,
    valid_row,
)
from tests.unit.schema_outcomes import outcomes

if TYPE_CHECKING:
    from schemas.table import Table

COLUMNS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in ALL_TABLES
    for column in table.columns
]
COLUMN_CHECKS = [
    pytest.param(table, column, check, id=f"{table.name}.{column.name}-{number}-{type(check).__name__}")
    for table in ALL_TABLES
    for column in table.columns
    for number, check in enumerate(column.checks)
]
ROW_CHECKS = [
    pytest.param(table, check, id=f"{table.name}: {check.meaning}")
    for table in ALL_TABLES
    for check in table.row_checks
]
TABLES_BY_NAME = [pytest.param(table, id=table.name) for table in ALL_TABLES]


def key_of(table: Table, row: Row) -> str:
    return " ".join(str(row[name]) for name in table.key)


def columns_of(violation: Violation) -> set[str]:
    return set(violation.column.split(", "))


def assert_only_about(violations: list[Violation], key: str, columns: set[str]) -> None:
    """One bad value may break several checks, but none of another row or of other columns."""
    assert {violation.key for violation in violations} == {key}
    assert all(columns_of(violation) & columns for violation in violations)


@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_a_valid_row_has_no_violation(table: Table) -> None:
    assert validate(table, frame(table, valid_row(table))) == []
    assert validate(table, frame(table, valid_row(table)), by_pandera=True) == []


@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_a_table_without_rows_has_no_violation(table: Table) -> None:
    assert validate(table, frame(table)) == []
    assert validate(table, frame(table), by_pandera=True) == []


@pytest.mark.parametrize(("table", "column", "check"), COLUMN_CHECKS)
def test_a_column_check_refuses_each_bad_value(table: Table, column: Column, check: Check) -> None:
    bad = outcomes(table.name)["check", column.name, check.describe()]
    assert len(bad) > 0
    for outcome in bad:
        key = key_of(table, outcome.row)
        found = [v for v in outcome.violations if v.reason == check.describe()]
        assert [(v.table, v.column, v.key) for v in found] == [(table.name, column.name, key)], outcome.row
        assert_only_about(outcome.violations, key, {column.name})


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_null_is_refused_exactly_where_a_column_is_never_null(table: Table, column: Column) -> None:
    (outcome,) = outcomes(table.name)["null", column.name]
    refused = [violation for violation in outcome.violations if violation.column == column.name]
    assert [(v.key, v.reason) for v in refused] == (
        [] if column.nullable else [(key_of(table, outcome.row), "not be null")]
    )
    assert all(column.name in columns_of(violation) for violation in outcome.violations)


@pytest.mark.parametrize(("table", "check"), ROW_CHECKS)
def test_a_row_check_refuses_each_contradiction(table: Table, check: RowCheck) -> None:
    bad = outcomes(table.name)["rule", check.meaning]
    for outcome, difference in zip(bad, BROKEN[check.meaning], strict=True):
        key = key_of(table, outcome.row)
        found = [v for v in outcome.violations if v.reason == check.describe()]
        assert [(v.table, v.column, v.key) for v in found] == [(table.name, ", ".join(check.columns), key)]
        assert_only_about(outcome.violations, key, set(difference))


@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_the_look_at_a_whole_table_sees_each_row_that_pandera_names(table: Table) -> None:
    told = [outcome for case in outcomes(table.name).values() for outcome in case]
    rows = frame(table, *(outcome.row for outcome in told))
    fails = pl.any_horizontal(check.fill_null(value=False) for check in list_failures(table))
    assert rows.select(fails).collect().to_series().to_list() == [bool(o.violations) for o in told]
    assert is_as_declared(table, frame(table, valid_row(table)), in_order=True)


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_the_look_at_a_whole_table_sees_a_key_that_occurs_twice(table: Table, *, in_order: bool) -> None:
    row = valid_row(table)
    assert not is_as_declared(table, frame(table, row, row), in_order=in_order)


@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_another_type_is_refused_in_every_column(table: Table) -> None:
    wrong = [WRONG_TYPES[column.arrow].alias(column.name) for column in table.columns]
    violations = validate(table, pl.DataFrame(wrong).lazy())
    about_type = [violation for violation in violations if violation.reason.startswith("have the type")]
    assert sorted((v.table, v.column, v.key, v.value, v.reason) for v in about_type) == sorted(
        (table.name, column.name, "*", str(series.dtype), f"have the type '{to_polars_type(column)}'")
        for column, series in zip(table.columns, wrong, strict=True)
    )
    assert not [violation for violation in violations if "Error" in violation.value]


def test_every_broken_row_belongs_to_a_row_check() -> None:
    declared = {check.meaning for table in ALL_TABLES for check in table.row_checks}
    assert set(BROKEN) - declared == set()


@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_checks_of_one_place_can_be_told_apart(table: Table) -> None:
    for column in table.columns:
        said = [check.describe() for check in column.checks]
        assert len(set(said)) == len(said), f"{table.name}.{column.name} declares a check twice"
    said = [check.describe() for check in table.row_checks]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_a_key_that_occurs_twice_is_refused(table: Table) -> None:
    row = valid_row(table)
    violations = validate(table, frame(table, row, row))
    assert (
        violations
        == [
            Violation(
                table.name,
                ", ".join(table.key),
                key_of(table, row),
                ", ".join(str(row[name]) for name in table.key),
                f"have a key ({', '.join(table.key)}) that occurs once",
            )
        ]
        * 2
    )


@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_rows_that_differ_in_one_part_of_the_key_are_not_refused(table: Table) -> None:
    part = next(name for name in reversed(table.key) if len(good_values(table.column(name))) > 1)
    first, second, *_ = good_values(table.column(part))
    rows = [valid_row(table) | {part: value} for value in (first, second)]
    violations = validate(table, frame(table, *rows))
    assert all("occurs once" not in violation.reason for violation in violations)


@pytest.mark.parametrize("table", TABLES_BY_NAME)
def test_a_missing_a_foreign_and_a_displaced_column_are_refused(table: Table) -> None:
    whole = frame(table, valid_row(table))
    last = table.column_names[-1]
    assert [(v.column, v.reason) for v in validate(table, whole.drop(last))] == [
        (last, "be there: it is declared")
    ]
    assert [(v.column, v.reason) for v in validate(table, whole.with_columns(pl.lit(1).alias("more")))] == [
        ("more", "be a declared column")
    ]
    displaced = validate(table, whole.select(last, *table.column_names[:-1]))
    assert {violation.reason for violation in displaced} == {"stand in declared order"}
