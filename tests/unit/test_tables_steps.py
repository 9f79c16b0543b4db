"""The files of SQL become steps in order; some places are written by the schema."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.tables.steps import Step, parse_step, plan_writing
from schemas.tables import TABLES
from schemas.tables.gaps import ACCOUNTED

FOLDER = Path(__file__).resolve().parents[2] / "builder" / "tables"
FOLDERS = (FOLDER, FOLDER / "comparison")


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
    flags = parse_step("740_null_flag.sql", "{nulls_of_models}").sql
    cells = parse_step("745_null_cell.sql", "{null_cells_of_models}").sql
    for column in ACCOUNTED:
        assert f"m.{column} IS NULL AS {column}" in flags
        assert f"'{column}' AS column_name FROM null_flag WHERE {column}" in cells


def test_every_table_with_rows_of_its_own_is_compared_by_its_key() -> None:
    sql = parse_step("050_current_row.sql", "{rows_of_tables}").sql
    compared = {table.name for table in TABLES if f"'{table.name}' AS table_name" in sql}
    follow = {"gaps", "changes", "history"}
    # Facts of other days, which do not change with the Hub.
    borrowed = {"evaluations", "runtimes", "hosted_references"}
    assert compared == {table.name for table in TABLES} - follow - borrowed
    assert "'models' AS table_name, concat_ws(' ', repo_id) AS key, repo_id AS repo_id FROM models" in sql
    assert "concat_ws(' ', pipeline_tag) AS key, CAST(NULL AS STRING) AS repo_id FROM tasks" in sql


def test_every_part_of_a_key_that_is_a_repository_is_followed_to_its_new_name() -> None:
    lines = parse_step("040_previous_row.sql", "{rows_of_previous_tables}").sql.splitlines()
    followed = {
        re.search(r"FROM previous_(\w+) t", line)[1]: re.findall(r"m\d\.previous_id = t\.(\w+)", line)  # type: ignore[index] # every line has one
        for line in lines
        if line.startswith("SELECT")
    }
    assert followed == {
        "unique_models": ["unique_model_id"],
        "models": ["repo_id"],
        "families": [],
        "variants": ["repo_id"],
        "parameters": ["repo_id", "weights_repo_id"],
        # `base_model` is what a card says, and a card does not follow a rename.
        "lineage": ["repo_id"],
        "files": ["repo_id"],
        "tasks": [],
    }


def test_every_tracked_column_is_compared() -> None:
    sql = parse_step("130_difference.sql", "{values_that_differ}").sql
    found = set(re.findall(r"SELECT '(\w+)' AS table_name, previous_key, key, '(\w+)' AS column_name", sql))
    assert found == {(table.name, c.name) for table in TABLES for c in table.columns if c.tracked}
    assert {("models", "family_id"), ("models", "license"), ("tasks", "model_count")} <= found
    assert ("models", "downloads") not in found


def test_each_step_has_its_own_place_and_says_what_it_makes() -> None:
    files = [sorted(folder.glob("*.sql")) for folder in FOLDERS]
    assert all(len({path.name[:3] for path in some}) == len(some) for some in files)
    steps = [parse_step(path.name, path.read_text()) for some in files for path in some]
    assert len({step.relation for step in steps}) == len(steps)
    assert all(step.sql.startswith("-- ") for step in steps)
    assert not [step.relation for step in steps if "{" in step.sql]


def test_a_repeated_step_starts_from_an_earlier_one() -> None:
    made: set[str] = set()
    for folder in FOLDERS:
        for path in sorted(folder.glob("*.sql")):
            step = parse_step(path.name, path.read_text())
            assert step.starts_from is None or step.starts_from in made
            made.add(step.relation)


def test_a_stored_relation_goes_when_nothing_reads_it_any_more() -> None:
    steps = [
        parse_step("010_first.sql", "SELECT 1 AS one"),
        parse_step("020_second.sql", "SELECT one FROM first"),
        parse_step("030_seen.sql", "-- as a view\nSELECT one FROM second"),
        parse_step("040_start.sql", "SELECT 1 AS one"),
        parse_step("050_climb.sql", "-- repeat until unchanged, from start\nSELECT one FROM climb"),
        parse_step("060_models.sql", "SELECT one FROM seen"),
        parse_step("070_asked.sql", "SELECT one FROM climb"),
        parse_step("080_last.sql", "SELECT one FROM models"),
    ]
    planned = plan_writing(steps, {"models"}, kept=("asked",))
    assert [step.relation for step in planned if step.is_written] == ["models"]
    assert {step.relation: step.done_with for step in planned if step.done_with} == {
        "seen": ("first",),
        "models": ("start",),
        "asked": ("second",),
        "last": ("climb",),
    }
