"""Each kind of change to the schema has its level, and neither schema nor version changes alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from schemas import version
from schemas.column import AtLeast, Column, Each, NotBlank, OneOf, RowCheck, SortedSet
from schemas.compare import SchemaChange, compare_schemas
from schemas.table import Reference, Table
from schemas.version import (
    SCHEMA_VERSION,
    check_record,
    judge_version,
    main,
    next_versions,
    read_record,
    record_schema,
    render_record,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ID = Column("id", pa.string(), "Id.", "test", nullable=False, checks=(NotBlank(),))
KIND = Column("kind", pa.string(), "Kind.", "test", checks=(OneOf(("big", "small")),))
SIZE = Column("size", pa.int64(), "Size.", "test", unit="bytes", gap_reasons=("gated", "not_stated"))
TAGS = Column("tags", pa.list_(pa.string()), "Tags.", "test", checks=(SortedSet(), Each(OneOf(("a", "b")))))
THINGS = Table("things", "Things", "One row per thing.", ("id",), (ID, KIND, SIZE, TAGS))
OTHERS = Table("others", "Others", "One row per other.", ("id",), (ID,))


def with_column(column: Column, *, instead_of: Column) -> Table:
    columns = tuple(column if each is instead_of else each for each in THINGS.columns)
    return replace(THINGS, columns=columns)


def change_to(*tables: Table) -> SchemaChange:
    return compare_schemas(record_schema((THINGS,)), record_schema(tables))


MAJOR = {
    "things.size was removed": replace(THINGS, columns=(ID, KIND, TAGS)),
    "things.size was renamed to bytes": with_column(replace(SIZE, name="bytes"), instead_of=SIZE),
    "the type of things.size is double, was int64": with_column(
        replace(SIZE, arrow=pa.float64()), instead_of=SIZE
    ),
    "the unit of things.size is MB, was bytes": with_column(replace(SIZE, unit="MB"), instead_of=SIZE),
    "things.id may be null now": replace(
        THINGS,
        key=("kind",),
        columns=(replace(ID, nullable=True), replace(KIND, nullable=False), SIZE, TAGS),
    ),
    "the key of things is (id, kind), was (id)": replace(
        THINGS, key=("id", "kind"), columns=(ID, replace(KIND, nullable=False), SIZE, TAGS)
    ),
    "things.kind has lost values: small": with_column(
        replace(KIND, checks=(OneOf(("big", "huge")),)), instead_of=KIND
    ),
    "things.tags has lost values: b": with_column(
        replace(TAGS, checks=(SortedSet(), Each(OneOf(("a",))))), instead_of=TAGS
    ),
    "nulls of things.size have lost reasons: gated": with_column(
        replace(SIZE, gap_reasons=("not_stated",)), instead_of=SIZE
    ),
}
MINOR = {
    "things.age was added": replace(THINGS, columns=(*THINGS.columns, replace(SIZE, name="age"))),
    "things.size is never null": with_column(replace(SIZE, nullable=False, gap_reasons=()), instead_of=SIZE),
    "things.kind has new values: huge": with_column(
        replace(KIND, checks=(OneOf(("big", "huge", "small")),)), instead_of=KIND
    ),
    "things.kind has no closed set of values now": with_column(replace(KIND, checks=()), instead_of=KIND),
    "nulls of things.size have new reasons: not_captured": with_column(
        replace(SIZE, gap_reasons=("gated", "not_captured", "not_stated")), instead_of=SIZE
    ),
    "the checks of things.size are others": with_column(replace(SIZE, checks=(AtLeast(0),)), instead_of=SIZE),
    "the rules of things are others": replace(
        THINGS, row_checks=(RowCheck(("size",), "size > 1", "it is big"),)
    ),
    "the references of things are others": replace(
        THINGS, references=(Reference(("id",), "things", ("id",), "it is there"),)
    ),
    "the columns of things stand in another order": replace(THINGS, columns=(ID, SIZE, KIND, TAGS)),
}
WORDING = {
    "the description of things.size reads otherwise": with_column(
        replace(SIZE, description="The size."), instead_of=SIZE
    ),
    "the source of things.size reads otherwise": with_column(replace(SIZE, source="a test"), instead_of=SIZE),
    "things is described otherwise": replace(THINGS, description="A row per thing."),
}


@pytest.mark.parametrize(
    ("level", "reason", "table"),
    [
        pytest.param(level, reason, table, id=reason)
        for level, tables in (("major", MAJOR), ("minor", MINOR), ("wording", WORDING))
        for reason, table in tables.items()
    ],
)
def test_a_change_of_a_table_has_its_level_and_says_what_changed(
    level: str, reason: str, table: Table
) -> None:
    change = change_to(table)
    assert change.level == level
    assert reason in change.reasons


def test_tables_are_added_by_a_minor_and_removed_by_a_major_version() -> None:
    assert change_to(THINGS, OTHERS) == SchemaChange("minor", ["table others was added"])
    assert change_to(OTHERS).level == "major"
    assert "table things was removed" in change_to(OTHERS).reasons


def test_an_equal_schema_has_no_change() -> None:
    assert change_to(replace(THINGS, title="Other title")) == SchemaChange("none", [])


def test_a_change_has_its_gravest_level_and_says_that_first() -> None:
    table = replace(MAJOR["things.size was removed"], description="Otherwise.")
    assert change_to(table, OTHERS) == SchemaChange(
        "major", ["things.size was removed", "table others was added", "things is described otherwise"]
    )


@pytest.mark.parametrize(
    ("level", "versions"),
    [("none", ("1.4",)), ("wording", ("1.4", "2.0")), ("minor", ("1.5", "2.0")), ("major", ("2.0",))],
)
def test_each_level_asks_for_a_version(level: str, versions: tuple[str, ...]) -> None:
    assert next_versions("1.4", level) == versions
    assert next_versions("1.9", "minor")[0] == "1.10"


def test_a_version_alone_may_not_change() -> None:
    assert judge_version("1.4", "1.4", change_to(THINGS)) == ""
    assert judge_version("1.4", "1.5", change_to(THINGS)) == (
        "SCHEMA_VERSION is 1.5, but the schema is the recorded one of 1.4: "
        "set SCHEMA_VERSION in schemas/version.py back to 1.4."
    )


def test_a_schema_alone_may_not_change() -> None:
    change = change_to(MINOR["things.age was added"])
    assert judge_version("1.4", "1.4", change) == (
        "The schema differs from the recorded one of 1.4 (minor: things.age was added): set SCHEMA_VERSION "
        "in schemas/version.py to 1.5 (or 2.0 where a meaning changed), then run "
        "`python -m schemas.version --record`."
    )
    assert judge_version("1.4", "1.5", change) == ""
    assert judge_version("1.4", "1.6", change) != ""


def test_the_author_says_whether_other_words_mean_something_else() -> None:
    change = change_to(WORDING["the description of things.size reads otherwise"])
    assert judge_version("1.4", "1.4", change) == ""
    assert judge_version("1.4", "2.0", change) == ""
    assert judge_version("1.4", "1.5", change) != ""


def test_a_fitting_version_still_has_to_be_recorded() -> None:
    recorded = {"version": "1.4", "tables": record_schema((THINGS,))}
    live = record_schema((MINOR["things.age was added"],))
    assert check_record(recorded, "1.5", live) == (
        "The schema differs from the recorded one of 1.4 (minor: things.age was added); version 1.5 fits: "
        "run `python -m schemas.version --record`."
    )
    assert check_record({"version": "1.5", "tables": live}, "1.5", live) == ""


def test_a_record_is_plain_data_with_a_line_per_column(tmp_path: Path) -> None:
    text = render_record("1.4", record_schema((THINGS, OTHERS)))
    path = tmp_path / "recorded.json"
    path.write_text(text, encoding="utf-8")
    assert read_record(path) == {"version": "1.4", "tables": record_schema((THINGS, OTHERS))}
    assert json.loads(text)["tables"]["things"]["columns"]["tags"] == {
        "type": "list<item: string>",
        "unit": "no unit",
        "nullable": True,
        "description": "Tags.",
        "source": "test",
        "gap_reasons": [],
        "values": ["a", "b"],
        "checks": ["be a non-empty list, sorted, without repetition"],
    }
    assert sum('"type"' in line for line in text.splitlines()) == len(THINGS.columns) + len(OTHERS.columns)


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Table], None]:
    """Makes a table and a version the live ones."""

    def make(number: str, table: Table) -> None:
        monkeypatch.setattr(version, "SCHEMA_VERSION", number)
        monkeypatch.setattr(version, "record_schema", lambda: record_schema((table,)))

    return make


def test_recording_is_refused_until_the_version_fits(
    tmp_path: Path, live: Callable[[str, Table], None], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "recorded.json"
    live("1.0", THINGS)
    assert main(["--record", "--afresh"], path) == 0
    assert main([], path) == 0
    before = path.read_bytes()

    live("1.0", MAJOR["things.size was removed"])
    capsys.readouterr()
    assert main([], path) == 1
    assert main(["--record"], path) == 1
    assert "set SCHEMA_VERSION in schemas/version.py to 2.0" in capsys.readouterr().out
    assert path.read_bytes() == before

    live("2.0", MAJOR["things.size was removed"])
    assert main([], path) == 1
    assert main(["--record"], path) == 0
    assert main([], path) == 0
    assert read_record(path)["version"] == "2.0"


def test_the_live_schema_is_the_recorded_one() -> None:
    complaint = check_record(read_record(), SCHEMA_VERSION, record_schema())
    assert complaint == "", complaint
