"""The commands: each is its options and one call into `builder.stages`.

Nothing heavy is imported before a command needs it, so that `builder --help` answers at once.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path

import click

from builder.errors import BuilderError, UsageError
from builder.layout import Layout, project_root

Command = Callable[..., None]


def _layout() -> Layout:
    root = project_root(Path.cwd())
    if root is None:
        msg = "there is no dvc.yaml with a folder snapshots/ here or above; run inside the project"
        raise UsageError(msg)
    return Layout(root)


def _reports_errors(command: Command) -> Command:
    """One sentence and an exit code for a user's error; for a bug, a traceback in the log file."""

    @wraps(command)
    def guarded(*args: object, **options: object) -> None:
        try:
            command(*args, **options)
        except BuilderError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except BrokenPipeError:
            sys.exit(0)
        except Exception:  # noqa: BLE001 - the last resort: whatever it is, the user gets one sentence
            where = _write_log(traceback.format_exc())
            click.echo(f"error: this is a bug in the builder, not in your input; {where}", err=True)
            sys.exit(1)

    return guarded


def _write_log(text: str) -> str:
    root = project_root(Path.cwd()) or Path.cwd()
    log = Layout(root).log
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(text + "\n")
    except OSError as error:
        return f"{log.name} cannot be written ({error.strerror}); it would end: {text.splitlines()[-1]}"
    return f"the details are in {log.relative_to(root).as_posix()}"


def _echo_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


_json_option = click.option("--json", "as_json", is_flag=True, help="Print for programs.")
_date_argument = click.argument("date", metavar="DATE")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-v", "--verbose", is_flag=True, help="Say more of what is done.")
@click.version_option(package_name="audio-multimodal-models")
def main(*, verbose: bool) -> None:
    """Build dated snapshots of the audio-supported multimodal models on the Hugging Face Hub.

    \b
    Rebuild what is committed:     dvc repro
    Build one date by hand:        builder build 2025-12-07
    See what was built:            builder report
    """
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s")


@main.command("import")
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
@_json_option
@_reports_errors
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
    from builder.relations import check_record

    request = ImportRequest(
        format=format_,
        inputs=inputs,
        date=date,
        observed_before=observed_before,
        origin_repository=origin_repository,
        origin_commit=origin_commit,
        replace=replace,
    )
    result = import_evidence(_layout(), request, check_record)
    counts, description = result.description.counts, result.description
    if as_json:
        _echo_json({"change": result.change, "capture_id": description.capture_id, "counts": asdict(counts)})
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


@main.command()
@_date_argument
@_json_option
@_reports_errors
def build(*, date: str, as_json: bool) -> None:
    """Turn the evidence of DATE into validated tables and a manifest.

    \b
    builder build 2025-12-07
    """
    from builder import stages

    built = stages.build_snapshot(_layout(), date, logging.getLogger("builder").info)
    if as_json:
        _echo_json(asdict(built))
        return
    click.echo(f"built {date}: " + ", ".join(f"{rows} {name}" for name, rows in built.rows.items()))


@main.command()
@_date_argument
@click.option("--check", is_flag=True, help="Compare with the card on disk instead of writing it.")
@_reports_errors
def card(*, date: str, check: bool) -> None:
    """Write the dataset card of DATE from its tables.

    \b
    builder card 2025-12-07
    builder card 2025-12-07 --check
    """
    from builder import stages

    stages.write_card(_layout(), date, check=check)
    click.echo(f"card of {date} is {'current' if check else 'written'}: snapshots/{date}/README.md")


@main.command()
@_date_argument
@_reports_errors
def validate(*, date: str) -> None:
    """Check a built DATE: every column, key, reference, gap and hash.

    \b
    builder validate 2025-12-07
    """
    from builder import stages

    files = stages.validate_snapshot(_layout(), date)
    click.echo(f"{date} is valid: every check holds, {files} files have the bytes of the manifest")


@main.command()
@_json_option
@_reports_errors
def report(*, as_json: bool) -> None:
    """Say what is built, whether it equals what is committed, and how to load it.

    \b
    builder report
    """
    from builder import stages

    reports = stages.report_dates(_layout())
    if as_json:
        _echo_json([asdict(entry) for entry in reports])
        return
    from builder.reporting import print_report

    for entry in reports:
        print_report(entry.date, entry.manifest, same=entry.same_as_committed, changed=entry.changed)


@main.command("evaluate")
@_date_argument
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
@_json_option
@_reports_errors
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

        drawn = draw_date(_layout(), date, draw)
        if as_json:
            _echo_json(drawn)
        else:
            click.echo(to_csv(drawn), nl=False)
        return
    accuracy = evaluate_date(_layout(), date, gold)
    if as_json:
        _echo_json(accuracy)
        return
    from builder.reporting import print_accuracy

    print_accuracy(date, accuracy)


@main.command("explain")
@click.argument("repo_id", metavar="REPO_ID")
@click.option("--date", help="Date to explain; the newest one being built if not given.")
@_json_option
@_reports_errors
def explain_command(*, repo_id: str, date: str | None, as_json: bool) -> None:
    """Show what was seen of REPO_ID, which rule decided each value, what it beat, and how counts add up.

    \b
    builder explain fixie-ai/ultravox-v0_4_1-llama-3_3-70b
    builder explain bartowski/mistralai_Voxtral-Mini-3B-2507-GGUF --date 2025-12-07 --json
    """
    from builder.index import read_index
    from builder.questions import explain_repository

    layout = _layout()
    explanation = explain_repository(layout, date or read_index(layout.index).newest(), repo_id)
    if as_json:
        _echo_json(asdict(explanation))
        return
    from builder.reporting import print_explanation

    print_explanation(explanation)
