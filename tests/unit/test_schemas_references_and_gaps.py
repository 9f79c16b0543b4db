"""References between tables and the two ways between `models` and `gaps`: each breach is one violation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from schemas import vocabulary
from schemas.tables import TABLES, table
from schemas.tables.gaps import ACCOUNTED, GAPS
from schemas.tables.models import MODELS
from schemas.validate import MAX_PER_CHECK, Violation, validate_gaps, validate_references
from tests.unit.schema_examples import Row, frame, valid_row

if TYPE_CHECKING:
    from schemas.column import Column
    from schemas.table import Reference, Table

REFERENCES = [
    pytest.param(source, reference, id=f"{source.name}.{'+'.join(reference.columns)}-{reference.table}")
    for source in TABLES
    for reference in source.references
]
ACCOUNTED_COLUMNS = [
    pytest.param(column, id=column.name) for column in MODELS.columns if column.name in ACCOUNTED
]
REPO = valid_row(MODELS)["repo_id"]


def gap(column: Column, reason: str, repo_id: str = REPO) -> Row:
    return valid_row(GAPS) | {"repo_id": repo_id, "column_name": column.name, "reason": reason}


def other_reason(column: Column) -> str:
    return next(reason for reason in vocabulary.GAP_REASON if reason not in column.gap_reasons)


def of_column(violations: list[Violation], column: Column) -> list[Violation]:
    return [violation for violation in violations if violation.column == column.name]


def test_valid_rows_of_all_tables_refer_to_each_other() -> None:
    snapshot = {each.name: (each, frame(each, valid_row(each))) for each in TABLES}
    assert validate_references(snapshot) == []


@pytest.mark.parametrize(("source", "reference"), REFERENCES)
def test_a_value_that_the_target_lacks_is_refused(source: Table, reference: Reference) -> None:
    alone = replace(source, references=(reference,))
    target = table(reference.table)
    row = valid_row(source)
    violations = validate_references(
        {
            source.name: (alone, frame(source, row)),
            target.name: (replace(target, references=()), frame(target)),
        }
    )
    assert violations == [
        Violation(
            source.name,
            ", ".join(reference.columns),
            " ".join(str(row[name]) for name in source.key),
            " ".join(str(row[name]) for name in reference.columns),
            f"occur in {target.name}: {reference.meaning}",
        )
    ]


@pytest.mark.parametrize(("source", "reference"), REFERENCES)
def test_a_null_refers_to_nothing(source: Table, reference: Reference) -> None:
    alone = replace(source, references=(reference,))
    target = replace(table(reference.table), references=())
    row = valid_row(source) | {reference.columns[0]: None}
    given = {source.name: (alone, frame(source, row)), target.name: (target, frame(target))}
    assert validate_references(given) == []


@pytest.mark.parametrize(("source", "reference"), REFERENCES)
def test_a_reference_leads_to_columns_of_the_same_type(source: Table, reference: Reference) -> None:
    target = table(reference.table)
    for name, there in zip(reference.columns, reference.target_columns, strict=True):
        assert source.column(name).arrow == target.column(there).arrow


def test_a_target_that_is_not_given_is_a_violation() -> None:
    (reference,) = GAPS.references
    assert validate_references({"gaps": (GAPS, frame(GAPS, valid_row(GAPS)))}) == [
        Violation("gaps", "*", "*", "models", f"refer to a table that exists: {reference.meaning}")
    ]


def test_violations_of_one_reference_are_bounded() -> None:
    rows = [valid_row(GAPS) | {"repo_id": f"acme/lost-{number}"} for number in range(MAX_PER_CHECK + 5)]
    given = {"gaps": (GAPS, frame(GAPS, *rows)), "models": (replace(MODELS, references=()), frame(MODELS))}
    assert len(validate_references(given)) == MAX_PER_CHECK


def test_a_row_without_nulls_needs_no_gap() -> None:
    assert validate_gaps(MODELS, frame(MODELS, valid_row(MODELS)), frame(GAPS)) == []


@pytest.mark.parametrize("column", ACCOUNTED_COLUMNS)
def test_a_null_without_a_gap_is_refused(column: Column) -> None:
    models = frame(MODELS, valid_row(MODELS) | {column.name: None})
    assert validate_gaps(MODELS, models, frame(GAPS)) == [
        Violation("models", column.name, REPO, "null", "have a row in gaps with the reason")
    ]


@pytest.mark.parametrize("column", ACCOUNTED_COLUMNS)
def test_a_gap_at_a_value_is_refused(column: Column) -> None:
    reason = column.gap_reasons[0]
    gaps = frame(GAPS, gap(column, reason))
    assert validate_gaps(MODELS, frame(MODELS, valid_row(MODELS)), gaps) == [
        Violation("gaps", column.name, REPO, reason, "point at a null of models")
    ]


@pytest.mark.parametrize("column", ACCOUNTED_COLUMNS)
def test_a_null_is_explained_by_each_of_its_reasons_and_by_no_other(column: Column) -> None:
    alone = replace(
        MODELS, key=("repo_id",), columns=(MODELS.column("repo_id"), column), references=(), row_checks=()
    )
    models = frame(alone, {"repo_id": REPO, column.name: None})
    for reason in column.gap_reasons:
        assert validate_gaps(alone, models, frame(GAPS, gap(column, reason))) == []
    wrong = other_reason(column)
    assert validate_gaps(alone, models, frame(GAPS, gap(column, wrong))) == [
        Violation("gaps", column.name, REPO, wrong, f"be one of {', '.join(column.gap_reasons)}")
    ]


def test_a_gap_of_a_repository_that_is_not_listed_is_refused() -> None:
    column = MODELS.column("sha")
    gaps = frame(GAPS, gap(column, "not_captured", "acme/gone"))
    assert validate_gaps(MODELS, frame(MODELS, valid_row(MODELS)), gaps) == [
        Violation("gaps", "sha", "acme/gone", "not_captured", "point at a null of models")
    ]


def test_gaps_of_several_repositories_are_told_apart() -> None:
    column = MODELS.column("sha")
    rows = [
        valid_row(MODELS) | {"repo_id": "acme/known"},
        valid_row(MODELS) | {"repo_id": "acme/stated", "sha": None},
        valid_row(MODELS) | {"repo_id": "acme/unstated", "sha": None},
    ]
    gaps = frame(GAPS, gap(column, "not_captured", "acme/stated"))
    violations = validate_gaps(MODELS, frame(MODELS, *rows), gaps)
    assert [violation.key for violation in of_column(violations, column)] == ["acme/unstated"]
    assert len(violations) == 1


def test_violations_of_one_column_are_bounded() -> None:
    models = pl.concat(
        frame(MODELS, valid_row(MODELS) | {"repo_id": f"acme/voice-{number}", "sha": None})
        for number in range(MAX_PER_CHECK + 5)
    )
    assert len(validate_gaps(MODELS, models, frame(GAPS))) == MAX_PER_CHECK
