"""Writing the page: its files, the same values as the tables, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner, Result

from builder.cli import main
from builder.export.cells import to_plain
from builder.page.facts import MINUTES
from tests.integration.invented_hub import EXPORT, LISTING, files_below
from tests.integration.pages import HOSTILE, make_hostile, put_front_end, read_details, read_overview

if TYPE_CHECKING:
    from builder.layout import Layout


def run(*command: str) -> Result:
    return CliRunner().invoke(main, ["page", *command, "--output", "build/page"])


@pytest.fixture
def page(project: Layout) -> Path:
    """Where the page of a project with a front end goes."""
    put_front_end(project)
    return project.root / "build" / "page"


def test_the_newest_built_date_where_none_is_named(page: Path) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in page.iterdir())
    assert names == [f"data-{LISTING}-0.js", f"data-{LISTING}.js", "index.html", "page.css", "page.js"]
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
    details = read_details(page, LISTING)
    unique = pl.read_parquet(project.table(LISTING, "unique_models"))
    offered = unique.filter(pl.col("audio_language_model") == "yes")["unique_model_id"].to_list()
    for table, name, key in (
        ("models", "repositories", "repo_id"),
        ("unique_models", "models", "unique_model_id"),
    ):
        frame = pl.read_parquet(project.table(LISTING, table))
        rows = frame.filter(pl.col("unique_model_id").is_in(offered)).drop(
            "snapshot_date", "tags", strict=False
        )
        told = {row[key]: row for row in details[name]}
        assert len(told) == rows.height > 0
        for row in rows.to_dicts():
            known = {column: to_plain(value) for column, value in row.items() if value is not None}
            assert {column: told[row[key]].get(column) for column in row} == dict.fromkeys(row) | known


def test_memory_at_three_minutes_is_what_the_table_says(project: Layout, page: Path) -> None:
    run()
    rows = pl.read_parquet(project.table(LISTING, "variants")).to_dicts()
    key = ("repo_id", "variant", "path_group", "basis")
    needs = {tuple(row[name] for name in key): row["min_memory_bytes"] for row in rows}
    told = read_overview(page, LISTING)["forms"]
    assert told
    for form in told:
        limits = [way["limit_minutes"] for way in form["ways"]]
        limit = None if None in limits else max(limits)
        memory = form["memory_bytes"]
        assert [size is None for size in memory] == [limit is not None and limit < at for at in MINUTES]
        if limit is not None and limit < 3:
            continue
        assert memory[MINUTES.index(3)] == needs[tuple(form[name] for name in key)]
        known = [size for size in memory if size is not None]
        assert known == sorted(known)


def test_each_way_to_run_is_a_row_of_runtimes_that_says_so(project: Layout, page: Path) -> None:
    run()
    stated = {
        (row["model_type"], row["runtime"]): row["status"]
        for row in pl.read_parquet(project.table(LISTING, "runtimes")).to_dicts()
    }
    overview = read_overview(page, LISTING)
    seen = 0
    for form in overview["forms"]:
        types = overview["models"][form["model"]]["types"]
        for way in form["ways"]:
            if way["status"] is not None:
                assert way["status"] in {stated.get((design, way["runtime"])) for design in types}
                assert way["status"] in {"works", "experimental"}
                seen += 1
        names = [way["runtime"] for way in form["ways"]]
        assert len(names) == len(set(names))
    assert seen > 0


def test_each_form_has_its_commands_in_the_order_of_its_ways(page: Path) -> None:
    run()
    overview, details = read_overview(page, LISTING), read_details(page, LISTING)
    ours = [
        (overview["models"][form["model"]]["unique_model_id"], len(form["ways"]), form["repo_id"])
        for form in overview["forms"]
    ]
    assert [(form["unique_model_id"], len(form["ways"])) for form in details["forms"]] == [
        (name, count) for name, count, _ in ours
    ]
    commands = [
        (way["command"], repo_id)
        for (_, _, repo_id), form in zip(ours, details["forms"], strict=True)
        for way in form["ways"]
        if way["command"]
    ]
    assert commands
    assert [(command, repo_id) for command, repo_id in commands if repo_id not in command] == []


def test_hostile_names_are_data(project: Layout, page: Path) -> None:
    make_hostile(project)
    assert run().exit_code == 0
    for path in page.glob(f"data-{LISTING}*.js"):
        script = path.read_text()
        assert not set("<>&") & set(script), path.name
    named = {model["title"] for model in read_overview(page, LISTING)["models"]}
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
