"""Tables against their declarations: every check, key, reference and gap, as a list of violations.

An empty list means that the data are what the schema says. Nothing here raises for bad data;
`builder.snapshot.build.refuse` turns violations into one error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from schemas.to_polars import is_as_declared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pandera.errors import SchemaErrors

    from schemas.column import Column
    from schemas.table import Reference, Table

MAX_PER_CHECK = 20
"""Violations reported per check: more of the same say nothing new, and a build may have millions of
rows."""

MAX_VALUE = 200
"""Characters of a failing value that a violation quotes: enough to find it, not to flood a screen."""


_INDEX = "__row"
_UNIQUE = "multiple_fields_uniqueness"
_OF_TABLE = ("column_in_schema", "column_in_dataframe", "column_ordered")
"""Checks of pandera that report the name of a column as the failing value."""

_REASONS = (
    ("not_nullable", "not be null"),
    ("column_in_schema", "be a declared column"),
    ("column_in_dataframe", "be there: it is declared"),
    ("column_ordered", "stand in declared order"),
)
"""What pandera calls the properties of a column, and what they ask for."""


@dataclass(frozen=True, order=True)
class Violation:
    """One failed check: where, which value, and why."""

    table: str
    column: str
    key: str
    value: str
    reason: str

    def __str__(self) -> str:
        """One sentence for people."""
        return f"{self.table}[{self.key}].{self.column} = {self.value}: must {self.reason}"


def _key_text(row: Mapping[str, object], key: Iterable[str]) -> str:
    return " ".join(str(row.get(name)) for name in key)


def validate(
    table: Table, frame: pl.LazyFrame, *, in_order: bool = False, by_pandera: bool = False
) -> list[Violation]:
    """Columns, types, nullability, checks, row checks and the uniqueness of the key of one table.

    Args:
        table: the declaration.
        frame: the rows.
        in_order: whether they come in the order of the key.
        by_pandera: whether pandera judges also what one look at the whole finds in order.
    """
    if not by_pandera and is_as_declared(table, frame, in_order=in_order):
        return []
    # Only here, since importing it takes longer than to look at a small date.
    import pandera.errors
    from pandera.config import ValidationDepth, config_context

    from schemas.to_pandera import to_pandera_schema

    try:
        # On a LazyFrame pandera checks the schema only unless it is told to look at the data.
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            to_pandera_schema(table, in_order=in_order).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return _to_violations(table, frame, errors)
    return []


def _to_violations(table: Table, frame: pl.LazyFrame, errors: SchemaErrors) -> list[Violation]:
    cases: pl.DataFrame = errors.failure_cases
    structural = pl.col("check").str.starts_with("dtype(") | pl.col("check").str.starts_with("column_")
    if cases.select(structural.any()).item():
        # A check over a column that is missing or of another type fails by raising, which says
        # nothing beyond that.
        cases = cases.filter(structural | pl.col("index").is_not_null())
    cases = cases.group_by("column", "check", maintain_order=True).head(MAX_PER_CHECK)
    wanted = cases.get_column("index").drop_nulls().unique().to_list()
    rows = {
        row[_INDEX]: row
        for row in frame.with_row_index(_INDEX).filter(pl.col(_INDEX).is_in(wanted)).collect().to_dicts()
    }
    rules = {check.describe(): check.columns for check in table.row_checks}
    return sorted(_to_violation(table, case, rows.get(case["index"]), rules) for case in cases.to_dicts())


def _to_violation(
    table: Table,
    case: Mapping[str, Any],
    row: Mapping[str, object] | None,
    rules: Mapping[str, tuple[str, ...]],
) -> Violation:
    check = case["check"]
    column, value = case["column"], case["failure_case"]
    columns = table.key if check == _UNIQUE else rules.get(check)
    if columns and row is not None:
        column, value = ", ".join(columns), ", ".join(str(row.get(name)) for name in columns)
    elif check.startswith(_OF_TABLE):
        column, value = value, "*"
    return Violation(
        table=table.name,
        column=column,
        key="*" if row is None else _key_text(row, table.key),
        value=str(value)[:MAX_VALUE],
        reason=_reason(table, check),
    )


def _reason(table: Table, check: str) -> str:
    if check == _UNIQUE:
        return f"have a key ({', '.join(table.key)}) that occurs once"
    if check.startswith("dtype("):
        return f"have the type {check.removeprefix('dtype(').removesuffix(')')}"
    return next((reason for name, reason in _REASONS if check.startswith(name)), check)


def validate_references(tables: Mapping[str, tuple[Table, pl.LazyFrame]]) -> list[Violation]:
    """Every reference between the given tables; a reference to a table that is not given is a violation."""
    violations: list[Violation] = []
    for table, frame in tables.values():
        for reference in table.references:
            if reference.table not in tables:
                violations.append(
                    Violation(
                        table.name,
                        "*",
                        "*",
                        reference.table,
                        f"refer to a table that exists: {reference.meaning}",
                    )
                )
                continue
            violations += _dangling(table, frame, reference, tables[reference.table][1])
    return violations


def _dangling(
    table: Table, frame: pl.LazyFrame, reference: Reference, target: pl.LazyFrame
) -> list[Violation]:
    columns = list(reference.columns)
    targets = target.select(
        pl.col(t).alias(c) for c, t in zip(columns, reference.target_columns, strict=True)
    )
    referring = frame.filter(pl.all_horizontal(pl.col(c).is_not_null() for c in columns))
    # Neighbours often refer to the same: each run of them is looked up once.
    runs = referring.select(columns).filter(
        pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift()) for c in columns)
    )
    if runs.join(targets, on=columns, how="anti").head(1).collect(engine="streaming").is_empty():
        return []
    lost = (
        referring.select(*dict.fromkeys([*table.key, *columns]))
        .join(targets, on=columns, how="anti")
        .sort(list(table.key))
        .head(MAX_PER_CHECK)
        .collect()
    )
    return [
        Violation(
            table.name,
            ", ".join(columns),
            _key_text(row, table.key),
            _key_text(row, columns),
            f"occur in {reference.table}: {reference.meaning}",
        )
        for row in lost.to_dicts()
    ]


def validate_gaps(models: Table, frame: pl.LazyFrame, gaps: pl.LazyFrame) -> list[Violation]:
    """Gaps both ways: a null of an accounted column has one, a gap points at a null for an allowed reason."""
    # Row by row only where a look at the whole says that something is wrong: there may be millions.
    accounted = {column.name: column for column in models.columns if column.gap_reasons}
    return [
        violation
        for name in _find_unbalanced(accounted, frame, gaps)
        for violation in _compare_gaps(models, accounted[name], frame, gaps)
    ]


def _find_unbalanced(accounted: Mapping[str, Column], frame: pl.LazyFrame, gaps: pl.LazyFrame) -> list[str]:
    """Columns whose nulls are not those that have a row in gaps, or that have one for another reason.

    Of the repositories on either side, their number and the sum of their hashes are compared, so that none
    of them need be looked up in the other table.
    """
    mark = pl.col("repo_id").hash(seed=1)
    nulls = frame.select(mark=mark, **{name: pl.col(name).is_null() for name in accounted})
    counted = nulls.select(
        pl.concat_list(pl.col(name).sum(), pl.col("mark").filter(name).sum()).alias(name)
        for name in accounted
    )
    stated = gaps.group_by("column_name", "reason").agg(rows=pl.len(), marks=mark.sum())
    of_gaps: dict[str, list[tuple[str, int, int]]] = {name: [] for name in accounted}
    for name, *row in stated.collect(engine="streaming").iter_rows():
        of_gaps.setdefault(name, []).append((row[0], row[1], row[2]))
    return [
        name
        for name, (rows, marks) in counted.collect(engine="streaming").row(0, named=True).items()
        if rows != sum(row[1] for row in of_gaps[name])
        or marks != sum(row[2] for row in of_gaps[name]) % 2**64
        or any(row[0] not in accounted[name].gap_reasons for row in of_gaps[name])
    ]


def _compare_gaps(models: Table, column: Column, frame: pl.LazyFrame, gaps: pl.LazyFrame) -> list[Violation]:
    stated = gaps.filter(pl.col("column_name") == column.name).select("repo_id", "reason")
    both = (
        frame.select("repo_id", pl.col(column.name).is_null().alias("is_null"))
        .join(stated, on="repo_id", how="full", coalesce=True)
        .filter(
            (pl.col("is_null").fill_null(value=False) != pl.col("reason").is_not_null())
            | ~pl.col("reason").is_in(column.gap_reasons)
        )
        .sort("repo_id")
        .head(MAX_PER_CHECK)
        .collect()
    )
    return [_to_gap_violation(models, column, row["repo_id"], row["reason"]) for row in both.to_dicts()]


def _to_gap_violation(models: Table, column: Column, repo_id: str, reason: str | None) -> Violation:
    if reason is None:
        wanted = "have a row in gaps with the reason"
        return Violation(models.name, column.name, repo_id, "null", wanted)
    if reason in column.gap_reasons:
        return Violation("gaps", column.name, repo_id, reason, "point at a null of models")
    return Violation("gaps", column.name, repo_id, reason, f"be one of {', '.join(column.gap_reasons)}")
