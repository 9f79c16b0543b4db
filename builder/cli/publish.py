"""Commands that follow a build: publish a date or the page, check, make again, take something out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from builder.cli.common import date_argument, echo_json, find_layout, json_option, reports_errors


def _say(line: str) -> None:
    """Progress goes beside the output, which a program may read."""
    click.echo(line, err=True)


@click.command("publish")
@date_argument
@click.option(
    "--repo-id",
    required=True,
    metavar="OWNER/NAME",
    help="Dataset repository on the Hub; it must exist, and be the one that the card names.",
)
@click.option("--execute", is_flag=True, help="Do it; without this, only the plan is shown.")
@json_option
@reports_errors
def publish_command(*, date: str, repo_id: str, execute: bool, as_json: bool) -> None:
    """Show what publishing DATE would do; with --execute, do it and read everything back.

    One commit, one tag, nothing twice: if it is interrupted, the same command goes on where it stopped.
    It needs a token that may write to the repository, in HF_TOKEN or from `hf auth login`.

    \b
    builder publish 2025-12-07 --repo-id acme/audio-multimodal-models
    builder publish 2025-12-07 --repo-id acme/audio-multimodal-models --execute
    """
    from builder.publishing import prepare, publish
    from builder.reporting import print_plan, print_published

    prepared = prepare(find_layout(), date, repo_id, _say)
    obstacle = str(prepared.obstacle) if prepared.obstacle else None
    plan = asdict(prepared.plan) | {"done": prepared.plan.done, "bytes": prepared.plan.bytes}
    if not as_json:
        print_plan(plan, obstacle, execute=execute)
    if not execute:
        if as_json:
            echo_json({"plan": plan, "obstacle": obstacle, "result": None})
        return
    result = asdict(publish(prepared))
    if as_json:
        echo_json({"plan": plan, "obstacle": None, "result": result})
    else:
        print_published(result)


@click.command("publish-page")
@click.option(
    "--space",
    required=True,
    metavar="OWNER/NAME",
    help="Space on the Hub; made, for everybody to see, if it is not there.",
)
@click.option(
    "--folder",
    metavar="FOLDER",
    default=Path("build/page"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where `make page` put the page.",
)
@click.option("--execute", is_flag=True, help="Do it; without this, only the plan is shown.")
@json_option
@reports_errors
def publish_page_command(*, space: str, folder: Path, execute: bool, as_json: bool) -> None:
    """Show what publishing the page as a static Space would do; with --execute, do it and read it back.

    The page must be what its tables make now: run `make page` first. It needs a token that may write to
    the Space, in HF_TOKEN or from `hf auth login`. For a Space that only some may see, make it first:
    `hf repos create OWNER/NAME --type space --space-sdk static --private`.

    \b
    builder publish-page --space acme/choose-audio-model
    builder publish-page --space acme/choose-audio-model --execute
    """
    from builder.page_publishing import prepare_page, publish_page
    from builder.page_report import print_page_plan, print_published_page

    prepared = prepare_page(find_layout(), folder, space, _say)
    plan = asdict(prepared.plan) | {"done": prepared.plan.done, "bytes": prepared.plan.bytes}
    if not as_json:
        print_page_plan(plan, execute=execute)
    result = asdict(publish_page(prepared)) if execute else None
    if as_json:
        echo_json({"plan": plan, "result": result})
    elif result is not None:
        print_published_page(result)


@click.command("verify")
@click.argument("what", metavar="DATE|REPO@REVISION")
@json_option
@reports_errors
def verify_command(*, what: str, as_json: bool) -> None:
    """Check every promise of a snapshot: schema, every file, every table's content, card, index.

    A revision on the Hub is downloaded anew and checked without trust in what it says.

    \b
    builder verify 2025-12-07
    builder verify acme/audio-multimodal-models@2025-12-07
    builder verify acme/audio-multimodal-models@main --json
    """
    from builder.verification import verify_date, verify_revision

    layout = find_layout()
    remote = "/" in what or "@" in what
    verified = verify_revision(layout, what, _say) if remote else verify_date(layout, what)
    if as_json:
        echo_json(asdict(verified))
        return
    at = f", commit {verified.commit[:12]}" if verified.commit else ""
    index = {
        "published": "the index has published exactly this manifest",
        "building": "it is not published yet",
        "unknown": "the index here does not know it",
    }[verified.index]
    click.echo(
        f"{verified.what} is good{at}: snapshot {verified.date}, {verified.files} files and the content of "
        f"{verified.tables} tables are as its manifest {verified.manifest_sha256[:12]} says; {index}"
    )


@click.command("reproduce")
@date_argument
@click.option(
    "--environment",
    type=click.Choice(["auto", "current", "locked"]),
    default="auto",
    show_default=True,
    help="Python packages: this one, a new one from the date's lock, or new only if the locks differ.",
)
@json_option
@reports_errors
def reproduce_command(*, date: str, environment: Literal["auto", "current", "locked"], as_json: bool) -> None:
    """Make the published DATE again, at the commit of its git tag, and compare every byte.

    \b
    builder reproduce 2025-12-07
    builder reproduce 2025-12-07 --environment locked
    """
    from builder.reproduction import reproduce_date

    made = reproduce_date(find_layout(), date, environment, _say)
    if as_json:
        echo_json(asdict(made))
        return
    click.echo(
        f"{date} made again at {made.commit[:12]} in the {made.environment} environment: "
        f"all {made.files} files have equal bytes"
    )


@click.command("redact")
@click.argument("name", metavar="OWNER/NAME|OWNER")
@click.option(
    "--reason",
    type=click.Choice(["request", "secret", "legal"]),
    default="request",
    show_default=True,
    help="Why; docs/takedown.md says what each asks for.",
)
@json_option
@reports_errors
def redact_command(*, name: str, reason: str, as_json: bool) -> None:
    """Print the entry that takes a repository out of all snapshots, and the dates that it changes.

    Nothing is written: the entry goes into builder/tables/curated/redactions.yaml by hand.

    \b
    builder redact some/repository
    builder redact some-owner --reason legal
    """
    from builder.takedown import plan_takedown

    takedown = plan_takedown(find_layout(), name, reason, datetime.now(UTC).date())
    if as_json:
        echo_json(asdict(takedown))
        return
    if takedown.listed:
        click.echo("builder/tables/curated/redactions.yaml hides it already")
    else:
        click.echo(
            "below `redactions:` in builder/tables/curated/redactions.yaml, in place of an empty list:"
        )
        click.echo(takedown.entry, nl=False)
    for entry in takedown.dates:
        what = f"correct it as {entry.correction}" if entry.published else "`make snapshot` builds it without"
        click.echo(f"{entry.date}: {entry.rows} rows and {entry.mentions} mentions in its evidence; {what}")
    if not takedown.dates:
        click.echo("no date here names it")
