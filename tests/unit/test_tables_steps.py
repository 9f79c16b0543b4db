"""The files of SQL become steps in order; two places are written by the schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.tables.steps import Step, parse_step
from schemas.tables import TABLES
from schemas.tables.gaps import ACCOUNTED

FOLDER = Path(__file__).resolve().parents[2] / "builder" / "tables"


def test_a_file_is_named_after_its_relation() -> None:
    assert parse_step("010_known_name.sql", "-- Names.\nSELECT 1;\n") == Step(
        "known_name", "-- Names.\nSELECT 1"
    )


@pytest.mark.parametrize(
    "name", ["known_name.sql", "10_name.sql", "010-name.sql", "010_Name.sql", "010_name.txt"]
)
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"is not named NNN_<relation>\.sql"):
        parse_step(name, "SELECT 1")


def test_the_first_line_may_ask_for_repetition_or_a_view() -> None:
    repeated = parse_step("220_walk.sql", "-- repeat until unchanged, from walk_start\nSELECT 1\n")
    assert (repeated.starts_from, repeated.is_view) == ("walk_start", False)
    seen = parse_step("480_decisions.sql", "-- as a view\nSELECT 1\n")
    assert (seen.starts_from, seen.is_view) == (None, True)


def test_further_down_such_a_line_is_a_comment() -> None:
    step = parse_step("220_walk.sql", "SELECT 1\n-- repeat until unchanged, from walk_start\n-- as a view\n")
    assert (step.starts_from, step.is_view) == (None, False)


def test_every_column_that_must_be_accounted_for_is_looked_at() -> None:
    sql = parse_step("740_null_cell.sql", "{null_cells_of_models}").sql
    for column in ACCOUNTED:
        assert f"'{column}' AS column_name FROM models WHERE {column} IS NULL" in sql


def test_every_table_with_rows_of_its_own_is_compared_by_its_key() -> None:
    sql = parse_step("920_changes.sql", "{rows_of_tables}").sql
    compared = {table.name for table in TABLES if f"'{table.name}' AS table_name" in sql}
    assert compared == {table.name for table in TABLES} - {"gaps", "changes", "history"}
    assert "'models' AS table_name, concat_ws(' ', repo_id) AS key FROM models" in sql


def test_each_step_has_its_own_place_and_says_what_it_makes() -> None:
    files = sorted(FOLDER.glob("*.sql"))
    steps = [parse_step(path.name, path.read_text()) for path in files]
    assert len({path.name[:3] for path in files}) == len(files)
    assert len({step.relation for step in steps}) == len(steps)
    assert all(step.sql.startswith("-- ") for step in steps if not step.sql.startswith("{"))


def test_a_repeated_step_starts_from_an_earlier_one() -> None:
    made: set[str] = set()
    for path in sorted(FOLDER.glob("*.sql")):
        step = parse_step(path.name, path.read_text())
        assert step.starts_from is None or step.starts_from in made
        made.add(step.relation)
