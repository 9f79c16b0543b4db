"""The part `export`: an earlier export of the Hub, two rows per model, rounded for people.

`listing` and `details` are the two files of the format `export-2025`. There an empty text, and
the number 0 for parameters, stand for "unknown"; `params_billions` is the Hub's total rounded to
two decimals of a billion, `storage_gb` its `usedStorage` in GiB, rounded likewise.
"""

from __future__ import annotations

import re
from typing import Final

from builder.parse.facts import Count, Facts
from builder.parse.popping import MAX_NUMBER, Fields, Irregularities
from builder.parse.tags import sort_tags

SCOPE: Final = "audio-text-to-text"
"""The one query that the format holds: every model that the Hub listed under this task."""

BILLION: Final = 1_000_000_000
ROUNDED_PARAMETERS: Final = BILLION // 200
"""Half of 0.01 billion: what rounding to two decimals leaves open."""

GIB: Final = 2**30
ROUNDED_STORAGE: Final = -(-GIB // 200)
"""Half of 0.01 GiB, rounded up."""

CAPTURED: Final = frozenset(
    {
        *(
            "pipeline_tag",
            "library_name",
            "last_modified",
            "downloads",
            "likes",
            "gated",
            "license",
            "language",
        ),
        *("tags", "used_storage_bytes", "used_storage_bytes_uncertainty", "architectures", "model_type"),
        "weight_formats",
    }
)
_DTYPE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,15}")


def read_export(facts: Facts, part: Fields, irregular: Irregularities) -> None:
    """Fill the facts from one pair of rows.

    Raises:
        EvidenceUnreadable: a count is negative, or a field is not known.
        SchemaViolation: a base stands in a relation that is none of the Hub's.
    """
    facts.scopes.add(SCOPE)
    facts.captured |= CAPTURED
    facts.has_config = True
    listing = part.sub("listing")
    if listing is not None:
        _read_listing(facts, listing, irregular)
    details = part.sub("details")
    if details is not None:
        _read_details(facts, details)
    part.done()


def _read_listing(facts: Facts, row: Fields, irregular: Irregularities) -> None:
    row.ignore("id", "lastModified", "author")
    facts.downloads = row.whole("downloads")
    facts.likes = row.whole("likes")
    tags = row.texts("tags")
    sorted_tags = sort_tags(facts.repo_id, tags, irregular)
    facts.tags = sorted_tags.plain
    facts.licenses |= sorted_tags.licenses
    facts.languages |= sorted_tags.languages
    facts.bases += sorted_tags.bases
    facts.pipeline_tag = SCOPE if SCOPE in tags else None
    row.done()


def _read_details(facts: Facts, row: Fields) -> None:
    row.ignore("id", "downloads", "likes")
    facts.author = row.text("author")
    facts.library_name = row.text("library_name")
    facts.model_type = row.text("model_type")
    architecture = row.text("architecture")
    if architecture is not None:
        facts.architectures.add(architecture)
    facts.last_modified = row.instant("lastModified")
    facts.gated = row.gate("gated")
    storage = row.real("storage_gb")
    if storage is not None and storage * GIB > MAX_NUMBER:
        row.refuse("storage_gb", "not a number up to 2^53")
    elif storage is not None:
        facts.used_storage_bytes = round(storage * GIB)
        facts.used_storage_uncertainty = ROUNDED_STORAGE
    types = {name.strip() for name in (row.text("tensor_types") or "").split(",")} - {""}
    facts.dtypes = sorted(name for name in types if _DTYPE.fullmatch(name))
    if len(facts.dtypes) < len(types):
        row.refuse("tensor_types", "a data type that is no name")
    stored = round((row.real("params_billions") or 0) * BILLION)
    # Zero stands for unknown there: repositories with weights have it too.
    if 0 < stored <= MAX_NUMBER:
        facts.hub_total, facts.hub_total_uncertainty = stored, ROUNDED_PARAMETERS
        dtype = facts.dtypes[0] if len(facts.dtypes) == 1 else "mixed" if facts.dtypes else "unknown"
        facts.counts.append(Count(dtype, stored, ROUNDED_PARAMETERS, "export_rounded"))
    elif stored:
        row.refuse("params_billions", "not a number up to 2^53")
    row.done()
