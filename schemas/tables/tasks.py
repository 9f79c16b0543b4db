"""`tasks`: how many models the Hub lists under each task, the field beside which this one stands."""

from __future__ import annotations

from schemas import vocabulary
from schemas.shared import PLAIN, SNAPSHOT_DATE, TOKEN, coded, count, flag, instant, text
from schemas.table import Table

TASKS = Table(
    name="tasks",
    title="Tasks of the Hub",
    group="The field and its movement",
    description="One row per pipeline tag that was counted.",
    key=("snapshot_date", "pipeline_tag"),
    columns=(
        SNAPSHOT_DATE,
        text("pipeline_tag", "Task, as the Hub spells it.", "Hub", TOKEN, nullable=False),
        coded(
            "category",
            "Section of the Hub's task list.",
            "the Hub's task page",
            vocabulary.TASK_CATEGORY,
            nullable=False,
        ),
        count(
            "model_count",
            "Repositories under the task.",
            "`source`",
            "repositories",
            nullable=False,
            tracked=True,
        ),
        flag(
            "exact",
            "Whether every repository was counted; false for a stated round number.",
            "`source`",
            nullable=False,
        ),
        instant(
            "counted_at", "Latest time at which the number can have been read.", "`source`", nullable=False
        ),
        text("source", "Who counted.", "evidence or curated", PLAIN, nullable=False),
    ),
)
