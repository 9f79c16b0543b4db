"""Commands that ask built dates: how often one is right, how a row came about, what changed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from builder.cli.common import date_argument, echo_json, find_layout, json_option, reports_errors
from builder.errors import UsageError


@click.command("evaluate")
@date_argument
@click.option(
    "--gold",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Judged rows; the project's own if not given.",
)
@click.option(
    "--draw",
    metavar="N",
    type=click.IntRange(min=1),
    help="Instead, print N repositories to judge, as CSV rows to fill in; no answers are shown.",
)
@json_option
@reports_errors
def evaluate_command(*, date: str, gold: Path | None, draw: int | None, as_json: bool) -> None:
    """Say how often the answers of DATE are right, beside two baselines, and list the errors.

    \b
    builder evaluate 2025-12-07
    builder evaluate 2025-12-07 --draw 50
    """
    from builder.questions import draw_date, evaluate_date

    if draw is not None:
        if gold is not None:
            raise UsageError("--draw prints rows to judge and --gold scores judged ones; give one of them")
        from builder.evaluation.draw import to_csv

        drawn = draw_date(find_layout(), date, draw)
        if as_json:
            echo_json(drawn)
        else:
            click.echo(to_csv(drawn), nl=False)
        return
    accuracy = evaluate_date(find_layout(), date, gold)
    if as_json:
        echo_json(accuracy)
        return
    from builder.reporting import print_accuracy

    print_accuracy(date, accuracy)


@click.command("explain")
@click.argument("repo_id", metavar="REPO_ID")
@click.option("--date", help="Date to explain; the newest one if not given.")
@json_option
@reports_errors
def explain_command(*, repo_id: str, date: str | None, as_json: bool) -> None:
    """Show what was seen of REPO_ID, which rule decided each value, what it beat, and how counts add up.

    \b
    builder explain fixie-ai/ultravox-v0_4_1-llama-3_3-70b
    builder explain bartowski/mistralai_Voxtral-Mini-3B-2507-GGUF --date 2025-12-07 --json
    """
    from builder.index import read_index
    from builder.questions import explain_repository

    layout = find_layout()
    explanation = explain_repository(layout, date or read_index(layout.index).newest(), repo_id)
    if as_json:
        echo_json(asdict(explanation))
        return
    from builder.reporting import print_explanation

    print_explanation(explanation)


@click.command("diff")
@click.argument("before", metavar="A")
@click.argument("now", metavar="B")
@click.option(
    "--lines",
    metavar="N",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Lines shown of each list.",
)
@json_option
@reports_errors
def diff_command(*, before: str, now: str, lines: int, as_json: bool) -> None:
    """Show what is different on the built date B from the built date A: models, families, values.

    \b
    builder diff 2025-12-07 2026-01-07
    builder diff 2025-12-07 2025-12-07.1 --json
    """
    from builder.questions import diff_dates

    difference = diff_dates(find_layout(), before, now)
    if as_json:
        echo_json(asdict(difference))
        return
    from builder.difference_report import print_difference

    print_difference(difference, lines)
