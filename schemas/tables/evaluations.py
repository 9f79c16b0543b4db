"""`evaluations`: what was measured of models, and of the classic recognisers that they stand beside."""

from __future__ import annotations

from schemas import vocabulary
from schemas.column import AtLeast, Matches, RowCheck
from schemas.shared import (
    LINK,
    REPO_ID,
    SNAPSHOT_DATE,
    coded,
    described,
    flag,
    number,
    observed_at,
    repo_id,
    required,
    text,
)
from schemas.table import Table

DATASET_ID = Matches(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95}){1,3}",
    "a Hub dataset, with config and split behind further slashes (`owner/name/config/split`)",
)
"""The last part may also be `average`, which is no split but the source's own mean."""

EVALUATIONS = Table(
    name="evaluations",
    title="Measurements",
    group="What people come for",
    description="One row per number that somebody measured of a repository on a benchmark. Measured and seen "
    "at another time than the snapshot's date: `observed_at` says when. Classic recognisers stand in it with "
    "`reference` = true, whether or not they are rows of `models`, so that one query compares both kinds; "
    "services without a repository are left out.",
    key=("snapshot_date", "repo_id", "dataset_id", "metric", "source"),
    columns=(
        SNAPSHOT_DATE,
        described(
            repo_id,
            "The repository that was measured, as the Hub spells it; it need not be a row of `models`.",
            "`source`, resolved by a curated map",
        ),
        text(
            "dataset_id",
            "What it was measured on: dataset, config and split, or `average` for the mean over the sets of "
            "one table, as the source itself states it.",
            "`source`",
            DATASET_ID,
            nullable=False,
        ),
        coded("metric", "What was measured.", "`source`", vocabulary.METRIC, nullable=False),
        coded(
            "source", "Who published the number.", "evidence", vocabulary.EVALUATION_SOURCE, nullable=False
        ),
        number("value", "The number, as published.", "`source`", "`unit`", AtLeast(0), nullable=False),
        coded("unit", "Unit of `value`.", "`source`", vocabulary.METRIC_UNIT, nullable=False),
        coded(
            "language",
            "Language that was spoken, as ISO 639 code; null where it is several or not stated.",
            "`source`",
            vocabulary.LANGUAGE,
        ),
        flag(
            "reference",
            "True: no audio-language model but a recogniser to compare with (Whisper, Parakeet, Canary, …). "
            "False: an audio-language model. Null where that is not decided.",
            "`models.audio_language_model` where the repository is a row there, else the curated map",
        ),
        flag("in_snapshot", "Whether the repository is a row of `models`.", "table `models`", nullable=False),
        required(
            described(
                observed_at,
                "When the number stood there: the day whose tables of the source were taken, or the latest "
                "time at which the Hub can have been read.",
                "evidence",
            )
        ),
        text("source_url", "Where it is published.", "evidence", LINK, nullable=False),
        text(
            "listed_as",
            "Name under which the source lists it, where that is a name of the source's own.",
            "`source`",
            REPO_ID,
        ),
    ),
    row_checks=(
        RowCheck(
            ("metric", "unit"),
            "(metric <> 'wer' OR unit = 'percent') AND (metric <> 'rtfx' OR unit = 'seconds per second')",
            "a metric has its own unit",
        ),
    ),
    empty_because="No leaderboard was imported, and the evidence of this date holds no results.",
)
