"""Files of a snapshot: hashes, and a change of files that is never half done."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from builder.errors import SnapshotRefused, describe_os_error

_TEMPORARY: Final = ".making-"
"""Begins the name of what is not finished."""

_ASIDE: Final = ".aside"
"""Where the old files wait while new ones take their places: while it is there, the change can be undone."""

_NOTHING: Final = ".nothing"
"""Marks, aside, a place where nothing was."""


def describe_file(path: Path) -> dict[str, str | int]:
    """Hash and size of a file."""
    with path.open("rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": stream.tell()}


@contextmanager
def refuse_disk_errors(what: str) -> Iterator[None]:
    """Turn a full disk, a missing right and the like into one sentence.

    Raises:
        SnapshotRefused: the system refused to read or write a file.
    """
    try:
        yield
    except OSError as error:
        raise SnapshotRefused(
            f"{what}: {describe_os_error(error)}; mend that and run the same command again, what was there "
            "is unchanged"
        ) from error


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep other writers out of a date's folder, and mend what a killed one left behind.

    A folder that does not exist needs no holding; whoever reads it says what is missing.

    Raises:
        SnapshotRefused: another process is writing there, be it a build or an import.
    """
    if not folder.is_dir():
        yield
        return
    # The folder itself is the lock, as for an import: no file that could be committed by mistake.
    with _open_folder(folder) as handle:
        if not _lock(handle):
            raise SnapshotRefused(
                f"another process is writing snapshots/{folder.name}; wait until it is done and try again"
            )
        _mend(folder)
        yield


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """A folder beside the final one, gone when the work is done or fails; those of killed runs go first."""
    parent.mkdir(parents=True, exist_ok=True)
    _clear(parent)
    folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=parent))
    try:
        with _open_folder(folder) as handle:
            # Held for as long as it is in use, so that nobody takes it for one of a killed run.
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(folder: Path, made: Path, names: Sequence[str]) -> None:
    """Put finished files and folders of `made` in the place of those of the same names, all or none.

    What was there waits in a folder aside. Renaming that folder ends the change: a process that
    dies before is undone by the next, one that dies after is tidied up behind. Call it inside
    `hold_folder`.
    """
    aside = folder / _ASIDE
    aside.mkdir()
    try:
        for name in names:
            if (folder / name).exists():
                (folder / name).rename(aside / name)
            else:
                (aside / f"{name}{_NOTHING}").touch()
        for name in names:
            (made / name).rename(folder / name)
        aside.rename(made / _ASIDE)
    except BaseException:
        _undo(folder, aside)
        raise


def _undo(folder: Path, aside: Path) -> None:
    for old in sorted(aside.iterdir()):
        name = old.name.removesuffix(_NOTHING)
        _remove(folder / name)
        if old.name == name:
            old.rename(folder / name)
    shutil.rmtree(aside, ignore_errors=True)


def _mend(folder: Path) -> None:
    if (folder / _ASIDE).is_dir():
        _undo(folder, folder / _ASIDE)
    _clear(folder)


def _clear(parent: Path) -> None:
    for stale in parent.glob(f"{_TEMPORARY}*"):
        if not stale.is_dir():
            _remove(stale)
            continue
        with _open_folder(stale) as handle:
            if _lock(handle):
                _remove(stale)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def is_unfinished(path: Path) -> bool:
    """Whether `temporary_folder` or `write_file` is at work on it, or has left it behind."""
    return path.name.startswith(_TEMPORARY)


def write_file(path: Path, content: bytes) -> None:
    """Write bytes under a temporary name, then rename: a reader sees the old file or the new one."""
    temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{path.name}")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_tree(paths: Mapping[str, Path], endings: frozenset[str]) -> Mapping[str, bytes]:
    """Contents of files, and of folders' files with the given endings, by the names given to them."""
    found: dict[str, bytes] = {}
    for name, path in paths.items():
        if path.is_file():
            found[name] = path.read_bytes()
            continue
        for file in sorted(path.rglob("*")):
            if file.suffix in endings and "__pycache__" not in file.parts and file.is_file():
                found[f"{name}/{file.relative_to(path).as_posix()}"] = file.read_bytes()
    return found
