"""The parsed relations: flat, typed rows between parse and tables.

Relations hold scalars only, so that the same SQL reads them on every engine. `parse` fills the
relations of `PARSED` from one record of evidence at a time; `CURATED` holds hand-kept facts,
each with its source; both are validated before a step of SQL sees them.
"""

from __future__ import annotations

import pyarrow as pa

from schemas import vocabulary
from schemas.column import Column
from schemas.curated import (
    ARCHITECTURE,
    ARCHITECTURE_ALIAS,
    ARCHITECTURE_VALUE,
    AUDIO_FACT,
    BACKBONE,
    BACKBONE_ALIAS,
    CORRECTION,
    DESIGN_PART,
    FAMILY_TITLE,
    LANGUAGE_MODEL,
    TASK_CATEGORY,
)
from schemas.parsed import (
    ABSENCE,
    ALIAS,
    BASE_REFERENCE,
    CONFIGURATION,
    DEPARTED,
    IRREGULARITY,
    NAME,
    PARAMETER_COUNT,
    RECORD,
    RECORD_LIST,
    RECORD_VALUE,
    TASK_COUNT,
    WEIGHT_FILE,
    free,
)
from schemas.shared import TOKEN, coded, count, repo_id, text
from schemas.table import Table

__all__ = [
    "ABSENCE",
    "ALIAS",
    "ARCHITECTURE",
    "ARCHITECTURE_ALIAS",
    "ARCHITECTURE_VALUE",
    "AUDIO_FACT",
    "BACKBONE",
    "BACKBONE_ALIAS",
    "BASE_REFERENCE",
    "CONFIGURATION",
    "CORRECTION",
    "CURATED",
    "DECISION",
    "DEPARTED",
    "DESIGN_PART",
    "FAMILY_TITLE",
    "IRREGULARITY",
    "LANGUAGE_MODEL",
    "NAME",
    "PARAMETER_COUNT",
    "PARSED",
    "RECORD",
    "RECORD_LIST",
    "RECORD_VALUE",
    "RELATIONS",
    "TASK_CATEGORY",
    "TASK_COUNT",
    "WEIGHT_FILE",
]

DECISION = Table(
    name="decisions",
    title="Decisions",
    description="Every candidate for every inferred value; the lowest rank wins, losers are kept for "
    "`builder explain`.",
    key=("repo_id", "column_name", "value", "rule", "target"),
    columns=(
        repo_id,
        text("column_name", "Inferred column of `models`.", "rule", TOKEN, nullable=False),
        free("value", "The value that the rule proposes.", "rule", nullable=False),
        Column(
            "target",
            pa.string(),
            "Repository that the value refers to; empty where it refers to none.",
            "rule",
            nullable=False,
        ),
        free("rule", "Name of the rule.", "rule", nullable=False),
        coded("evidence", "What the rule rests on.", "rule", vocabulary.EVIDENCE, nullable=False),
        coded("confidence", "How sure the rule is.", "rule", vocabulary.CONFIDENCE, nullable=False),
        count("rank", "Order of rules; the lowest wins.", "rule", "rank", nullable=False),
    ),
)

PARSED: tuple[Table, ...] = (
    RECORD,
    NAME,
    RECORD_LIST,
    RECORD_VALUE,
    BASE_REFERENCE,
    ALIAS,
    PARAMETER_COUNT,
    WEIGHT_FILE,
    CONFIGURATION,
    ABSENCE,
    IRREGULARITY,
    TASK_COUNT,
    DEPARTED,
)
CURATED: tuple[Table, ...] = (
    ARCHITECTURE,
    ARCHITECTURE_VALUE,
    ARCHITECTURE_ALIAS,
    BACKBONE,
    BACKBONE_ALIAS,
    DESIGN_PART,
    AUDIO_FACT,
    LANGUAGE_MODEL,
    FAMILY_TITLE,
    CORRECTION,
    TASK_CATEGORY,
)
RELATIONS: tuple[Table, ...] = (*PARSED, *CURATED, DECISION)
