"""A small invented Hub on two dates, for the demo and for whoever wants to look around in one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from tests.hub.catalogue import Repository
from tests.hub.demo_models import demo_models
from tests.hub.demo_parts import ECHO_PARTS, TASK, echo_files, full_weights
from tests.hub.weights import gguf_file

FIRST, SECOND = "2026-01-07", "2026-02-07"
DATES = (FIRST, SECOND)


def _field(recognisers: int) -> Sequence[Repository]:
    """The tasks beside this one, of which only the number of models counts."""
    counts = {
        "automatic-speech-recognition": recognisers,
        "audio-classification": 12,
        "audio-to-audio": 5,
        "text-to-audio": 4,
        "text-to-speech": 9,
        "voice-activity-detection": 2,
    }
    return [
        Repository(f"demo-field/{task}-{number:05}", pipeline_tag=task, downloads=number % 97)
        for task, count in counts.items()
        for number in range(count)
    ]


def _moved(repo: Repository) -> Repository:
    """The same repository a month later: downloads rise and fall, likes creep up."""
    step = hashlib.sha256(repo.repo_id.encode()).digest()[0]
    downloads = repo.downloads * (80 + step % 60) // 100
    return replace(
        repo,
        downloads=downloads,
        downloads_all_time=repo.downloads_all_time + downloads,
        likes=repo.likes + step % 4,
    )


def first_catalogue(recognisers: int = 2300) -> list[Repository]:
    """The Hub on the first date."""
    return [*demo_models(), *_field(recognisers)]


def second_catalogue(recognisers: int = 2340) -> list[Repository]:
    """The Hub a month later: one model new, one gone, one renamed, one with more files."""
    before = {repo.repo_id: repo for repo in first_catalogue(recognisers)}
    del before["demo-merges/Echo-Blend-7B"]
    gguf = before["demo-quants/Echo-7B-Instruct-GGUF"]
    more = gguf_file(
        {"blk.0.ffn_gate": 7_000_000 * 1024, "output": 156_032 * 4096},
        dtype="Q6_K",
        architecture="qwen2",
        vocabulary=2_000,
        seed="Q6_K",
    )
    changed = replace(
        gguf,
        files={**gguf.files, "Echo-7B-Instruct-Q6_K.gguf": more},
        last_modified="2026-01-25T17:00:00.000Z",
    )
    awq = before["demo-quants/Echo-7B-AWQ"].renamed("demo-quants/Echo-7B-Instruct-AWQ")
    new = full_weights(
        "demo-labs/Echo-2-7B-Instruct",
        echo_files(),
        ECHO_PARTS,
        pipeline_tag=TASK,
        card_data={"license": "apache-2.0", "language": ["en", "zh", "hi"]},
        created_at="2026-01-20T12:00:00.000Z",
        last_modified="2026-01-30T12:00:00.000Z",
        downloads=12_000,
        likes=160,
        trending_score=55,
    )
    swapped = {gguf.repo_id: changed, "demo-quants/Echo-7B-AWQ": awq}
    return [*(_moved(swapped.get(repo_id, repo)) for repo_id, repo in before.items()), new]


CATALOGUES = {FIRST: first_catalogue, SECOND: second_catalogue}
"""Date → what makes the Hub of that date."""
