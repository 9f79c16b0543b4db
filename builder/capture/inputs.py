"""Reads the files an import is given: a JSON list, or JSON lines that may be gzipped."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NoReturn, cast

from builder.capture.description import InputFile
from builder.capture.json_text import read_json
from builder.capture.text import clean_text
from builder.errors import EvidenceUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from builder.capture.evidence import JsonObject, JsonValue

LINE_MAX_BYTES = 16 * 1024 * 1024
"""A listing row is about 1 kB; 16 MiB is far beyond any, and small enough to hold in memory."""

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Row:
    """One object of an input, and where it stands (file and row) for messages."""

    where: str
    fields: JsonObject


def describe_input(path: Path) -> InputFile:
    """Name, size and hash of an input file, as it lies on disk."""
    # A pipe can be read only once, and an input is read twice: for its hash, then for its rows.
    if path.exists() and not path.is_file():
        raise EvidenceUnreadable(f"{_shown(path)}: this is not a regular file; give the export's file")
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return InputFile(name=_shown(path), sha256=digest, bytes=stream.tell())
    except OSError as error:
        _refuse_unopened(path, error)


def read_json_list(path: Path) -> Iterator[Row]:
    """Rows of a file that is one JSON list of objects.

    Raises:
        EvidenceUnreadable: The file cannot be read, or is not a JSON list of objects.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        _refuse_unopened(path, error)
    rows = _decode(content, _shown(path))
    if not isinstance(rows, list):
        raise EvidenceUnreadable(
            f"{_shown(path)}: the file is JSON but not a list of objects; "
            "give the export's file as it was published"
        )
    for number, row in enumerate(rows, start=1):
        yield _row(row, f"{_shown(path)}, row {number}")


def read_json_lines(path: Path) -> Iterator[Row]:
    """Rows of a file with one JSON object a line, gzipped or not; blank lines are skipped.

    Raises:
        EvidenceUnreadable: The file cannot be read, or a line is not a JSON object.
    """
    number = 0
    try:
        with path.open("rb") as raw, _unpacked(raw) as lines:
            while line := lines.readline(LINE_MAX_BYTES + 1):
                number += 1
                where = f"{_shown(path)}, line {number}"
                if len(line) > LINE_MAX_BYTES:
                    raise EvidenceUnreadable(
                        f"{where}: the line is longer than {LINE_MAX_BYTES} bytes; "
                        "give JSON lines, one row a line"
                    )
                if line.strip():
                    yield _row(_decode(line, where), where)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise EvidenceUnreadable(
            f"{_shown(path)}: the gzip stream breaks off or is damaged after line {number}; "
            "fetch the file again"
        ) from error
    except OSError as error:
        _refuse_unopened(path, error)


def _unpacked(raw: IO[bytes]) -> IO[bytes]:
    # By its first bytes, since a name says only what someone meant the file to be.
    packed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    raw.seek(0)
    return cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw


def _row(value: JsonValue, where: str) -> Row:
    if not isinstance(value, dict):
        raise EvidenceUnreadable(
            f"{where}: this is not a JSON object; every row must describe one repository"
        )
    return Row(where, value)


def _decode(content: bytes, where: str) -> JsonValue:
    try:
        return read_json(content)
    except ValueError as error:
        raise EvidenceUnreadable(f"{where}: {error}; give the file as it was published") from error


def _refuse_unopened(path: Path, error: OSError) -> NoReturn:
    raise EvidenceUnreadable(
        f"{_shown(path)}: the file cannot be read ({error.strerror}); check the path"
    ) from error


def _shown(path: Path) -> str:
    """The file's name only: where it lay on one machine is nobody else's concern."""
    return clean_text(path.name)[0]
