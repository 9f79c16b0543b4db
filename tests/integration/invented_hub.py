"""A small invented Hub: one repository per case that the steps must tell apart, in both import formats.

Only backbones and architectures are real names, since the curated files know no others.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from builder import stages
from builder.capture.description import (
    EvidenceFile,
    RecordCounts,
    compute_capture_id,
    read_description,
    to_json,
)
from builder.capture.store import ImportRequest, import_evidence
from builder.layout import EvidenceFolder, Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from builder.capture.evidence import JsonObject

ROOT = Path(__file__).resolve().parents[2]
EXPORT, LISTING, LATER = "2025-12-07", "2026-05-31", "2026-06-30"
"""The dates of the captures: the first is an export, the others are listings."""

TIMES = {EXPORT: "2025-12-07T15:26:59Z", LISTING: "2026-05-31T23:59:59Z", LATER: "2026-06-30T23:59:59Z"}
_NONE = "snapshots/none.json"
ECHO = "acme/Echo-7B-Instruct"
ECHO_WEIGHTS = 8_400_000_000
GB = 10**9


@dataclass(frozen=True)
class Repo:
    """One repository as the Hub holds it."""

    repo_id: str
    dtypes: dict[str, int] = field(default_factory=dict)
    model_type: str = "qwen2_audio"
    bases: tuple[str, ...] = ()
    relation: str | None = None
    hub_base: str | None = None
    tags: tuple[str, ...] = ()
    library: str = "transformers"
    storage: int = 17 * GB
    total: int | None = None
    gguf: int | None = None
    downloads: int = 100
    license: str = "apache-2.0"
    languages: tuple[str, ...] = ()
    hub_id: str | None = None
    gated: str | bool = False

    @property
    def hub_bases(self) -> tuple[str, ...]:
        """What the Hub makes of the card's bases: it follows a rename."""
        return self.bases if self.hub_base is None else (self.hub_base,)


def _full(repo_id: str, **more: object) -> Repo:
    return Repo(repo_id, {"BF16": ECHO_WEIGHTS}, **more)  # type: ignore[arg-type] # the names are the fields'


def _small(repo_id: str, weights: int, **more: object) -> Repo:
    return Repo(repo_id, {"BF16": weights}, storage=2 * weights, **more)  # type: ignore[arg-type] # as above


REPOS: tuple[Repo, ...] = (
    _full(ECHO, tags=("音声", "мова"), languages=("zh", "en"), downloads=9000),
    _full("borrower/Echo-7B-Singlish", bases=(ECHO,), relation="finetune"),
    Repo(
        "borrower/Echo-7B-Instruct-LoRA",
        {"BF16": 20_000_000},
        bases=(ECHO,),
        relation="adapter",
        library="peft",
        storage=45_000_000,
    ),
    _full("borrower/Echo-7B-Hindi-Adapter", bases=(ECHO,), relation="adapter", library="peft"),
    _full("zoo/Echo-Chant-7B", bases=("borrower/Echo-7B-Singlish", ECHO), relation="merge"),
    Repo(
        "quants/Echo-7B-Instruct-GGUF",
        model_type="",
        bases=(ECHO,),
        relation="quantized",
        tags=("gguf",),
        gguf=ECHO_WEIGHTS,
    ),
    Repo(
        "quants/Echo-7B-Instruct-AWQ",
        {"F16": 600_000_000, "I32": 1_000_000_000},
        bases=(ECHO,),
        relation="quantized",
        tags=("awq", "4-bit"),
        storage=6 * GB,
    ),
    Repo(
        "acme/Echo-7B-Instruct-FP8",
        {"BF16": 400_000_000, "F8_E4M3": 8_000_000_000},
        bases=(ECHO,),
        relation="quantized",
        storage=9 * GB,
    ),
    Repo(
        "ports/Echo-7B-Instruct-ONNX",
        model_type="",
        bases=(ECHO,),
        tags=("onnx",),
        library="transformers.js",
    ),
    _full("mirrors/Echo-7B-Instruct"),
    Repo("quants/acme_Echo-7B-Instruct-GGUF", model_type="", tags=("gguf",), gguf=ECHO_WEIGHTS),
    Repo("acme/Echo-14B", model_type="", library="", storage=1536),
    Repo(
        "listen/mumble-large",
        {"F32": 315_000_000},
        model_type="wav2vec2",
        storage=1_300_000_000,
        license="mit",
    ),
    Repo("acme/my-ultravox-llama-3_2-1b", {"BF16": 50_000_000}, model_type="ultravox", storage=100_000_000),
    Repo("acme/ultravox-mystery", {"BF16": 50_000_000}, model_type="ultravox", storage=100_000_000),
    _small("loop/Round-Alpha", 3_000_000_000, bases=("loop/Round-Beta",), relation="finetune"),
    _small("loop/Round-Beta", 3_100_000_000, bases=("loop/Round-Gamma",), relation="finetune"),
    _small("loop/Round-Gamma", 3_200_000_000, bases=("loop/Round-Alpha",), relation="finetune"),
    _small("loop/Selfish-3B", 3_300_000_000, bases=("loop/Selfish-3B",), relation="finetune"),
    _small("zoo/Orphan-3B", 3_350_000_000, bases=("gone/Nowhere-3B",), relation="finetune"),
    _small("zoo/Pathless-3B", 3_450_000_000, bases=("./checkpoints/last step",), relation="finetune"),
    _full("zoo/Sotto-7B", bases=("ACME/echo-7b-instruct",), relation="finetune"),
    _small("zoo/Twin-3B", 3_500_000_000, downloads=5000),
    _small("Zoo/twin-3b", 3_600_000_000),
    _small("zoo/Child-3B", 3_500_000_000, bases=("ZOO/TWIN-3B",), relation="finetune"),
    _full("zoo/Renamed-7B", bases=("acme/Echo-Old",), relation="finetune", hub_base=ECHO),
    Repo("acme/Tied-3B", {"BF16": 3_000_000_000}, storage=6 * GB, total=3_400_000_000),
)
BY_ID = {repo.repo_id: repo for repo in REPOS}


def _tags(repo: Repo) -> list[str]:
    bases = [f"base_model:{base}" for base in repo.hub_bases]
    related = [f"base_model:{repo.relation}:{base}" for base in repo.hub_bases if repo.relation]
    formats = ["safetensors"] if repo.dtypes else []
    library = [repo.library] if repo.library else []
    license_ = f"license:{repo.license}"
    task = "audio-text-to-text"
    said = [*library, *formats, task, *repo.tags, *repo.languages]
    return [*said, *bases, *related, license_, "region:us"]


def to_listing_row(repo: Repo) -> JsonObject:
    """A row of the Hub's list call."""
    row: JsonObject = {
        "id": repo.repo_id,
        "author": repo.repo_id.split("/", maxsplit=1)[0],
        "pipeline_tag": "audio-text-to-text",
        "tags": list(_tags(repo)),
        "downloads": repo.downloads,
        "likes": 3,
        "gated": repo.gated,
        "createdAt": "2025-06-01T00:00:00.000Z",
        "lastModified": "2025-11-27T01:04:29.000Z",
        "usedStorage": repo.storage,
        "cardData": {
            "license": repo.license,
            "base_model": list(repo.bases) or None,
            "language": list(repo.languages) or None,
        },
    }
    if repo.hub_id:
        row["_id"] = repo.hub_id
    if repo.library:
        row["library_name"] = repo.library
    if repo.relation and repo.hub_bases:
        row["baseModels"] = {"relation": repo.relation, "models": [{"id": base} for base in repo.hub_bases]}
    if repo.model_type:
        row["config"] = {"model_type": repo.model_type}
    if repo.dtypes:
        row["safetensors"] = {
            "parameters": dict(repo.dtypes),
            "total": repo.total or sum(repo.dtypes.values()),
        }
    if repo.gguf:
        row["gguf"] = {"total": repo.gguf}
    return row


def to_export_rows(repo: Repo) -> tuple[JsonObject, JsonObject]:
    """The same as a pair of rows of the export: rounded, with 0 and the empty text for unknown."""
    total = repo.total or sum(repo.dtypes.values())
    listing: JsonObject = {
        "id": repo.repo_id,
        "downloads": repo.downloads,
        "likes": 3,
        "lastModified": None,
        "author": None,
        "tags": list(_tags(repo)),
    }
    details: JsonObject = {
        "id": repo.repo_id,
        "author": repo.repo_id.split("/", maxsplit=1)[0],
        "downloads": repo.downloads,
        "likes": 3,
        "params_billions": round(total / 1e9, 2) if total else 0,
        "tensor_types": ", ".join(sorted(repo.dtypes)),
        "storage_gb": round(repo.storage / 2**30, 2),
        "architecture": "",
        "model_type": repo.model_type,
        "library_name": repo.library,
        "gated": False,
        "lastModified": "2025-11-27T01:04:29.000Z",
    }
    return listing, details


def make_empty_project(root: Path) -> Layout:
    """A project without evidence: the files that a build reads, and both dates in the making."""
    layout = Layout(root)
    layout.index.parent.mkdir(parents=True)
    for name in ("params.yaml", "dataset_card.md", "requirements.lock", "dvc.yaml", "snapshots/none.json"):
        shutil.copy(ROOT / name, root / name)
    write_index(layout)
    return layout


def write_index(
    layout: Layout,
    building: Iterable[str] = (EXPORT, LISTING),
    published: str = "{}",
    *,
    previous: Mapping[str, str] = MappingProxyType({}),
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """List dates as being built, or published; a date without a previous one is a first date."""
    lines = []
    for date in building:
        entry = {"previous": f"snapshots/{previous[date]}/manifest.json" if date in previous else _NONE}
        lines.append(
            f'  "{date}": {json.dumps(entry | ({"reason": reasons[date]} if date in reasons else {}))}'
        )
    made = "building:\n" + "\n".join(lines) if lines else "building: {}"
    layout.index.write_text(f"{made}\npublished: {published}\n")


def describe_published(layout: Layout, date: str, **others: str) -> str:
    """The entry of a date as if it were published with the bytes that lie there, for `write_index`."""
    fields = {
        "previous": "snapshots/none.json",
        "repo_id": "acme/audio-multimodal-models",
        "branch": "main",
        "tag": date,
        "hub_commit": "a" * 40,
        "code_commit": "b" * 40,
        "manifest_sha256": hashlib.sha256(layout.manifest(date).read_bytes()).hexdigest(),
    }
    return json.dumps({date: fields | others})


def import_repos(
    layout: Layout,
    date: str,
    repos: Iterable[Repo] = REPOS,
    *,
    seed: int | None = None,
    replace: bool = False,
) -> None:
    """Import rows of the given repositories as a date, in another order for each seed."""
    chosen = list(repos)
    if seed is not None:
        random.Random(seed).shuffle(chosen)  # noqa: S311 - an order, not a secret
    inputs = layout.work / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    if date == EXPORT:
        rows = [to_export_rows(repo) for repo in chosen]
        (inputs / "listing.json").write_text(json.dumps([pair[0] for pair in rows]))
        (inputs / "details.json").write_text(json.dumps([pair[1] for pair in reversed(rows)]))
        form, names = "export-2025", ["listing.json", "details.json"]
    else:
        lines = [json.dumps(to_listing_row(repo)) for repo in chosen]
        (inputs / "rows.jsonl").write_text("\n".join(lines))
        form, names = "hub-listing", ["rows.jsonl"]
    files = tuple(inputs / name for name in names)
    import_evidence(layout, ImportRequest(form, files, date, TIMES[date], replace=replace))


def make_project(root: Path) -> Layout:
    """A project with the evidence of both dates, not built yet."""
    layout = make_empty_project(root)
    for date in (EXPORT, LISTING):
        import_repos(layout, date)
    return layout


def build_date(layout: Layout, date: str) -> None:
    """Tables, manifest and card of a date."""
    stages.build_snapshot(layout, date)
    stages.write_card(layout, date)


def rewrite_evidence(
    layout: Layout, date: str, change: Callable[[list[JsonObject]], list[list[JsonObject]]]
) -> None:
    """Change the records of a capture, as shards, and let its description agree with the change.

    So a test reaches what comes behind the check of hashes.
    """
    evidence = EvidenceFolder(layout.capture(date))
    records = [json.loads(line) for shard in evidence.shards for line in shard.read_bytes().splitlines()]
    for shard in evidence.shards:
        shard.unlink()
    for number, some in enumerate(change(records)):
        evidence.records(number).write_text("".join(json.dumps(record) + "\n" for record in some))
    describe_again(evidence)


def describe_again(evidence: EvidenceFolder) -> None:
    """Let `capture.json` say what the files are now."""
    old = read_description(evidence.description.read_bytes(), "capture.json")
    files = {}
    for path in (*evidence.shards, evidence.observed, evidence.counts):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        files[path.name] = EvidenceFile(digest, len(content), content.count(b"\n"))
    held = sum(files[shard.name].lines for shard in evidence.shards)
    new = replace(
        old, files=files, capture_id=compute_capture_id(files), counts=RecordCounts(held, held, bases=0)
    )
    evidence.description.write_bytes(to_json(new))


def files_below(folder: Path) -> dict[str, bytes]:
    """Everything below a folder, hidden leftovers and empty folders included."""
    return {
        path.relative_to(folder).as_posix() + ("/" if path.is_dir() else ""): b""
        if path.is_dir()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


def leftovers(layout: Layout) -> list[str]:
    """What a build or an import puts down on its way and must take up again."""
    return [
        path.relative_to(layout.root).as_posix()
        for path in layout.root.rglob(".*")
        if path.name.startswith((".making-", ".aside", ".capture-"))
    ]
