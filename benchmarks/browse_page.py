"""Measures the page in Chromium: milliseconds until it is usable, and until a filter has answered.

    python -m benchmarks.browse_page 2025-12-07 --repositories 151 --repositories 5000

More repositories than the date has are copies of its own under other names, models and families with them.
The bytes are those of all files; `first_bytes` are those that are read before a model is opened.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

from builder.layout import Layout
from builder.page.facts import TABLES
from builder.paging import write_page

ROOT = Path(__file__).resolve().parents[1]
TIMES = 7
NAMED = ("repo_id", "unique_model_id", "family_id")
OF_OTHERS = ("evaluations", "runtimes")
"""Tables that do not grow with the Hub: leaderboards and documentation speak of few models and designs."""


def synthesise(source: Layout, date: str, repositories: int, root: Path) -> Layout:
    """A project with the tables of a date, repeated until there are enough repositories."""
    layout = Layout(root)
    shutil.copytree(source.front_end, layout.front_end)
    layout.table(date, "models").parent.mkdir(parents=True)
    held = pl.read_parquet(source.table(date, "models")).height
    for name in (*TABLES, *OF_OTHERS):
        if not source.table(date, name).is_file():
            continue
        frame = pl.read_parquet(source.table(date, name))
        named = [column for column in NAMED if column in frame.columns]
        copies = [
            frame.with_columns(pl.col(named) + (f"-{copy}" if copy else ""))
            for copy in range(1 if name in OF_OTHERS else -(-repositories // held))
        ]
        pl.concat(copies).write_parquet(layout.table(date, name))
    return layout


def measure(layout: Layout, date: str) -> dict[str, float]:
    """Median and worst of some openings, and the bytes of the page."""
    output = layout.root / "build" / "page"
    size = write_page(layout, [date], output)
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
    result = subprocess.run(  # noqa: S603 - our own script, and a browser that the caller names
        [
            *("node", str(Path(__file__).with_suffix(".mjs"))),
            *(str(output / "index.html"), str(ROOT / "page" / "package.json"), str(TIMES)),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "CHROMIUM": browser},
    )
    seen = json.loads(result.stdout)
    first = (output / name for name in ("index.html", "page.css", "page.js", f"data-{date}.js"))
    return {
        "bytes": size,
        "first_bytes": sum(path.stat().st_size for path in first),
        **{f"{name}_median_ms": round(statistics.median(seen[name])) for name in seen},
        **{f"{name}_worst_ms": round(max(seen[name])) for name in seen},
    }


def main() -> None:
    """Measure each size in turn, and print a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("date")
    parser.add_argument("--repositories", type=int, action="append", required=True)
    asked = parser.parse_args()
    for repositories in asked.repositories:
        with tempfile.TemporaryDirectory() as scratch:
            layout = synthesise(Layout(ROOT), asked.date, repositories, Path(scratch) / "project")
            sys.stdout.write(json.dumps({"repositories": repositories} | measure(layout, asked.date)) + "\n")


if __name__ == "__main__":
    main()
