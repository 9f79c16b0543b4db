"""Measures a date's tables against judged rows, with curated corrections and without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from builder import project
from builder.derivation import Parsed, Plan
from builder.errors import EvidenceUnreadable
from builder.evaluation.gold import GoldRow, parse_gold
from builder.evaluation.report import evaluate, to_answers
from builder.evaluation.score import Answers
from builder.layout import Layout
from builder.redaction import Redactor
from builder.snapshot import build as core

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


@dataclass(frozen=True)
class Judged:
    """What was judged of a date."""

    file_name: str
    rows: tuple[GoldRow, ...]


def read_judged(plan: Plan, layout: Layout, gold: Path | None = None) -> Judged | None:
    """Judged rows of a date, from the project or from another file; None where nobody judged it.

    Raises:
        EvidenceUnreadable: the file is not what it must be.
    """
    path = gold or layout.gold(plan.day.isoformat())
    if gold is None and not path.is_file():
        return None
    rows = parse_gold(project.read_text(path), path.name)
    return Judged(path.name, _redact_gold(rows, plan.redactor))


def answer_uncorrected(parsed: Parsed, plan: Plan) -> Answers | None:
    """What the rules alone answer; None where there are no corrections, so that both are the same."""
    if not plan.curated["corrections"]["corrections"]:
        return None
    with parsed.run_uncorrected() as engine:
        return to_answers(core.to_frame(engine.table("models", ("repo_id",))).to_dicts())


def measure_accuracy(
    judged: Judged, plan: Plan, tables: Mapping[str, pl.LazyFrame], uncorrected: Answers | None
) -> dict[str, Any]:
    """Accuracy of a date's tables against judged rows.

    Args:
        judged: what was judged.
        plan: of the date.
        tables: its tables.
        uncorrected: as `answer_uncorrected` gives it.

    Raises:
        EvidenceUnreadable: a row was judged of a repository that the date does not have.
    """
    models, lineage = (tables[name].collect().to_dicts() for name in ("models", "lineage"))
    unknown = sorted({row.repo_id for row in judged.rows} - {model["repo_id"] for model in models})
    if unknown:
        raise EvidenceUnreadable(
            f"{judged.file_name}: {unknown[0]} is no repository of {plan.date}; remove the row"
        )
    return evaluate(judged.rows, models, lineage, uncorrected)


def _redact_gold(judged: Iterable[GoldRow], redactor: Redactor) -> tuple[GoldRow, ...]:
    """Judged rows whose answers may be listed: what must not be named counts as not judged."""
    hides = redactor.hides
    return tuple(
        replace(row, unique_model_id=None) if row.unique_model_id and hides(row.unique_model_id) else row
        for row in judged
        if not hides(row.repo_id)
    )
