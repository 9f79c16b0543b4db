"""How often the answers are right, as the manifest measured it against rows that people judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.errors import SnapshotRefused
from schemas import vocabulary

WORDS = {
    "unique_model_id": "distinct model",
    "kind": "kind",
    "audio_language_model": "audio-language model or not",
    "family_id": "family (B-cubed F1)",
    "runtime_parameters": "parameters to load",
    "logical_parameters": "parameters in the repository",
}
"""What is scored, in the words of the card; the order is that of its table."""

BASELINES = ("declared_tags_only", "nothing_folded")

FIRST_SCREEN = ("unique_model_id", "kind", "runtime_parameters")
"""What the line of trust names: which model it is, what the repository is, and how large."""


@dataclass(frozen=True)
class Share:
    """How often one column is right on some rows: a share, or an F1, with its 95 % interval."""

    rows: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class AccuracyLine:
    """One scored column."""

    column: str
    words: str
    right: Share
    uncorrected: Share
    """Without curated corrections."""
    blind: Share
    """Without curated corrections, on rows judged blind alone."""
    by_confidence: tuple[Share, ...]
    """High, medium, low."""
    baselines: tuple[Share, ...]
    """Declared tags only, nothing folded."""


@dataclass(frozen=True)
class ErrorLine:
    """One wrong answer; an answer of None is a value that the snapshot does not know."""

    repo_id: str
    column: str
    judged: str
    answer: str | None
    confidence: str | None


@dataclass(frozen=True)
class Accuracy:
    """One evaluation."""

    judged: int
    scored: int
    blind: int
    corrected_blind: int
    """Rows judged blind on which a curated correction decides."""
    lines: tuple[AccuracyLine, ...]
    errors: tuple[ErrorLine, ...]

    @property
    def handed(self) -> int:
        """Judged rows that came with the project."""
        return self.judged - self.blind

    @property
    def first_screen(self) -> tuple[AccuracyLine, ...]:
        """The lines that the first screen names, as far as rows were judged for them."""
        return tuple(line for line in self.lines if line.column in FIRST_SCREEN and line.uncorrected.rows)


def read_accuracy(entry: Mapping[str, Any] | None) -> Accuracy | None:
    """The manifest's entry `accuracy`; None where nobody judged rows of the date.

    Raises:
        SnapshotRefused: the entry is not the one that this version measures.
    """
    if entry is None:
        return None
    try:
        return Accuracy(
            judged=int(entry["gold_rows"]),
            scored=int(entry["scored_rows"]),
            blind=int(entry["judged_blind"]),
            corrected_blind=int(entry["corrected_blind"]),
            lines=tuple(_line(entry, column) for column in WORDS),
            errors=tuple(_error(error) for error in entry["errors"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        msg = f"the manifest's accuracy is not as this version measures it ({error}): build the date again"
        raise SnapshotRefused(msg) from error


def _line(entry: Mapping[str, Any], column: str) -> AccuracyLine:
    return AccuracyLine(
        column=column,
        words=WORDS[column],
        right=_share(entry["scores"][column]),
        uncorrected=_share(entry["without_corrections"][column]),
        blind=_share(entry["blind_without_corrections"][column]),
        by_confidence=tuple(_share(entry["by_confidence"][level][column]) for level in vocabulary.CONFIDENCE),
        baselines=tuple(_share(entry["baselines"][name][column]) for name in BASELINES),
    )


def _share(score: Mapping[str, Any]) -> Share:
    return Share(int(score["rows"]), float(score["value"]), float(score["low"]), float(score["high"]))


def _error(error: Mapping[str, Any]) -> ErrorLine:
    answer, confidence = error["answer"], error["confidence"]
    return ErrorLine(
        repo_id=str(error["repo_id"]),
        column=str(error["column"]),
        judged=str(error["judged"]),
        answer=None if answer is None else str(answer),
        confidence=None if confidence is None else str(confidence),
    )
