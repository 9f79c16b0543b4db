"""What a build, the peer and the floor take over the same evidence, each in a process of its own."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.scale.grow import DATE, ROOT, TEMPLATES, grow, prepare_project
from benchmarks.scale.report import PACKAGES
from benchmarks.scale.watch import Watched, watch
from builder.layout import Layout

STAGES = {
    "parsing evidence": "parse",
    "running step": "steps and tables",
    "comparing": "comparison",
    "validating": "validation",
    "measuring": "accuracy",
    "writing": "card and manifest",
}
"""How the lines of `builder -v build` begin, and what is measured from there on."""
FIRST = "start and evidence check"


def measure_size(models: int, *, peer: bool) -> dict[str, Any]:
    """The build, the floor and, where wanted, the peer, over grown evidence."""
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary)
        evidence = grow(models, project)
        found: dict[str, Any] = {
            "evidence_bytes": sum(path.stat().st_size for path in evidence.glob("records-*.jsonl")),
            "floor": _measure_program("floor", evidence, project / "floor.parquet"),
        }
        if peer:
            found["peer"] = _measure_program("peer", evidence, project / "peer")
        shutil.rmtree(project / "peer", ignore_errors=True)
        found["build"] = measure_build(project, DATE)
    return found


def measure_committed() -> dict[str, Any]:
    """The build of the committed date, in one process."""
    with tempfile.TemporaryDirectory() as temporary:
        layout = prepare_project(Path(temporary), TEMPLATES)
        # All that the repository has: leaderboards, and judged rows to measure accuracy by.
        shutil.copytree(Layout(ROOT).index.parent, layout.index.parent, dirs_exist_ok=True)
        shutil.copytree(Layout(ROOT).gold(TEMPLATES).parent, layout.gold(TEMPLATES).parent)
        return measure_build(layout.root, TEMPLATES, "--workers", "1")


def measure_build(project: Path, date: str, *options: str) -> dict[str, Any]:
    """One build of a project's date."""
    run = _run([sys.executable, "-m", "builder", "-v", "build", date, *options], project)
    manifest = json.loads(Layout(project).manifest(date).read_bytes())
    tables = manifest["tables"].values()
    return {
        **_describe(run),
        "stages": split_stages(run),
        "rows": sum(table["rows"] for table in tables),
        "bytes": sum(table["bytes"] for table in tables),
        "models": manifest["tables"]["models"]["rows"],
        "code_sha256": manifest["code_sha256"],
    }


def split_stages(run: Watched) -> dict[str, dict[str, float]]:
    """What each stage took, from its first line to the first of the next."""
    starts = {FIRST: 0.0}
    for at, text in run.lines:
        for begin, stage in STAGES.items():
            if text.startswith(begin):
                starts.setdefault(stage, at)
    order = [*sorted(starts.items(), key=lambda item: item[1]), ("end", run.wall_s)]
    return {
        stage: {
            "wall_s": round(ended - begun, 2),
            "cpu_s": round(_cpu_at(run, ended) - _cpu_at(run, begun), 2),
            "peak_bytes": max(
                (look.memory_bytes for look in run.looks if begun <= look.at_s <= ended), default=0
            ),
        }
        for (stage, begun), (_, ended) in pairwise(order)
    }


def _cpu_at(run: Watched, at_s: float) -> float:
    """Processor time up to a time, as the last look before it told."""
    if at_s >= run.wall_s:
        return run.cpu_s
    # A process that is just gone and not yet waited for is in no sum.
    return max((look.cpu_s for look in run.looks if look.at_s <= at_s), default=0.0)


def _measure_program(name: str, evidence: Path, output: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.scale.{name}", str(evidence), str(output)]
    return _describe(_run(command, ROOT))


def _run(command: list[str], folder: Path) -> Watched:
    run = watch(command, folder)
    if run.status:
        said = "\n".join(text for _, text in run.lines[-5:])
        raise SystemExit(f"{' '.join(command)} ended with {run.status}:\n{said}")
    return run


def _describe(run: Watched) -> dict[str, Any]:
    return {
        "wall_s": run.wall_s,
        "cpu_s": run.cpu_s,
        "others_cpu_s": run.others_cpu_s,
        "peak_bytes": run.peak_bytes,
    }


def describe_machine() -> dict[str, Any]:
    """What the figures are of."""
    return {
        "processors": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "processor": _read_processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def _read_processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line), "")
