"""Curated facts: hand-kept YAML becomes rows of the curated relations.

The files lie in `curated/`; each fact names its source. What is not as declared is an error that
names file and entry: a hand-kept fact must not be dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from builder.errors import EvidenceUnreadable
from builder.parse.names import parse_name
from builder.parse.record import Rows
from builder.tables import comparisons, shapes
from builder.tables.entry import Entry

FILES: Final = (
    *(
        "architectures",
        "audio",
        "backbones",
        "families",
        "corrections",
        "hosted",
        "leaderboards",
        "redactions",
    ),
    *("runtimes", "tasks"),
)
BACKBONES_READ_AT: Final = datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)
"""Counts marked *Hub listing, May 2026* were read during that month; its end is the latest time."""

_Section = TypeVar("_Section")


def to_relations(documents: Mapping[str, Any], date: str) -> Rows:
    """Rows of the curated relations, and counts of tasks that were stated for a date.

    Args:
        documents: file name without ending → parsed YAML.
        date: the snapshot's date, as it stands in `index.yaml`.

    Raises:
        EvidenceUnreadable: an entry is not as declared.
    """
    rows: Rows = {name: [] for name in _RELATIONS}
    for entry in _entries("architectures", _section(documents, "architectures", "architectures", list)):
        _add_architecture(rows, entry)
    for entry in _entries("backbones", _section(documents, "backbones", "backbones", list)):
        _add_backbone(rows, entry)
    for entry in _entries("backbones", _section(documents, "backbones", "designs", list)):
        _add_design_part(rows, entry)
    for entry in _entries("audio", _section(documents, "audio", "audio", list)):
        rows["audio_fact"].append(shapes.to_audio_fact(entry))
    for entry in _entries("audio", _section(documents, "audio", "language_models", list)):
        rows["language_model"].append(shapes.to_language_model(entry))
    _add_what_to_choose_by(rows, documents)
    _add_titles(rows, _section(documents, "families", "titles", dict))
    for entry in _entries("corrections", _section(documents, "corrections", "corrections", list)):
        _add_correction(rows, entry, date)
    _add_categories(rows, _section(documents, "tasks", "categories", dict))
    stated = _section(documents, "tasks", "stated", dict).get(date)
    if stated is not None and not isinstance(stated, list):
        raise EvidenceUnreadable(f"curated/tasks.yaml, stated {date}: expected a list of counts; correct it")
    for number, values in enumerate(stated or [], start=1):
        _add_task_count(rows, Entry("tasks", f"{date} number {number}", values))
    return rows


_RELATIONS: Final = (
    "architecture",
    "architecture_value",
    "architecture_alias",
    "backbone",
    "backbone_alias",
    "design_part",
    "audio_fact",
    "language_model",
    "family_title",
    "correction",
    "task_category",
    "task_count",
    "name",
    "leaderboard_system",
    "runtime_support",
    "runtime_format",
    "hosted_system",
)


def _section(documents: Mapping[str, Any], file: str, name: str, kind: type[_Section]) -> _Section:
    document = documents.get(file)
    section = document.get(name) if isinstance(document, Mapping) else None
    if not isinstance(section, kind):
        raise EvidenceUnreadable(
            f"curated/{file}.yaml: expected the section {name} as a {kind.__name__}; "
            "restore it from the repository"
        )
    return section


def _entries(file: str, section: list[Any]) -> Iterator[Entry]:
    for number, values in enumerate(section, start=1):
        named = values if isinstance(values, Mapping) else {}
        name = next((named[key] for key in ("repo_id", "model_type", "system_id") if named.get(key)), number)
        runtime = named.get("runtime")
        yield Entry(file, f"{name} {runtime}" if runtime else str(name), values)


def _add_what_to_choose_by(rows: Rows, documents: Mapping[str, Any]) -> None:
    _add_leaderboards(rows, _section(documents, "leaderboards", "leaderboards", dict))
    for entry in _entries("runtimes", _section(documents, "runtimes", "runtimes", list)):
        rows["runtime_support"].append(comparisons.to_runtime_support(entry))
    _add_formats(rows, _section(documents, "runtimes", "formats", dict))
    for entry in _entries("hosted", _section(documents, "hosted", "systems", list)):
        rows["hosted_system"].append(comparisons.to_hosted_system(entry))


def _add_leaderboards(rows: Rows, leaderboards: Mapping[Any, Any]) -> None:
    for leaderboard in sorted(map(str, leaderboards)):
        groups = _section({"leaderboards": leaderboards}, "leaderboards", leaderboard, list)
        for entry in _entries("leaderboards", groups):
            rows["leaderboard_system"] += comparisons.to_leaderboard_systems(leaderboard, entry)


def _add_formats(rows: Rows, formats: Mapping[Any, Any]) -> None:
    entry = Entry("runtimes", "formats", formats)
    for runtime in sorted(map(str, formats)):
        rows["runtime_format"] += [
            {"runtime": runtime, "weight_format": weight_format} for weight_format in entry.texts(runtime)
        ]
    entry.done()


def _add_architecture(rows: Rows, entry: Entry) -> None:
    model_type, lines = entry.text("model_type"), entry.texts("lines")
    inputs, outputs = entry.texts("input"), entry.texts("output")
    if not inputs:
        entry.refuse("the field input is missing; say what goes in")
    values = {
        "input_modalities": inputs,
        "output_modalities": outputs,
        "audio_domains": entry.texts("domains"),
    }
    rows["architecture"].append(
        {
            "model_type": model_type,
            "family": entry.text("family"),
            "takes_audio": "audio" in inputs,
            "takes_text": "text" in inputs,
            "gives_text": "text" in outputs,
            "dense": entry.flag("dense"),
            "delta": entry.flag("delta") or False,
            "line": lines[0] if lines else None,
            "owner": entry.optional_text("owner"),
            "source": entry.text("source"),
        }
    )
    for column, elements in values.items():
        rows["architecture_value"] += [
            {"model_type": model_type, "column_name": column, "value": element} for element in elements
        ]
    for kind, names in (("class", entry.texts("classes")), ("line", lines)):
        rows["architecture_alias"] += [
            {"alias_kind": kind, "alias": name, "model_type": model_type} for name in names
        ]
    entry.done()


def _add_backbone(rows: Rows, entry: Entry) -> None:
    repo_id, component = entry.text("repo_id"), entry.text("component")
    parameters, counted = entry.optional_whole("parameters"), entry.optional_text("counted")
    rows["backbone"].append(
        {
            "repo_id": repo_id,
            "component": component,
            "model_type": entry.text("model_type"),
            "logical_parameters": parameters,
            "active_parameters": entry.optional_whole("active"),
            "uncertainty": 0,
            "tied_head": entry.optional_whole("tied_head"),
            "count_source": None if parameters is None else counted or "safetensors_hub",
            "observed_at": BACKBONES_READ_AT,
            "license": entry.optional_text("license"),
            "gated": entry.optional_text("gated"),
            "source": entry.text("source"),
        }
    )
    _add_name(rows, repo_id)
    model_type, names = entry.optional_text("for"), entry.texts("names")
    if names and model_type is None:
        entry.refuse("names are given, but not the model type of the delta; add the field for")
    rows["backbone_alias"] += [
        {
            "model_type": model_type,
            "alias": name,
            "component": component,
            "repo_id": repo_id,
            "words": len(name.split()),
        }
        for name in names
    ]
    entry.done()


def _add_titles(rows: Rows, titles: Mapping[Any, Any]) -> None:
    entry = Entry("families", "titles", titles)
    rows["family_title"] = [
        {"family_id": family, "title": entry.text(family)} for family in sorted(map(str, titles))
    ]
    entry.done()


def _add_design_part(rows: Rows, entry: Entry) -> None:
    fields = ("model_type", "component", "repo_id", "source")
    rows["design_part"].append({name: entry.text(name) for name in fields})
    entry.done()


def _add_name(rows: Rows, repo_id: str) -> None:
    if all(row["repo_id"] != repo_id for row in rows["name"]):
        rows["name"].append({**parse_name(repo_id)._asdict(), "seen_in": "curated"})


def _add_correction(rows: Rows, entry: Entry, date: str) -> None:
    target = entry.optional_text("target") or ""
    row = {
        "repo_id": entry.text("repo_id"),
        "column_name": entry.text("column"),
        "value": entry.text("value"),
        "target": target,
        "reason": entry.text("reason"),
        "source": entry.text("source"),
    }
    dates = entry.texts("dates")
    if not dates:
        entry.refuse("it must say for which dates it was checked; add the field dates")
    entry.done()
    if date in dates:
        rows["correction"].append(row)
        if target:
            _add_name(rows, target)


def _add_categories(rows: Rows, categories: Mapping[Any, Any]) -> None:
    entry = Entry("tasks", "categories", categories)
    for category in sorted(map(str, categories)):
        rows["task_category"] += [
            {"pipeline_tag": tag, "category": category} for tag in entry.texts(category)
        ]
    entry.done()


def _add_task_count(rows: Rows, entry: Entry) -> None:
    rows["task_count"].append(
        {
            "pipeline_tag": entry.text("pipeline_tag"),
            "model_count": entry.whole("model_count"),
            "exact": False,
            "counted_at": entry.instant("counted_at"),
            "source": entry.text("source"),
        }
    )
    entry.done()
