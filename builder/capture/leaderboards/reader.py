"""Reads the observations of leaderboards back, as a build takes them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from builder.capture.leaderboards.observation import Observation, choose_day, read_lines, read_observation
from builder.errors import EvidenceUnreadable, SnapshotRefused
from builder.layout import LeaderboardFolder
from builder.parse.open_asr import parse_fact

if TYPE_CHECKING:
    from pathlib import Path

    from builder.layout import Layout


@dataclass(frozen=True)
class Measurements:
    """The observation that a date takes of one leaderboard, and its rows of the relation `measurement`."""

    observation: Observation
    rows: tuple[dict[str, Any], ...]


def read_measurements(layout: Layout, day: date) -> tuple[Measurements, ...]:
    """Of each leaderboard, the one observation that a date takes.

    Raises:
        EvidenceUnreadable: a folder is not what an import makes.
    """
    found = []
    for leaderboard in sorted(layout.leaderboards.glob("*/")):
        days = [_read_day(path, leaderboard.name) for path in sorted(leaderboard.glob("*/"))]
        chosen = choose_day(days, day)
        if chosen is not None:
            found.append(_read(layout, leaderboard.name, chosen))
    return tuple(found)


def check_measurements(layout: Layout, date: str, used: Iterable[Mapping[str, Any]]) -> None:
    """Demand that the facts of leaderboards that a date was made from are still what they were.

    Args:
        layout: where the project lies.
        date: the built date, for messages.
        used: leaderboards as the date's manifest names them.

    Raises:
        SnapshotRefused: they are not there, or are others.
    """
    for entry in used:
        folder = LeaderboardFolder(layout.leaderboard(entry["name"], entry["observed_on"]))
        content = folder.facts.read_bytes() if folder.facts.is_file() else b""
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise SnapshotRefused(
                f"snapshots/{date} was made from other facts of {entry['name']} on {entry['observed_on']} "
                "than lie here; restore them from version control, or run `dvc repro`"
            )


def _read_day(path: Path, leaderboard: str) -> date:
    try:
        return date.fromisoformat(path.name)
    except ValueError as error:
        raise EvidenceUnreadable(
            f"snapshots/leaderboards/{leaderboard}/{path.name:.40} is named by no day; take it away"
        ) from error


def _read(layout: Layout, leaderboard: str, day: date) -> Measurements:
    folder = LeaderboardFolder(layout.leaderboard(leaderboard, day.isoformat()))
    shown = f"snapshots/leaderboards/{leaderboard}/{day}/{folder.capture.name}"
    try:
        described, content = folder.description.read_bytes(), folder.facts.read_bytes()
    except OSError as error:
        raise EvidenceUnreadable(
            f"{shown} is not complete; restore it from version control or import the tables again"
        ) from error
    observation = read_observation(described, f"{shown}/{folder.description.name}")
    if (observation.leaderboard, observation.observed_on) != (leaderboard, day):
        raise EvidenceUnreadable(
            f"{shown} is of {observation.leaderboard} on {observation.observed_on}; put it under its own name"
        )
    lines = read_lines(content, observation.facts, f"{shown}/{folder.facts.name}")
    rows = (parse_fact(fact, day, observation.source_url, where) for where, fact in lines)
    return Measurements(observation, tuple(rows))
