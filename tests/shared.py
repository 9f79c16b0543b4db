"""What all processes of a test run share: pytest-xdist gives each of them fixtures of its own."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

PATIENCE_S: Final = 900
"""Seconds after which a process is taken to hang: many more than any takes, on the busiest machine too."""


def shared_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder of this run, the same in each of its processes."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared-{name}"
    folder.mkdir(exist_ok=True)
    return folder


def make_once(folder: Path, parts: Mapping[str, Callable[[], object]]) -> None:
    """Make each part in one process; who finds a part in the making takes another one before it waits.

    The parts must not depend on each other, and each leaves what it makes on disk.
    """
    for flags in (fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_EX):
        for name, make in parts.items():
            made = folder / f".{name}.made"
            with (folder / f".{name}.lock").open("w") as lock:
                try:
                    fcntl.flock(lock, flags)
                except BlockingIOError:
                    continue
                if not made.exists():
                    make()
                    made.touch()
