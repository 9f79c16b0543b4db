"""Evidence of N models in a project of its own: equal arguments give equal bytes, in however many processes.

Audio models are drawn after the repositories of the date 2025-12-07, the others after `lines.py`; `plan.py`
says what builds on what, and `shapes.json` how often what stands in a row of the Hub's lists.

    python -m benchmarks.scale.grow --models 100000 --project FOLDER
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import TypeVar

import click
import orjson
import polars as pl

from benchmarks.scale.lines import DESIGNS, read_lines
from benchmarks.scale.plan import Plan
from benchmarks.scale.rows import Rows
from benchmarks.scale.shapes import read_shapes
from builder.capture.description import (
    SHAPE,
    CaptureDescription,
    EvidenceFile,
    Observed,
    RecordCounts,
    compute_capture_id,
    to_json,
)
from builder.capture.evidence import Observation, TaskCount, to_line
from builder.layout import RECORDS_PER_SHARD, EvidenceFolder, Layout

DATE = "2026-05-31"
READ = f"{DATE}T23:59:59Z"
TEMPLATES = "2025-12-07"
ROOT = Path(__file__).resolve().parents[2]

Argument = TypeVar("Argument")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Growth:
    """What is grown: everything else follows from it, in whichever process."""

    models: int
    seed: int = 1

    def plan(self) -> Plan:
        """The models, with the lines of the built date among them."""
        columns = ["repo_id", "model_type", "architectures", "pipeline_tag", "library_name", "tags"]
        rows = pl.read_parquet(Layout(ROOT).table_files(TEMPLATES, "models"), columns=columns)
        return Plan(self.models, self.seed, read_lines(rows.to_dicts()))


def name_models(growth: Growth, numbers: range) -> list[str]:
    """Ids of some models."""
    return list(map(growth.plan().repo_id, numbers))


def write_shard(growth: Growth, records: Path, observed: Path, numbers: Sequence[int]) -> EvidenceFile:
    """Write the records of some models in the order given, and when they were read."""
    rows = Rows(growth.plan(), read_shapes(growth.seed, without=DESIGNS))
    with records.open("wb") as stream, observed.open("wb") as times:
        for record in map(rows.record, numbers):
            stream.write(to_line(record))
            times.write(to_line(Observation(record.repo_id, "list", None, READ)))
    return describe_file(records)


def describe_file(path: Path) -> EvidenceFile:
    """What capture.json says of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = stream.tell()
        stream.seek(0)
        return EvidenceFile(digest, size, sum(1 for _ in stream))


def prepare_project(project: Path, date: str) -> Layout:
    """Write what a build needs around evidence of one date."""
    layout = Layout(project)
    layout.index.parent.mkdir(parents=True, exist_ok=True)
    for name in ("dvc.yaml", "params.yaml", "dataset_card.md", "requirements.lock"):
        shutil.copy(ROOT / name, project / name)
    shutil.copy(Layout(ROOT).no_previous, layout.no_previous)
    layout.index.write_text(
        f'building:\n  "{date}":\n    previous: snapshots/none.json\n\npublished: {{}}\n', encoding="utf-8"
    )
    return layout


def grow(models: int, project: Path, seed: int = 1, processes: int | None = None) -> Path:
    """Write the evidence of that many models, and what a build needs around it; the folder of evidence."""
    layout = prepare_project(project, DATE)
    evidence = EvidenceFolder(layout.capture(DATE))
    shutil.rmtree(layout.snapshot(DATE), ignore_errors=True)
    evidence.folder.mkdir(parents=True)
    files = _write_records(Growth(models, seed), evidence, processes or os.cpu_count() or 1)
    count = TaskCount(
        "audio-text-to-text", models, exact=True, counted_at=None, not_after=READ, source="grown"
    )
    evidence.counts.write_bytes(to_line(count))
    files |= {path.name: describe_file(path) for path in (evidence.counts, evidence.observed)}
    description = CaptureDescription(
        shape=SHAPE,
        capture_id=compute_capture_id(files),
        kind="import",
        format="hub-listing",
        date=DATE,
        origin=None,
        inputs=(),
        observed=Observed(not_before=None, not_after=READ),
        counts=RecordCounts(models, models, bases=0),
        files=dict(sorted(files.items())),
        left_out=(),
        dropped=(),
        cleaned=(),
    )
    evidence.description.write_bytes(to_json(description))
    return evidence.folder


def _write_records(growth: Growth, evidence: EvidenceFolder, processes: int) -> dict[str, EvidenceFile]:
    chunks = [
        range(start, min(start + RECORDS_PER_SHARD, growth.models))
        for start in range(0, growth.models, RECORDS_PER_SHARD)
    ]
    ids = [
        repo_id
        for named in _map(partial(name_models, growth), [(chunk,) for chunk in chunks], processes)
        for repo_id in named
    ]
    order = sorted(range(growth.models), key=ids.__getitem__)
    del ids
    parts = [evidence.folder / f"observed-{shard}.part" for shard in range(len(chunks))]
    shards = [
        (evidence.records(shard), parts[shard], order[chunk.start : chunk.stop])
        for shard, chunk in enumerate(chunks)
    ]
    described = _map(partial(write_shard, growth), shards, processes)
    files = {path.name: file for (path, _, _), file in zip(shards, described, strict=True)}
    with evidence.observed.open("wb") as observed:
        for part in parts:
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, observed)
            part.unlink()
    return files


def _map(do: Callable[..., Result], arguments: Sequence[tuple[object, ...]], processes: int) -> list[Result]:
    """The results in order, from several processes where there is work for them."""
    if min(processes, len(arguments)) <= 1:
        return list(starmap(do, arguments))
    # Spawned, as threads of polars do not survive a fork; nothing here makes circles of objects to look for.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=gc.disable) as pool:
        return [task.result() for task in [pool.submit(do, *given) for given in arguments]]


@click.command()
@click.option("--models", default=100_000, show_default=True)
@click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to make a project in.",
)
@click.option("--seed", default=1, show_default=True)
def main(*, models: int, project: Path, seed: int) -> None:
    """Grow evidence, and say how large it is."""
    folder = grow(models, project, seed)
    size = sum(path.stat().st_size for path in folder.glob("records-*.jsonl"))
    click.echo(orjson.dumps({"models": models, "bytes": size, "bytes_per_record": size // models}).decode())


if __name__ == "__main__":
    main()
