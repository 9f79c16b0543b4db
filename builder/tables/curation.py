"""Curated facts: hand-kept YAML becomes rows of the curated relations.

The files lie in `curated/`; each fact names its source. What is not as declared is an error that
names file and entry: a hand-kept fact must not be dropped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from builder.errors import EvidenceUnreadable
from builder.parse.names import parse_name
from builder.parse.record import to_name_row

FILES: Final = ("architectures", "backbones", "families", "corrections", "tasks")
BACKBONES_READ_AT: Final = datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)
"""Counts marked *Hub listing, May 2026* were read during that month; its end is the latest time."""

Rows = dict[str, list[dict[str, Any]]]


class Entry:
    """One entry of a curated file, read by taking its fields."""

    def __init__(self, file: str, label: str, values: Any) -> None:
        """Demand that the entry is a mapping.

        Raises:
            EvidenceUnreadable: it is not.
        """
        self.where = f"curated/{file}.yaml, entry {label}"
        if not isinstance(values, Mapping):
            msg = f"{self.where}: expected fields, found {type(values).__name__}; write it as `name: value`"
            raise EvidenceUnreadable(msg)
        self._left = dict(values)

    def take(self, name: str, kind: type, default: Any = ...) -> Any:
        """The value of a field.

        Raises:
            EvidenceUnreadable: it is missing without a default, or of another type.
        """
        value = self._left.pop(name, default)
        if value is ...:
            msg = f"{self.where}: the field {name} is missing; add it"
            raise EvidenceUnreadable(msg)
        if value is not None and value is not default and not isinstance(value, kind):
            msg = f"{self.where}: {name} must be {kind.__name__}, found {value!r}; correct it"
            raise EvidenceUnreadable(msg)
        return value

    def done(self) -> None:
        """Demand that every field was known.

        Raises:
            EvidenceUnreadable: one was not.
        """
        if self._left:
            msg = f"{self.where}: the field {min(self._left)} is not known; remove it or teach it to builder/tables/curation.py"
            raise EvidenceUnreadable(msg)


def to_relations(documents: Mapping[str, Any], date: str) -> Rows:
    """Rows of the curated relations, and counts of tasks that were stated for a date.

    Args:
        documents: file name without ending → parsed YAML.
        date: the snapshot's date, as it stands in `index.yaml`.

    Raises:
        EvidenceUnreadable: an entry is not as declared.
    """
    rows: Rows = {name: [] for name in _RELATIONS}
    for entry in _entries(documents, "architectures", "architectures"):
        _add_architecture(rows, entry)
    for entry in _entries(documents, "backbones", "backbones"):
        _add_backbone(rows, entry)
    for family, title in sorted(_section(documents, "families", "titles", dict).items()):
        rows["family_title"].append({"family_id": str(family), "title": str(title)})
    for entry in _entries(documents, "corrections", "corrections"):
        _add_correction(rows, entry)
    for category, tags in sorted(_section(documents, "tasks", "categories", dict).items()):
        rows["task_category"] += [{"pipeline_tag": tag, "category": category} for tag in tags]
    stated = _section(documents, "tasks", "stated", dict)
    for number, values in enumerate(stated.get(date, [])):
        _add_task_count(rows, Entry("tasks", f"{date} number {number + 1}", values))
    return rows


_RELATIONS: Final = (
    "architecture",
    "architecture_value",
    "architecture_alias",
    "backbone",
    "backbone_alias",
    "family_title",
    "correction",
    "task_category",
    "task_count",
    "name",
)


def _section(documents: Mapping[str, Any], file: str, name: str, kind: type) -> Any:
    document = documents.get(file)
    section = document.get(name) if isinstance(document, Mapping) else None
    if not isinstance(section, kind):
        msg = f"curated/{file}.yaml: expected the section {name}; restore it from the repository"
        raise EvidenceUnreadable(msg)
    return section


def _entries(documents: Mapping[str, Any], file: str, name: str) -> list[Entry]:
    section = _section(documents, file, name, list)
    return [
        Entry(file, str(values.get("repo_id") or values.get("model_type") or number + 1) if isinstance(values, dict) else str(number + 1), values)
        for number, values in enumerate(section)
    ]


def _add_architecture(rows: Rows, entry: Entry) -> None:
    model_type = entry.take("model_type", str)
    inputs, outputs = entry.take("input", list), entry.take("output", list, [])
    lines = entry.take("lines", list, [])
    values = {"input_modalities": inputs, "output_modalities": outputs, "audio_domains": entry.take("domains", list, [])}
    rows["architecture"].append(
        {
            "model_type": model_type,
            "family": entry.take("family", str),
            "takes_audio": "audio" in inputs,
            "takes_text": "text" in inputs,
            "gives_text": "text" in outputs,
            "dense": entry.take("dense", bool, None),
            "delta": entry.take("delta", bool, default=False),
            "line": lines[0] if lines else None,
            "owner": entry.take("owner", str, None),
            "source": entry.take("source", str),
        }
    )
    for column, elements in values.items():
        rows["architecture_value"] += [{"model_type": model_type, "column_name": column, "value": e} for e in elements]
    for kind, names in (("class", entry.take("classes", list, [])), ("line", lines)):
        rows["architecture_alias"] += [{"alias_kind": kind, "alias": name, "model_type": model_type} for name in names]
    entry.done()


def _add_backbone(rows: Rows, entry: Entry) -> None:
    repo_id, component = entry.take("repo_id", str), entry.take("component", str)
    parameters, counted = entry.take("parameters", int, None), entry.take("counted", str, "safetensors_hub")
    rows["backbone"].append(
        {
            "repo_id": repo_id,
            "component": component,
            "model_type": entry.take("model_type", str),
            "logical_parameters": parameters,
            "active_parameters": entry.take("active", int, None),
            "uncertainty": 0,
            "count_source": counted if parameters is not None else None,
            "observed_at": BACKBONES_READ_AT,
            "license": entry.take("license", str, None),
            "gated": entry.take("gated", str, None),
            "source": entry.take("source", str),
        }
    )
    if all(row["repo_id"] != repo_id for row in rows["name"]):
        rows["name"].append(to_name_row(parse_name(repo_id), "curated"))
    model_type, names = entry.take("for", str, None), entry.take("names", list, [])
    rows["backbone_alias"] += [
        {"model_type": model_type, "alias": name, "component": component, "repo_id": repo_id, "words": len(name.split())}
        for name in names
    ]
    entry.done()


def _add_correction(rows: Rows, entry: Entry) -> None:
    rows["correction"].append(
        {
            "repo_id": entry.take("repo_id", str),
            "column_name": entry.take("column", str),
            "value": str(entry.take("value", object)),
            "target": entry.take("target", str, ""),
            "reason": entry.take("reason", str),
            "source": entry.take("source", str),
        }
    )
    entry.done()


def _add_task_count(rows: Rows, entry: Entry) -> None:
    rows["task_count"].append(
        {
            "pipeline_tag": entry.take("pipeline_tag", str),
            "model_count": entry.take("model_count", int),
            "exact": False,
            "counted_at": datetime.fromisoformat(entry.take("counted_at", str)),
            "source": entry.take("source", str),
        }
    )
    entry.done()
