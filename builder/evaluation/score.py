"""Accuracy of answers against gold rows, with 95 % intervals.

What is scored follows the gold set's own conventions: `unique_model_id` and `kind` on rows with a
judged kind (placeholders: kind only), `audio_language_model` on rows judged yes or no, families by
B-cubed on rows judged yes, counts within the larger of 3 % and five million of the judged value.

Intervals of shares are Wilson's (E. B. Wilson, 1927); that of B-cubed (Bagga and Baldwin, 1998) is
the percentile bootstrap over rows.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from builder.evaluation.gold import GoldRow

Z_95: Final = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""

RELATIVE_TOLERANCE: Final = 0.03
ABSOLUTE_TOLERANCE: Final = 5_000_000
"""What two decimals of a billion leave open."""

RESAMPLES: Final = 400
"""Bootstrap resamples: the interval's ends move by less than 0.005 from 400 to 4,000 on 80 rows."""

SEED: Final = 20251207

Answers = Mapping[str, Mapping[str, Any]]
"""repo_id → column → value of `models`."""

COLUMNS: Final = (
    "unique_model_id",
    "kind",
    "audio_language_model",
    "family_id",
    "runtime_parameters",
    "logical_parameters",
)


@dataclass(frozen=True)
class Score:
    """Accuracy of one column: share (or B-cubed F1) with its interval."""

    column: str
    rows: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Miss:
    """One wrong answer; an answer of None is a value that is not known."""

    repo_id: str
    column: str
    judged: str
    answer: str | None
    confidence: str | None


def wilson(right: int, rows: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; the whole range where there are no rows."""
    if rows == 0:
        return 0.0, 1.0
    share, z2 = right / rows, Z_95**2
    middle = share + z2 / (2 * rows)
    half = Z_95 * math.sqrt(share * (1 - share) / rows + z2 / (4 * rows**2))
    return max(0.0, (middle - half) / (1 + z2 / rows)), min(1.0, (middle + half) / (1 + z2 / rows))


def b_cubed(pairs: Sequence[tuple[str, str]]) -> float:
    """B-cubed F1 of (judged cluster, answered cluster) pairs; 0 where there are none."""
    if not pairs:
        return 0.0
    judged, answered = (Counter(side) for side in zip(*pairs, strict=True))
    squares = [(true, given, count * count) for (true, given), count in Counter(pairs).items()]
    # `fsum` does not depend on the order of the rows.
    precision = math.fsum([square / answered[given] for _, given, square in squares]) / len(pairs)
    recall = math.fsum([square / judged[true] for true, _, square in squares]) / len(pairs)
    return 2 * precision * recall / (precision + recall)


def _bootstrap(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    if not pairs:
        return 0.0, 1.0
    dice = random.Random(SEED)  # noqa: S311 - a reproducible resample, not a secret
    ordered = sorted(pairs)
    values = sorted(b_cubed(dice.choices(ordered, k=len(ordered))) for _ in range(RESAMPLES))
    return values[round(0.025 * (RESAMPLES - 1))], values[round(0.975 * (RESAMPLES - 1))]


def is_close(answer: int | None, judged: int) -> bool:
    """Whether a count is within the larger of 3 % and five million of the judged one."""
    if answer is None:
        return False
    return abs(answer - judged) <= max(RELATIVE_TOLERANCE * judged, ABSOLUTE_TOLERANCE)


def _judged(row: GoldRow, column: str) -> str | int | None:
    """The judged value if the column is scored on this row, else None."""
    if not row.scored:
        return None
    decided = row.audio_language_model if row.audio_language_model in {"yes", "no"} else None
    values: dict[str, str | int | None] = {
        "kind": row.kind,
        "unique_model_id": None if row.kind in {None, "placeholder"} else row.unique_model_id,
        "audio_language_model": decided,
        "family_id": row.family if decided == "yes" else None,
        "runtime_parameters": row.runtime_parameters,
        "logical_parameters": row.logical_parameters,
    }
    return values[column]


def _is_right(answer: str | int | None, judged: str | int) -> bool:
    if isinstance(judged, int):
        return is_close(answer if isinstance(answer, int) else None, judged)
    return answer == judged


def find_misses(gold: Iterable[GoldRow], answers: Answers) -> list[Miss]:
    """Every wrong answer, families excepted: these are right or wrong only as clusters."""
    misses = []
    for row in gold:
        answer = answers.get(row.repo_id)
        if answer is None:
            continue
        for column in COLUMNS:
            judged, given = _judged(row, column), answer.get(column)
            if column == "family_id" or judged is None or _is_right(given, judged):
                continue
            confidence = answer.get(f"{column}_confidence")
            written = None if given is None else str(given)
            misses.append(Miss(row.repo_id, column, str(judged), written, confidence))
    return misses


def _keep_all(_repo_id: str, _column: str) -> bool:
    return True


def score(
    gold: Iterable[GoldRow], answers: Answers, keep: Callable[[str, str], bool] = _keep_all
) -> list[Score]:
    """Score every column.

    Args:
        gold: judged rows; those that the snapshot does not have are passed over.
        answers: values of `models`, or of a baseline.
        keep: (repo_id, column) → whether the answer counts; for scores per confidence level.
    """
    rows = [row for row in gold if row.repo_id in answers]
    scores = []
    for column in COLUMNS:
        judged = [
            (row.repo_id, value, answers[row.repo_id].get(column))
            for row in rows
            if (value := _judged(row, column)) is not None and keep(row.repo_id, column)
        ]
        if column == "family_id":
            # Repositories without a family are not a family together.
            pairs = [
                (f"judged {value}", f"alone {repo_id}" if answer is None else f"answered {answer}")
                for repo_id, value, answer in judged
            ]
            share, (low, high) = b_cubed(pairs), _bootstrap(pairs)
        else:
            right = sum(_is_right(answer, value) for _, value, answer in judged)
            share, (low, high) = right / len(judged) if judged else 0.0, wilson(right, len(judged))
        scores.append(Score(column, len(judged), round(share, 4), round(low, 4), round(high, 4)))
    return scores


def score_by_confidence(gold: Iterable[GoldRow], answers: Answers) -> dict[str, list[Score]]:
    """The same per confidence level that the snapshot gives each answer."""
    rows = tuple(gold)

    def at(level: str) -> Callable[[str, str], bool]:
        return lambda repo_id, column: answers[repo_id].get(f"{column}_confidence") == level

    return {level: score(rows, answers, at(level)) for level in ("high", "medium", "low")}
