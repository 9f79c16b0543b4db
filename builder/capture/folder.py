"""Puts a capture's files in place all at once: the folder is the old one or the new one, never half.

A capture is written beside its place and renamed into it. Between the two renames of a replacement
the old one stands aside; if the process dies there, the next writer puts it back first.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from builder.errors import CaptureRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_NEW = ".capture-new-"
_OLD = ".capture-old-"


@contextmanager
def hold_date(folder: Path) -> Iterator[None]:
    """Make the folder of a date, keep every other writer out of it, and mend what one left behind.

    Raises:
        CaptureRefused: Another process is writing a capture of this date.
    """
    made = _make_folders(folder)
    try:
        # The folder itself is the lock: no file that could be committed by mistake.
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        _unmake_folders(made)
        raise
    try:
        _lock(handle, folder.name)
        try:
            _mend(folder)
            yield
        finally:
            # Still under the lock: an empty folder that someone else is about to fill is not ours.
            _unmake_folders(made)
    finally:
        os.close(handle)


def is_interrupted(capture: Path) -> bool:
    """Whether a capture is missing because a replacement was cut off between its two renames."""
    return not capture.exists() and any(capture.parent.glob(f"{_OLD}*"))


def same_files(capture: Path, digests: Mapping[str, str]) -> bool:
    """Whether a capture consists of exactly the files with these sha256."""
    if {path.name for path in capture.iterdir()} != set(digests):
        return False
    return all(_digest(capture / name) == digest for name, digest in digests.items())


def put_capture(capture: Path, files: Mapping[str, Sequence[bytes]]) -> None:
    """Write the files beside `capture`, then put them in its place; call it inside `hold_date`."""
    token = secrets.token_hex(8)
    new = capture.with_name(_NEW + token)
    old = capture.with_name(_OLD + token)
    placed = False
    try:
        new.mkdir()
        for name, lines in files.items():
            _write(new / name, lines)
        _sync(new)
        if capture.exists():
            capture.rename(old)
        new.rename(capture)
        placed = True
        _sync(capture.parent)
    except BaseException:
        if placed:
            capture.rename(new)
        if old.exists():
            old.rename(capture)
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, lines: Sequence[bytes]) -> None:
    with path.open("xb") as stream:
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mend(folder: Path) -> None:
    capture = folder / "capture"
    for old in sorted(folder.glob(f"{_OLD}*")):
        if capture.exists():
            shutil.rmtree(old)
        else:
            old.rename(capture)
    for new in folder.glob(f"{_NEW}*"):
        shutil.rmtree(new)


def _lock(handle: int, date: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CaptureRefused(
            f"Another process is writing the capture of {date}; wait until it is done and try again",
        ) from error


def _make_folders(folder: Path) -> list[Path]:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    missing.reverse()
    for path in missing:
        path.mkdir(exist_ok=True)
    return missing


def _unmake_folders(made: list[Path]) -> None:
    for path in reversed(made):
        with suppress(OSError):  # which is how a folder that is not empty says so
            path.rmdir()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
