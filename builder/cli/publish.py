"""Commands that follow a build: publish a date, check it, make it again, take a repository out of it."""

from __future__ import annotations

from dataclasses import asdict

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
