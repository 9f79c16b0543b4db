"""Measures the build beside a pandas peer and the floor, at growing sizes, into `benchmarks/results.json`.

    python -m benchmarks.scale --size 10000 --size 100000 --size 1000000 --size 2500000

Runs add to what is there, size by size; `python -m benchmarks.scale.report` makes `docs/performance.md`.
"""

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

import click

from benchmarks.scale.grow import DATE, grow
from benchmarks.scale.report import PACKAGES, RESULTS
from benchmarks.scale.watch import Watched, watch

STAGES = {
    "parsing evidence": "parse",
    "running step": "steps and tables",
    "comparing": "comparison",
    "validating": "validation",
    "measuring": "accuracy",
    "writing": "card and manifest",
}
"""How the lines of `builder -v build` begin, and what is measured from there on."""


def measure_build(project: Path, *options: str) -> dict[str, Any]:
    """One build of the project's date."""
    run = watch([sys.executable, "-m", "builder", "-v", "build", DATE, *options], project)
    if run.status:
        raise SystemExit("\n".join(text for _, text in run.lines[-5:]))
    manifest = json.loads((project / "snapshots" / DATE / "manifest.json").read_bytes())
    tables = manifest["tables"].values()
    return {
        **_describe(run),
        "stages_s": _split(run),
        "rows": sum(table["rows"] for table in tables),
        "bytes": sum(table["bytes"] for table in tables),
    }


def _split(run: Watched) -> dict[str, float]:
    """Seconds of each stage, from its first line to the first of the next."""
    starts: dict[str, float] = {}
    for at, text in run.lines:
        for begin, stage in STAGES.items():
            if text.startswith(begin):
                starts.setdefault(stage, at)
    order = [*sorted(starts.items(), key=lambda item: item[1]), ("end", run.wall_s)]
    seconds = {"start and evidence check": order[0][1]}
    for (stage, begun), (_, ended) in pairwise(order):
        seconds[stage] = round(ended - begun, 2)
    return seconds


def _describe(run: Watched) -> dict[str, Any]:
    return {"wall_s": run.wall_s, "cpu_s": run.cpu_s, "peak_bytes": run.peak_bytes}


def measure_size(models: int, *, peer: bool) -> dict[str, Any]:
    """The build, the floor and, where wanted, the peer, over the same evidence."""
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary)
        (project / "snapshots").mkdir()
        evidence = grow(models, project)
        size = sum(path.stat().st_size for path in evidence.glob("records-*.jsonl"))
        found: dict[str, Any] = {"evidence_bytes": size}
        output = project / "other"
        floor = [
            sys.executable,
            "-m",
            "benchmarks.scale.floor",
            str(evidence),
            str(project / "floor.parquet"),
        ]
        found["floor"] = _describe(watch(floor, Path.cwd()))
        if peer:
            plain = [sys.executable, "-m", "benchmarks.scale.peer", str(evidence), str(output)]
            found["peer"] = _describe(watch(plain, Path.cwd()))
            shutil.rmtree(output, ignore_errors=True)
        found["build"] = measure_build(project)
    return found


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


@click.command()
@click.option("--size", "sizes", type=int, multiple=True, default=(10_000, 100_000), show_default=True)
@click.option(
    "--peer-up-to", default=1_000_000, show_default=True, help="The peer holds everything in memory."
)
def main(*, sizes: tuple[int, ...], peer_up_to: int) -> None:
    """Measure each size, and write down what was found after each."""
    results = json.loads(RESULTS.read_bytes()) if RESULTS.is_file() else {"sizes": {}}
    for models in sizes:
        found = measure_size(models, peer=models <= peer_up_to)
        results["machine"] = describe_machine()
        results["sizes"][str(models)] = found
        results["sizes"] = dict(sorted(results["sizes"].items(), key=lambda item: int(item[0])))
        RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        click.echo(json.dumps({models: found}, indent=2))


if __name__ == "__main__":
    main()
