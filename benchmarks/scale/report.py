"""`docs/performance.md`, made of `benchmarks/results.json`.

python -m benchmarks.scale.report
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import jinja2

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "performance.md"
TEMPLATE = Path(__file__).with_name("performance.md.jinja")

PACKAGES = ("duckdb", "polars", "pyarrow", "pandera", "orjson", "pandas")
"""Whose versions the figures depend on."""

EXPONENT_FROM = 100_000
"""Below, what does not grow with the models weighs too much to show growth."""


def render(results: dict[str, Any]) -> str:
    """The page."""
    environment = jinja2.Environment(  # noqa: S701 - Markdown of our own numbers
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    sizes = {int(size): found for size, found in results["sizes"].items()}
    programs = ("build", "peer", "floor")
    return template.render(
        machine=results["machine"],
        packages=PACKAGES,
        committed=results["committed"],
        sizes=sizes,
        programs=programs,
        stages=list(dict.fromkeys(stage for found in sizes.values() for stage in found["build"]["stages"])),
        exponents={
            name: fit_exponent(
                {size: found[name]["wall_s"] for size, found in sizes.items() if name in found}
            )
            for name in programs
        },
        exponent_from=EXPONENT_FROM,
        notes=results["notes"],
    )


def fit_exponent(walls: dict[int, float]) -> float | None:
    """The slope of time over models, both as logarithms, from `EXPONENT_FROM` on; least squares."""
    points = [(math.log(size), math.log(wall)) for size, wall in walls.items() if size >= EXPONENT_FROM]
    if len(points) < 2:  # noqa: PLR2004 - a slope needs two points
        return None
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    across = sum((x - mean_x) ** 2 for x, _ in points)
    slope: float = sum((x - mean_x) * (y - mean_y) for x, y in points) / across
    return round(slope, 2)


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(json.loads(RESULTS.read_bytes())), encoding="utf-8")


if __name__ == "__main__":
    main()
