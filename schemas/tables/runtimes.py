"""`runtimes`: which design works in which program, as documentation says and not as a file format hopes."""

from __future__ import annotations

import pyarrow as pa

from schemas import vocabulary
from schemas.column import Column, RowCheck
from schemas.shared import LINK, PLAIN, SHORTEST, SNAPSHOT_DATE, TOKEN, coded, number, text
from schemas.table import Table

RUNTIMES = Table(
    name="runtimes",
    title="Runtimes",
    group="What people come for",
    description="One row per design and program of which a source says how audio fares there. That a file "
    "loads is not enough; where nobody says anything there is no row. Read at another time than the "
    "snapshot's date: `checked_on` says when.",
    key=("snapshot_date", "model_type", "runtime"),
    columns=(
        SNAPSHOT_DATE,
        text(
            "model_type", "Model type, as `config.json` spells it.", "curated runtimes", TOKEN, nullable=False
        ),
        coded("runtime", "The program.", "curated runtimes", vocabulary.RUNTIME, nullable=False),
        coded(
            "status",
            "How audio input fares there.",
            "`evidence_url`",
            vocabulary.RUNTIME_STATUS,
            nullable=False,
        ),
        text("min_version", "First release that has it; null where no source says.", "`evidence_url`", TOKEN),
        number(
            "audio_max_s",
            "Longest audio that one request takes there; null where no source says.",
            "`evidence_url`",
            "seconds",
            SHORTEST,
        ),
        coded(
            "over_length",
            "What happens to longer audio; null where no source says.",
            "`evidence_url`",
            vocabulary.OVER_LENGTH,
        ),
        text("evidence_url", "The page that says so.", "curated runtimes", LINK, nullable=False),
        Column(
            "checked_on",
            pa.date32(),
            "Day on which that page was read.",
            "curated runtimes",
            unit="calendar day, UTC",
            nullable=False,
        ),
        text("note", "What else a user has to know.", "`evidence_url`", PLAIN),
    ),
    row_checks=(
        RowCheck(
            ("over_length", "audio_max_s"),
            "over_length IS NULL OR audio_max_s IS NOT NULL",
            "what happens past a length is stated with the length",
        ),
    ),
)
