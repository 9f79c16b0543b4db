"""What the pictures show, counted: one frozen value for each, or none where a date lacks the data for it.

A picture that is None is not drawn, and the card says nothing about it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from builder.card.frames import Frame, collect
from builder.card.phrasing import GIGABYTE
from builder.card.population import IS_ONE, TaskLine, Totals, list_tasks
from schemas import vocabulary

AUDIO_TEXT = "audio-text-to-text"
"""The task that the dataset is about."""

SPEECH_RECOGNITION = "automatic-speech-recognition"
"""The task that it is set beside."""

MOST_FAMILIES = 7
"""Families named in a picture; the others are one block."""

MOST_PAIRS = 500
"""Pairs of numbers that a picture shows, the most different first: more only cover one another."""
MOST_DOTS = 400
"""Dots in a picture: the most downloaded models. More are a cloud that says nothing else."""

MOST_TASKS = 12
"""Bars in a picture."""

WANTED_SHARE = 0.9
"""A memory size serves "nearly all" downloads from here on."""


@dataclass(frozen=True)
class Collapse:
    """From repositories over distinct models to families."""

    scopes: tuple[str, ...]
    totals: Totals
    families: tuple[tuple[str, int], ...]
    """Title and distinct audio-language models, the largest first."""
    other_families: int
    other_models: int
    """Families that are not named, and the models in them."""


@dataclass(frozen=True)
class Dot:
    """One distinct audio-language model of known size and downloads."""

    title: str
    unique_model_id: str
    memory_bytes: int
    downloads: int
    gated: bool | None


@dataclass(frozen=True)
class Memories:
    """Least memory against downloads."""

    dots: tuple[Dot, ...]
    """The most downloaded first."""
    models: int
    """Distinct audio-language models of known size and downloads, also those without a dot."""
    unsized: int
    """Distinct audio-language models whose size or downloads are not known."""
    tiers_gb: tuple[int, ...]
    tier_gb: int
    """The smallest memory size whose models have nearly all downloads; the largest where none has."""
    fitting: int
    """Models that fit into it."""
    share: float
    """Their part of all downloads."""


@dataclass(frozen=True)
class Pair:
    """What the Hub counts and what must be loaded, for as many repositories as have these two numbers."""

    title: str
    """Of the most downloaded distinct model among them."""
    cause: str | None
    """Why they differ; None where they agree."""
    hub: int | None
    """None where the Hub has no number."""
    runtime: int
    repositories: int

    @property
    def factor(self) -> float:
        """How many times the larger number is the smaller one."""
        return math.exp(abs(math.log(self.runtime / self.hub))) if self.hub else 1.0


@dataclass(frozen=True)
class Missed:
    """The Hub's own numbers beside those that must really be loaded, for audio-language models."""

    repositories: int
    agreeing: int
    uncounted: int
    """Repositories for which only the Hub has no number."""
    unknown: int
    """Repositories whose count to load is not known here."""
    causes: tuple[tuple[str, int], ...]
    """Cause and repositories, the most frequent first."""
    pairs: tuple[Pair, ...]

    @property
    def differing(self) -> int:
        """Repositories whose number on the Hub is not what must be loaded."""
        return sum(number for _, number in self.causes)


@dataclass(frozen=True)
class Field:
    """Tasks of the Hub by size, the largest first, with the distinct models of this one."""

    tasks: tuple[TaskLine, ...]
    own: TaskLine
    """The task that the dataset is about; one of `tasks`."""
    speech: TaskLine | None
    """Speech recognition, where it was counted."""
    distinct: int
    """Distinct audio-language models."""


@dataclass(frozen=True)
class Pictures:
    """All pictures of one date."""

    collapse: Collapse | None
    memories: Memories | None
    missed: Missed | None
    field: Field | None


def collect_pictures(
    tables: Mapping[str, Frame], totals: Totals, scopes: tuple[str, ...], tiers_gb: Sequence[int]
) -> Pictures:
    """Count what each picture shows."""
    return Pictures(
        collapse=count_collapse(tables["families"], totals, scopes),
        memories=collect_dots(tables["unique_models"], tiers_gb),
        missed=compare_counts(tables["models"], tables["unique_models"]),
        field=collect_field(tables["tasks"], totals.distinct),
    )


def count_collapse(families: Frame, totals: Totals, scopes: tuple[str, ...]) -> Collapse | None:
    """From repositories to families; None where no audio-language model is listed."""
    ordered = (
        collect(families.lazy().filter(pl.col("audio_language_models") > 0))
        .sort(
            "audio_language_models", "downloads", "family_id", descending=[True, True, False], nulls_last=True
        )
        .select("title", "audio_language_models")
        .rows()
    )
    if not totals.distinct or not ordered:
        return None
    # One family more is named rather than lumped with itself.
    named = ordered if len(ordered) <= MOST_FAMILIES + 1 else ordered[:MOST_FAMILIES]
    others = ordered[len(named) :]
    return Collapse(
        scopes=scopes,
        totals=totals,
        families=tuple((title, number) for title, number in named),
        other_families=len(others),
        other_models=sum(number for _, number in others),
    )


def collect_dots(unique_models: Frame, tiers_gb: Sequence[int]) -> Memories | None:
    """One dot per model; None where fewer than two have a known size, or nothing was downloaded."""
    distinct = collect(unique_models.lazy().filter(IS_ONE))
    known = distinct.filter(
        pl.col("min_memory_bytes").is_not_null() & pl.col("downloads").is_not_null()
    ).sort("downloads", "unique_model_id", descending=[True, False])
    total = int(known["downloads"].sum())
    # A single dot shows no relation, and dots without a download no order.
    if known.height < 2 or not total:  # noqa: PLR2004 - see above
        return None
    columns = ("title", "unique_model_id", "min_memory_bytes", "downloads", "required_gated")
    tiers = tuple(sorted(tiers_gb))
    shares = {}
    for tier in tiers:
        fitting = known.filter(pl.col("min_memory_bytes") <= tier * GIGABYTE)
        shares[tier] = (fitting.height, int(fitting["downloads"].sum()) / total)
    chosen = next((tier for tier in tiers if shares[tier][1] >= WANTED_SHARE), tiers[-1])
    return Memories(
        dots=tuple(Dot(*row) for row in known.select(columns).head(MOST_DOTS).iter_rows()),
        models=known.height,
        unsized=distinct.height - known.height,
        tiers_gb=tiers,
        tier_gb=chosen,
        fitting=shares[chosen][0],
        share=shares[chosen][1],
    )


def compare_counts(models: Frame, unique_models: Frame) -> Missed | None:
    """The Hub's numbers beside ours; None where it has none, or none that differs."""
    titles = unique_models.lazy().select("unique_model_id", "title", whole="downloads")
    held = collect(
        models.lazy()
        .filter(IS_ONE & (pl.col("kind") != "placeholder"))
        .join(titles, on="unique_model_id", how="inner")
        .select(
            "title",
            "whole",
            "unique_model_id",
            cause="hub_total_disagreement",
            hub="hub_total_parameters",
            runtime="runtime_parameters",
        )
    )
    known = held.filter(pl.col("runtime").is_not_null())
    causes = Counter(known["cause"].drop_nulls().to_list())
    if not causes:
        return None
    pairs = (
        known.sort(
            # Down to the counts, so that repositories of one model come in one order, however they were read.
            *("whole", "unique_model_id", "cause", "hub", "runtime"),
            descending=[True, False, False, False, False],
            nulls_last=True,
        )
        .group_by("cause", "hub", "runtime", maintain_order=True)
        .agg(pl.col("title").first(), repositories=pl.len())
        .select("title", "cause", "hub", "runtime", "repositories")
    )
    order = list(vocabulary.HUB_TOTAL_DISAGREEMENT)
    return Missed(
        repositories=held.height,
        agreeing=known.filter(pl.col("hub").is_not_null() & pl.col("cause").is_null()).height,
        uncounted=known.filter(pl.col("hub").is_null()).height,
        unknown=held.height - known.height,
        causes=tuple(sorted(causes.items(), key=lambda entry: (-entry[1], order.index(entry[0])))),
        pairs=tuple(sorted(map(_pair, pairs.rows()), key=lambda pair: (-pair.factor, -pair.runtime)))[
            :MOST_PAIRS
        ],
    )


def _pair(row: tuple[Any, ...]) -> Pair:
    return Pair(*row)


def collect_field(tasks: Frame, distinct: int) -> Field | None:
    """The Hub's tasks; None where this one, or every other, was not counted."""
    lines = {line.pipeline_tag: line for line in list_tasks(tasks)}
    own, speech = lines.get(AUDIO_TEXT), lines.get(SPEECH_RECOGNITION)
    if own is None or len(lines) == 1 or not any(line.model_count for line in lines.values()):
        return None
    others = [line for line in lines.values() if line not in {own, speech}][: MOST_TASKS - 2]
    shown = tuple(line for line in lines.values() if line in {own, speech, *others})
    return Field(shown, own, speech, distinct)
