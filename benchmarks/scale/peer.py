"""The peer: the same questions in pandas, as scripts that keep a catalogue of models answer them.

It reads every line, normalises the fields, takes names apart, resolves bases, climbs to the root of each
line, sums over roots and checks the columns. It holds everything in memory, keeps no evidence for what it
infers, gives no reasons for what is missing, and knows nothing of kinds, packed weights or what must be
loaded: a lower bound of what a plain program would take for what a build does.

    python -m benchmarks.scale.peer FOLDER OUTPUT
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd

FORMATS = re.compile(r"[-_.](?:gguf|awq|gptq|4bit|8bit|fp8|hf|onnx|mlx|q\d(?:_k)?(?:_[ms])?)$", re.IGNORECASE)
SIZE = re.compile(r"(?<![a-z0-9.])(\d{1,4}(?:\.\d{1,3})?)b(?![a-z0-9])", re.IGNORECASE)
MAX_STEPS = 64


def read(evidence: Path) -> pd.DataFrame:
    """One row per record with its fields normalised."""
    rows = []
    for shard in sorted(evidence.glob("records-*.jsonl")):
        with shard.open(encoding="utf-8") as stream:
            rows += [normalise(json.loads(line)) for line in stream]
    return pd.DataFrame.from_records(rows)


def normalise(record: dict[str, Any]) -> dict[str, Any]:
    """The fields of one record, typed."""
    listed = record["parts"]["list"]
    card = listed.get("cardData") or {}
    tags = listed.get("tags") or []
    language = card.get("language") or []
    bases = (listed.get("baseModels") or {}).get("models") or []
    declared = card.get("base_model") or []
    declared = declared if isinstance(declared, list) else [declared]
    counts = (listed.get("safetensors") or {}).get("parameters") or {}
    return {
        "repo_id": record["repo_id"],
        "author": listed.get("author"),
        "pipeline_tag": listed.get("pipeline_tag"),
        "library_name": listed.get("library_name"),
        "created_at": listed.get("createdAt"),
        "last_modified": listed.get("lastModified"),
        "downloads": listed.get("downloads"),
        "likes": listed.get("likes"),
        "gated": str(listed.get("gated")).lower(),
        "license": card.get("license") or next((t[8:] for t in tags if t.startswith("license:")), None),
        "language": sorted({language} if isinstance(language, str) else {str(code) for code in language}),
        "tags": sorted({tag for tag in tags if ":" not in tag}),
        "base": next((base["id"] for base in bases), None) or next(iter(declared), None),
        "parameters": sum(counts.values()) or None,
    }


def resolve(models: pd.DataFrame) -> pd.DataFrame:
    """Names taken apart, bases resolved whatever their case, and the root of each line."""
    models["created_at"] = pd.to_datetime(models["created_at"], utc=True)
    models["last_modified"] = pd.to_datetime(models["last_modified"], utc=True)
    name = models["repo_id"].str.rpartition("/")[2]
    models["quantized"] = name.str.contains(FORMATS)
    models["line"] = name.str.replace(FORMATS, "", regex=True).str.lower()
    models["stated_billions"] = name.str.extract(SIZE, expand=False).astype(float)
    spelling = (
        pd.Series(models["repo_id"].values, index=models["repo_id"].str.lower()).groupby(level=0).first()
    )
    models["parent"] = models["base"].str.lower().map(spelling)
    parent = dict(zip(models["repo_id"], models["parent"], strict=True))
    models["root"] = [climb(repo_id, parent) for repo_id in models["repo_id"]]
    return models


def climb(repo_id: str, parent: dict[str, Any]) -> str:
    """The last id on the way up; the smallest of a circle."""
    seen = [repo_id]
    for _ in range(MAX_STEPS):
        above = parent.get(seen[-1])
        if not isinstance(above, str):
            return seen[-1]
        if above in seen:
            return min(seen[seen.index(above) :])
        seen.append(above)
    return seen[-1]


def sum_lines(models: pd.DataFrame) -> pd.DataFrame:
    """One row per root."""
    return models.groupby("root").agg(
        repositories=("repo_id", "size"),
        downloads=("downloads", "sum"),
        likes=("likes", "sum"),
        quantized=("quantized", "sum"),
        smallest=("parameters", "min"),
        largest=("parameters", "max"),
        first=("created_at", "min"),
        last=("last_modified", "max"),
    )


def check(models: pd.DataFrame) -> None:
    """What a careful script asserts of its columns."""
    if not models["repo_id"].is_unique:
        msg = "a repository stands twice"
        raise ValueError(msg)
    for name in ("downloads", "likes", "parameters"):
        if (models[name].dropna() < 0).any():
            msg = f"{name} below zero"
            raise ValueError(msg)
    if not models["repo_id"].str.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)?").all():
        msg = "an id that is none"
        raise ValueError(msg)
    if not models["gated"].isin(["false", "auto", "manual"]).all():
        msg = "gated is something else"
        raise ValueError(msg)


def main(evidence: Path, output: Path) -> None:
    """Read, resolve, sum, check, write."""
    models = resolve(read(evidence))
    check(models)
    families = sum_lines(models)
    output.mkdir(parents=True, exist_ok=True)
    models.to_parquet(output / "models.parquet")
    families.to_parquet(output / "families.parquet")
    sys.stdout.write(f"{len(models)} {len(families)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
