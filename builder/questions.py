"""Questions to a built date: how often its answers are right, and how one of them came about."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from builder.capture.reader import read_evidence
from builder.errors import EvidenceUnreadable, UsageError
from builder.explanation import Explanation, explain
from builder.layout import Layout
from builder.stages import measure_accuracy, plan_build, read_tables, run_steps


def evaluate_date(layout: Layout, date: str, gold: Path | None = None) -> dict[str, Any]:
    """Accuracy of a built date.

    Raises:
        SnapshotRefused: the date is not built.
        EvidenceUnreadable: there is no gold file for the date, or it is broken.
    """
    tables = read_tables(layout, date)
    accuracy = measure_accuracy(plan_build(layout, date), layout, tables, gold)
    if accuracy is None:
        where = layout.gold(date[:10]).relative_to(layout.root).as_posix()
        raise EvidenceUnreadable(f"nobody judged rows of {date}: {where} is missing; name a file with --gold")
    return accuracy


_EXPLAINED: Final = (
    "record", "record_value", "known_name", "decisions", "lineage", "parameters", "gaps", "models",
)  # fmt: skip


def explain_repository(layout: Layout, date: str, repo_id: str) -> Explanation:
    """How each value of one repository came about, made again from the evidence.

    Raises:
        UsageError: the date has no such repository.
    """
    plan = plan_build(layout, date)
    where = _find_record(layout, date, repo_id)
    with run_steps(plan, layout) as engine:
        rows = {name: engine.rows_of(name, "repo_id", repo_id) for name in _EXPLAINED}
    return explain(repo_id, where, rows)


def _find_record(layout: Layout, date: str, repo_id: str) -> str:
    near = []
    for shard, line, record in read_evidence(layout.capture(date)):
        if record.repo_id == repo_id and record.role == "member":
            return f"{shard.relative_to(layout.root).as_posix()}, line {line}"
        if repo_id.lower() in record.repo_id.lower() or record.repo_id.lower() in repo_id.lower():
            near.append(record.repo_id)
    hint = f"; did you mean {', '.join(near[:3])}?" if near else ""
    raise UsageError(f"{date} has no repository {repo_id}{hint}")
