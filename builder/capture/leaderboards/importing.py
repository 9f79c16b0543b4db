"""Takes a leaderboard's published tables into the project: CSV files → facts with their origin."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from builder.capture.folder import hold_date, put_capture, same_files
from builder.capture.inputs import describe_input
from builder.capture.leaderboards.observation import LICENSES, Observation, encode_facts, to_json
from builder.capture.leaderboards.tables import read_facts
from builder.capture.store import check_origin, parse_day
from builder.errors import CaptureRefused, EvidenceUnreadable, SnapshotRefused, UsageError, describe_os_error
from builder.index import read_index
from builder.layout import LeaderboardFolder
from builder.parse.open_asr import LEADERBOARD, TABLES

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from builder.capture.place import Change
    from builder.layout import Layout

FORMAT = LEADERBOARD
"""How the command line calls it."""


@dataclass(frozen=True)
class LeaderboardRequest:
    """What is imported, as seen on which day; `replace` allows other facts for the same day."""

    inputs: tuple[Path, ...]
    observed_on: str
    origin_repository: str | None
    origin_commit: str | None
    known: Collection[str]
    """Names of systems that the curated map resolves."""
    replace: bool = False


@dataclass(frozen=True)
class LeaderboardResult:
    """What became of the place, the facts of the import, and how many systems it holds."""

    change: Change
    observation: Observation
    systems: int


def import_leaderboard(layout: Layout, request: LeaderboardRequest) -> LeaderboardResult:
    """Make facts of the tables of one day; doing it twice changes nothing.

    Raises:
        UsageError: the request cannot be carried out as it was typed.
        EvidenceUnreadable: a file is not what the leaderboard publishes, or names an unknown system.
        CaptureRefused: another process writes there, or the disk refuses.
        SnapshotRefused: the day holds other facts and may not, or need not, change.
    """
    if len(request.inputs) != len(TABLES):
        raise UsageError(
            f"The format {FORMAT} takes {len(TABLES)} files (SHORT LONG MULTILINGUAL) and "
            f"{len(request.inputs)} were given; name exactly these"
        )
    day = parse_day(request.observed_on)
    if day is None:
        raise UsageError(
            f"--observed-on is {request.observed_on!a:.40} and not a day; write it as 2026-08-21"
        )
    origin = check_origin(request.origin_repository, request.origin_commit)
    if origin is None:
        raise UsageError("Numbers of others need their source; give --origin-repository and --origin-commit")
    inputs = tuple(describe_input(path) for path in request.inputs)
    facts = [
        fact
        for table, path, file in zip(TABLES, request.inputs, inputs, strict=True)
        for fact in read_facts(table, _read(path, file.name), file.name, request.known)
    ]
    if not facts:
        raise CaptureRefused(f"{inputs[0].name}: there is not one number; nothing was measured")
    lines, described = encode_facts(facts)
    observation = Observation(LEADERBOARD, day, origin, LICENSES[LEADERBOARD], inputs, described)
    files = {"facts.jsonl": lines, "leaderboard.json": [to_json(observation)]}
    change = _place(layout, day, files, described.sha256, replace=request.replace)
    return LeaderboardResult(change, observation, len({fact["system"] for fact in facts}))


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceUnreadable(
            f"{name}: the file cannot be read ({error.strerror}); check the path"
        ) from error


def _place(layout: Layout, day: date, files: dict[str, list[bytes]], sha256: str, *, replace: bool) -> Change:
    folder = LeaderboardFolder(layout.leaderboard(LEADERBOARD, day.isoformat()))
    shown = f"snapshots/leaderboards/{LEADERBOARD}/{day}"
    digests = {name: hashlib.sha256(b"".join(lines)).hexdigest() for name, lines in files.items()}
    try:
        with hold_date(folder.folder):
            there = folder.capture.exists()
            if there and same_files(folder.capture, digests):
                return "unchanged"
            if there and (date_ := _find_published(layout, day, sha256)):
                raise SnapshotRefused(
                    f"{shown} is part of {date_}, which is published and never changes; "
                    "import under another day"
                )
            if there and not replace:
                raise SnapshotRefused(
                    f"{shown} holds other facts than this makes; give --replace to put it in its place"
                )
            put_capture(folder.capture, files)
    except OSError as error:
        raise CaptureRefused(
            f"{shown} cannot be written: {describe_os_error(error)}; mend that and import again, what was "
            "there is unchanged"
        ) from error
    return "replaced" if there else "written"


def _find_published(layout: Layout, day: date, sha256: str) -> str | None:
    """A published date that was made with other facts of that day."""
    if not layout.index.exists():
        return None
    for published in sorted(read_index(layout.index).published):
        manifest = layout.manifest(published)
        made_from = json.loads(manifest.read_bytes())["made_from"] if manifest.is_file() else {}
        for used in made_from.get("leaderboards", ()):
            if used["observed_on"] == day.isoformat() and used["sha256"] != sha256:
                return published
    return None
