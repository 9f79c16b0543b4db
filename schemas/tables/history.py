"""`history`: every repository on every date so far, for questions about time."""

from __future__ import annotations

from schemas.shared import SNAPSHOT_DATE, downloads, flag, likes, parameters, repo_id, unaccounted
from schemas.table import Table
from schemas.tables.models import MODELS

HISTORY = Table(
    name="history",
    title="History",
    group="The field and its movement",
    description="One row per repository per date; here `snapshot_date` differs from row to row.",
    key=("snapshot_date", "repo_id"),
    columns=(
        SNAPSHOT_DATE,
        repo_id,
        unaccounted(MODELS.column("hub_id")),
        unaccounted(MODELS.column("sha")),
        flag(
            "present",
            "Whether the repository was listed on that date. False for one that an earlier date listed: its "
            "row then holds the last known `repo_id` and `hub_id` and no other facts. A repository that was "
            "renamed, by its `hub_id`, goes on under its new name and is not missing under the old one.",
            "table `models`, and `history` of the previous date",
            nullable=False,
        ),
        *(
            unaccounted(MODELS.column(name))
            for name in ("unique_model_id", "family_id", "pipeline_tag", "gated", "license")
        ),
        downloads,
        unaccounted(MODELS.column("downloads_all_time")),
        likes,
        parameters,
    ),
)
