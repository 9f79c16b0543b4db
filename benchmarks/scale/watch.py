"""Runs a command and looks at it as it goes: time, processor time, and memory of its whole process tree.

Memory is the proportional set size of every process of the tree, summed: what processes share counts once.
All is read from /proc, so this runs on Linux only.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL_S = 0.25
"""Between two looks: shorter than any stage that is worth a line."""

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Look:
    """What a process tree had taken at one time."""

    at_s: float
    cpu_s: float
    """Of all that ran so far, also of processes that are gone."""
    memory_bytes: int


@dataclass(frozen=True)
class Watched:
    """What one run took."""

    wall_s: float
    cpu_s: float
    others_cpu_s: float
    """What the machine's processors did meanwhile for others: near 0, or the wall time says little."""
    looks: tuple[Look, ...]
    lines: tuple[tuple[float, str], ...]
    """What it said, with the seconds after its start."""
    status: int

    @property
    def peak_bytes(self) -> int:
        """The most memory at one time."""
        return max((look.memory_bytes for look in self.looks), default=0)


def watch(command: Sequence[str], folder: Path) -> Watched:
    """Run a command in a folder."""
    began, busy = time.monotonic(), _read_busy()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    looks: list[Look] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(INTERVAL_S):
            tree = _find_tree(process.pid)
            cpu, memory = sum(map(_read_cpu, tree)), sum(map(_read_memory, tree))
            looks.append(Look(time.monotonic() - began, cpu, memory))

    watcher = threading.Thread(target=look)
    watcher.start()
    lines: list[tuple[float, str]] = []
    if process.stdout is not None:
        with process.stdout as stream:
            lines += [(time.monotonic() - began, line.rstrip()) for line in stream]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall, cpu = time.monotonic() - began, usage.ru_utime + usage.ru_stime
    others = max(0.0, _read_busy() - busy - cpu)
    done.set()
    watcher.join()
    return Watched(
        round(wall, 2),
        round(cpu, 2),
        round(others, 2),
        tuple(looks),
        tuple(lines),
        process.returncode,
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


def _read_busy() -> float:
    """Seconds that all processors together have worked since the machine started."""
    user, nice, system = map(int, Path("/proc/stat").read_text().split(maxsplit=4)[1:4])
    return (user + nice + system) / _TICKS_PER_S


def _read_cpu(pid: int) -> float:
    """Seconds of a process and of those of its children that it has waited for."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    # The name of the program stands in brackets and may hold spaces; the fields after it are counted from 3.
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS_PER_S


def _read_memory(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0
