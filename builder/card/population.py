"""Who is in the list: how the repositories divide, which families they make, and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from builder.card.frames import Frame, collect, count_rows
from schemas import vocabulary

IS_ONE = pl.col("audio_language_model") == "yes"
"""Whether a row of `models` or `unique_models` is, or holds, an audio-language model."""

TOP_FAMILIES = 15
"""Lines of the families' table on the card: about one screen; all of them are in `families`."""


@dataclass(frozen=True)
class Totals:
    """How the repositories divide; the five parts after `repositories` add up to it."""

    repositories: int
    own: int
    """Repositories that hold an audio-language model of their own."""
    copies: int
    """Copies of a model, unless that model is mis-tagged."""
    placeholders: int
    mistagged: int
    """Repositories that are listed under the task but hold no audio-language model."""
    undecided: int
    distinct: int
    """Distinct audio-language models."""
    unlisted: int
    """Those of `distinct` whose original is not listed, only copies of it."""
    other_distinct: int
    """Distinct models that are not, or not known to be, audio-language models."""
    families: int
    """Families with at least one audio-language model."""
    other_families: int


@dataclass(frozen=True)
class KindLine:
    """Repositories of one kind, by whether they hold an audio-language model."""

    kind: str
    meaning: str
    yes: int
    no: int
    unknown: int

    @property
    def repositories(self) -> int:
        """All of the kind."""
        return self.yes + self.no + self.unknown


@dataclass(frozen=True)
class FamilyLine:
    """One family that has an audio-language model."""

    title: str
    root_repo_id: str
    models: int
    repositories: int
    smallest: int | None
    largest: int | None
    min_memory_bytes: int | None
    licenses: tuple[str, ...]
    downloads: int | None


@dataclass(frozen=True)
class TaskLine:
    """How many repositories the Hub lists under one task."""

    pipeline_tag: str
    category: str
    model_count: int
    exact: bool
    source: str


def count_totals(models: Frame, unique_models: Frame, families: Frame) -> Totals:
    """Divide the repositories; where two parts claim one, the earlier in the expression has it."""
    part = (
        pl.when(pl.col("kind") == "placeholder")
        .then(pl.lit("placeholders"))
        .when(pl.col("audio_language_model") == "no")
        .then(pl.lit("mistagged"))
        .when(pl.col("kind").is_in(vocabulary.COPY_KINDS))
        .then(pl.lit("copies"))
        .when(IS_ONE)
        .then(pl.lit("own"))
        .otherwise(pl.lit("undecided"))
    )
    parts = dict(collect(models.lazy().select(part.alias("part")).group_by("part").len()).iter_rows())
    distinct = collect(unique_models.lazy().filter(IS_ONE).select("in_snapshot"))
    with_one = count_rows(families.lazy().filter(pl.col("audio_language_models") > 0))
    return Totals(
        repositories=sum(parts.values()),
        own=parts.get("own", 0),
        copies=parts.get("copies", 0),
        placeholders=parts.get("placeholders", 0),
        mistagged=parts.get("mistagged", 0),
        undecided=parts.get("undecided", 0),
        distinct=distinct.height,
        unlisted=distinct.filter(~pl.col("in_snapshot")).height,
        other_distinct=count_rows(unique_models) - distinct.height,
        families=with_one,
        other_families=count_rows(families) - with_one,
    )


def count_kinds(models: Frame) -> tuple[KindLine, ...]:
    """Every kind of the vocabulary, also those without a repository."""
    groups = collect(models.lazy().group_by("kind", "audio_language_model").len())
    counts = {(kind, answer): number for kind, answer, number in groups.iter_rows()}
    return tuple(
        KindLine(
            kind=kind,
            meaning=meaning,
            yes=counts.get((kind, "yes"), 0),
            no=counts.get((kind, "no"), 0),
            unknown=counts.get((kind, "unknown"), 0),
        )
        for kind, meaning in vocabulary.KIND.items()
    )


def list_families(families: Frame) -> tuple[FamilyLine, ...]:
    """The most downloaded families that have an audio-language model."""
    top = collect(
        families.lazy()
        .filter(pl.col("audio_language_models") > 0)
        .sort("downloads", "family_id", descending=[True, False], nulls_last=True)
        .head(TOP_FAMILIES)
    )
    return tuple(
        FamilyLine(
            title=row["title"],
            root_repo_id=row["root_repo_id"],
            models=row["audio_language_models"],
            repositories=row["repositories"],
            smallest=row["runtime_parameters_min"],
            largest=row["runtime_parameters_max"],
            min_memory_bytes=row["min_memory_bytes"],
            licenses=tuple(row["license"] or ()),
            downloads=row["downloads"],
        )
        for row in top.iter_rows(named=True)
    )


def list_tasks(tasks: Frame) -> tuple[TaskLine, ...]:
    """Tasks that were counted, largest first."""
    columns = ("pipeline_tag", "category", "model_count", "exact", "source")
    ordered = tasks.lazy().sort("model_count", "pipeline_tag", descending=[True, False])
    return tuple(TaskLine(*row) for row in collect(ordered.select(columns)).iter_rows())
