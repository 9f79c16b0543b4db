"""The parts `list` and `detail`: what the Hub's list and detail calls say, in the Hub's own names.

The two have the same fields. A detail call is made later and about the commit whose files are listed,
so where both say something, it is the detail that counts.

How each field really varies is written in the Hub's client and seen in real rows: `base_model`
may be a text, a list or an empty list, `language` may be the YAML 1.1 reading of `no`, and
`safetensors.total` need not be the sum of `safetensors.parameters`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from builder.parse.facts import Base, Count, Facts
from builder.parse.popping import Fields, Irregularities
from builder.parse.quantization import read_configuration
from builder.parse.scores import read_scores
from builder.parse.siblings import find_formats, find_weights
from builder.parse.tags import require_relation, sort_tags, to_languages, to_licenses
from schemas import vocabulary

SCOPE: Final = "hub-listing"

_DTYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_HEX24: Final = re.compile(r"[0-9a-f]{24}")
_HEX40: Final = re.compile(r"[0-9a-f]{40}")

_COLUMNS_OF_FIELD: Final = {
    "_id": ("hub_id",),
    "sha": ("sha",),
    "pipeline_tag": ("pipeline_tag",),
    "library_name": ("library_name",),
    "createdAt": ("created_at",),
    "lastModified": ("last_modified",),
    "downloads": ("downloads",),
    "downloadsAllTime": ("downloads_all_time",),
    "likes": ("likes",),
    "trendingScore": ("trending_score",),
    "gated": ("gated",),
    # The Hub repeats licence, languages and file formats as tags.
    "tags": ("tags", "license", "language", "weight_formats"),
    "cardData": ("license", "license_name", "license_link", "language"),
    "config": ("architectures", "model_type"),
    "siblings": ("weight_formats",),
    "usedStorage": ("used_storage_bytes",),
    "safetensors": ("hub_total_parameters",),
}


def read_listing(facts: Facts, row: Fields, irregular: Irregularities) -> None:
    """Fill the facts from one row, or from a row and the detail call that completes it.

    Raises:
        EvidenceUnreadable: a count is negative, or a field is not known.
        SchemaViolation: a base stands in a relation that is none of the Hub's.
    """
    if not facts.scopes:
        facts.scopes.add(SCOPE)
    present = row.names()
    facts.captured |= _find_captured(tuple(present))
    facts.has_config = "config" in present
    row.ignore("id", "modelId", "private", "disabled", "childrenModelCount")
    facts.hub_id = _hexadecimal(row, "_id", _HEX24)
    facts.sha = _hexadecimal(row, "sha", _HEX40)
    facts.author = row.text("author")
    facts.pipeline_tag = row.text("pipeline_tag")
    facts.library_name = row.text("library_name")
    facts.created_at = row.instant("createdAt")
    facts.last_modified = row.instant("lastModified")
    facts.downloads = row.whole("downloads")
    facts.downloads_all_time = row.whole("downloadsAllTime")
    facts.likes = row.whole("likes")
    facts.used_storage_bytes = row.whole("usedStorage")
    facts.gated = row.gate("gated")
    _read_score(facts, row)
    _read_siblings(facts, row)
    card = row.sub("cardData")
    _read_tags(facts, row, irregular, has_card=card is not None)
    _read_bases(facts, row.sub("baseModels"))
    _read_card(facts, card, irregular)
    _read_config(facts, row.sub("config"))
    _read_safetensors(facts, row.sub("safetensors"))
    _read_gguf(facts, row.sub("gguf"))
    read_scores(facts, row.subs("evalResults"))
    row.done()


@lru_cache(4096)
def _find_captured(present: tuple[str, ...]) -> frozenset[str]:
    """Columns of `models` that a row with these fields would hold; most rows have the same fields."""
    return frozenset(column for name in present for column in _COLUMNS_OF_FIELD.get(name, ()))


def _read_score(facts: Facts, row: Fields) -> None:
    score = row.signed("trendingScore")
    if score is not None and score < 0:
        row.refuse("trendingScore", "a score below zero")
    else:
        facts.trending_score = score


def _read_siblings(facts: Facts, row: Fields) -> None:
    if "siblings" not in row.names():
        return
    paths = []
    for sibling in row.subs("siblings"):
        path = sibling.text("rfilename")
        sibling.done()
        if path is not None:
            paths.append(path)
    if paths:
        facts.file_formats = find_formats(paths)
        facts.holds_weights = find_weights(paths)


def _read_tags(facts: Facts, row: Fields, irregular: Irregularities, *, has_card: bool) -> None:
    found = sort_tags(facts.repo_id, row.texts("tags"), irregular)
    facts.tags = found.plain
    facts.licenses |= found.licenses
    facts.bases += found.bases
    if has_card:
        # The card states its languages itself; a tag beyond them is a word, as `yi` and `it` are.
        facts.tags += sorted(found.languages)
    else:
        facts.languages |= found.languages


def _hexadecimal(row: Fields, name: str, form: re.Pattern[str]) -> str | None:
    text = row.text(name)
    if text is None or form.fullmatch(text):
        return text
    row.refuse(name, "not hexadecimal of the right length")
    return None


def _read_bases(facts: Facts, bases: Fields | None) -> None:
    """Bases that the Hub resolved, which know more than its tags: both come from one computation."""
    if bases is None:
        return
    relation = bases.text("relation")
    if relation is not None:
        require_relation(facts.repo_id, relation, "list.baseModels.relation")
    resolved = []
    for model in bases.subs("models"):
        base = model.text("id")
        if base is not None:
            resolved.append(Base(base, relation, "hub"))
        model.ignore("_id")
        model.done()
    if resolved:
        facts.bases = resolved
    bases.done()


def _read_card(facts: Facts, card: Fields | None, irregular: Irregularities) -> None:
    if card is None:
        return
    facts.licenses |= to_licenses(card.texts("license"), irregular)
    facts.license_name = card.text("license_name")
    facts.license_link = card.text("license_link")
    facts.languages |= to_languages(card.texts("language", false_is="no"), irregular)
    facts.tags = sorted(set(facts.tags) - facts.languages)
    relation = card.text("base_model_relation")
    if relation is not None and relation not in vocabulary.DECLARED_RELATION:
        # One author's typing error must not stop a snapshot of everybody's models.
        card.refuse("base_model_relation", "a relation outside the vocabulary")
        relation = None
    facts.bases += [Base(base, relation, "declared") for base in sorted(set(card.texts("base_model")))]
    library = card.texts("library_name")
    facts.library_name = facts.library_name or (library[0] if len(library) == 1 else None)
    card.ignore("pipeline_tag", "tags")
    card.done()


def _read_config(facts: Facts, config: Fields | None) -> None:
    if config is None:
        return
    facts.architectures |= set(config.texts("architectures"))
    facts.model_type = config.text("model_type")
    quantization = config.sub("quantization_config")
    if quantization is not None:
        facts.configured = read_configuration(quantization)
    config.done()


def _read_safetensors(facts: Facts, safetensors: Fields | None) -> None:
    if safetensors is None:
        return
    facts.hub_total = safetensors.whole("total") or None
    parameters = safetensors.sub("parameters")
    counts = []
    for dtype in parameters.names() if parameters is not None else []:
        stored = parameters.whole(dtype) if parameters is not None else None
        if not _DTYPE.fullmatch(dtype):
            safetensors.refuse("parameters", "a data type that is no name")
        elif stored:
            counts.append(Count(dtype, stored, 0, "safetensors_hub"))
    facts.dtypes += [count.dtype for count in counts]
    if not counts and facts.hub_total:
        counts.append(Count("unknown", facts.hub_total, 0, "safetensors_hub"))
    facts.counts += counts
    safetensors.done()


def _read_gguf(facts: Facts, gguf: Fields | None) -> None:
    if gguf is None:
        return
    total = gguf.whole("total")
    if total:
        facts.counts.append(Count("unknown", total, 0, "gguf_hub"))
        facts.hub_total = facts.hub_total or total
    gguf.ignore("architecture", "context_length", "totalFileSize")
    gguf.done()
