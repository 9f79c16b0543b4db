"""One evaluation as data: scores, scores per confidence level, baselines and the list of errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from builder.evaluation.baselines import NAMES, answer_by_nothing, answer_by_tags
from builder.evaluation.gold import GoldRow
from builder.evaluation.score import COLUMNS, Answers, Score, find_misses, score, score_by_confidence

Rows = Iterable[Mapping[str, Any]]


def to_answers(models: Rows) -> Answers:
    """Values of `models` by repository."""
    return {model["repo_id"]: model for model in models}


def evaluate(
    gold: Sequence[GoldRow],
    models: Sequence[Mapping[str, Any]],
    lineage: Rows,
    uncorrected: Answers | None,
) -> dict[str, Any]:
    """Everything that is published about accuracy, as plain data.

    Args:
        gold: judged rows of the date.
        models: rows of the table `models`.
        lineage: rows of the table `lineage`, from which the baselines are made.
        uncorrected: the same values made without curated corrections; None where there are no
            corrections, so that both are the same.
    """
    answers = to_answers(models)
    rules = answers if uncorrected is None else uncorrected
    blind = [row for row in gold if row.judged == "blind"]
    baselines = {
        "declared_tags_only": answer_by_tags(models, lineage),
        "nothing_folded": answer_by_nothing(models),
    }
    return {
        "gold_rows": len(gold),
        "scored_rows": sum(row.scored and row.repo_id in answers for row in gold),
        "judged_blind": len(blind),
        "corrected_blind": sum(_is_corrected(answers.get(row.repo_id, {})) for row in blind),
        "scores": _plain(score(gold, answers)),
        "without_corrections": _plain(score(gold, rules)),
        "blind_without_corrections": _plain(score(blind, rules)),
        "by_confidence": {
            level: _plain(scores) for level, scores in score_by_confidence(gold, answers).items()
        },
        "baselines": {name: _plain(score(gold, baselines[name])) for name in NAMES},
        "errors": [asdict(miss) for miss in find_misses(gold, answers)],
    }


def _is_corrected(answer: Mapping[str, Any]) -> bool:
    """Whether a curated correction decides a scored value of the row."""
    return any(answer.get(f"{column}_evidence") == "curated" for column in COLUMNS)


def _plain(scores: Iterable[Score]) -> dict[str, dict[str, Any]]:
    return {
        entry.column: {
            "rows": entry.rows,
            "value": entry.value,
            "low": entry.low,
            "high": entry.high,
        }
        for entry in scores
    }
