"""One record of evidence becomes rows of the parsed relations.

`parse_record` is the whole of parse: a pure function of one record, the same in one process, in
a pool and on a cluster. Each part of the evidence is read into one form, `Facts`, and the facts
become rows; no record knows another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from builder.parse import absences
from builder.parse.export import read_export
from builder.parse.facts import Facts
from builder.parse.listing import read_listing
from builder.parse.marks import Marks, find_marks
from builder.parse.names import ParsedName, adds_words, parse_name
from builder.parse.popping import Fields, Irregularities
from builder.errors import EvidenceUnreadable
from schemas import vocabulary
from schemas.shared import MAX_TEXT, REPO_ID, TOKEN, URL

Rows = dict[str, list[dict[str, Any]]]
"""Relation name → rows, each a mapping from column to scalar."""

_READERS: Final = {"export": read_export, "list": read_listing}
_ID: Final = re.compile(REPO_ID.pattern)
_TOKEN: Final = re.compile(TOKEN.pattern)
_URL: Final = re.compile(URL.pattern)

TINY_REPOSITORY_BYTES: Final = 10_000_000
"""Below this, storage without any sign of weights holds a card and a configuration; the smallest
speech model in use (Whisper tiny, 39 million parameters) takes 75 MB."""


def parse_record(
    repo_id: str, role: str, parts: Mapping[str, Any], observed_at: datetime
) -> Rows:
    """Read every part of one record.

    Args:
        repo_id: the repository, as the Hub spells it.
        role: `member` of a scope, or `base` of one.
        parts: part name → JSON object, as evidence stores it.
        observed_at: latest time at which the record can have been read, UTC.

    Returns:
        rows of every parsed relation; an empty list where the record has none.

    Raises:
        EvidenceUnreadable: a part or field that parse does not know, or a negative count.
    """
    facts = Facts(repo_id, role, observed_at)
    irregular = Irregularities()
    for name in sorted(parts):
        if name not in _READERS:
            msg = f"record {repo_id}: parse does not know the part {name}; teach it to builder/parse/record.py"
            raise EvidenceUnreadable(msg)
        _READERS[name](facts, Fields(repo_id, name, parts[name], irregular), irregular)
    name_of_repo = parse_name(repo_id)
    marks = find_marks(facts.tags, facts.dtypes, facts.library_name, facts.pipeline_tag, name_of_repo)
    has_weights = _has_weights(facts, marks)
    bases = _base_rows(facts, irregular)
    rows: Rows = {
        "record": [_record_row(facts, marks, has_weights, irregular)],
        "name": [to_name_row(parse_name(name), repo_id) for name in sorted({repo_id, *(b["base_id"] for b in bases if b["base_id"])})],
        "record_value": _value_rows(facts, marks, irregular),
        "base_reference": bases,
        "parameter_count": _count_rows(facts, marks),
        "weight_file": [],
        "irregularity": [],
    }
    rows["absence"] = absences.find_absences(facts, marks, has_weights=has_weights)
    rows["irregularity"] = [
        {"repo_id": repo_id, "field": field[:MAX_TEXT], "problem": problem[:MAX_TEXT]}
        for field, problem in sorted(irregular.found)
    ]
    return rows


def _has_weights(facts: Facts, marks: Marks) -> bool | None:
    if facts.counts or marks.weight_formats:
        return True
    if facts.used_storage_bytes is None:
        return None
    return facts.used_storage_bytes >= TINY_REPOSITORY_BYTES


def _token(value: str | None, field: str, irregular: Irregularities) -> str | None:
    if value is None or _TOKEN.fullmatch(value):
        return value
    irregular.add(field, "not a plain identifier")
    return None


def _record_row(facts: Facts, marks: Marks, has_weights: bool | None, irregular: Irregularities) -> dict[str, Any]:
    owner, _, _ = facts.repo_id.rpartition("/")
    link = facts.license_link
    if link is not None and not _URL.fullmatch(link):
        irregular.add("license_link", "neither an https link nor a file name")
        link = None
    stored = sum(count.stored_elements for count in facts.counts if count.source != "gguf_hub") or None
    return {
        "repo_id": facts.repo_id,
        "role": facts.role,
        "author": facts.author or owner or facts.repo_id,
        "hub_id": facts.hub_id,
        "sha": facts.sha,
        "observed_at": facts.observed_at,
        "pipeline_tag": _token(facts.pipeline_tag, "pipeline_tag", irregular),
        "library_name": _token(facts.library_name, "library_name", irregular),
        "model_type": _token(facts.model_type, "model_type", irregular),
        "created_at": facts.created_at,
        "last_modified": facts.last_modified,
        "downloads": facts.downloads,
        "downloads_all_time": facts.downloads_all_time,
        "likes": facts.likes,
        "trending_score": facts.trending_score,
        "gated": facts.gated,
        "license_name": absences.clean_tag(facts.license_name, "license_name", irregular),
        "license_link": link,
        "used_storage_bytes": facts.used_storage_bytes,
        "used_storage_bytes_uncertainty": None if facts.used_storage_bytes is None else facts.used_storage_uncertainty,
        "has_weights": has_weights,
        "hub_total_parameters": facts.hub_total,
        "hub_total_uncertainty": None if facts.hub_total is None else facts.hub_total_uncertainty,
        "stored_elements": stored,
        "packed": marks.packed,
        "quantization": marks.quantization,
        "quantization_evidence": marks.quantization_evidence,
        "float_bits": marks.float_bits,
        "bits_per_weight": marks.bits_per_weight,
        "ported": marks.ported,
        "audio_tag": marks.audio_tag,
        "adapter_mark": marks.adapter_mark,
    }


def to_name_row(name: ParsedName, seen_in: str) -> dict[str, Any]:
    """One row of the relation `name`."""
    return {field: getattr(name, field) for field in ParsedName.__dataclass_fields__} | {"seen_in": seen_in}


def _value_rows(facts: Facts, marks: Marks, irregular: Irregularities) -> list[dict[str, Any]]:
    architectures = {_token(name, "architectures", irregular) for name in facts.architectures} - {None}
    values: dict[str, set[str | None]] = {
        "scopes": set(facts.scopes),
        "architectures": architectures,
        "license": set(facts.licenses),
        "language": set(facts.languages),
        "tags": set(facts.tags),
        "weight_formats": set(marks.weight_formats),
    }
    return [
        {"repo_id": facts.repo_id, "column_name": column, "value": value}
        for column in sorted(values)
        for value in sorted(v for v in values[column] if v is not None)
    ]


def _base_rows(facts: Facts, irregular: Irregularities) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    number = {
        evidence: len({base.text for base in facts.bases if base.evidence == evidence})
        for evidence in ("declared", "hub")
    }
    for base in facts.bases:
        legal = bool(_ID.fullmatch(base.text))
        if not legal:
            irregular.add("base_model", "not a repository id")
        rows[base.text, base.evidence] = {
            "repo_id": facts.repo_id,
            "base_model": base.text,
            "base_id": base.text if legal else None,
            "declared_relation": base.relation if base.relation in vocabulary.DECLARED_RELATION else None,
            "evidence": base.evidence,
            "only_one": number[base.evidence] == 1,
            "adds_words": legal and adds_words(facts.repo_id, base.text),
        }
    return [rows[key] for key in sorted(rows)]


def _count_rows(facts: Facts, marks: Marks) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for count in facts.counts:
        packed = bool(marks.packed) if count.dtype in {"mixed", "unknown"} else count.dtype in {"I32", "U32", "U8"}
        from_gguf = count.source == "gguf_hub"
        rows[count.dtype, count.source] = {
            "repo_id": facts.repo_id,
            "component": "whole",
            "weights_repo_id": facts.repo_id,
            "source_path": "*",
            "dtype": count.dtype,
            "weights_sha": facts.sha,
            "stored_elements": None if from_gguf else count.stored_elements,
            "logical_parameters": None if packed and bool(marks.packed) else count.stored_elements,
            "stored_bytes": None,
            "uncertainty": count.uncertainty,
            "source": count.source,
            "confidence": "low" if packed else "high",
            "observed_at": facts.observed_at,
        }
    return [rows[key] for key in sorted(rows)]
