"""Why a value is not known: the reason that one record can give for each column it leaves empty."""

from __future__ import annotations

import re
from typing import Any, Final

from builder.parse.config import RUNNING
from builder.parse.facts import Facts
from builder.parse.marks import Marks
from builder.parse.popping import Irregularities
from schemas.shared import TAG
from schemas.tables.models import MODELS

_TAG: Final = re.compile(TAG.pattern)
_CONFIG_COLUMNS: Final = frozenset({"architectures", "model_type"})
_MAIN_CONFIGS: Final = frozenset({"config.json", "params.json"})
_WITH_HEADERS: Final = frozenset({"safetensors", "mlx", "gguf", "pytorch"})
"""Formats whose files begin with a header, or end with one, that can be counted."""

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
    if column in RUNNING or column in _CONFIG_COLUMNS:
        candidates += _config_reason(column, facts)
    if column == "bits_per_weight" and _differ(facts):
        candidates.append("conflicting_sources")
    if column in facts.captured:
        candidates.append("not_stated")
    candidates += ["not_captured", "not_stated"]
    return next((reason for reason in candidates if reason in allowed), None)


def _config_reason(column: str, facts: Facts) -> list[str]:
    """Whether a configuration is missing, or does not say; nothing where none was asked for."""
    if facts.config_files is not None:
        return ["not_stated" if facts.config_files & _MAIN_CONFIGS else "config_absent"]
    return ["config_absent"] if column in _CONFIG_COLUMNS and facts.has_config else []


def _differ(facts: Facts) -> bool:
    """Whether files of several widths are offered, so that no one number holds."""
    return len({file.variant for file in facts.weight_files or () if file.role == "weights"}) > 1


def _count_reason(column: str, facts: Facts, marks: Marks) -> str:
    if marks.quantized.packed and column != "stored_parameters":
        return "packing_ambiguous"
    if (facts.counts or facts.header_counts) and column == "active_parameters":
        return "config_absent"
    if facts.gated == "manual":
        return "gated"
    # Known files, with headers that this capture has not read.
    if facts.weight_files is not None and facts.header_counts is None and column != "hub_total_parameters":
        return "not_captured" if _WITH_HEADERS & facts.file_formats else "format_without_counts"
    return "format_without_counts"
