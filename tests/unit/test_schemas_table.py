"""A declaration that contradicts itself is refused, and those of the project keep its conventions."""

from __future__ import annotations

import pyarrow as pa
import pytest

from schemas import languages, vocabulary
from schemas.column import Column, OneOf, RowCheck
from schemas.table import Reference, Table
from schemas.tables import TABLES, table
from schemas.tables.gaps import ACCOUNTED
from schemas.tables.models import MODELS
from tests.unit.schema_examples import ALL_TABLES, MISSPELT

KEY = Column("id", pa.string(), "Id.", "test", nullable=False)
VALUE = Column("value", pa.int64(), "Value.", "test")


def declare(
    *columns: Column,
    key: tuple[str, ...] = ("id",),
    references: tuple[Reference, ...] = (),
    row_checks: tuple[RowCheck, ...] = (),
) -> Table:
    return Table("t", "T", "A table.", key, columns, references=references, row_checks=row_checks)


def test_a_table_knows_its_columns() -> None:
    declared = declare(KEY, VALUE)
    assert declared.column_names == ["id", "value"]
    assert declared.column("value") is VALUE
    with pytest.raises(KeyError, match="table t has no column other"):
        declared.column("other")


def test_a_column_declared_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="table t declares a column twice: value"):
        declare(KEY, VALUE, VALUE)


def test_a_key_that_is_no_column_is_refused() -> None:
    with pytest.raises(ValueError, match="key column other must be declared and not nullable"):
        declare(KEY, key=("id", "other"))


def test_a_key_that_may_be_null_is_refused() -> None:
    with pytest.raises(ValueError, match="key column value must be declared and not nullable"):
        declare(KEY, VALUE, key=("value",))


def test_reasons_for_nulls_of_a_column_without_nulls_are_refused() -> None:
    column = Column("sure", pa.int64(), "S.", "test", nullable=False, gap_reasons=("gated",))
    with pytest.raises(ValueError, match="column sure has reasons for nulls but no nulls"):
        declare(KEY, column)


def test_a_row_check_over_an_unknown_column_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a row check names unknown columns \['other'\]"):
        declare(KEY, row_checks=(RowCheck(("id", "other"), "id = other", "both are equal"),))


@pytest.mark.parametrize(
    ("columns", "target_columns"),
    [(("other",), ("id",)), (("id",), ("id", "value")), (("id", "value"), ("id",))],
)
def test_a_reference_that_pairs_nothing_is_refused(
    columns: tuple[str, ...], target_columns: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="a reference to u does not pair declared columns"):
        declare(KEY, VALUE, references=(Reference(columns, "u", target_columns, "it is there"),))


def test_a_published_table_is_found_by_its_name() -> None:
    assert table("models") is MODELS
    with pytest.raises(KeyError, match="there is no table model; the tables are unique_models, models"):
        table("model")


def test_every_published_key_begins_with_the_date_in_the_first_column() -> None:
    assert {(each.key[0], each.column_names[0]) for each in TABLES} == {("snapshot_date", "snapshot_date")}


def test_names_of_tables_and_relations_are_distinct() -> None:
    names = [each.name for each in ALL_TABLES]
    assert len(set(names)) == len(names)


def test_every_column_says_what_it_is_and_where_it_comes_from() -> None:
    mute = [
        f"{each.name}.{column.name}"
        for each in ALL_TABLES
        for column in each.columns
        if not (column.description.endswith(".") and column.source and column.unit)
    ]
    assert mute == []


def test_only_models_is_accounted_for_and_only_with_known_reasons() -> None:
    accounted = {each.name for each in ALL_TABLES for column in each.columns if column.gap_reasons}
    assert accounted == {"models"}
    assert {reason for name in ACCOUNTED for reason in MODELS.column(name).gap_reasons} <= set(
        vocabulary.GAP_REASON
    )


def test_only_models_and_counts_of_tasks_are_tracked() -> None:
    tracked = {each.name: column.name for each in ALL_TABLES for column in each.columns if column.tracked}
    assert set(tracked) == {"models", "tasks"}
    assert tracked["tasks"] == "model_count"


def test_a_tracked_column_is_no_part_of_a_key() -> None:
    both = {name for each in ALL_TABLES for name in each.key if each.column(name).tracked}
    assert both == set()


def test_the_misspelling_of_the_tests_is_in_no_closed_set() -> None:
    sets = [
        check.values
        for each in ALL_TABLES
        for column in each.columns
        for check in column.checks
        if isinstance(check, OneOf)
    ]
    assert sets
    assert [values for values in sets if MISSPELT in values] == []


def test_other_codes_of_languages_lead_into_the_closed_set() -> None:
    assert set(languages.SYNONYM.values()) <= set(languages.LANGUAGE)
    assert set(languages.SYNONYM) & set(languages.LANGUAGE) == set()
    assert len(set(languages.LANGUAGE)) == len(languages.LANGUAGE)
    assert languages.SYNONYM["deu"] == languages.SYNONYM["ger"] == "de"
