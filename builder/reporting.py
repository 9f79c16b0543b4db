"""What `builder report` prints for people: tables built, equal or not, and how to load them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table


def print_report(date: str, manifest: Mapping[str, Any], *, same: bool | None, changed: list[str]) -> None:
    """Print one date."""
    console = Console(highlight=False)
    made_from = manifest["made_from"]
    how = "reconstructed from an export" if made_from["reconstructed"] else "captured from the Hub"
    console.print(f"\n[bold]{date}[/bold] · {how} · schema {manifest['schema_version']}")
    table = Table("table", box=None, pad_edge=False)
    table.add_column("rows", justify="right")
    table.add_column("bytes", justify="right")
    table.add_column("content", overflow="fold")
    for name, facts in manifest["tables"].items():
        table.add_row(name, f"{facts['rows']:,}", f"{facts['bytes']:,}", facts["content_sha256"][:12])
    console.print(table)
    if same is None:
        console.print("There is no git repository here, so nothing to compare the bytes with.")
    elif same:
        console.print("The bytes equal the committed ones.")
    else:
        console.print(
            "The bytes differ from the committed ones in: " + ", ".join(changed), markup=False, soft_wrap=True
        )
    console.print("Load it:\n", end="")
    # Whole lines, however narrow the screen: they are there to be copied.
    console.print("    from datasets import load_dataset", markup=False)
    console.print(
        f'    models = load_dataset("snapshots/{date}", "unique_models", split="train")\n',
        markup=False,
        soft_wrap=True,
    )
