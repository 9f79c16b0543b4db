"""Interrupt publishing at random points, run the same command again, and look at what is there each time.

Real command, real client, a Hub on this machine. A third of the runs meet faults of the Hub, a third are
killed at a random request, before or after the Hub acts on it, a third at a random time:

    python -m benchmarks.interrupt_publishing --times 100 --seed 1
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# The client reads this once, when it is imported.
os.environ["HF_HUB_DISABLE_XET"] = "1"

import click
import yaml
from huggingface_hub import HfApi

from builder.index import read_index
from builder.layout import Layout
from builder.publish.state import CARD, KEPT, MANIFEST
from builder.source import Source
from tests.e2e.publishing.project import (
    NEW,
    OLD,
    REPOSITORY,
    TOKEN,
    World,
    clone,
    environment,
    make_repository,
)
from tests.hub.faults import WRITE_FAULTS, FaultPlan
from tests.hub.server import LoopbackHub
from tests.hub.wire import Request

RUN = """
import sys, time, warnings

warnings.simplefilter("ignore")
# Pauses add nothing here, and the dates were validated when they were built.
time.sleep = lambda _: None
from builder import validation

validation.validate_snapshot = lambda layout, date: 0
from builder.cli import main

main()
"""
FAULT_RATE, FAULTS_PER_REQUEST = 0.4, 3
STEPS = "/branch/|/commit/|/tag/"
"""What changes the repository: half of the kills are aimed at these three requests of sixty."""

MOST_RUNS = 8
"""Runs after an interruption; each but the last may meet faults again."""


@dataclass
class Trial:
    """One repository on its way to hold one more date."""

    world: World
    home: Path
    date: str
    before: tuple[str, ...]
    violations: list[str] = field(default_factory=list)

    def start(self) -> subprocess.Popen[str]:
        """Run the command."""
        return subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-c", RUN, "publish", self.date, "--repo-id", REPOSITORY, "--execute"],
            cwd=self.world.layout.root,
            env=environment(self.world.hub, self.home) | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def look(self) -> str:
        """How far it got; whatever must never be goes to the violations."""
        history, layout = self.world.hub.history(REPOSITORY), self.world.layout
        titles = Counter(commit.title for commit in history.commits.values())
        for date in (self.date, *self.before):
            if titles[f"Publish {date}"] > 1:
                self.violations.append(f"{titles[f'Publish {date}']} commits of {date}")
        for tag in history.tags:
            if self.world.files_at(tag) != self.world.files_of(tag):
                self.violations.append(f"the tag {tag} is on a wrong commit")
        self._look_at_main()
        published = self.date in read_index(layout.index).published
        if Source(layout.root).find_tag(self.date):
            return "git tag"
        if published:
            return "index"
        if self.date in history.tags:
            return "tag"
        if titles[f"Publish {self.date}"]:
            return "commit"
        return "branch" if f"date/{self.date}" in history.branches else "nothing"

    def _look_at_main(self) -> None:
        """`main` is as the Hub made it, or holds exactly one date, whose card loads."""
        there = self.world.files_at("main")
        if not there:
            return
        whole = [date for date in (OLD, NEW) if there == self.world.files_of(date)]
        if not whole or not {CARD, MANIFEST} <= set(there) - KEPT:
            self.violations.append("main holds no date as it was built")
            return
        front = yaml.safe_load(there[CARD].decode().split("---\n")[1])
        paths = {file["path"] for config in front["configs"] for file in config["data_files"]}
        if not paths <= set(there):
            self.violations.append("the card of main names a file that is not there")


def make_faults(chance: random.Random) -> FaultPlan:
    """Anything that can happen to a request that writes, before or after the Hub acts on it."""
    seed = chance.randrange(10**6)
    return FaultPlan.by_chance(seed, FAULT_RATE, WRITE_FAULTS, per_request=FAULTS_PER_REQUEST)


def kill_at(
    process: list[subprocess.Popen[str]], chance: random.Random, requests: int
) -> Callable[[Request, int], str | None]:
    """Kill the process at one of its requests, before or after the Hub acts on it."""
    aimed = chance.choice((True, False))
    left = [chance.randint(1, STEPS.count("/|/") + 1 if aimed else requests)]
    fate = chance.choice(("closed", "lost"))

    def strike(request: Request, struck: int) -> str | None:  # noqa: ARG001 - as a plan calls it
        left[0] -= bool(re.search(STEPS, request.target)) or not aimed
        if left[0] or not process:
            return None
        process.pop().send_signal(signal.SIGKILL)
        return fate

    return strike


def interrupt(trial: Trial, chance: random.Random, requests: int, seconds: float) -> str:
    """Start the command and let something happen to it; what it was."""
    kind = chance.choice(("fault", "request", "time"))
    hub, process = trial.world.hub, list[subprocess.Popen[str]]()
    if kind == "fault":
        hub.faults = make_faults(chance)
    elif kind == "request":
        hub.faults = FaultPlan((), kill_at(process, chance, requests))
    with trial.start() as started:
        process.append(started)
        if kind == "time":
            time.sleep(chance.uniform(0.3 * seconds, 1.05 * seconds))
            started.send_signal(signal.SIGKILL)
        started.communicate()
    how = "killed" if started.returncode < 0 else "ended" if started.returncode else "finished"
    return f"{kind}: {how}"


def finish(trial: Trial, chance: random.Random) -> int:
    """Run the same command until it succeeds; how often."""
    for run in range(1, MOST_RUNS + 1):
        again = run < MOST_RUNS // 2 and chance.random() < 0.3  # noqa: PLR2004 - now and then
        seed = chance.randrange(10**6)
        trial.world.hub.faults = FaultPlan.by_chance(seed, FAULT_RATE, WRITE_FAULTS) if again else FaultPlan()
        with trial.start() as process:
            output, _ = process.communicate()
        trial.look()
        if process.returncode == 0:
            return run
        if not again:
            trial.violations.append(f"refused to go on: {output.splitlines()[-1]}")
    return MOST_RUNS


def make_trial(
    hub: LoopbackHub, committed: Layout, folder: Path, before: tuple[str, ...], date: str
) -> Trial:
    """A clone and an empty repository, to which some dates are published first."""
    if hub.world.current(REPOSITORY, "dataset"):
        hub.remove(REPOSITORY, "dataset")
    hub.faults = FaultPlan()
    HfApi(hub.endpoint, token=TOKEN).create_repo(REPOSITORY, repo_type="dataset")
    trial = Trial(World(clone(committed, folder / "clone"), hub), folder / "home", date, before)
    for earlier in before:
        with Trial(trial.world, trial.home, earlier, ()).start() as process:
            output, _ = process.communicate()
        if process.returncode:
            sys.exit(output)
    return trial


SCENES = ((), OLD), ((), NEW), ((OLD,), NEW), ((NEW,), OLD)
"""Dates that are published before, and the one that is interrupted: to a fresh repository, to `main`, to a
branch of its own."""


@click.command()
@click.option("--times", default=100, show_default=True, help="Interruptions.")
@click.option("--seed", default=1, show_default=True, help="Decides what happens when.")
def main(*, times: int, seed: int) -> None:
    """Interrupt publishing, and count what must never be."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    table: Counter[tuple[str, str]] = Counter()
    runs, violations = Counter[int](), list[str]()
    with (
        tempfile.TemporaryDirectory() as place,
        LoopbackHub(token=TOKEN, namespaces=["acme"], api_quota=10**9, resolver_quota=10**9) as hub,
    ):
        committed = make_repository(Path(place) / "project")
        trial = make_trial(hub, committed, Path(place) / "trial-0", (), OLD)
        hub.clear_requests()
        begun = time.monotonic()
        with trial.start() as process:
            output, _ = process.communicate()
        seconds, requests = time.monotonic() - begun, len(hub.requests)
        if process.returncode:
            sys.exit(output)
        click.echo(f"undisturbed: {seconds:.1f} s, {requests} requests")
        for number in range(1, times + 1):
            before, date = chance.choice(SCENES)
            trial = make_trial(hub, committed, Path(place) / f"trial-{number}", before, date)
            kind = interrupt(trial, chance, requests, seconds)
            reached = trial.look()
            needed = finish(trial, chance)
            table[kind, reached] += 1
            runs[needed] += 1
            if trial.look() != "git tag":
                trial.violations.append("the last run left something undone")
            violations += [f"{number}: {violation}" for violation in trial.violations]
            earlier = ", ".join(before) or "nothing"
            click.echo(
                f"{number:3}  {kind:18} {date} after {earlier:10}  reached {reached:8}"
                f" finished by run {needed}  {'; '.join(trial.violations) or 'good'}"
            )
    click.echo("\nwhat happened, and what was there then:")
    for (kind, reached), count in sorted(table.items()):
        click.echo(f"  {kind:18} {reached:8} {count:4}")
    click.echo(
        "runs of the same command until it was done: " + ", ".join(f"{n}: {runs[n]}" for n in sorted(runs))
    )
    click.echo(
        f"{times} interruptions, {len(violations)} violations (two commits, a wrong tag, a main without card)"
    )
    sys.exit(bool(violations))


if __name__ == "__main__":
    main()
