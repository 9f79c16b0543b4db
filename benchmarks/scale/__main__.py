"""Measures the build beside a pandas peer and the floor, at growing sizes, into `benchmarks/results.json`.

    python -m benchmarks.scale --size 10000 --size 100000 --size 1000000 --size 2500000

Runs add to what is there, size by size, unless that is of another machine or of other versions;
`python -m benchmarks.scale.report` makes `docs/performance.md`.
"""

from __future__ import annotations

import json
from typing import Any

import click

from benchmarks.scale.measure import describe_machine, measure_committed, measure_size
from benchmarks.scale.report import RESULTS


def merge(results: dict[str, Any], machine: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The results with what was found on a machine; what was measured on another is left out."""
    same = results if results.get("machine") == machine else {}
    sizes = {**same.get("sizes", {}), **found.get("sizes", {})}
    return {
        "machine": machine,
        "committed": found.get("committed", same.get("committed")),
        "sizes": dict(sorted(sizes.items(), key=lambda item: int(item[0]))),
        "notes": results.get("notes", []),
    }


def _add(found: dict[str, Any]) -> None:
    results = json.loads(RESULTS.read_bytes()) if RESULTS.is_file() else {}
    merged = merge(results, describe_machine(), found)
    RESULTS.write_text(json.dumps(merged, indent=2) + "\n", encoding="utf-8")
    click.echo(json.dumps(found, indent=2))


@click.command()
@click.option("--size", "sizes", type=int, multiple=True, default=(10_000, 100_000), show_default=True)
@click.option(
    "--peer-up-to", default=1_000_000, show_default=True, help="The peer holds everything in memory."
)
def main(*, sizes: tuple[int, ...], peer_up_to: int) -> None:
    """Measure the committed date and each size, and write down what was found after each."""
    _add({"committed": measure_committed()})
    for models in sizes:
        _add({"sizes": {str(models): measure_size(models, peer=models <= peer_up_to)}})


if __name__ == "__main__":
    main()
