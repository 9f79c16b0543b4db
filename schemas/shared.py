"""Columns and value forms that several tables use, declared once.

`text`, `count`, `texts` … are the few shapes that columns of this project have; they keep a
table's file down to what differs: name, meaning, source.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, Unpack

import pyarrow as pa

from schemas import vocabulary
from schemas.column import (
    AtLeast,
    Check,
    Column,
    Each,
    Matches,
    MaxLength,
    NotBlank,
    OneOf,
    RowCheck,
    SortedSet,
)
from schemas.table import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable

DECISIONS = "relation `decisions`"
"""Source of every inferred column: losing candidates stand there too."""

MAX_TEXT = 256
"""Characters that a named field may have; the longest real one (a file path) stays below it."""

# Patterns are written for both Python (parse) and Rust (polars): no \p classes.
REPO_ID = Matches(
    r"[A-Za-z0-9_][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9._-]{1,96})?",
    "a Hub repository id (`owner/name`, or a legacy name without owner)",
)
SHA = Matches(r"[0-9a-f]{40}", "a git commit of 40 hexadecimal digits")
SHA256 = Matches(r"[0-9a-f]{64}", "a SHA-256 of 64 hexadecimal digits")
HUB_ID = Matches(r"[0-9a-f]{24}", "24 hexadecimal digits")
SLUG = Matches(
    r"[a-z0-9][a-z0-9._-]{0,94}[a-z0-9+]|[a-z0-9]", "a lower-case name of letters, digits, `.`, `_`, `-`"
)
PATH = Matches(
    r"[^/\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]{0,254}", "a relative path without control characters"
)
URL = Matches(
    r"(https://[^\s<>\"'`\\\x00-\x1f\x7f-\x9f]{1,240})|([A-Za-z0-9._/-]{1,240})",
    "an https link or a file name",
)
LINK = Matches(r"https://[^\s<>\"'`\\\x00-\x1f\x7f-\x9f]{1,240}", "an https link")
TAG = Matches(r"[^\x00-\x1f\x7f-\x9f|<>`\[\]]{1,256}", "a tag without control characters or markup")
PLAIN = Matches(TAG.pattern, "plain text without control characters or markup")
TOKEN = Matches(r"[A-Za-z0-9][A-Za-z0-9._+ -]{0,95}", "a plain identifier")

SHORTEST = AtLeast(0.001)
"""Durations and rates are above zero: a zero would be an unknown written as a number."""

TIMESTAMP = pa.timestamp("ms", tz="UTC")
TEXT_LIST = pa.list_(pa.string())


class More(TypedDict, total=False):
    """What a column may say beyond its shape, with the defaults of `Column`."""

    nullable: bool
    gap_reasons: tuple[str, ...]
    tracked: bool


def text(name: str, description: str, source: str, *checks: Check, **more: Unpack[More]) -> Column:
    """A text column, bounded and never blank."""
    return Column(
        name, pa.string(), description, source, checks=(NotBlank(), MaxLength(MAX_TEXT), *checks), **more
    )


def coded(name: str, description: str, source: str, values: Iterable[str], **more: Unpack[More]) -> Column:
    """A text column over a closed set."""
    return Column(name, pa.string(), description, source, checks=(OneOf(tuple(values)),), **more)


def texts(name: str, description: str, source: str, element: Check, **more: Unpack[More]) -> Column:
    """A list of texts: sorted, distinct, never empty (null when there is none)."""
    return Column(name, TEXT_LIST, description, source, checks=(SortedSet(), Each(element)), **more)


def count(
    name: str, description: str, source: str, unit: str, minimum: int = 0, **more: Unpack[More]
) -> Column:
    """A whole number that cannot be negative."""
    return Column(name, pa.int64(), description, source, unit=unit, checks=(AtLeast(minimum),), **more)


def number(
    name: str, description: str, source: str, unit: str, *checks: Check, **more: Unpack[More]
) -> Column:
    """A real number."""
    return Column(name, pa.float64(), description, source, unit=unit, checks=checks, **more)


def flag(name: str, description: str, source: str, **more: Unpack[More]) -> Column:
    """True, false or unknown."""
    return Column(name, pa.bool_(), description, source, **more)


def instant(name: str, description: str, source: str, **more: Unpack[More]) -> Column:
    """A moment in UTC, to the millisecond."""
    return Column(name, TIMESTAMP, description, source, unit="UTC", **more)


def required(column: Column) -> Column:
    """The same column, never null."""
    return replace(column, nullable=False, gap_reasons=())


def unaccounted(column: Column) -> Column:
    """The same column in a table whose nulls are explained in `gaps` through `models`, or not tracked."""
    return replace(column, gap_reasons=(), tracked=False)


def described(column: Column, description: str, source: str | None = None) -> Column:
    """The same column where it means something narrower."""
    return replace(column, description=description, source=source or column.source)


def renamed(column: Column, name: str, description: str) -> Column:
    """The same values under another name and meaning."""
    return replace(column, name=name, description=description)


def presence(column: Column, *companions: Column) -> str:
    """SQL: the companions are null exactly where the column is."""
    return " AND ".join(f"(({column.name} IS NULL) = ({companion.name} IS NULL))" for companion in companions)


SNAPSHOT_DATE = Column(
    "snapshot_date",
    pa.date32(),
    "The date that the snapshot describes.",
    "argument of the build",
    unit="calendar day, UTC",
    nullable=False,
)
repo_id = text("repo_id", "Repository on the Hub, as the Hub spells it.", "Hub: id", REPO_ID, nullable=False)
unique_model_id = text(
    "unique_model_id",
    "The original repository whose trained weights this one holds: quantisations, conversions and "
    "mirrors fold into "
    "it; it may lie outside the snapshot. Null for placeholders.",
    DECISIONS,
    REPO_ID,
    gap_reasons=("no_weights_in_repo",),
)
family_id = text(
    "family_id",
    "Release line, as a person would name it.",
    DECISIONS,
    SLUG,
    gap_reasons=("no_weights_in_repo",),
)
downloads = count(
    "downloads",
    "Downloads in the last 30 days, as the Hub counts them: requests for certain query files, not users.",
    "Hub: downloads",
    "downloads",
)
likes = count("likes", "Likes of the repository.", "Hub: likes", "likes")
license_ = texts(
    "license", "Licence identifiers that the card states.", "Hub: cardData.license or tag", TOKEN
)
language = texts(
    "language",
    "Languages that the card states, as ISO 639 codes.",
    "Hub: cardData.language or tags",
    OneOf(vocabulary.LANGUAGE),
)
weight_formats = texts(
    "weight_formats",
    "Formats of the weight files.",
    "files, or tags where files were not captured",
    OneOf(tuple(vocabulary.WEIGHT_FORMAT)),
)
quantizations = texts(
    "quantizations",
    "Quantisation methods found among the copies.",
    "`models.quantization`",
    OneOf(tuple(vocabulary.QUANTIZATION)),
)
runtimes = texts(
    "runtimes",
    "Programs in which the design is documented to work, audio included; null where none is, or nobody says.",
    "table `runtimes`",
    OneOf(tuple(vocabulary.RUNTIME)),
)
runtimes_experimental = texts(
    "runtimes_experimental",
    "Programs that are documented to take the design with a warning.",
    "table `runtimes`",
    OneOf(tuple(vocabulary.RUNTIME)),
)
modalities = OneOf(tuple(vocabulary.MODALITY))
parameters = count(
    "runtime_parameters",
    "Weights that must be loaded to run the model, with a backbone and encoders kept in other repositories.",
    "table `parameters`",
    "parameters",
    minimum=1,
)
min_memory = (
    count(
        "min_memory_bytes",
        "Least memory (VRAM or unified) that some loadable variant needs for 3 minutes of audio.",
        "table `variants`",
        "bytes",
        minimum=1,
    ),
    text("min_memory_repo_id", "Repository of that variant.", "table `variants`", REPO_ID),
    text("min_memory_variant", "Label of that variant.", "table `variants`", TOKEN),
)
audio_max_s = number(
    "audio_max_s",
    "Longest audio that the model is stated to take.",
    "configuration or card, or curated per design",
    "seconds",
    SHORTEST,
)
context_length = count(
    "context_length",
    "Longest input and output together.",
    "configuration, or curated per language model",
    "tokens",
    minimum=1,
)
observed_at = instant(
    "observed_at",
    "Latest time at which the source can have been read.",
    "evidence: observed.jsonl",
)
first_created_at = instant("first_created_at", "Creation of the oldest repository.", "Hub: createdAt")
last_modified = instant("last_modified", "Last commit of any kind.", "Hub: lastModified")


LEAST_MEMORY_CHECK = RowCheck(
    tuple(column.name for column in min_memory),
    presence(*min_memory),
    "a least memory names the variant that needs it",
)
LEAST_MEMORY_REFERENCE = Reference(
    ("min_memory_repo_id", "min_memory_variant"),
    "variants",
    ("repo_id", "variant"),
    "the least memory is that of a listed variant",
)


def kinds_add_up() -> RowCheck:
    """The counts by kind are a partition of the repositories."""
    names = tuple(f"{kind}_count" for kind in vocabulary.KIND)
    return RowCheck(
        ("repositories", *names),
        f"repositories = {' + '.join(names)}",
        "every repository is counted under one kind",
    )


def kind_counts(source: str) -> tuple[Column, ...]:
    """One count column per kind of repository."""
    return tuple(
        count(
            f"{kind}_count",
            f"Repositories of kind `{kind}`: {meaning}.",
            source,
            "repositories",
            nullable=False,
        )
        for kind, meaning in vocabulary.KIND.items()
    )
