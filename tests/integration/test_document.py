"""The page about both kinds of models, made from a built date with and without measured rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner, Result

from builder.cli import main
from tests.integration.invented_hub import EXPORT, LISTING

if TYPE_CHECKING:
    from builder.layout import Layout

HOSTILE = "a/b|<img src=x>`"


def run(*command: str) -> Result:
    return CliRunner().invoke(main, ["document", *command])


def _write_evaluations(project: Layout) -> None:
    rows = [
        ("acme/One-Prompt", False, "librispeech/clean", "wer", 2.5),
        ("acme/Worse", False, "librispeech/clean", "wer", 9.0),
        (HOSTILE, True, "librispeech/clean", "wer", 1.5),
        ("acme/One-Prompt", False, "alone", "wer", 1.0),
        ("acme/One-Prompt", False, "average", "rtfx", 100.0),
        (HOSTILE, True, "average", "rtfx", 3000.0),
    ]
    frame = pl.DataFrame(rows, schema=["repo_id", "reference", "dataset_id", "metric", "value"], orient="row")
    frame.with_columns(observed_at=pl.lit("2026-08-21").str.to_date()).write_parquet(
        project.table(LISTING, "evaluations")
    )


def test_a_date_without_measured_rates_claims_nothing_about_them(project: Layout) -> None:
    project.table(LISTING, "evaluations").unlink(missing_ok=True)
    assert run().exit_code == 0
    page = project.comparison_page.read_text()
    assert "Not known for this date: it holds no measured word error rates" in page
    assert LISTING in page
    assert page.count("```sql") == 6


def test_measured_rates_stand_beside_each_other_with_their_date(project: Layout) -> None:
    _write_evaluations(project)
    assert run().exit_code == 0
    page = project.comparison_page.read_text()
    assert "| 2.5 |" in page
    assert "| 1.5 | 2026-08-21 |" in page
    assert "The classic recogniser has the lower rate on 1 of 1 sets" in page
    assert "a median of 3,000.0" in page
    assert "<img" not in page
    assert page.count("```sql") == 8


@pytest.mark.usefixtures("project")
def test_a_page_that_is_stale_or_missing() -> None:
    assert run("--check").exit_code == 14
    assert run("--date", EXPORT).exit_code == 0
    assert run("--check", "--date", EXPORT).exit_code == 0
    result = run("--check", "--date", LISTING)
    assert result.exit_code == 14
    assert "run `builder document`" in result.stderr


def test_tables_that_do_not_answer_leave_the_page_as_it_was(project: Layout) -> None:
    assert run().exit_code == 0
    before = project.comparison_page.read_bytes()
    path = project.table(LISTING, "unique_models")
    pl.read_parquet(path).drop("audio_max_s").write_parquet(path)
    result = run()
    assert (result.exit_code, result.stderr.count("\n")) == (13, 1)
    assert project.comparison_page.read_bytes() == before


@pytest.mark.usefixtures("project")
def test_a_date_that_is_not_built() -> None:
    result = run("--date", "2020-01-01")
    assert result.exit_code == 13
    assert "is no built date" in result.stderr
