"""Commands that turn the evidence of a date into tables, manifest and card, and check them."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from builder.cli.common import date_argument, echo_json, find_layout, json_option, reports_errors


@contextmanager
def _few_collections() -> Iterator[None]:
    """Hardly anything in a build makes circles of objects, and each look for them takes longer."""
    before = gc.get_threshold()
    gc.set_threshold(100_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@click.command()
@date_argument
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that parse; as many as there are processors by default.",
)
@click.option(
    "--memory-limit",
    default="2GB",
    show_default=True,
    metavar="SIZE",
    help="What the tables may take in memory before they spill to disk.",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What runs the steps; docs/scaling.md says when which.",
)
@click.option(
    "--master",
    default="local[*]",
    show_default=True,
    metavar="URL",
    help="Where Spark runs, if it is the engine.",
)
@json_option
@reports_errors
def build(
    *, date: str, workers: int | None, memory_limit: str, engine: str, master: str, as_json: bool
) -> None:
    """Turn the evidence of DATE into validated tables and a manifest.

    The result is the same, however many workers there are and however little memory.

    \b
    builder build 2025-12-07
    builder -v build 2026-05-31 --workers 8 --memory-limit 16GB
    builder -v build 2026-05-31 --engine spark --master spark://host:7077
    """
    from builder import stages
    from builder.choice.sizes import parse_size
    from builder.derivation import Means

    layout = find_layout()
    tell = logging.getLogger("builder").info
    means = Means(workers, parse_size(memory_limit, "--memory-limit"), tell, engine, master)
    with _few_collections():
        built = stages.build_snapshot(layout, date, means)
    if as_json:
        echo_json(asdict(built))
        return
    click.echo(f"built {date}: " + ", ".join(f"{rows} {name}" for name, rows in built.rows.items()))
    for clause in built.drift:
        click.echo(f"  beyond its limit: {clause}")


@click.command()
@date_argument
@click.option("--check", is_flag=True, help="Compare with the card on disk instead of writing it.")
@reports_errors
def card(*, date: str, check: bool) -> None:
    """Write the dataset card of DATE from its tables.

    \b
    builder card 2025-12-07
    builder card 2025-12-07 --check
    """
    from builder import stages

    stages.write_card(find_layout(), date, check=check)
    click.echo(f"card of {date} is {'current' if check else 'written'}: snapshots/{date}/README.md")


@click.command()
@date_argument
@reports_errors
def validate(*, date: str) -> None:
    """Check a built DATE: every column, key, reference, gap and hash, and that its drift is accepted.

    \b
    builder validate 2025-12-07
    """
    from builder.validation import validate_snapshot

    files = validate_snapshot(find_layout(), date)
    click.echo(f"{date} is valid: every check holds, {files} files have the bytes of the manifest")


@click.command()
@json_option
@reports_errors
def report(*, as_json: bool) -> None:
    """Say what is built, whether it equals what is committed, and how to load it.

    \b
    builder report
    """
    from builder import stages

    reports = stages.report_dates(find_layout())
    if as_json:
        echo_json([asdict(entry) for entry in reports])
        return
    from builder.reporting import print_report

    for entry in reports:
        there = (entry.published.repo_id, entry.published.tag) if entry.published else None
        print_report(
            entry.date,
            entry.manifest,
            same=entry.same_as_committed,
            changed=entry.changed,
            revision=there,
        )
