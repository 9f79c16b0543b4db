"""Picking from a built date through the command line: what it says, for whom, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner, Result

from builder.cli import main
from tests.integration.invented_hub import LISTING

if TYPE_CHECKING:
    from builder.layout import Layout

HOSTILE = "[red]a[/red]/b'; rm $(id)"


def run(*command: str, columns: int = 80) -> Result:
    return CliRunner().invoke(main, ["pick", *command], env={"COLUMNS": str(columns)})


@pytest.mark.usefixtures("project")
def test_what_fits_is_the_same_for_people_and_for_programs() -> None:
    values = json.loads(run("--memory", "24GB", "--json").stdout)
    assert values["snapshot_date"] == LISTING
    assert values["fits"]
    assert all(choice["memory_bytes"] <= 24 * 10**9 for choice in values["fits"])
    text = run("--memory", "24GB", "--lines", "100").stdout
    assert (
        f"{len(values['fits'])} of {len(values['fits']) + len(values['misses'])} distinct models fit" in text
    )
    for choice in (*values["fits"], *values["misses"]):
        assert choice["unique_model_id"] in text
    lines = [line for line in text.splitlines() if not line.startswith("   run ")]
    assert max(map(len, lines)) <= 80


def test_memory_is_never_less_than_what_the_table_says_for_three_minutes(project: Layout) -> None:
    table = pl.read_parquet(project.table(LISTING, "variants"))
    needs = {(row["repo_id"], row["variant"]): row["min_memory_bytes"] for row in table.to_dicts()}
    fits = json.loads(run("--minutes", "3", "--json").stdout)["fits"]
    assert fits
    for choice in fits:
        assert choice["memory_bytes"] == needs[choice["repo_id"], choice["variant"]]


def test_a_hostile_name_is_text(project: Layout) -> None:
    first = pl.read_parquet(project.table(LISTING, "unique_models"))["min_memory_repo_id"].drop_nulls()[0]
    for name in ("models", "unique_models", "variants"):
        path = project.table(LISTING, name)
        frame = pl.read_parquet(path)
        same = pl.col(pl.String).exclude("variant", "path_group", "basis")
        frame.with_columns(
            pl.when(same == first).then(pl.lit(HOSTILE)).otherwise(same).name.keep()
        ).write_parquet(path)
        if name == "models":
            assert HOSTILE in pl.read_parquet(path)["repo_id"]
    result = run("--lines", "100")
    assert result.exit_code == 0, result.output
    assert HOSTILE in result.stdout


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("--memory", "12 apples"), 2, "'12 apples' is no size; write"),
        (("--runtime", "abacus"), 2, "'abacus' is not known; name one of transformers"),
        (("--language", "klingon"), 2, "'klingon' is no code of a language; write"),
        (("--date", "2020-01-01"), 13, "'2020-01-01' is no built date"),
        (("--date", "../../etc"), 13, "is no built date"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(command: tuple[str, ...], code: int, words: str) -> None:
    result = run(*command)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


def test_a_table_that_is_broken(project: Layout) -> None:
    project.table(LISTING, "models").write_bytes(b"no parquet")
    result = run()
    assert result.exit_code == 13
    assert "models.parquet cannot be read; run `builder build" in result.stderr


def test_a_date_that_states_nothing_about_runtimes(project: Layout) -> None:
    project.table(LISTING, "runtimes").unlink(missing_ok=True)
    result = run("--runtime", "vllm")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{LISTING} states nothing about runtimes" in result.stderr


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "many"])
def test_no_minutes(minutes: str) -> None:
    assert run("--minutes", minutes).exit_code == 2
