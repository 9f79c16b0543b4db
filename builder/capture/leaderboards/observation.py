"""One observation of a leaderboard: its facts as lines, and the machine facts beside them.

`facts.jsonl` has one line per number, sorted by table, system and column, in the leaderboard's own
names; `leaderboard.json` says where they come from. The files that were read are not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from builder.capture.description import EvidenceFile, InputFile, Origin
from builder.errors import EvidenceUnreadable

SHAPE: Final = 1
"""Version of the shape; a change of what a line means makes the next."""

LICENSES: Final = {"open-asr": "Apache-2.0"}
"""Licence under which each leaderboard publishes its tables: its repository's own LICENSE."""

_RESTORE: Final = "restore the file from version control or import the tables again"


@dataclass(frozen=True)
class Observation:
    """Machine facts of one observation."""

    leaderboard: str
    observed_on: date
    """The day whose tables were taken, as whoever took them says."""
    origin: Origin
    license: str
    inputs: tuple[InputFile, ...]
    facts: EvidenceFile

    @property
    def source_url(self) -> str:
        """The commit that the tables were taken from."""
        return f"https://github.com/{self.origin.repository}/tree/{self.origin.commit}"


def encode_facts(facts: Iterable[Mapping[str, Any]]) -> tuple[list[bytes], EvidenceFile]:
    """The lines of `facts.jsonl`, and what they must be when they are read again."""
    ordered = sorted(facts, key=lambda fact: (fact["table"], fact["system"], fact["column"]))
    lines = [orjson.dumps(fact, option=orjson.OPT_APPEND_NEWLINE) for fact in ordered]
    content = b"".join(lines)
    return lines, EvidenceFile(hashlib.sha256(content).hexdigest(), len(content), len(lines))


def to_json(observation: Observation) -> bytes:
    """The bytes of `leaderboard.json`."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps({"shape": SHAPE, **vars(observation)}, option=options)


def read_observation(content: bytes, where: str) -> Observation:
    """Read `leaderboard.json` back.

    Raises:
        EvidenceUnreadable: it is not what an import writes.
    """
    try:
        document = orjson.loads(content)
        if document.pop("shape") != SHAPE:
            raise EvidenceUnreadable(f"{where}: of another shape than this version reads; {_RESTORE}")
        return Observation(
            leaderboard=_text(document["leaderboard"]),
            observed_on=date.fromisoformat(document["observed_on"]),
            origin=Origin(**document["origin"]),
            license=_text(document["license"]),
            inputs=tuple(InputFile(**entry) for entry in document["inputs"]),
            facts=EvidenceFile(**document["facts"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvidenceUnreadable(
            f"{where}: not the description of a leaderboard's tables; {_RESTORE}"
        ) from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def read_lines(content: bytes, expected: EvidenceFile, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each fact with its place, once the bytes are those that were imported.

    Raises:
        EvidenceUnreadable: they are others, or a line is no JSON object.
    """
    if hashlib.sha256(content).hexdigest() != expected.sha256:
        raise EvidenceUnreadable(f"{where}: other bytes than were imported; {_RESTORE}")
    for number, line in enumerate(content.splitlines(), start=1):
        fact = orjson.loads(line)
        if not isinstance(fact, dict):
            raise EvidenceUnreadable(f"{where}, line {number}: no JSON object; {_RESTORE}")
        yield f"{where}, line {number}", fact


def choose_day(days: Sequence[date], day: date) -> date | None:
    """The one observation that a snapshot takes: the newest not after its day, else the earliest after it."""
    before = [other for other in days if other <= day]
    return max(before) if before else min(days, default=None)
