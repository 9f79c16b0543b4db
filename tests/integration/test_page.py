"""Writing the page: its files, the same values as the tables, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from builder.cli import main
from builder.export.cells import to_plain
from builder.page.facts import MINUTES
from tests.integration.invented_hub import EXPORT, LISTING, files_below
from tests.integration.pages import HOSTILE, make_hostile, put_front_end

if TYPE_CHECKING:
    from builder.layout import Layout


def run(*command: str) -> Result:
    return CliRunner().invoke(main, ["page", *command, "--output", "build/page"])


def read_facts(folder: Path, date: str) -> dict[str, Any]:
    script = (folder / f"data-{date}.js").read_text()
    facts = json.loads(script.removeprefix("(window.SNAPSHOTS ||= []).push(").removesuffix(");\n"))
    assert isinstance(facts, dict)
    return facts


@pytest.fixture
def page(project: Layout) -> Path:
    """Where the page of a project with a front end goes."""
    put_front_end(project)
    return project.root / "build" / "page"


def test_the_newest_built_date_where_none_is_named(page: Path) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in page.iterdir())
    assert names == [f"data-{LISTING}.js", "index.html", "page.css", "page.js"]
    size = sum(path.stat().st_size for path in page.iterdir())
    assert result.stdout == f"wrote build/page/index.html of {LISTING} ({size} bytes)\n"


def test_several_dates_newest_first_whatever_order_they_are_named_in(page: Path) -> None:
    for dates in ((EXPORT, LISTING), (LISTING, EXPORT)):
        assert run(*dates).exit_code == 0
        index = (page / "index.html").read_text()
        assert index.index(f"data-{LISTING}.js") < index.index(f"data-{EXPORT}.js") < index.index("page.js")


def test_the_same_page_twice_has_the_same_bytes(page: Path) -> None:
    run()
    first = files_below(page)
    run()
    assert files_below(page) == first
    assert sorted(path.name for path in page.parent.iterdir()) == ["page"]


def test_values_are_those_of_the_tables(project: Layout, page: Path) -> None:
    run()
    facts = read_facts(page, LISTING)
    for name, key in (("models", "repo_id"), ("unique_models", "unique_model_id"), ("families", "family_id")):
        rows = pl.read_parquet(project.table(LISTING, name)).drop("snapshot_date", "tags", strict=False)
        told = {row[key]: row for row in facts[name]}
        assert len(told) == rows.height > 0
        for row in rows.to_dicts():
            known = {column: to_plain(value) for column, value in row.items() if value is not None}
            assert {column: told[row[key]].get(column) for column in row} == dict.fromkeys(row) | known


def test_memory_at_three_minutes_is_what_the_table_says(project: Layout, page: Path) -> None:
    run()
    rows = pl.read_parquet(project.table(LISTING, "variants")).to_dicts()
    key = ("repo_id", "variant", "path_group", "basis")
    needs = {tuple(row[name] for name in key): row["min_memory_bytes"] for row in rows}
    told = [variant for model in read_facts(page, LISTING)["unique_models"] for variant in model["variants"]]
    assert told
    for variant in told:
        limit = variant["limit_minutes"]
        memory = variant["memory_bytes"]
        assert [size is None for size in memory] == [limit is not None and limit < at for at in MINUTES]
        if limit is not None and limit < 3:
            continue
        assert memory[MINUTES.index(3)] == needs[tuple(variant[name] for name in key)]
        known = [size for size in memory if size is not None]
        assert known == sorted(known)


def test_hostile_names_are_data(project: Layout, page: Path) -> None:
    make_hostile(project)
    assert run().exit_code == 0
    script = (page / f"data-{LISTING}.js").read_text()
    assert not set("<>&") & set(script.removeprefix("(window.SNAPSHOTS"))
    named = {model["title"] for model in read_facts(page, LISTING)["unique_models"]}
    assert set(HOSTILE) <= named


@pytest.mark.usefixtures("project")
def test_no_front_end() -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: page/dist/ holds no front end; run `make page`\n"


def test_a_folder_that_holds_something_else_is_left_alone(page: Path) -> None:
    page.mkdir(parents=True)
    (page / "thesis.tex").write_text("mine")
    result = run()
    assert result.exit_code == 2
    assert "page holds thesis.tex, which is no part of a page; name another" in result.stderr
    assert files_below(page) == {"thesis.tex": b"mine"}


def test_a_broken_table_leaves_the_page_as_it_was(project: Layout, page: Path) -> None:
    run()
    before = files_below(page)
    project.table(LISTING, "gaps").write_bytes(b"no parquet")
    result = run()
    assert result.exit_code == 13
    assert f"snapshots/{LISTING}/data/gaps.parquet cannot be read; run `builder build" in result.stderr
    assert files_below(page) == before


@pytest.mark.usefixtures("page")
def test_a_date_that_is_not_built() -> None:
    result = run("2020-01-01")
    assert (result.exit_code, result.stdout) == (13, "")
    assert "'2020-01-01' is no built date" in result.stderr
    assert result.stderr.count("\n") == 1
