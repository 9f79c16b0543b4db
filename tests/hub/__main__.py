"""Serves the invented demo Hub until it is interrupted, for people and for the demo.

python -m tests.hub --date 2026-01-07 --port 8765
"""

from __future__ import annotations

import contextlib
import threading

import click

from tests.hub.demo_catalogue import CATALOGUES, DATES, FIRST
from tests.hub.faults import FaultPlan
from tests.hub.server import LoopbackHub


@click.command()
@click.option("--date", default=FIRST, type=click.Choice(DATES), help="Which state of the Hub to serve.")
@click.option("--port", default=0, type=click.IntRange(0, 65_535), help="0 for any that is free.")
@click.option("--latency-ms", default=0, type=click.IntRange(0), help="Wait before every answer.")
@click.option("--fault-rate", default=0.0, type=click.FloatRange(0, 1), help="Share of requests that fail.")
@click.option("--token", default="demo", help="The token that may write.", show_default=True)
def serve(date: str, port: int, latency_ms: int, fault_rate: float, token: str) -> None:
    """Serve an invented Hub on this machine and say how to reach it."""
    faults = FaultPlan.by_chance(0, fault_rate) if fault_rate else None
    hub = LoopbackHub(
        CATALOGUES[date](), port=port, latency_s=latency_ms / 1000, faults=faults, token=token
    )  # fmt: skip
    with hub, contextlib.suppress(KeyboardInterrupt):
        click.echo(f"export HF_ENDPOINT={hub.endpoint} HF_HUB_DISABLE_XET=1 HF_TOKEN={token}")
        threading.Event().wait()


if __name__ == "__main__":
    serve()
