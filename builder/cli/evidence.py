"""Commands that make evidence, from an earlier export or from the Hub."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from builder.cli.common import date_argument, echo_json, find_layout, json_option, reports_errors


@click.command("import")
@click.option(
    "--format",
    "format_",
    required=True,
    metavar="NAME",
    help="export-2025 (LISTING DETAILS) or hub-listing (FILE).",
)
@click.argument("inputs", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--date", required=True, help="Date of the snapshot, such as 2025-12-07.")
@click.option(
    "--observed-before",
    required=True,
    metavar="TIME",
    help="Latest time of reading, such as 2025-12-07T15:26:59Z.",
)
@click.option("--origin-repository", metavar="OWNER/NAME", help="Public repository that the files come from.")
@click.option("--origin-commit", metavar="SHA", help="Its commit.")
@click.option("--replace", is_flag=True, help="Replace other evidence of an unpublished date.")
@json_option
@reports_errors
def import_command(
    *,
    format_: str,
    inputs: tuple[Path, ...],
    date: str,
    observed_before: str,
    origin_repository: str | None,
    origin_commit: str | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Make the evidence of a date from an earlier export.

    \b
    builder import --format export-2025 LISTING.json DETAILS.json --date 2025-12-07 \\
        --observed-before 2025-12-07T15:26:59Z
    builder import --format hub-listing rows.jsonl.gz --date 2026-05-31 \\
        --observed-before 2026-05-31T23:59:59Z
    """
    from builder.capture.store import ImportRequest, import_evidence
    from builder.relations.write import check_record

    request = ImportRequest(
        format=format_,
        inputs=inputs,
        date=date,
        observed_before=observed_before,
        origin_repository=origin_repository,
        origin_commit=origin_commit,
        replace=replace,
    )
    result = import_evidence(find_layout(), request, check_record)
    counts, description = result.description.counts, result.description
    if as_json:
        echo_json({"change": result.change, "capture_id": description.capture_id, "counts": asdict(counts)})
        return
    click.echo(
        f"evidence of {date} {result.change}: {counts.records} records, capture {description.capture_id[:12]}"
    )
    for what, notes in (("left out", description.left_out), ("dropped", description.dropped)):
        for note in notes:
            of = "1 record" if note.records == 1 else f"{note.records} records"
            click.echo(f"  {what}: {note.field} of {of}, such as {', '.join(note.repo_ids[:3])}")
    if description.left_out:
        click.echo("to keep a field, add it to builder/capture/fields.py and teach it to builder/parse")


@click.command("capture")
@click.option("--date", help="Date of the snapshot, today or yesterday in UTC; today if not given.")
@click.option(
    "--scope", "scopes", multiple=True, metavar="NAME", help="Only this list of params.yaml; may be repeated."
)
@click.option(
    "--previous",
    metavar="DATE",
    help="Reuse what has not changed since this date; the newest earlier one if not given, or none.",
)
@click.option("--replace", is_flag=True, help="Take the evidence of an unpublished date anew.")
@click.option("-v", "--verbose", is_flag=True, help="Name every wait and retry.")
@json_option
@reports_errors
def capture_command(
    *,
    date: str | None,
    scopes: tuple[str, ...],
    previous: str | None,
    replace: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Take the evidence of a date from the Hub; an interrupted run goes on with the same command.

    HF_TOKEN gives larger windows, HF_ENDPOINT another Hub.

    \b
    builder capture
    builder capture --date 2026-01-07 --scope audio-text-to-text --previous none
    """
    from datetime import UTC, datetime

    from builder.capture.capturing import CaptureRequest
    from builder.stages import capture_date

    day = date or datetime.now(UTC).date().isoformat()
    done = capture_date(find_layout(), CaptureRequest(day, scopes, previous, replace, verbose))
    counts, description = done.description.counts, done.description
    if as_json:
        echo_json(
            {
                "change": done.change,
                "capture_id": description.capture_id,
                "counts": asdict(counts),
                "traffic": asdict(done.traffic),
            }
        )
        return
    click.echo(
        f"evidence of {day} {done.change}: {counts.members} models and {counts.bases} bases, capture "
        f"{description.capture_id[:12]}; {done.traffic.api} API calls, {done.traffic.resolvers} of files, "
        f"{done.traffic.retries} retries"
    )
    for what, notes in (("left out", description.left_out), ("dropped", description.dropped)):
        for note in notes:
            of = "1 record" if note.records == 1 else f"{note.records} records"
            click.echo(f"  {what}: {note.field} of {of}, such as {', '.join(note.repo_ids[:3])}")


@click.command("draft")
@date_argument
@reports_errors
def draft_command(*, date: str) -> None:
    """List a captured DATE in snapshots/index.yaml, compared with the newest one before it.

    \b
    builder draft 2026-01-07
    """
    from builder.stages import plan_draft

    plan_draft(find_layout(), date)
    click.echo(f"{date} is listed under `building:` in snapshots/index.yaml; `dvc repro` builds it")
