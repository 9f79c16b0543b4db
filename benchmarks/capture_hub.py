"""Measures captures on the loopback Hub: calls, seconds and peak memory, fresh and with nothing changed.

python -m benchmarks.capture_hub --models 151 --bases 60 --latency-ms 100
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from tests.hub.catalogue import Repository
from tests.hub.demo import ROOT, make_project
from tests.hub.server import LoopbackHub

WEIGHTS = {"BF16": 8_400_000_000}


def make_catalogue(models: int, bases: int) -> list[Repository]:
    """Audio-language models, each a finetune of one of the bases."""
    config = {"model_type": "qwen2_audio", "architectures": ["Qwen2AudioForConditionalGeneration"]}
    roots = [
        Repository(f"bench-bases/base-{number}", pipeline_tag="text-generation", safetensors=WEIGHTS)
        for number in range(bases)
    ]
    members = [
        Repository(
            f"bench-models/model-{number}",
            pipeline_tag="audio-text-to-text",
            config=config,
            safetensors=WEIGHTS,
            base_models=(f"bench-bases/base-{number % bases}",),
            card_data={"base_model": f"bench-bases/base-{number % bases}"},
        )
        for number in range(models)
    ]
    return [*roots, *members]


@click.command()
@click.option("--models", default=151)
@click.option("--bases", default=60)
@click.option("--latency-ms", default=100)
def main(models: int, bases: int, latency_ms: int) -> None:
    """Capture yesterday afresh and today with nothing changed, and print what each took."""
    today = datetime.now(UTC).date()
    dates = [(today - timedelta(days=1)).isoformat(), today.isoformat()]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        make_project(root, *dates)
        with LoopbackHub(make_catalogue(models, bases), latency_s=latency_ms / 1000) as hub:
            environment = {**os.environ, "HF_ENDPOINT": hub.endpoint, "HF_HUB_OFFLINE": "0"}
            environment |= {"PYTHONPATH": str(ROOT), "HF_HOME": folder}
            for date in dates:
                hub.clear_requests()
                begun = time.monotonic()
                command = ["capture", "--date", date, "--scope", "audio-text-to-text"]
                subprocess.run(  # noqa: S603 - our own command
                    [sys.executable, "-m", "builder", *command],
                    cwd=root,
                    env=environment,
                    check=True,
                    capture_output=True,
                )
                seconds = time.monotonic() - begun
                peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                heads = sum(logged.method == "HEAD" for logged in hub.requests)
                click.echo(
                    f"{date}: {hub.counts['api']} API calls, {hub.counts['resolvers']} of files "
                    f"({heads} HEAD), {seconds:.1f} s, peak {peak:.0f} MiB"
                )


if __name__ == "__main__":
    main()
