"""`hosted_references`: closed services that people compare local models with."""

from __future__ import annotations

import pyarrow as pa

from schemas.column import Column
from schemas.shared import LINK, PLAIN, SHORTEST, SLUG, SNAPSHOT_DATE, count, flag, number, text
from schemas.table import Table

_CURATED = "curated hosted systems"

HOSTED_REFERENCES = Table(
    name="hosted_references",
    title="Hosted systems to compare with",
    group="The field and its movement",
    description="One row per closed service that takes audio, with the limits that its provider documents. "
    "Read at another time than the snapshot's date: `checked_on` says when.",
    key=("snapshot_date", "system_id"),
    columns=(
        SNAPSHOT_DATE,
        text("system_id", "Name of the model in the provider's interface.", _CURATED, SLUG, nullable=False),
        text("provider", "Who runs it.", _CURATED, PLAIN, nullable=False),
        text("title", "Name for people.", _CURATED, PLAIN, nullable=False),
        flag("audio_input", "Whether audio goes in.", "`source_url`", nullable=False),
        flag(
            "text_prompt",
            "Whether a prompt of free text goes in beside it; null where no source says.",
            "`source_url`",
        ),
        number(
            "audio_max_s",
            "Longest audio of one request; null where no source says.",
            "`source_url`",
            "seconds",
            SHORTEST,
        ),
        count(
            "audio_max_bytes",
            "Largest audio file of one request; null where no source says.",
            "`source_url`",
            "bytes",
            1,
        ),
        count(
            "context_length", "Longest input; null where no source says.", "`source_url`", "tokens", minimum=1
        ),
        count(
            "max_output_tokens",
            "Longest output; null where no source says.",
            "`source_url`",
            "tokens",
            minimum=1,
        ),
        text("source_url", "The page that says so.", _CURATED, LINK, nullable=False),
        Column(
            "checked_on",
            pa.date32(),
            "Day on which that page was read.",
            _CURATED,
            unit="calendar day, UTC",
            nullable=False,
        ),
        text("note", "What else a reader has to know.", "`source_url`", PLAIN),
    ),
)
