"""What to load: for each model and memory size the file or precision, and the minutes of audio that fit.

Of all ways to load a model that fit with 3 minutes of audio, the one with the most bits is named; of
equals, a published file before an estimate and the original before its copies. Minutes are the
longest of 3, 30 and 60 that the model takes and whose cache fits beside weights and buffers; none
where not even 3 do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from builder.card.coverage import choose_rows, select_held
from builder.card.fits import PRECISIONS
from builder.card.frames import Frame, collect
from builder.card.phrasing import GIGABYTE
from builder.card.population import IS_ONE

MINUTES = (60, 30, 3)
"""Durations that `variants` holds a cache for, longest first."""

TOP_MODELS = 100
"""Lines of the table: beyond that it is read in `variants`, not on a page."""


@dataclass(frozen=True)
class Load:
    """The best way to load one model into one memory size."""

    label: str
    repo_id: str
    path: str | None
    """The file to load; None for an estimate."""
    more_files: int
    """Files to load besides: a projector, or the other shards."""
    minutes: int | None
    """Minutes of audio that fit, 0 where less than 3 do; None where the cache is not known."""


@dataclass(frozen=True)
class LoadsLine:
    """One distinct audio-language model."""

    title: str
    unique_model_id: str
    least_bytes: int
    loads: tuple[Load | None, ...]
    """One for each memory size; None where the model does not fit."""
    longest_s: float | None
    """Longest audio that the model takes: stated, or what its context holds."""
    licenses: tuple[str, ...]
    beside: tuple[str, ...]
    """Further licences, of what must be loaded beside it."""
    gated: bool | None


@dataclass(frozen=True)
class Loads:
    """The table, with how many models it leaves out."""

    gigabytes: tuple[int, ...]
    lines: tuple[LoadsLine, ...]
    unshown: int
    """Models of known size that are less downloaded than those shown."""


Row = Mapping[str, Any]


def fit_minutes(variant: Row, limit: int) -> int | None:
    """The longest of 60, 30, 3 and 0 minutes of audio that fit; None where the cache is not known."""
    if not variant["memory_complete"]:
        return None
    spare = limit - variant["weights_bytes"] - variant["overhead_bytes"]
    for minutes in MINUTES:
        cache = variant[f"kv_cache_bytes_{minutes}min"]
        # Null is a length beyond the model's context.
        if cache is not None and cache <= spare:
            return minutes
    return 0


def choose_load(variants: Iterable[Row], unique_model_id: str, limit: int) -> tuple[Row, int | None] | None:
    """The way to load that is named for a memory size, with the minutes that fit; None where none fits."""
    fitting = [
        (variant, fit_minutes(variant, limit))
        for variant in variants
        if variant["weights_bytes"] + variant["overhead_bytes"] <= limit
    ]

    def rank(candidate: tuple[Row, int | None]) -> tuple[Any, ...]:
        variant, minutes = candidate
        return (
            minutes == 0,
            -variant["weights_bytes"],
            variant["basis"] != "files",
            variant["repo_id"] != unique_model_id,
            variant["repo_id"],
            variant["variant"],
            variant["path_group"],
        )

    return min(fitting, key=rank, default=None)


def _load(variant: Row, minutes: int | None, weights: frozenset[tuple[str, str]]) -> Load:
    paths: Sequence[str] = variant["paths"] or ()
    repo_id = variant["repo_id"]
    # A projector comes with its model: the link leads to the model.
    main = next((path for path in paths if (repo_id, path) in weights), next(iter(paths), None))
    label = str(variant["variant"])
    return Load(
        label=label if paths else PRECISIONS.get(label, label),
        repo_id=repo_id,
        path=main,
        more_files=max(0, len(paths) - 1),
        minutes=minutes,
    )


LENGTHS: Final = ("audio_max_s", "audio_tokens_per_s", "context_length")
"""Columns that say how long the audio may be."""


def _longest(models: pl.DataFrame) -> dict[str, float]:
    """Longest audio by distinct model: the shorter of what is stated and what the context holds."""
    said = choose_rows(models, "audio_max_s").select("unique_model_id", "audio_max_s")
    stated: dict[str, float] = dict(said.iter_rows())
    rates = choose_rows(models, "audio_tokens_per_s").select("unique_model_id", "audio_tokens_per_s")
    contexts = choose_rows(models, "context_length").select("unique_model_id", "context_length")
    both = contexts.join(rates, on="unique_model_id")
    held = {name: context / rate for name, context, rate in both.iter_rows()}
    return {
        name: min(found[name] for found in (stated, held) if name in found) for name in {**stated, **held}
    }


def _licenses(model: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A model's own licences, and those that come with what must be loaded beside it."""
    own = tuple(model["license"] or ())
    beside = tuple(name for name in model["required_licenses"] or () if name not in own)
    # Without a licence of its own, `unknown` is the model's: the card says "not stated" for it.
    return own, beside if own else tuple(name for name in beside if name != "unknown")


def list_loads(tables: Mapping[str, Frame], tiers_gb: Sequence[int]) -> Loads:
    """The most downloaded audio-language models of known size, least memory first."""
    gigabytes = tuple(sorted(tiers_gb))
    wanted = collect(tables["unique_models"].lazy().filter(IS_ONE))
    names = wanted.lazy().select("unique_model_id")
    models = collect(select_held(tables["models"], names, LENGTHS))
    owners = models.lazy().select("repo_id", "unique_model_id")
    variants: dict[str, list[dict[str, Any]]] = {}
    loadable = collect(tables["variants"].lazy().join(owners, on="repo_id", how="inner"))
    for row in loadable.iter_rows(named=True):
        variants.setdefault(row["unique_model_id"], []).append(row)
    files = tables["files"].lazy().filter(pl.col("role") == "weights").select("repo_id", "path")
    files = files.join(owners, on="repo_id", how="semi")
    weights, longest = frozenset(collect(files).iter_rows()), _longest(models)
    order = wanted.sort("downloads", "unique_model_id", descending=[True, False], nulls_last=True)
    sized = [row for row in order.iter_rows(named=True) if row["unique_model_id"] in variants]
    lines = []
    for model in sized[:TOP_MODELS]:
        name = model["unique_model_id"]
        chosen = [choose_load(variants[name], name, size * GIGABYTE) for size in gigabytes]
        own, beside = _licenses(model)
        lines.append(
            LoadsLine(
                title=model["title"],
                unique_model_id=name,
                least_bytes=min(row["min_memory_bytes"] for row in variants[name]),
                loads=tuple(choice and _load(*choice, weights) for choice in chosen),
                longest_s=longest.get(name),
                licenses=own,
                beside=beside,
                gated=model["required_gated"],
            )
        )
    lines.sort(key=lambda line: (line.least_bytes, line.unique_model_id))
    return Loads(gigabytes, tuple(lines), unshown=len(sized) - len(lines))
