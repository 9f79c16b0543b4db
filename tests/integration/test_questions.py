"""Questions to a built date through the command line: accuracy, rows to judge, and how one row came about."""

from __future__ import annotations

import json
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from builder import questions
from builder.cli import main
from builder.derivation import run_steps
from builder.evaluation.gold import COLUMNS, parse_gold
from tests.integration.invented_hub import BY_ID, ECHO, ECHO_WEIGHTS, EXPORT, LISTING, files_below

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from builder.derivation import Plan
    from builder.engine.engine import Engine
    from builder.layout import Layout

FP8 = "acme/Echo-7B-Instruct-FP8"
MIRROR = "mirrors/Echo-7B-Instruct"
ROWS = (
    f"{ECHO},{ECHO},echo,original,yes,{ECHO_WEIGHTS},{ECHO_WEIGHTS},,high,handed,",
    f"{FP8},{ECHO},echo,quantized,yes,{ECHO_WEIGHTS},,,high,blind,",
    f"{MIRROR},{MIRROR},echo,finetune,yes,{2 * ECHO_WEIGHTS},,,medium,blind,wrong on purpose",
    "acme/Echo-14B,,,placeholder,unknown,,,,low,blind,",
)


def write_gold(path: Path, *rows: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([",".join(COLUMNS), *(rows or ROWS), ""]))
    return path


def run(*command: str) -> Result:
    return CliRunner().invoke(main, [*command], env={"COLUMNS": "80"})


def refuse(project: Layout, code: int, *words: str, command: tuple[str, ...]) -> None:
    """Run a command that must be refused: one sentence that says what to do, and nothing touched."""
    before = files_below(project.root / "snapshots")
    result = run(*command)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert "; " in result.stderr
    assert str(project.root) not in result.stderr
    assert [word for word in words if word not in result.stderr] == [], result.stderr
    assert files_below(project.root / "snapshots") == before


def test_accuracy_of_named_rows(project: Layout) -> None:
    gold = write_gold(project.root / "mine.csv")
    result = run("evaluate", LISTING, "--gold", str(gold))
    assert result.exit_code == 0, result.output
    assert "3 scored of 4 judged rows, 3 of them judged blind" in result.stdout
    assert f"  {MIRROR}\n      unique_model_id: judged {MIRROR}, answered {ECHO}" in result.stdout
    tables = result.stdout.partition("wrong answers")[0]
    assert max(map(len, tables.splitlines())) <= 80


def test_accuracy_for_programs(project: Layout) -> None:
    gold = write_gold(project.root / "mine.csv")
    accuracy = json.loads(run("evaluate", LISTING, "--gold", str(gold), "--json").stdout)
    assert accuracy["scores"]["unique_model_id"] == {
        "rows": 3,
        "value": 0.6667,
        "low": 0.2077,
        "high": 0.9385,
    }
    assert accuracy["baselines"]["nothing_folded"]["unique_model_id"]["value"] == 0.6667
    assert {error["repo_id"] for error in accuracy["errors"]} == {MIRROR}


def test_the_projects_own_rows_are_taken_where_no_file_is_named(project: Layout) -> None:
    write_gold(project.gold(LISTING))
    result = run("evaluate", LISTING, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["gold_rows"] == 4


def test_a_build_publishes_its_accuracy_in_manifest_and_card(project: Layout) -> None:
    write_gold(project.gold(LISTING))
    assert run("build", LISTING).exit_code == 0
    assert run("card", LISTING).exit_code == 0
    assert run("validate", LISTING).exit_code == 0
    assert json.loads(project.manifest(LISTING).read_text())["accuracy"]["scored_rows"] == 3
    card = project.card(LISTING).read_text()
    assert "## How often it is right" in card
    assert "| distinct model | 0.667 | 0.208 – 0.939 | 3 |" in card


def test_a_date_that_nobody_judged(project: Layout) -> None:
    refuse(project, 16, f"nobody judged rows of {LISTING}", "--gold", command=("evaluate", LISTING))


def test_a_gold_file_that_is_not_there(project: Layout) -> None:
    refuse(project, 16, "gone.csv is no file", command=("evaluate", LISTING, "--gold", "gone.csv"))
    refuse(project, 16, "snapshots is no file", command=("evaluate", LISTING, "--gold", "snapshots"))


def test_a_row_that_is_judged_twice(project: Layout) -> None:
    gold = write_gold(project.root / "mine.csv", *ROWS, ROWS[0])
    words = ("mine.csv, line 6", f"{ECHO} is judged twice")
    refuse(project, 16, *words, command=("evaluate", LISTING, "--gold", str(gold)))
    write_gold(project.gold(LISTING), *ROWS, ROWS[0])
    refuse(project, 16, f"{LISTING}.csv, line 6", "twice", command=("build", LISTING))


def test_a_judged_repository_that_the_date_does_not_have(project: Layout) -> None:
    gold = write_gold(project.root / "mine.csv", "gone/away,,,original,,,,,high,blind,")
    refuse(project, 16, "gone/away is no repository", command=("evaluate", LISTING, "--gold", str(gold)))


def test_an_evaluation_needs_a_built_date(project: Layout) -> None:
    gold = write_gold(project.root / "mine.csv")
    project.table(LISTING, "models").unlink()
    command = ("evaluate", LISTING, "--gold", str(gold))
    refuse(project, 13, "models.parquet cannot be read", f"builder build {LISTING}", command=command)


def test_rows_to_judge_are_drawn_from_evidence_alone(project: Layout) -> None:
    first = run("evaluate", LISTING, "--draw", "10")
    assert first.exit_code == 0, first.output
    lines = first.stdout.splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert len(lines) == 11
    drawn = [line.partition(",")[0] for line in lines[1:]]
    assert set(drawn) <= set(BY_ID)
    assert all(line == f"{repo_id},,,,,,,,,blind," for repo_id, line in zip(drawn, lines[1:], strict=True))
    # The tables are not needed: rows are judged before the rules run.
    for table in project.data(LISTING).iterdir():
        table.unlink()
    project.manifest(LISTING).unlink()
    assert run("evaluate", LISTING, "--draw", "10").stdout == first.stdout
    assert json.loads(run("evaluate", LISTING, "--draw", "10", "--json").stdout) == drawn


def test_a_draw_leaves_out_what_was_judged_for_an_earlier_date(project: Layout) -> None:
    write_gold(project.gold(EXPORT))
    everything = run("evaluate", LISTING, "--draw", "1000").stdout.splitlines()[1:]
    judged = {row.repo_id for row in parse_gold(project.gold(EXPORT).read_text(), "gold.csv")}
    assert {line.partition(",")[0] for line in everything} == set(BY_ID) - judged
    # The date's own file is what the draw is for.
    assert len(run("evaluate", EXPORT, "--draw", "1000").stdout.splitlines()) == len(BY_ID) + 1


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("rows", ["0", "-3", "many"])
def test_a_draw_of_nothing(rows: str) -> None:
    result = run("evaluate", LISTING, "--draw", rows)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--draw" in result.stderr


def test_drawing_and_scoring_are_two_things(project: Layout) -> None:
    refuse(project, 2, "--draw", "--gold", command=("evaluate", LISTING, "--draw", "5", "--gold", "x.csv"))


def test_a_draw_from_a_date_without_evidence(project: Layout) -> None:
    refuse(project, 13, "2026-01-01", command=("evaluate", "2026-01-01", "--draw", "5"))


@pytest.mark.usefixtures("project")
def test_an_explanation_names_evidence_rule_and_arithmetic() -> None:
    result = run("explain", FP8, "--date", LISTING)
    assert result.exit_code == 0, result.output
    assert f"{FP8}  snapshots/{LISTING}/capture/records-00000.jsonl, line " in result.stdout
    assert f"kind = quantized → {ECHO}" in result.stdout
    assert "  logical_parameters" in result.stdout


@pytest.mark.usefixtures("project")
def test_an_explanation_is_of_the_newest_date_where_none_is_named() -> None:
    explanation = json.loads(run("explain", ECHO, "--json").stdout)
    assert explanation["where"].startswith(f"snapshots/{LISTING}/capture/")
    kind = next(decided for decided in explanation["decided"] if decided["column"] == "kind")
    assert kind["winners"][0]["value"] == "original"


@pytest.fixture
def steps_run_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The steps of a date run for the first explanation, and all later ones ask the same engine."""
    engines: dict[str, Engine] = {}
    with ExitStack() as running:

        def run(plan: Plan, layout: Layout) -> AbstractContextManager[Engine]:
            if plan.date not in engines:
                engines[plan.date] = running.enter_context(run_steps(plan, layout))
            return nullcontext(engines[plan.date])

        monkeypatch.setattr(questions, "run_steps", run)
        yield


@pytest.mark.usefixtures("project", "steps_run_once")
def test_every_repository_can_be_explained() -> None:
    for repo_id in ("acme/Echo-14B", "loop/Selfish-3B", "zoo/Pathless-3B", "acme/ultravox-mystery"):
        for date in (EXPORT, LISTING):
            result = run("explain", repo_id, "--date", date)
            assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("repo_id", "hint"),
    [
        ("echo-7b-instruct-fp8", f"did you mean {FP8}?"),
        (FP8.upper(), f"did you mean {FP8}"),
        ("amce/Ehco-7B-Instruct-FP8", f"did you mean {FP8}"),
        ("12345", "lists them all"),
        ("", "lists them all"),
        ("x" * 10_000, "lists them all"),
        ("a\nb[bold]", "lists them all"),
    ],
)
def test_an_unknown_repository_gets_a_hint(project: Layout, repo_id: str, hint: str) -> None:
    words = (f"{LISTING} has no repository {repo_id[:200]!r}; ", hint)
    refuse(project, 2, *words, command=("explain", repo_id, "--date", LISTING))
