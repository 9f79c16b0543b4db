"""Captures under faults and kills: each ends in the right evidence, or in a refusal that leaves nothing.

python -m benchmarks.interrupt_captures --schedules 200 --kills 30
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from builder.layout import EvidenceFolder, Layout
from tests.hub.demo import ROOT, make_project
from tests.hub.demo_catalogue import CATALOGUES, DATES
from tests.hub.faults import ALWAYS, FaultPlan
from tests.hub.server import LoopbackHub

TODAY = datetime.now(UTC).date().isoformat()
RECOGNISERS = 1_100
"""Two pages: enough that a list can shift while it is read."""

NO_QUOTA = 10**9
REFUSED = 10


def read_facts(layout: Layout) -> dict[str, str] | None:
    """Evidence without its times; None where there is none."""
    folder = EvidenceFolder(layout.capture(TODAY))
    if not folder.description.is_file():
        return None
    return {path.name: path.read_text() for path in (*folder.shards, folder.departed)}


def run_schedule(layout: Layout, seed: int) -> tuple[int, str]:
    """One capture in this process under one schedule of faults: exit code, and what was injected."""
    from builder.capture.capturing import CaptureRequest
    from builder.capture.hub.client import Patience
    from builder.errors import BuilderError
    from builder.stages import capture_date

    patience = Patience(tries=4, first_wait_s=0.005, longest_wait_s=0.02, silence_s=2, whole_s=4)
    try:
        capture_date(layout, CaptureRequest(TODAY), patience)
    except BuilderError as error:
        return error.exit_code, str(error)
    return 0, str(seed)


def kill_once(layout: Layout, hub: LoopbackHub, after_s: float) -> bool:
    """Start a capture and kill it; whether it was still at work."""
    environment = {**os.environ, "HF_ENDPOINT": hub.endpoint, "HF_HUB_OFFLINE": "0", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "builder", "capture", "--date", TODAY],
        cwd=layout.root,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


@click.command()
@click.option("--schedules", default=200, help="Seeded schedules of faults.")
@click.option("--kills", default=30, help="SIGKILLs at random moments.")
@click.option("--seed", default=1)
def main(schedules: int, kills: int, seed: int) -> None:
    """Run both, and exit with 1 if any ended in anything but the right evidence or a clean refusal."""
    from huggingface_hub import constants

    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        layout = Layout(Path(place) / "project")
        make_project(layout.root, "2000-01-01", TODAY)
        hub = LoopbackHub(
            CATALOGUES[DATES[0]](recognisers=RECOGNISERS), api_quota=NO_QUOTA, resolver_quota=NO_QUOTA
        )
        with hub:
            constants.ENDPOINT = hub.endpoint
            if run_schedule(layout, 0)[0]:
                raise SystemExit("the capture without faults was refused")
            expected = read_facts(layout)
            for number in range(schedules):
                shutil.rmtree(layout.snapshot(TODAY), ignore_errors=True)
                shutil.rmtree(layout.work, ignore_errors=True)
                rate = chance.choice((0.02, 0.1, 0.3))
                bound = ALWAYS if number % 5 == 0 else 2
                hub.faults = FaultPlan.by_chance(seed * 1_000 + number, rate, per_request=bound)
                code, said = run_schedule(layout, number)
                found = read_facts(layout)
                if code == 0 and found == expected:
                    outcomes["right evidence"] += 1
                elif code == REFUSED and found is None:
                    outcomes["clean refusal"] += 1
                else:
                    outcomes[f"WRONG (exit {code})"] += 1
                    click.echo(f"schedule {number}: exit {code}, {said[:300]}", err=True)
            click.echo(f"{schedules} schedules of faults: {dict(outcomes)}")
            hub.faults = FaultPlan()
            hub.latency_s = 0.02
            same = at_work = 0
            for _ in range(kills):
                shutil.rmtree(layout.snapshot(TODAY), ignore_errors=True)
                shutil.rmtree(layout.work, ignore_errors=True)
                at_work += kill_once(layout, hub, chance.uniform(0.8, 3.0))
                while kill_once(layout, hub, 120):
                    time.sleep(0)
                same += read_facts(layout) == expected
            click.echo(f"{kills} SIGKILLs, {at_work} of them at work: {same} times the same evidence")
    if same < kills or any(name.startswith("WRONG") for name in outcomes):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
