"""Times of reading, looked up for one repository after another in a file of millions of lines.

Evidence is sorted by repository, so a reader that goes through a shard goes through `observed.jsonl`
alongside, and holds one line of it. Evidence in another order means the same, and only costs a sort.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple, Self

import orjson

from builder.errors import EvidenceUnreadable

_LINE: Final = 65_536
"""Bytes within which a line must end: an id, a part and two times take a few hundred."""


class _Time(NamedTuple):
    repo_id: str
    moment: str
    """As written: known, or a time at which it had been read at the latest."""


def sort_observed(path: Path, work: Path) -> Path:
    """The file itself where its lines are in order of repositories, and a sorted copy where they are not.

    Raises:
        EvidenceUnreadable: a line is not of its shape.
        OSError: the copy cannot be written.
    """
    previous, in_order = "", True
    known: set[str] = set()
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                time = _read(line)
                if time.moment not in known:
                    _to_moment(time.moment)
                    known.add(time.moment)
            except (ValueError, TypeError, KeyError) as error:
                raise EvidenceUnreadable(broken_line(path, number)) from error
            in_order = in_order and previous <= time.repo_id
            previous = time.repo_id
    if in_order:
        return path
    copy = work / path.name
    lines = sorted(path.read_bytes().splitlines(keepends=True), key=lambda line: _read(line).repo_id)
    copy.write_bytes(b"".join(line.rstrip(b"\n") + b"\n" for line in lines))
    return copy


class Observed:
    """The latest time of reading of repositories, asked for in any order and cheap in order of id."""

    def __init__(self, path: Path) -> None:
        """Open a file that `sort_observed` has seen."""
        self._path = path
        self._stream: BinaryIO = path.open("rb")
        self._next: _Time | None = self._advance()
        self._asked = ""
        self._moments: dict[str, datetime] = {}

    def __enter__(self) -> Self:
        """The reader itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._stream.close()

    def latest(self, repo_id: str) -> datetime | None:
        """When the last part of a record was read, UTC; None where the file does not name it."""
        if repo_id <= self._asked or self._is_far(repo_id):
            self._seek(repo_id)
        self._asked = repo_id
        while self._next is not None and self._next.repo_id < repo_id:
            self._next = self._advance()
        found: datetime | None = None
        while self._next is not None and self._next.repo_id == repo_id:
            moment = self._to_moment(self._next.moment)
            found = moment if found is None else max(found, moment)
            self._next = self._advance()
        return found

    def _is_far(self, repo_id: str) -> bool:
        """Whether a search is worth it: only at the start, for a shard that is not the first."""
        return not self._asked and self._next is not None and self._next.repo_id < repo_id

    def _advance(self) -> _Time | None:
        line = self._stream.readline()
        return _read(line) if line else None

    def _to_moment(self, text: str) -> datetime:
        # Many lines have the same time, all of an import.
        if text not in self._moments:
            self._moments[text] = _to_moment(text)
        return self._moments[text]

    def _seek(self, repo_id: str) -> None:
        """Stand before the first line of a repository, by halving the range of bytes it can be in."""
        low, high = 0, self._path.stat().st_size
        while high - low > _LINE:
            middle = (low + high) // 2
            self._stream.seek(middle)
            self._stream.readline()
            time = self._advance()
            if time is None or time.repo_id >= repo_id:
                high = middle
            else:
                low = middle
        self._stream.seek(low)
        if low:
            # The rest of a line that begins before: a later one is the first that can be asked for.
            self._stream.readline()
        self._next = self._advance()


def broken_line(path: Path, number: int) -> str:
    """What to say of a line that is not of its shape, by the path from the date on."""
    shown = "/".join(path.parts[-3:])
    return f"{shown}, line {number}: not a line of its shape; restore the capture or make it again"


def _read(line: bytes) -> _Time:
    row = orjson.loads(line)
    repo_id = row["repo_id"]
    if type(repo_id) is not str:
        raise TypeError(repo_id)
    return _Time(repo_id, row["observed_at"] or row["not_after"])


def _to_moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
