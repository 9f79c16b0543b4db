"""Why a value is not known: the reason that one record can give for each column it leaves empty."""

from __future__ import annotations

import re
from typing import Any, Final

from builder.parse.facts import Facts
from builder.parse.marks import Marks
from builder.parse.popping import Irregularities
from schemas.shared import TAG
from schemas.tables.models import MODELS

_TAG: Final = re.compile(TAG.pattern)
_CONFIG_COLUMNS: Final = frozenset({"architectures", "model_type"})
_COUNT_COLUMNS: Final = frozenset(
    {
        "stored_parameters",
        "logical_parameters",
        "runtime_parameters",
        "active_parameters",
        "hub_total_parameters",
    }
)
_ACCOUNTED: Final = tuple(
    (column.name, frozenset(column.gap_reasons)) for column in MODELS.columns if column.gap_reasons
)


def clean_tag(text: str | None, field: str, irregular: Irregularities) -> str | None:
    """The text, if it has no control characters or markup."""
    if text is None or _TAG.fullmatch(text):
        return text
    irregular.add(field, "control characters or markup")
    return None


def find_absences(facts: Facts, marks: Marks, *, has_weights: bool | None) -> list[dict[str, Any]]:
    """The reason for each column of `models` that must be accounted for, if it turns out null.

    Whether it is null is seen only when the table is built; a reason for a value that exists
    is not used.
    """
    return [
        {"repo_id": facts.repo_id, "column_name": column, "reason": reason}
        for column, allowed in _ACCOUNTED
        if (reason := _reason(column, allowed, facts, marks, has_weights=has_weights)) is not None
    ]


def _reason(
    column: str, allowed: frozenset[str], facts: Facts, marks: Marks, *, has_weights: bool | None
) -> str | None:
    candidates: list[str] = []
    if has_weights is False:
        candidates.append("no_weights_in_repo")
    if column in _COUNT_COLUMNS:
        candidates.append(_count_reason(column, facts, marks))
    if column in _CONFIG_COLUMNS and facts.has_config:
        candidates.append("config_absent")
    if column in facts.captured:
        candidates.append("not_stated")
    candidates += ["not_captured", "not_stated"]
    return next((reason for reason in candidates if reason in allowed), None)


def _count_reason(column: str, facts: Facts, marks: Marks) -> str:
    if marks.quantized.packed and column != "stored_parameters":
        return "packing_ambiguous"
    if facts.counts and column == "active_parameters":
        return "config_absent"
    if facts.gated == "manual":
        return "gated"
    return "format_without_counts"
