"""Relations of measurements by others, and of curated facts: what was measured, and what runs where."""

from __future__ import annotations

import pyarrow as pa

from schemas import vocabulary
from schemas.column import AtLeast, Column
from schemas.parsed import free
from schemas.shared import (
    LINK,
    PLAIN,
    REPO_ID,
    SHORTEST,
    SLUG,
    TOKEN,
    coded,
    count,
    flag,
    instant,
    number,
    text,
)
from schemas.table import Table
from schemas.tables.evaluations import DATASET_ID

_LEADERBOARD = "leaderboard"
_CURATED = "curated"

_checked_on = Column(
    "checked_on",
    pa.date32(),
    "Day on which the page was read.",
    _CURATED,
    unit="calendar day, UTC",
    nullable=False,
)
_dataset_id = text("dataset_id", "What it was measured on.", "evidence", DATASET_ID, nullable=False)

SCORE = Table(
    name="score",
    title="Scores",
    description="One row per repository and benchmark of which the Hub shows a result beside the model.",
    key=("repo_id", "dataset_id"),
    columns=(
        text("repo_id", "Repository the row was read from.", "evidence", REPO_ID, nullable=False),
        _dataset_id,
        number("value", "The result.", "evidence", "as the benchmark states it", AtLeast(0), nullable=False),
        text("source_url", "Where the result is published.", "evidence", LINK, nullable=False),
    ),
)

MEASUREMENT = Table(
    name="measurement",
    title="Measurements",
    description="One row per number of the one observation of each leaderboard that a date takes.",
    key=("leaderboard", "listed_as", "dataset_id", "metric"),
    columns=(
        coded("leaderboard", "Who published it.", _LEADERBOARD, vocabulary.EVALUATION_SOURCE, nullable=False),
        text("listed_as", "The leaderboard's name for the system.", _LEADERBOARD, REPO_ID, nullable=False),
        _dataset_id,
        coded("metric", "What was measured.", _LEADERBOARD, vocabulary.METRIC, nullable=False),
        number("value", "The number.", _LEADERBOARD, "`unit`", AtLeast(0), nullable=False),
        coded("unit", "Its unit.", _LEADERBOARD, vocabulary.METRIC_UNIT, nullable=False),
        coded("language", "Language that was spoken.", _LEADERBOARD, vocabulary.LANGUAGE),
        instant("observed_at", "When it stood there.", _LEADERBOARD, nullable=False),
        text("source_url", "Where it is published.", _LEADERBOARD, LINK, nullable=False),
    ),
)

LEADERBOARD_SYSTEM = Table(
    name="leaderboard_system",
    title="Systems of leaderboards",
    description="Which repository each name of a leaderboard is.",
    key=("leaderboard", "listed_as"),
    columns=(
        coded("leaderboard", "The leaderboard.", _CURATED, vocabulary.EVALUATION_SOURCE, nullable=False),
        text("listed_as", "The leaderboard's name for the system.", _CURATED, REPO_ID, nullable=False),
        text("repo_id", "The repository; null for a service that has none.", _CURATED, REPO_ID),
        flag("audio_language_model", "Whether it takes audio and a text prompt, and gives text.", _CURATED),
        free("reason", "Why that is so.", _CURATED, nullable=False),
    ),
)

RUNTIME_SUPPORT = Table(
    name="runtime_support",
    title="Support in runtimes",
    description="Which program takes audio for which design, and which page says so.",
    key=("model_type", "runtime"),
    columns=(
        text("model_type", "Model type.", _CURATED, TOKEN, nullable=False),
        coded("runtime", "The program.", _CURATED, vocabulary.RUNTIME, nullable=False),
        coded("status", "How audio fares there.", _CURATED, vocabulary.RUNTIME_STATUS, nullable=False),
        text("min_version", "First release that has it.", _CURATED, TOKEN),
        number("audio_max_s", "Longest audio of one request.", _CURATED, "seconds", SHORTEST),
        coded("over_length", "What happens to longer audio.", _CURATED, vocabulary.OVER_LENGTH),
        text("evidence_url", "The page that says so.", _CURATED, LINK, nullable=False),
        _checked_on,
        text("note", "What else a user has to know.", _CURATED, PLAIN),
    ),
)

RUNTIME_FORMAT = Table(
    name="runtime_format",
    title="Formats of runtimes",
    description="Which program reads which format of weights.",
    key=("runtime", "weight_format"),
    columns=(
        coded("runtime", "The program.", _CURATED, vocabulary.RUNTIME, nullable=False),
        coded("weight_format", "The format.", _CURATED, vocabulary.WEIGHT_FORMAT, nullable=False),
    ),
)

HOSTED_SYSTEM = Table(
    name="hosted_system",
    title="Hosted systems",
    description="Closed services that take audio, with the limits that their providers document.",
    key=("system_id",),
    columns=(
        text("system_id", "Name of the model in the provider's interface.", _CURATED, SLUG, nullable=False),
        text("provider", "Who runs it.", _CURATED, PLAIN, nullable=False),
        text("title", "Name for people.", _CURATED, PLAIN, nullable=False),
        flag("audio_input", "Whether audio goes in.", _CURATED, nullable=False),
        flag("text_prompt", "Whether a prompt of free text goes in beside it.", _CURATED),
        number("audio_max_s", "Longest audio of one request.", _CURATED, "seconds", SHORTEST),
        count("audio_max_bytes", "Largest audio file of one request.", _CURATED, "bytes", 1),
        count("context_length", "Longest input.", _CURATED, "tokens", 1),
        count("max_output_tokens", "Longest output.", _CURATED, "tokens", 1),
        text("source_url", "The page that says so.", _CURATED, LINK, nullable=False),
        _checked_on,
        text("note", "What else a reader has to know.", _CURATED, PLAIN),
    ),
)
