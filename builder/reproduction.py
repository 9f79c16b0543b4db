"""Makes a published date again, at the commit that its git tag marks, and compares every byte.

The code, evidence and lock of that commit lie in a worktree of their own, so that nothing of today
takes part: neither code nor, if the lock says otherwise, packages.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import polars as pl

from builder import reading
from builder.errors import SnapshotRefused
from builder.index import read_index
from builder.layout import Layout
from builder.snapshot import store
from builder.source import Source
from builder.verification import verify_date
from schemas.shared import SNAPSHOT_DATE

Environment: TypeAlias = Literal["auto", "current", "locked"]

ENVIRONMENTS: Final[Mapping[Environment, str]] = {
    "auto": "the one that runs, if it was installed from the same lock, else a new one",
    "current": "the one that runs, whatever the lock of the date says",
    "locked": "a new one from the lock of the date, which fetches packages",
}

_SHOWN: Final = 2000
"""Characters of a failed command's output in a message's log."""

_COMMAND: Final = "import sys; from builder.cli import main; main(prog_name='builder')"


@dataclass(frozen=True)
class Reproduced:
    """A date that was made again with equal bytes."""

    date: str
    commit: str
    environment: str
    files: int


def reproduce_date(
    layout: Layout, date: str, environment: Environment, progress: Callable[[str], None]
) -> Reproduced:
    """Build a published date at its own commit, and compare.

    Raises:
        SnapshotRefused: the date is a draft, its tag is not here, its build failed, or something
            differs: then the first difference is named.
    """
    index = read_index(layout.index)
    if date in index.building:
        raise SnapshotRefused(
            f"{date} is being built and not published, so nothing is fixed yet; `make snapshot` builds it "
            "again and compares with what is committed"
        )
    publication, source = index.publication(date), Source(layout.root)
    commit = source.find_tag(date)
    if commit is None:
        raise SnapshotRefused(f"git has no tag {date} here; fetch it with `git fetch --tags`, then try again")
    if commit != publication.code_commit:
        raise SnapshotRefused(
            f"the git tag {date} is on {commit[:12]}, and {publication.code_commit[:12]} made the date; "
            "restore the tag with `git fetch --tags --force`"
        )
    verify_date(layout, date)
    with store.temporary_folder(layout.work / "reproduce") as work:
        with source.worktree(work / "project", commit) as root:
            there = Layout(root)
            python, named = _choose_python(layout, there, environment, work, progress)
            if not (root / "builder").is_dir():
                raise SnapshotRefused(
                    f"the commit {commit[:12]} holds no builder to make {date} with; work in a whole checkout"
                )
            files = reading.read_manifest(there, date)["files"]
            for name in (*files, layout.manifest(date).name):
                (there.snapshot(date) / name).unlink()
            for command in ("build", "card"):
                progress(f"builder {command} {date}, at {commit[:12]}")
                _run(python, root, command, date)
            differences = _find_difference(layout, there, date)
        if differences:
            raise SnapshotRefused(
                f"{date} made again at {commit[:12]} differs: {differences}; compare environment and "
                "system with those that its manifest names, or report it"
            )
    return Reproduced(date, commit, named, len(files) + 1)


def _choose_python(
    layout: Layout, there: Layout, environment: Environment, work: Path, progress: Callable[[str], None]
) -> tuple[str, str]:
    same = there.lock.read_bytes() == layout.lock.read_bytes()
    if environment == "current" or (environment == "auto" and same):
        return sys.executable, "current"
    progress("installing the packages of its lock")
    home = work / "environment"
    python = str(home / "bin" / "python")
    pip = (python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-build-isolation")
    # As the Makefile does it: packages without a wheel are built with the lock's setuptools.
    setuptools = work / "setuptools.lock"
    setuptools.write_text(_cut_requirement(there.lock.read_text(encoding="utf-8"), "setuptools"))
    for command in (
        (sys.executable, "-m", "venv", str(home)),
        (*pip, "--require-hashes", "-r", str(setuptools)),
        (*pip, "--require-hashes", "-r", str(there.lock)),
    ):
        _call(command, there.root, {})
    return python, "locked"


def _cut_requirement(lock: str, name: str) -> str:
    """The lines of one package in a lock."""
    lines, wanted = [], False
    for line in lock.splitlines():
        if line[:1].isalpha():
            wanted = line.startswith(f"{name}==")
        if wanted:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _run(python: str, root: Path, *arguments: str) -> None:
    # Its own code must be found first, and must leave nothing behind that looks like a change.
    paths = {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    _call((python, "-c", _COMMAND, *arguments), root, paths)


def _call(command: tuple[str, ...], root: Path, more: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=root, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[-_SHOWN:]
        raise SnapshotRefused(f"making the date again failed ({said}); mend that and try again")


def _find_difference(here: Layout, there: Layout, date: str) -> str | None:
    """The first difference in words; None where every byte is equal."""
    names = [*reading.read_manifest(here, date)["files"], here.manifest(date).name]
    # Tables first: where one differs, card and manifest only repeat it.
    names.sort(key=lambda name: not name.endswith(".parquet"))
    extra = sorted(reading.list_files(there, date) - set(names))
    for name in names:
        old, new = here.snapshot(date) / name, there.snapshot(date) / name
        if not new.is_file():
            return f"{name} was not made"
        if store.describe_file(old) != store.describe_file(new):
            return f"{name}: {_compare_files(old, new)}"
    return f"{extra[0]} was made besides" if extra else None


def _compare_files(old: Path, new: Path) -> str:
    if old.suffix == ".parquet":
        return compare_tables(pl.read_parquet(old), pl.read_parquet(new), old.stem)
    try:
        lines = [path.read_text(encoding="utf-8").splitlines() for path in (old, new)]
    except UnicodeDecodeError:
        return "other bytes"
    for number in range(max(map(len, lines))):
        was, now = (line[number] if number < len(line) else None for line in lines)
        if was != now:
            return f"line {number + 1} was {_quote(was)} and is {_quote(now)}"
    return "other bytes"


def compare_tables(old: pl.DataFrame, new: pl.DataFrame, table: str) -> str:
    """The first difference of two tables: columns, then rows by key, then values."""
    from schemas.tables import TABLES

    if old.schema != new.schema:
        for name in {**old.schema, **new.schema}:
            if old.schema.get(name) != new.schema.get(name):
                return f"column {name} was {old.schema.get(name)} and is {new.schema.get(name)}"
        return "the columns stand in another order"
    declared = next((entry.key for entry in TABLES if entry.name == table), ())
    key = [name for name in declared if name in old.columns and name != SNAPSHOT_DATE.name]
    for was, now in zip(old.iter_rows(named=True), new.iter_rows(named=True), strict=False):
        if [was[name] for name in key] != [now[name] for name in key]:
            return f"the row {_show_key(key, was)} is now {_show_key(key, now)}"
        for name, value in was.items():
            if value != now[name]:
                return f"{name} of {_show_key(key, was)} was {_quote(value)} and is {_quote(now[name])}"
    if old.height != new.height:
        longer, fate = (old, "is gone") if old.height > new.height else (new, "is new")
        row = longer.row(min(old.height, new.height), named=True)
        return f"the row {_show_key(key, row)} {fate}"
    return "the same rows, written in other bytes"


def _show_key(key: list[str], row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={row[name]}" for name in key)


def _quote(value: object) -> str:
    return "missing" if value is None else f"{value!a:.120}"
