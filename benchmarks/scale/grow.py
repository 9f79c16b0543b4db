"""Evidence of N models that are spread as the models of a built date are, in a project of its own.

Every record is drawn after a repository of the date: its tags, licence, languages, library, design and data
types come from one real row. What a date of 151 rows cannot show is stated here with its source, read off
1,051 rows of the Hub's lists in May 2026: 57 % declare a base, 31 % have tags of a card, 9 % are quantised.
Equal arguments give equal bytes.

    python -m benchmarks.scale.grow --models 100000 --project FOLDER
"""

from __future__ import annotations

import hashlib
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import orjson
import polars as pl

from builder.capture.description import (
    CaptureDescription,
    EvidenceFile,
    Observed,
    RecordCounts,
    compute_capture_id,
    to_json,
)
from builder.capture.evidence import HUB_PARTS, Observation, Record, TaskCount, to_line
from builder.layout import RECORDS_PER_SHARD, EvidenceFolder, Layout

DATE = "2026-05-31"
READ = f"{DATE}T23:59:59Z"
ROOT = Path(__file__).resolve().parents[2]

AUDIO = 0.01
"""Share of records that stay what their template is; the others are made of its tags, for another task."""
TASKS = (
    ("text-generation", 0.45), ("text-classification", 0.12), ("text-to-image", 0.12), ("fill-mask", 0.05),
    ("automatic-speech-recognition", 0.03), ("image-classification", 0.06), ("reinforcement-learning", 0.07),
    ("feature-extraction", 0.05), ("text-to-speech", 0.05),
)  # fmt: skip
"""Tasks of the others, about as the Hub's pages count them."""
AUDIO_WORD = re.compile(r"audio|speech|voice|asr|whisper|voxtral|omni|sound|music|ultravox", re.IGNORECASE)

DESIGNS = (
    "llama",
    "qwen2",
    "qwen3",
    "mistral",
    "bert",
    "roberta",
    "gemma2",
    "phi3",
    "vit",
    "gpt2",
    "whisper",
    "t5",
)
"""Designs of the others, as tags."""

WITH_BASE = 0.57
"""Share of records that build on another."""
ODD_EDGE = 0.001
"""Share of edges that close a circle, and as many that lead to their own record."""
DANGLING = 0.05
"""Share of edges that lead to an id that no record has."""
OTHER_CASE = 0.01
"""Share of edges that spell their base in other letters."""
DEPTH = 20
"""Steps of the longest chain."""
CHAIN_EVERY = 1_000
"""One such chain begins with every so many records; others are as long as chance makes them."""
SUFFIXES = (
    ("", 0.66), ("-GGUF", 0.09), ("-AWQ", 0.02), ("-GPTQ", 0.02), ("-4bit", 0.02), ("-lora", 0.06),
    ("-finetuned", 0.08), ("-hf", 0.02), ("-copy", 0.01), ("-v2", 0.02),
)  # fmt: skip
"""Endings of names and their shares."""
PACKED = {"-AWQ": "I32", "-GPTQ": "I32", "-4bit": "U32"}
SIZES = (0.1, 0.5, 1, 1.5, 3, 4, 7, 8, 14, 27, 32, 70)
"""Billions of parameters, as names state them."""


@dataclass(frozen=True)
class Model:
    """One invented repository before it becomes a record."""

    repo_id: str
    template: int
    size: float
    suffix: str
    base: int | None
    depth: int
    edge: str


def read_templates(layout: Layout, date: str) -> list[dict[str, Any]]:
    """The rows of a built date after which records are drawn."""
    columns = ("tags", "license", "language", "library_name", "pipeline_tag", "model_type", "gated")
    rows = pl.read_parquet(layout.table_files(date, "models"), columns=[*columns, "repo_id"])
    return rows.sort("repo_id").to_dicts()


def draw_models(count: int, templates: list[dict[str, Any]], seed: int) -> list[Model]:
    """The models in the order in which they were made: a base is older than what builds on it."""
    draw = random.Random(seed)  # noqa: S311 - for spread, not for secrets
    lines = sorted({row["repo_id"].partition("/")[2].split("-")[0].lower() for row in templates})
    suffixes, weights = zip(*SUFFIXES, strict=True)
    models: list[Model] = []
    for number in range(count):
        # A few owners have thousands of repositories, most have a few.
        owner = int(count / 5 * draw.random() ** 3)
        suffix = draw.choices(suffixes, weights)[0]
        size = draw.choice(SIZES)
        name = f"{draw.choice(lines)}{draw.randrange(9)}-{size:g}b-r{number}{suffix}"
        base = _draw_base(draw, number)
        depth = 0 if base is None else models[base].depth + 1
        if depth > DEPTH:
            base, depth = None, 0
        edge = "quantized" if suffix in {"-GGUF", *PACKED} else "adapter" if suffix == "-lora" else "finetune"
        template = draw.randrange(len(templates))
        models.append(Model(f"owner-{owner:06d}/{name}", template, size, suffix, base, depth, edge))
    return models


def _draw_base(draw: random.Random, number: int) -> int | None:
    """An older model; half of all build on one of few, as on the Hub."""
    place = number % CHAIN_EVERY
    if place <= DEPTH:
        return None if place == 0 else number - 1
    if draw.random() >= WITH_BASE:
        return None
    return draw.randrange(min(number, 500)) if draw.random() < 0.5 else draw.randrange(number)  # noqa: PLR2004


def to_records(models: list[Model], templates: list[dict[str, Any]], seed: int) -> Iterator[Record]:
    """The records in the order of their ids."""
    draw = random.Random(seed + 1)  # noqa: S311 - as above
    absent = {part: "not_captured" for part in HUB_PARTS if part != "list"}
    order = sorted(range(len(models)), key=lambda number: models[number].repo_id)
    created = datetime(2022, 1, 1, tzinfo=UTC)
    tasks, shares = zip(*TASKS, strict=True)
    own_words = {row["model_type"] for row in templates} | {row["pipeline_tag"] for row in templates}
    for number in order:
        model, row = models[number], templates[models[number].template]
        base = _choose_base(draw, models, number)
        task, tags = row["pipeline_tag"], list(row["tags"] or ())
        if draw.random() >= AUDIO:
            task = draw.choices(tasks, shares)[0]
            tags = [tag for tag in tags if tag not in own_words and not AUDIO_WORD.search(tag)]
            tags += [task, draw.choice(DESIGNS), "safetensors"]
        tags += [f"license:{name}" for name in row["license"] or ()]
        if base is not None:
            tags += [f"base_model:{base}", f"base_model:{model.edge}:{base}"]
        tags.append("region:us")
        born = created + timedelta(minutes=(number * 7919) % 2_000_000)
        listed: dict[str, Any] = {
            "_id": hashlib.blake2b(model.repo_id.encode(), digest_size=12).hexdigest(),
            "author": model.repo_id.partition("/")[0],
            "baseModels": None if base is None else {"relation": model.edge, "models": [{"id": base}]},
            "cardData": _card(draw, row, base),
            "createdAt": f"{born:%Y-%m-%dT%H:%M:%S}.000Z",
            "downloads": int(1 / (draw.random() + 1e-6)),
            "downloadsAllTime": int(40 / (draw.random() + 1e-6)),
            "gated": False if draw.random() < 0.97 else "auto",  # noqa: PLR2004 - the share of open ones
            "gguf": None,
            "id": model.repo_id,
            "lastModified": f"{born + timedelta(hours=9):%Y-%m-%dT%H:%M:%S}.000Z",
            "library_name": row["library_name"],
            "likes": int(0.5 / (draw.random() + 1e-4)),
            "pipeline_tag": task if draw.random() < 0.7 else None,  # noqa: PLR2004
            "safetensors": _count(draw, model),
            "sha": hashlib.blake2b(model.repo_id.encode(), digest_size=20).hexdigest(),
            "tags": tags,
            "trendingScore": 0.0,
        }
        yield Record(model.repo_id, "member", {"list": listed}, absent)


def _choose_base(draw: random.Random, models: list[Model], number: int) -> str | None:
    base = models[number].base
    if base is None:
        return None
    kind = draw.random()
    if kind < ODD_EDGE:
        return models[number].repo_id
    if kind < 2 * ODD_EDGE:
        # Its base's base is itself where that one is drawn to build on it: a circle of two and more.
        return models[min(number + 1, len(models) - 1)].repo_id
    if kind < 2 * ODD_EDGE + DANGLING:
        return f"{models[base].repo_id}-gone"
    name = models[base].repo_id
    return name.upper() if kind < 2 * ODD_EDGE + DANGLING + OTHER_CASE else name


def _card(draw: random.Random, row: dict[str, Any], base: str | None) -> dict[str, Any]:
    card: dict[str, Any] = {"license": (row["license"] or [None])[0]}
    if row["language"] and draw.random() < 0.5:  # noqa: PLR2004
        card["language"] = row["language"] if len(row["language"]) > 1 else row["language"][0]
    if base is not None:
        card["base_model"] = [base] if draw.random() < 0.7 else base  # noqa: PLR2004
    return {name: value for name, value in card.items() if value is not None}


def _count(draw: random.Random, model: Model) -> dict[str, Any] | None:
    if model.suffix == "-GGUF" or draw.random() < 0.2:  # noqa: PLR2004 - the share of lists without counts
        return None
    elements = int(model.size * 1e9) + draw.randrange(100_000_000)
    if model.suffix in PACKED:
        parts = {PACKED[model.suffix]: elements // 8, "F16": elements // 50}
    else:
        parts = {draw.choice(("BF16", "F16", "F32")): elements}
    return {"parameters": parts, "total": sum(parts.values())}


def grow(models: int, project: Path, seed: int = 1) -> Path:
    """Write the evidence of that many models, and what a build needs around it; the folder of evidence."""
    layout = Layout(project)
    evidence = EvidenceFolder(layout.capture(DATE))
    shutil.rmtree(layout.snapshot(DATE), ignore_errors=True)
    evidence.folder.mkdir(parents=True)
    for name in ("dvc.yaml", "params.yaml", "dataset_card.md", "requirements.lock"):
        shutil.copy(ROOT / name, project / name)
    shutil.copy(ROOT / "snapshots" / "none.json", layout.no_previous)
    layout.index.write_text(f'building:\n  "{DATE}":\n    previous: snapshots/none.json\n\npublished: {{}}\n')
    templates = read_templates(Layout(ROOT), "2025-12-07")
    drawn = draw_models(models, templates, seed)
    files: dict[str, EvidenceFile] = {}
    records = to_records(drawn, templates, seed)
    with evidence.observed.open("wb") as observed:
        for shard, start in enumerate(range(0, models, RECORDS_PER_SHARD)):
            with evidence.records(shard).open("wb") as stream:
                for _ in range(min(RECORDS_PER_SHARD, models - start)):
                    record = next(records)
                    stream.write(to_line(record))
                    observed.write(to_line(Observation(record.repo_id, "list", None, READ)))
    count = TaskCount(
        "audio-text-to-text", models, exact=True, counted_at=None, not_after=READ, source="grown"
    )
    evidence.counts.write_bytes(to_line(count))
    for path in (evidence.counts, evidence.observed, *evidence.shards):
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
            stream.seek(0)
            files[path.name] = EvidenceFile(digest, size, sum(1 for _ in stream))
    description = CaptureDescription(
        shape=1,
        capture_id=compute_capture_id(files),
        kind="import",
        format="hub-listing",
        date=DATE,
        origin=None,
        inputs=(),
        observed=Observed(not_before=None, not_after=READ),
        counts=RecordCounts(models, models, bases=0),
        files=files,
        left_out=(),
        dropped=(),
        cleaned=(),
    )
    evidence.description.write_bytes(to_json(description))
    return evidence.folder


@click.command()
@click.option("--models", default=100_000, show_default=True)
@click.option(
    "--project", type=click.Path(path_type=Path), required=True, help="Folder to make a project in."
)
@click.option("--seed", default=1, show_default=True)
def main(*, models: int, project: Path, seed: int) -> None:
    """Grow evidence, and say how large it is."""
    project.mkdir(parents=True, exist_ok=True)
    folder = grow(models, project, seed)
    size = sum(path.stat().st_size for path in folder.glob("records-*.jsonl"))
    click.echo(orjson.dumps({"models": models, "bytes": size, "bytes_per_record": size // models}).decode())


if __name__ == "__main__":
    main()
