"""How each value of one row came about: what was seen, which rule decided and what it beat, which sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Row = Mapping[str, Any]

SEEN: Final = (
    "pipeline_tag",
    "library_name",
    "model_type",
    "last_modified",
    "used_storage_bytes",
    "has_weights",
    "hub_total_parameters",
    "stored_elements",
    "packed",
    "quantization",
    "float_bits",
    "ported",
    "audio_tag",
    "adapter_mark",
)
NAME_PARTS: Final = (
    *("stem", "line", "prefix_owner", "quantization"),
    *("float_bits", "ported", "copy_word", "training_word"),
)
SUMS: Final = ("logical_parameters", "runtime_parameters")


@dataclass(frozen=True)
class Candidate:
    """One proposal for a value."""

    value: str
    target: str
    rule: str
    evidence: str
    confidence: str


@dataclass(frozen=True)
class Decided:
    """One inferred column: the elements that won, and what they beat, strongest first."""

    column: str
    winners: tuple[Candidate, ...]
    beaten: tuple[Candidate, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything that `builder explain` shows."""

    repo_id: str
    where: str
    seen: dict[str, Any]
    lists: dict[str, list[str]]
    name: dict[str, Any]
    decided: tuple[Decided, ...]
    lineage: tuple[dict[str, Any], ...]
    addends: tuple[dict[str, Any], ...]
    sums: dict[str, int | None]
    gaps: dict[str, str]


def explain(repo_id: str, where: str, rows: Mapping[str, list[dict[str, Any]]]) -> Explanation:
    """Put the rows of one repository in order.

    Args:
        repo_id: the repository.
        where: file and line of its evidence.
        rows: relation or table name → its rows of this repository.
    """
    record, model, name = rows["record"][0], rows["models"][0], rows["known_name"][0]
    lists: dict[str, list[str]] = {}
    for row in sorted(rows["record_value"], key=lambda r: (r["column_name"], r["value"])):
        lists.setdefault(row["column_name"], []).append(row["value"])
    return Explanation(
        repo_id=repo_id,
        where=where,
        seen={name: record[name] for name in SEEN if record[name] is not None},
        lists=lists,
        name={part: name[part] for part in NAME_PARTS if name[part]},
        decided=_decide(rows["decisions"]),
        lineage=tuple(sorted(rows["lineage"], key=lambda r: (r["base_model"], r["relation"]))),
        addends=tuple(sorted(rows["parameters"], key=_addend_order)),
        sums={column: model[column] for column in SUMS},
        gaps=dict(sorted((row["column_name"], row["reason"]) for row in rows["gaps"])),
    )


def _addend_order(row: Row) -> tuple[Any, ...]:
    """Addends of the sums first."""
    return not row["counted"], row["component"], row["weights_repo_id"], row["source"], row["dtype"]


def _decide(rows: list[dict[str, Any]]) -> tuple[Decided, ...]:
    by_column: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda r: (r["column_name"], r["rank"], r["rule"], r["value"], r["target"])):
        by_column.setdefault(row["column_name"], []).append(row)
    decided = []
    for column, candidates in sorted(by_column.items()):
        first = candidates[0]
        # Sets take all elements of the strongest rule; everything else takes one value.
        many = column.endswith(("_modalities", "_domains"))
        winners = [c for c in candidates if many and c["rank"] == first["rank"]] or [first]
        beaten = [c for c in candidates if c not in winners]
        decided.append(Decided(column, tuple(map(_candidate, winners)), tuple(map(_candidate, beaten))))
    return tuple(decided)


def _candidate(row: Row) -> Candidate:
    return Candidate(row["value"], row["target"], row["rule"], row["evidence"], row["confidence"])
