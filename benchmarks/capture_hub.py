"""Measures captures on the loopback Hub: calls, seconds, peak memory, counting, reading of headers.

python -m benchmarks.capture_hub --models 151 --bases 60 --latency-ms 100
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from huggingface_hub import constants

from builder.capture.crawl.fetched import Fetched
from builder.capture.crawl.lists import DETAIL_FIELDS, FieldChoice, count_list
from builder.capture.crawl.repository import fetch_detail, split_files
from builder.capture.crawl.scopes import Scope
from builder.capture.crawl.weights import read_headers
from builder.capture.crawl.workers import SHARDS_AT_ONCE
from builder.capture.hub.answers import AnswerStore
from builder.capture.hub.client import HubClient, Patience
from tests.hub.catalogue import Repository
from tests.hub.demo import ROOT, make_project
from tests.hub.server import LoopbackHub
from tests.hub.weights import safetensors_shards, shapes

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


def count_task(models: int) -> None:
    """Count one large task."""
    catalogue = [
        Repository(f"bench-field/model-{number:05}", pipeline_tag="automatic-speech-recognition")
        for number in range(models)
    ]
    scope = Scope(
        "automatic-speech-recognition", {"pipeline_tag": "automatic-speech-recognition"}, "count", 0
    )
    with LoopbackHub(catalogue) as hub, tempfile.TemporaryDirectory() as folder:
        constants.ENDPOINT = hub.endpoint
        listed = count_list(HubClient(AnswerStore(Path(folder)), Patience()), scope)
        click.echo(f"{len(listed.rows)} models counted with {hub.counts['api']} calls")


def read_shards(shards: int, latency_ms: int) -> None:
    """Read the headers of one model of many shards that the Hub has not counted."""
    tensors = shapes({f"model.layers.{number}.mlp": 64 * 2**20 for number in range(shards * 10)})
    files = safetensors_shards(tensors, shards)
    model = Repository("bench-models/large", pipeline_tag="audio-text-to-text", files=files)
    with LoopbackHub([model], latency_s=latency_ms / 1000) as hub, tempfile.TemporaryDirectory() as folder:
        constants.ENDPOINT = hub.endpoint
        client = HubClient(AnswerStore(Path(folder)), Patience())
        detail, answer = fetch_detail(client, model.repo_id, FieldChoice(DETAIL_FIELDS))
        if detail is None:
            raise SystemExit(f"the Hub answered {answer.status}")
        found = Fetched(model.repo_id)
        found.parts["detail"], found.parts["files"] = split_files(detail)
        found.times["files"] = answer.observed_at
        with ThreadPoolExecutor(SHARDS_AT_ONCE) as pool:
            begun = time.monotonic()
            read_headers(client, pool, found, detail, {})
            seconds = time.monotonic() - begun
        if not found.parts["headers"]["files"] or found.notes:
            raise SystemExit("the headers were not counted")
        click.echo(
            f"{len(files) - 1} shards in {seconds:.1f} s, {(len(files) - 1) / seconds:.0f} a second, "
            f"{SHARDS_AT_ONCE} in parallel"
        )


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
    count_task(27_000)
    read_shards(200, latency_ms)


if __name__ == "__main__":
    main()
