"""The peer: the same questions in pandas, as scripts that keep a catalogue of models answer them.

It reads every line, normalises the fields, takes names apart, resolves bases, tells copies from models,
climbs to what each is a copy of and to the root of each line, sums over both and checks the columns. It holds
everything in memory, keeps no evidence for what it infers, gives no reasons for what is missing, follows one
base of each model, and knows nothing of what is packed or must be loaded besides: a lower bound of what a
plain program would take for what a build does.

    python -m benchmarks.scale.peer FOLDER OUTPUT
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd

METHOD = re.compile(r"[-_.](gguf|awq|gptq|bnb|fp8|mlx|int8|int4)(?![a-z0-9])", re.IGNORECASE)
"""What names say of how a copy is quantised."""
FORMATS = re.compile(
    r"(?:[-_.](?:gguf|awq|gptq|bnb|int4|int8|4bit|8bit|fp8|hf|onnx|mlx|i1|q\d(?:_k)?(?:_[sml])?))+$",
    re.IGNORECASE,
)
SIZE = re.compile(r"(?<![a-z0-9.])(\d{1,4}(?:\.\d{1,3})?)b(?![a-z0-9])", re.IGNORECASE)
LANGUAGE = re.compile(r"[a-z]{2,3}")
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
    based = listed.get("baseModels") or {}
    languages, declared = _to_list(card.get("language")), _to_list(card.get("base_model"))
    counts = (listed.get("safetensors") or {}).get("parameters") or {}
    gguf = listed.get("gguf") or {}
    config = listed.get("config") or {}
    return {
        "repo_id": record["repo_id"],
        "author": listed.get("author"),
        "pipeline_tag": listed.get("pipeline_tag"),
        "library_name": listed.get("library_name"),
        "model_type": config.get("model_type"),
        "created_at": listed.get("createdAt"),
        "last_modified": listed.get("lastModified"),
        "downloads": listed.get("downloads"),
        "downloads_all_time": listed.get("downloadsAllTime"),
        "likes": listed.get("likes"),
        "trending_score": listed.get("trendingScore"),
        "gated": str(listed.get("gated")).lower(),
        "license": _to_list(card.get("license")) or [tag[8:] for tag in tags if tag.startswith("license:")],
        "license_name": card.get("license_name"),
        "language": sorted({code for code in map(str, languages) if LANGUAGE.fullmatch(code)}),
        "datasets": sorted({tag[8:] for tag in tags if tag.startswith("dataset:")}),
        "tags": sorted({tag for tag in tags if not tag.startswith(("license:", "base_model:", "region:"))}),
        "relation": based.get("relation") or card.get("base_model_relation"),
        "base": next((base["id"] for base in based.get("models") or ()), None) or next(iter(declared), None),
        "parameters": sum(counts.values()) or gguf.get("total"),
        "dtype": max(counts, key=counts.__getitem__, default=None),
        "gguf": "gguf" in tags or bool(gguf),
        "context_length": gguf.get("context_length"),
    }


def _to_list(value: Any) -> list[Any]:  # noqa: ANN401 - a card may hold anything
    return value if isinstance(value, list) else [] if value is None else [value]


def resolve(models: pd.DataFrame) -> pd.DataFrame:
    """Names taken apart, bases resolved whatever their case, and what each model goes back to."""
    for column in ("created_at", "last_modified"):
        models[column] = pd.to_datetime(models[column], utc=True)
    name = models["repo_id"].str.rpartition("/")[2]
    models["method"] = name.str.extract(METHOD, expand=False).str.lower()
    models.loc[models["method"].isna() & models["gguf"], "method"] = "gguf"
    models["line"] = name.str.replace(FORMATS, "", regex=True).str.lower()
    models["stated_billions"] = name.str.extract(SIZE, expand=False).astype(float)
    spelling = (
        pd.Series(models["repo_id"].values, index=models["repo_id"].str.lower()).groupby(level=0).first()
    )
    models["parent"] = models["base"].str.lower().map(spelling)
    quantized = models["relation"].eq("quantized") | models["method"].notna()
    models["kind"] = (
        models["relation"].where(models["relation"].notna(), "original").mask(quantized, "quantized")
    )
    parent = dict(zip(models["repo_id"], models["parent"], strict=True))
    models["root"] = [climb(repo_id, parent) for repo_id in models["repo_id"]]
    copied = dict(zip(models["repo_id"], models["parent"].where(quantized), strict=True))
    models["unique_model"] = [climb(repo_id, copied) for repo_id in models["repo_id"]]
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


def add_up(models: pd.DataFrame, key: str) -> pd.DataFrame:
    """One row per value of `key`: what is told of a model with its copies, or of a line."""
    kinds = models.groupby([key, "kind"]).size().unstack(fill_value=0)
    sums = models.groupby(key).agg(
        repositories=("repo_id", "size"),
        unique_models=("unique_model", "nunique"),
        downloads=("downloads", "sum"),
        likes=("likes", "sum"),
        smallest=("parameters", "min"),
        largest=("parameters", "max"),
        first=("created_at", "min"),
        last=("last_modified", "max"),
    )
    return sums.join(kinds)


def check(models: pd.DataFrame) -> None:
    """What a careful script asserts of its columns."""
    if not models["repo_id"].is_unique:
        msg = "a repository stands twice"
        raise ValueError(msg)
    for name in ("downloads", "downloads_all_time", "likes", "parameters", "context_length"):
        if (models[name].dropna() < 0).any():
            msg = f"{name} below zero"
            raise ValueError(msg)
    if not models["repo_id"].str.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)?").all():
        msg = "an id that is none"
        raise ValueError(msg)
    if not models["kind"].isin(["original", "finetune", "adapter", "merge", "quantized"]).all():
        msg = "a kind that is none"
        raise ValueError(msg)
    if (models["last_modified"] < models["created_at"]).any():
        msg = "changed before it was made"
        raise ValueError(msg)
    if not models["gated"].isin(["false", "auto", "manual"]).all():
        msg = "gated is something else"
        raise ValueError(msg)


def main(evidence: Path, output: Path) -> None:
    """Read, resolve, sum, check, write."""
    models = resolve(read(evidence))
    check(models)
    tables = {
        "models": models,
        "unique_models": add_up(models, "unique_model"),
        "families": add_up(models, "root"),
    }
    output.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(output / f"{name}.parquet")
    sys.stdout.write(f"{json.dumps({name: len(table) for name, table in tables.items()})}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
