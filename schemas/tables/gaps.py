"""`gaps`: why a value of `models` is unknown; every gap points at a null, every such null has a gap."""

from __future__ import annotations

from schemas import vocabulary
from schemas.column import OneOf
from schemas.shared import SNAPSHOT_DATE, coded, repo_id, text
from schemas.table import Reference, Table
from schemas.tables.models import MODELS

ACCOUNTED = tuple(column.name for column in MODELS.columns if column.gap_reasons)
"""Columns of `models` whose nulls must be explained."""

GAPS = Table(
    name="gaps",
    title="Gaps",
    group="Where it comes from",
    description="One row per unknown value of `models`, with the reason.",
    key=("snapshot_date", "repo_id", "column_name"),
    columns=(
        SNAPSHOT_DATE,
        repo_id,
        text("column_name", "Column of `models` that is null.", "build", OneOf(ACCOUNTED), nullable=False),
        coded(
            "reason",
            f"Why. {vocabulary.meanings(vocabulary.GAP_REASON)}",
            "build",
            vocabulary.GAP_REASON,
            nullable=False,
        ),
    ),
    references=(Reference(("repo_id",), "models", ("repo_id",), "a gap belongs to a listed repository"),),
)
