"""`lineage`: what each repository is made from, as declared and as decided."""

from __future__ import annotations

from schemas import vocabulary
from schemas.column import RowCheck
from schemas.shared import DECISIONS, REPO_ID, SNAPSHOT_DATE, TAG, coded, flag, repo_id, text
from schemas.table import Reference, Table

LINEAGE = Table(
    name="lineage",
    title="Lineage",
    group="Where it comes from",
    description="One row per base: declared by the card, computed by the Hub, or found by a rule.",
    key=("snapshot_date", "repo_id", "base_model", "relation"),
    columns=(
        SNAPSHOT_DATE,
        repo_id,
        text("base_model", "The base as it was declared.", "card, Hub or rule", TAG, nullable=False),
        text(
            "resolved_base_model",
            "The base after renames and case; null when it is not known.",
            "build",
            REPO_ID,
        ),
        coded(
            "relation",
            "What the base is to the repository, as decided.",
            DECISIONS,
            vocabulary.RELATION,
            nullable=False,
        ),
        coded(
            "declared_relation",
            "What the card or the Hub said.",
            "Hub: baseModels.relation or tags",
            vocabulary.DECLARED_RELATION,
        ),
        flag("external", "Whether the base must be loaded too.", "build", nullable=False),
        coded("status", "What became of the edge.", "build", vocabulary.LINEAGE_STATUS, nullable=False),
        flag("in_snapshot", "Whether the base is a row of `models`.", "build", nullable=False),
        coded("evidence", "What the relation was decided by.", "build", vocabulary.EVIDENCE, nullable=False),
        coded("confidence", "How sure the relation is.", "build", vocabulary.CONFIDENCE, nullable=False),
        text("note", "Rule that decided, in words.", "build"),
    ),
    references=(Reference(("repo_id",), "models", ("repo_id",), "an edge starts at a listed repository"),),
    row_checks=(
        RowCheck(
            ("status", "resolved_base_model"),
            "(status = 'unresolved') = (resolved_base_model IS NULL)",
            "a base is unresolved exactly where it has no resolved id",
        ),
        RowCheck(
            ("repo_id", "resolved_base_model", "status"),
            "resolved_base_model <> repo_id OR status = 'cut_self'",
            "a repository that is its own base is cut",
        ),
    ),
)
