"""The part `list`: one row of the Hub's model list, in the Hub's own names.

How each field really varies is written in the Hub's client and seen in real rows: `base_model`
may be a text, a list or an empty list, `language` may be the YAML 1.1 reading of `no`, and
`safetensors.total` need not be the sum of `safetensors.parameters`.
"""

from __future__ import annotations

import re
from typing import Final

from builder.parse.facts import Base, Count, Facts
from builder.parse.popping import Fields, Irregularities
from builder.parse.tags import sort_tags, to_languages, to_licenses
from schemas import vocabulary

SCOPE: Final = "hub-listing"

_DTYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_HEX24: Final = re.compile(r"[0-9a-f]{24}")
_HEX40: Final = re.compile(r"[0-9a-f]{40}")

_COLUMN_OF_FIELD: Final = {
    "_id": "hub_id",
    "sha": "sha",
    "pipeline_tag": "pipeline_tag",
    "library_name": "library_name",
    "createdAt": "created_at",
    "lastModified": "last_modified",
    "downloads": "downloads",
    "downloadsAllTime": "downloads_all_time",
    "likes": "likes",
    "trendingScore": "trending_score",
    "gated": "gated",
    "tags": "tags",
    "usedStorage": "used_storage_bytes",
    "safetensors": "hub_total_parameters",
}


def read_listing(facts: Facts, row: Fields, irregular: Irregularities) -> None:
    """Fill the facts from one row.

    Raises:
        EvidenceUnreadable: a count is negative, or a field is not known.
    """
    facts.scopes.add(SCOPE)
    facts.captured |= {column for name, column in _COLUMN_OF_FIELD.items() if name in row.names()}
    row.ignore("id", "modelId", "private", "disabled", "siblings", "childrenModelCount")
    facts.hub_id = _hexadecimal(row.text("_id"), _HEX24, "list._id", irregular)
    facts.sha = _hexadecimal(row.text("sha"), _HEX40, "list.sha", irregular)
    facts.author = row.text("author")
    facts.pipeline_tag = row.text("pipeline_tag")
    facts.library_name = row.text("library_name")
    facts.created_at = row.instant("createdAt")
    facts.last_modified = row.instant("lastModified")
    facts.downloads = row.whole("downloads")
    facts.downloads_all_time = row.whole("downloadsAllTime")
    facts.likes = row.whole("likes")
    facts.trending_score = row.real("trendingScore")
    facts.used_storage_bytes = row.whole("usedStorage")
    gated = row.raw("gated")
    if gated is not None:
        facts.gated = {False: "false", "auto": "auto", "manual": "manual"}.get(gated if isinstance(gated, bool | str) else "")
        if facts.gated is None:
            irregular.add("list.gated", "neither false, auto nor manual")
    found = sort_tags(row.texts("tags"), irregular)
    facts.tags = found.plain
    facts.licenses |= found.licenses
    facts.languages |= found.languages
    _read_card(facts, row.sub("cardData"), irregular)
    _read_bases(facts, row.sub("baseModels"), irregular)
    if not any(base.evidence == "hub" for base in facts.bases):
        facts.bases += found.bases
    _read_config(facts, row.sub("config"))
    _read_safetensors(facts, row.sub("safetensors"), irregular)
    _read_gguf(facts, row.sub("gguf"))
    row.done()


def _hexadecimal(text: str | None, form: re.Pattern[str], name: str, irregular: Irregularities) -> str | None:
    if text is None or form.fullmatch(text):
        return text
    irregular.add(name, "not hexadecimal of the right length")
    return None


def _read_card(facts: Facts, card: Fields | None, irregular: Irregularities) -> None:
    if card is None:
        return
    facts.captured |= {"license", "license_name", "license_link", "language"}
    facts.licenses |= to_licenses(card.texts("license"), irregular)
    facts.license_name = card.text("license_name")
    facts.license_link = card.text("license_link")
    facts.languages |= to_languages(card.texts("language"), irregular)
    relation = card.text("base_model_relation")
    if relation is not None and relation not in vocabulary.DECLARED_RELATION:
        irregular.add("list.cardData.base_model_relation", "a relation outside the vocabulary")
        relation = None
    facts.bases += [Base(base, relation, "declared") for base in sorted(set(card.texts("base_model")))]
    facts.library_name = facts.library_name or card.text("library_name")
    card.ignore("pipeline_tag", "library_name", "tags")
    card.done()


def _read_bases(facts: Facts, bases: Fields | None, irregular: Irregularities) -> None:
    if bases is None:
        return
    relation = bases.text("relation")
    if relation is not None and relation not in vocabulary.DECLARED_RELATION:
        irregular.add("list.baseModels.relation", "a relation outside the vocabulary")
        relation = None
    for model in bases.subs("models"):
        base = model.text("id")
        if base is not None:
            facts.bases.append(Base(base, relation, "hub"))
        model.ignore("_id")
        model.done()
    bases.done()


def _read_config(facts: Facts, config: Fields | None) -> None:
    if config is None:
        return
    facts.has_config = True
    facts.captured |= {"architectures", "model_type"}
    facts.architectures |= set(config.texts("architectures"))
    facts.model_type = config.text("model_type")
    quantization = config.sub("quantization_config")
    if quantization is not None:
        method = quantization.text("quant_method")
        if method is not None:
            facts.tags.append(method)
        quantization.ignore(*quantization.names())
    config.ignore(*config.names())


def _read_safetensors(facts: Facts, safetensors: Fields | None, irregular: Irregularities) -> None:
    if safetensors is None:
        return
    facts.hub_total = safetensors.whole("total") or None
    parameters = safetensors.sub("parameters")
    for dtype in parameters.names() if parameters is not None else []:
        stored = parameters.whole(dtype) if parameters is not None else None
        if not _DTYPE.fullmatch(dtype):
            irregular.add("list.safetensors.parameters", "a data type that is no name")
        elif stored:
            facts.counts.append(Count(dtype, stored, 0, "safetensors_hub"))
            facts.dtypes.append(dtype)
    if not facts.counts and facts.hub_total:
        facts.counts.append(Count("unknown", facts.hub_total, 0, "safetensors_hub"))
    safetensors.done()


def _read_gguf(facts: Facts, gguf: Fields | None) -> None:
    if gguf is None:
        return
    total = gguf.whole("total")
    if total:
        facts.counts.append(Count("unknown", total, 0, "gguf_hub"))
        facts.hub_total = facts.hub_total or total
    gguf.ignore("architecture", "context_length", "totalFileSize", "quantize_imatrix_file")
    gguf.done()
