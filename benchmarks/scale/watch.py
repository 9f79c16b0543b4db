"""Runs a command and measures it: wall and processor time, and the most memory of its whole process tree."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL_S = 0.25
"""Between two looks at memory: shorter than any stage that is worth a line."""


@dataclass(frozen=True)
class Watched:
    """What one run took."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    """The largest sum over the process tree at one time; what processes share counts once."""
    lines: tuple[tuple[float, str], ...]
    """What it said, with the seconds after its start."""
    status: int


def watch(command: Sequence[str], folder: Path) -> Watched:
    """Run a command in a folder."""
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    peak = [0]
    done = threading.Event()

    def look() -> None:
        while not done.wait(INTERVAL_S):
            peak[0] = max(peak[0], sum(map(_read_memory, _find_tree(process.pid))))

    watcher = threading.Thread(target=look)
    watcher.start()
    lines: list[tuple[float, str]] = []
    if process.stdout is not None:
        with process.stdout as stream:
            lines += [(round(time.monotonic() - began, 2), line.rstrip()) for line in stream]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    done.set()
    watcher.join()
    return Watched(
        round(wall, 1),
        round(usage.ru_utime + usage.ru_stime, 1),
        peak[0],
        tuple(lines),
        os.waitstatus_to_exitcode(status),
    )


def _find_tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _read_memory(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0
