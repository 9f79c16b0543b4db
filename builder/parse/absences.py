"""Why a value is not known: the reason that one record can give for each column it leaves empty."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

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


NAME_LENGTH: Final = 16
"""Hexadecimal digits that name a set of reasons: a few hundred sets exist, and 64 bits keep them apart."""


def clean_tag(text: str | None, field: str, irregular: Irregularities) -> str | None:
    """The text, if it has no control characters or markup."""
    if text is None or _TAG.fullmatch(text):
        return text
    irregular.add(field, "control characters or markup")
    return None


class Circumstances(NamedTuple):
    """All of a record that the reasons for what it does not say depend on."""

    has_weights: bool | None
    packed: bool
    counted: bool
    asks: bool
    """Whether access is granted by hand."""
    captured: frozenset[str]
    has_config: bool
    states_config: bool | None
    """Whether a main configuration is among the captured ones; None where none was asked for."""
    uncounted: bool
    """Whether files are known and none of their headers was read."""
    countable: bool
    """Whether a format of the files has headers that can be counted."""
    differ: bool
    """Whether files of several widths are offered, so that no one number holds."""


class Absences(NamedTuple):
    """The reasons that a record gives; thousands of records give the same, so that each set has a name."""

    absence_set: str
    rows: list[dict[str, Any]]
    """Of the relation `absence`; every record with these reasons shares them."""


def find_absences(facts: Facts, marks: Marks, *, has_weights: bool | None) -> Absences:
    """The reason for each column of `models` that must be accounted for, if it turns out null.

    Whether it is null is seen only when the table is built; a reason for a value that exists
    is not used.
    """
    files, configs = facts.weight_files, facts.config_files
    return _find_reasons(
        Circumstances(
            has_weights=has_weights,
            packed=bool(marks.quantized.packed),
            counted=bool(facts.counts or facts.header_counts),
            asks=facts.gated == "manual",
            captured=frozenset(facts.captured),
            has_config=facts.has_config,
            states_config=None if configs is None else not _MAIN_CONFIGS.isdisjoint(configs),
            uncounted=files is not None and facts.header_counts is None,
            countable=not _WITH_HEADERS.isdisjoint(facts.file_formats),
            differ=len({file.variant for file in files or () if file.role == "weights"}) > 1,
        )
    )


@lru_cache(4096)
def _find_reasons(known: Circumstances) -> Absences:
    reasons = tuple(
        (column, reason)
        for column, allowed in _ACCOUNTED
        if (reason := _reason(column, allowed, known)) is not None
    )
    spelt = "".join(f"{column} {reason}\n" for column, reason in reasons)
    name = hashlib.sha256(spelt.encode()).hexdigest()[:NAME_LENGTH]
    return Absences(
        name, [{"absence_set": name, "column_name": column, "reason": reason} for column, reason in reasons]
    )


def _reason(column: str, allowed: frozenset[str], known: Circumstances) -> str | None:
    candidates: list[str] = []
    if known.has_weights is False:
        candidates.append("no_weights_in_repo")
    if column in _COUNT_COLUMNS:
        candidates.append(_count_reason(column, known))
    if column in RUNNING or column in _CONFIG_COLUMNS:
        candidates += _config_reason(column, known)
    if column == "bits_per_weight" and known.differ:
        candidates.append("conflicting_sources")
    if column in known.captured:
        candidates.append("not_stated")
    candidates += ["not_captured", "not_stated"]
    return next((reason for reason in candidates if reason in allowed), None)


def _config_reason(column: str, known: Circumstances) -> list[str]:
    """Whether a configuration is missing, or does not say; nothing where none was asked for."""
    if known.states_config is not None:
        return ["not_stated" if known.states_config else "config_absent"]
    return ["config_absent"] if column in _CONFIG_COLUMNS and known.has_config else []


def _count_reason(column: str, known: Circumstances) -> str:
    if known.packed and column != "stored_parameters":
        return "packing_ambiguous"
    if known.counted and column == "active_parameters":
        return "config_absent"
    if known.asks:
        return "gated"
    # Known files, with headers that this capture has not read.
    if known.uncounted and column != "hub_total_parameters":
        return "not_captured" if known.countable else "format_without_counts"
    return "format_without_counts"
