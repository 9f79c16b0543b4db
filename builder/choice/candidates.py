"""Candidates: each distinct audio-language model with each variant that loads it.

The contract with the tables, for whoever feeds this (the command line, the page). Rows are mappings
from column to value, as `polars.DataFrame.to_dicts` makes them:

- `unique_models`: unique_model_id, title, audio_language_model, audio_max_s, context_length, language,
  required_licenses, required_gated, downloads
- `models`: repo_id, unique_model_id, model_type, audio_tokens_per_s, gated, library_name
- `variants`: all columns but snapshot_date
- `evaluations`: repo_id, dataset_id, metric, source, value, observed_at, and language where there is one
- `runtimes`: model_type, runtime, status, audio_max_s, over_length, evidence_url

The last two may be empty: then no error rate is known, and nothing is stated to run anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from builder.choice.accuracy import ErrorRates, collect_error_rates
from builder.choice.licenses import Use, judge_licenses

Row = Mapping[str, Any]

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "unique_models": (
        *("unique_model_id", "title", "audio_language_model", "audio_max_s", "context_length", "language"),
        *("required_licenses", "required_gated", "downloads"),
    ),
    "models": ("repo_id", "unique_model_id", "model_type", "audio_tokens_per_s", "gated", "library_name"),
    "variants": (
        *("repo_id", "variant", "path_group", "basis", "paths", "weights_bytes", "overhead_bytes"),
        *("kv_cache_bytes_3min", "kv_cache_bytes_30min", "kv_cache_bytes_60min"),
    ),
}
"""Columns that are read of each table that every date has."""

OPTIONAL: Final = ("evaluations", "runtimes")
"""Tables that a date may lack, since they are younger than the first dates."""


@dataclass(frozen=True)
class Variant:
    """One way to load a model: published files, or an estimate for a precision."""

    repo_id: str
    variant: str
    row: Row
    model_type: str | None
    audio_tokens_per_s: float | None
    declared: str | None
    """Runtime that file format or repository name, without a source that says that it works there."""

    runtimes: tuple[Row, ...]
    """What is stated of runtimes that can load this form of the weights."""

    @property
    def has_files(self) -> bool:
        """Whether its size is that of published files."""
        return bool(self.row["basis"] == "files")

    @property
    def paths(self) -> tuple[str, ...]:
        """Files to take, without names; none for an estimate."""
        return tuple(self.row["paths"] or ())


@dataclass(frozen=True)
class Candidate:
    """One distinct audio-language model."""

    unique_model_id: str
    title: str
    language: tuple[str, ...]
    required_licenses: tuple[str, ...]
    commercial: Use
    commercial_because: tuple[str, ...]
    required_gated: bool | None
    downloads: int | None
    audio_max_s: float | None
    context_length: int | None
    error_rates: ErrorRates = field(default_factory=ErrorRates)
    variants: tuple[Variant, ...] = ()


def collect_candidates(tables: Mapping[str, Sequence[Row]], language: str | None = None) -> list[Candidate]:
    """All distinct audio-language models of a date, by `unique_model_id`; with rates of one language."""
    models = {row["repo_id"]: row for row in tables["models"]}
    unique_model_of = {repo_id: row["unique_model_id"] for repo_id, row in models.items()}
    rates = collect_error_rates(tables.get("evaluations", ()), unique_model_of, language)
    variants = _collect_variants(tables["variants"], models, tables.get("runtimes", ()))
    wanted = (row for row in tables["unique_models"] if row["audio_language_model"] == "yes")
    return [
        _to_candidate(row, rates, variants) for row in sorted(wanted, key=lambda row: row["unique_model_id"])
    ]


def _to_candidate(
    row: Row, rates: Mapping[str, ErrorRates], variants: Mapping[str, list[Variant]]
) -> Candidate:
    unique_model_id = row["unique_model_id"]
    commercial, because = judge_licenses(row["required_licenses"])
    return Candidate(
        unique_model_id=unique_model_id,
        title=row["title"],
        language=tuple(row["language"] or ()),
        required_licenses=tuple(row["required_licenses"] or ()),
        commercial=commercial,
        commercial_because=because,
        required_gated=row["required_gated"],
        downloads=row["downloads"],
        audio_max_s=row["audio_max_s"],
        context_length=row["context_length"],
        error_rates=rates.get(unique_model_id, ErrorRates()),
        variants=tuple(variants.get(unique_model_id, ())),
    )


def _collect_variants(
    rows: Iterable[Row], models: Mapping[str, Row], runtimes: Iterable[Row]
) -> dict[str, list[Variant]]:
    stated: dict[str | None, list[Row]] = defaultdict(list)
    for runtime in runtimes:
        stated[runtime["model_type"]].append(runtime)
    types = _find_types(models)
    variants: dict[str, list[Variant]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["repo_id"], row["variant"], row["path_group"])):
        model = models[row["repo_id"]]
        loads = _find_loaders(row, model)
        model_type = model["model_type"] or types.get(model["unique_model_id"])
        variants[model["unique_model_id"]].append(
            Variant(
                repo_id=row["repo_id"],
                variant=row["variant"],
                row=row,
                model_type=model_type,
                audio_tokens_per_s=model["audio_tokens_per_s"],
                declared=_find_declared(loads, model["library_name"]),
                runtimes=tuple(
                    runtime
                    for runtime in sorted(stated[model_type], key=lambda stated: stated["runtime"])
                    if runtime["runtime"] in loads
                ),
            )
        )
    return variants


def _find_types(models: Mapping[str, Row]) -> dict[str, str]:
    """Model type by distinct model, for copies whose format has none: the original's, else that of a copy."""
    types: dict[str, str] = {}
    for repo_id in sorted(models, reverse=True):
        model = models[repo_id]
        if model["model_type"] and types.get(model["unique_model_id"]) is None:
            types[model["unique_model_id"]] = model["model_type"]
    return types | {
        repo_id: model["model_type"]
        for repo_id, model in models.items()
        if model["unique_model_id"] == repo_id and model["model_type"]
    }


def _find_loaders(row: Row, model: Row) -> frozenset[str]:
    """Runtimes that read this form of weights: each reads its own kind of file."""
    paths = row["paths"] or ()
    if any(path.lower().endswith(".gguf") for path in paths):
        return frozenset({"llama.cpp", "ollama"})
    if any(path.lower().endswith(".onnx") for path in paths):
        return frozenset({"transformers.js"})
    if model["library_name"] == "mlx":
        return frozenset({"mlx"})
    return frozenset({"transformers", "vllm"})


def _find_declared(loads: frozenset[str], library_name: str | None) -> str | None:
    """The runtime that a repository is made for: that of its library, else that of its kind of file."""
    if library_name in loads:
        return library_name
    return next((name for name in ("llama.cpp", "mlx", "transformers.js") if name in loads), None)
