"""What all commands share: the project they run in, how errors end, output for programs."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import click

from builder.errors import BuilderError, UsageError
from builder.layout import Layout, project_root

Command = Callable[..., None]


def find_layout() -> Layout:
    """The project that the working directory lies in.

    Raises:
        UsageError: there is none.
    """
    root = project_root(Path.cwd())
    if root is None:
        msg = "there is no dvc.yaml with a folder snapshots/ here or above; run inside the project"
        raise UsageError(msg)
    return Layout(root)


def reports_errors(command: Command) -> Command:
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


def echo_json(value: object) -> None:
    """Print a value for programs."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


json_option = click.option("--json", "as_json", is_flag=True, help="Print for programs.")
date_argument = click.argument("date", metavar="DATE")
