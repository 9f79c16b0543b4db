"""One record of evidence becomes rows of the parsed relations.

`parse_record` is the whole of parse: a pure function of one record, the same in one process, in
a pool and on a cluster. Each part of the evidence is read into one form, `Facts`, and the facts
become rows; no record knows another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from builder.errors import EvidenceUnreadable
from builder.parse.absences import clean_tag, find_absences
from builder.parse.config import read_config
from builder.parse.export import read_export
from builder.parse.facts import Facts
from builder.parse.files import read_files
from builder.parse.header_counts import read_headers, sum_elements, to_count_rows
from builder.parse.listing import read_listing
from builder.parse.marks import Marks, find_marks, speaks_of_audio
from builder.parse.names import adds_words, parse_name
from builder.parse.popping import Fields, Irregularities
from builder.parse.scopes import read_scopes
from schemas import vocabulary
from schemas.parsed import LISTED
from schemas.shared import REPO_ID, TOKEN, URL

Rows = dict[str, list[dict[str, Any]]]
"""Relation name → rows, each a mapping from column to scalar."""

_READERS: Final = {
    "export": read_export,
    "scopes": read_scopes,
    "list": read_listing,
    "files": read_files,
    "config": read_config,
    "headers": read_headers,
}
"""In this order: what is read from the files themselves stands for what the Hub's list repeats of it."""

_ID: Final = re.compile(REPO_ID.pattern)
_TOKEN: Final = re.compile(TOKEN.pattern)
_URL: Final = re.compile(URL.pattern)

_REMEMBERED: Final = 65_536
"""Identifiers kept with what they are: owners, libraries and tasks are on many records."""

FORMATS_OF_FILES: Final = frozenset({"safetensors", "gguf", "onnx", "openvino"})
"""Formats whose tags the Hub sets from files alone; the others are names of libraries too, which a
card may state in an empty repository."""

TINY_REPOSITORY_BYTES: Final = 10_000_000
"""Below this, storage without any sign of weights holds a card and a configuration; the smallest
speech model in use (Whisper tiny, 39 million parameters) takes 75 MB."""


def parse_record(repo_id: str, role: str, parts: Mapping[str, Any], observed_at: datetime) -> Rows:
    """Read every part of one record.

    Args:
        repo_id: the repository, as the Hub spells it.
        role: `member` of a scope, or `base` of one.
        parts: part name → JSON object, as evidence stores it.
        observed_at: latest time at which the record can have been read, UTC.

    Returns:
        rows of every parsed relation but those that spread out what others say
        (`builder.relations.spread`); an empty list where the record has none. Rows of `absence` are
        shared by records and must not be changed.

    Raises:
        EvidenceUnreadable: a part or field that parse does not know, or a negative count.
        SchemaViolation: a base stands in a relation that is none of the Hub's.
    """
    facts = Facts(repo_id, role, observed_at)
    irregular = Irregularities()
    parts = _join_detail(parts)
    for name in sorted(parts.keys() - _READERS.keys()):
        raise EvidenceUnreadable(
            f"record {repo_id}: parse does not know the part {name}; "
            "teach it to builder/parse/record.py, or leave the part out of the capture"
        )
    for name, read in _READERS.items():
        if name in parts:
            read(facts, Fields(repo_id, name, parts[name], irregular), irregular)
    marks = find_marks(facts, parse_name(repo_id))
    has_weights = _has_weights(facts, marks)
    absences = find_absences(facts, marks, has_weights=has_weights)
    lists = _list_row(facts, marks, irregular)
    bases = _base_rows(facts, irregular)
    return {
        "record": [
            _record_row(facts, marks, irregular, has_weights=has_weights)
            | {"absence_set": absences.absence_set}
        ],
        "record_list": [lists],
        "base_reference": bases,
        "alias": [{"repo_id": repo_id, "asked_id": name} for name in sorted(facts.aliases - {repo_id})],
        "parameter_count": _count_rows(facts, marks, irregular) + to_count_rows(facts),
        "weight_file": [{"repo_id": repo_id} | vars(file) for file in facts.weight_files or ()],
        "configuration": [] if facts.configuration is None else [{"repo_id": repo_id} | facts.configuration],
        "score": [{"repo_id": repo_id} | vars(score) for score in facts.scores],
        "absence": absences.rows,
        # Last: everything before may find irregularities.
        "irregularity": [
            {"repo_id": repo_id, "field": field, "problem": problem}
            for field, problem in sorted(irregular.found)
        ],
    }


def _join_detail(parts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parts with `list` and `detail` as one: the later of the two where both have a field."""
    if not isinstance(parts.get("detail"), Mapping) or not isinstance(parts.get("list", {}), Mapping):
        return parts
    joined = {**parts.get("list", {}), **parts["detail"]}
    return {name: part for name, part in parts.items() if name != "detail"} | {"list": joined}


def _has_weights(facts: Facts, marks: Marks) -> bool | None:
    """Whether weights are stored: counts and file names know, then tags, then the size of the storage."""
    if facts.counts or facts.dtypes or facts.header_counts or facts.holds_weights:
        return True
    if facts.holds_weights is False:
        return False
    if FORMATS_OF_FILES & set(marks.weight_formats):
        return True
    if facts.used_storage_bytes is None:
        return True if marks.weight_formats else None
    most = facts.used_storage_bytes + facts.used_storage_uncertainty
    return most >= TINY_REPOSITORY_BYTES


def _token(value: str | None, field: str, irregular: Irregularities) -> str | None:
    if value is None or _is_token(value):
        return value
    irregular.add(field, "not a plain identifier")
    return None


@lru_cache(_REMEMBERED)
def _is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def _record_row(
    facts: Facts, marks: Marks, irregular: Irregularities, *, has_weights: bool | None
) -> dict[str, Any]:
    owner, _, _ = facts.repo_id.rpartition("/")
    link = facts.license_link
    if link is not None and not _URL.fullmatch(link):
        irregular.add("license_link", "neither an https link nor a file name")
        link = None
    stored = sum(count.stored_elements for count in facts.counts if count.source != "gguf_hub") or None
    return {
        "repo_id": facts.repo_id,
        "role": facts.role,
        "author": _token(facts.author, "author", irregular) or owner or facts.repo_id,
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
        "license_name": clean_tag(facts.license_name, "license_name", irregular),
        "license_link": link,
        "used_storage_bytes": facts.used_storage_bytes,
        "used_storage_bytes_uncertainty": None
        if facts.used_storage_bytes is None
        else facts.used_storage_uncertainty,
        "has_weights": has_weights,
        "hub_total_parameters": facts.hub_total,
        "hub_total_uncertainty": None if facts.hub_total is None else facts.hub_total_uncertainty,
        "stored_elements": stored or sum_elements(facts),
        "packed": marks.quantized.packed,
        "quantization": marks.quantized.method,
        "quantization_evidence": marks.quantized.evidence,
        "float_bits": marks.float_bits,
        "bits_per_weight": marks.quantized.bits,
        "ported": marks.ported,
        "audio_tag": speaks_of_audio(facts),
        "adapter_mark": marks.adapter_mark,
    }


def _list_row(facts: Facts, marks: Marks, irregular: Irregularities) -> dict[str, Any]:
    """The list-valued facts by column of `models`, sorted and each element once."""
    named = {_token(name, "architectures", irregular) for name in facts.architectures}
    values: dict[str, Iterable[str]] = {
        "scopes": facts.scopes,
        "architectures": (name for name in named if name is not None),
        "license": facts.licenses,
        "language": facts.languages,
        "tags": set(facts.tags),
        "weight_formats": marks.weight_formats,
    }
    return {"repo_id": facts.repo_id, **{column: sorted(values[column]) or None for column in LISTED}}


def _base_rows(facts: Facts, irregular: Irregularities) -> list[dict[str, Any]]:
    if not facts.bases:
        return []
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    number = Counter(evidence for _, evidence in {(base.text, base.evidence) for base in facts.bases})
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


def _count_rows(facts: Facts, marks: Marks, irregular: Irregularities) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for count in facts.counts:
        if count.dtype in marks.quantized.buffers:
            irregular.add("safetensors.parameters", f"{count.dtype} holds masks or scales, not weights")
            continue
        from_gguf = count.source == "gguf_hub"
        packed = not from_gguf and marks.quantized.packs(count.dtype)
        rows[count.dtype, count.source] = {
            "repo_id": facts.repo_id,
            "component": "whole",
            "weights_repo_id": facts.repo_id,
            "source_path": "*",
            "dtype": count.dtype,
            "weights_sha": facts.sha,
            # The Hub counts weights of a GGUF file, not elements, and leaves out the projector's file.
            "stored_elements": None if from_gguf else count.stored_elements,
            "logical_parameters": None if packed else count.stored_elements,
            "stored_bytes": None,
            "uncertainty": count.uncertainty,
            "source": count.source,
            "confidence": "low" if packed or from_gguf else "high",
            "observed_at": facts.observed_at,
        }
    return [rows[key] for key in sorted(rows)]
