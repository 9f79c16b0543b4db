"""Tags of the Hub, sorted by what they say: licence, language, base, or a plain tag.

The Hub writes `license:…`, `base_model:…`, `base_model:<relation>:…`, `dataset:…`, `arxiv:…`,
`region:…` and bare language codes into one unordered list, beside tags of the card.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from builder.errors import SchemaViolation
from builder.parse.facts import Base
from builder.parse.popping import Irregularities
from schemas import languages, vocabulary
from schemas.shared import TAG, TOKEN

_LANGUAGES: Final = frozenset(vocabulary.LANGUAGE)
_TAG: Final = re.compile(TAG.pattern)
_TOKEN: Final = re.compile(TOKEN.pattern)


_PREFIXES: Final = {"base_model": "base", "license": "license", "region": "nothing"}

_REMEMBERED: Final = 65_536
"""Tags kept with what they are."""


@dataclass
class SortedTags:
    """The tags of one record by kind."""

    plain: list[str] = field(default_factory=list)
    licenses: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    bases: list[Base] = field(default_factory=list)


def sort_tags(repo_id: str, tags: list[str], irregular: Irregularities) -> SortedTags:
    """Tell tags apart by their prefix; the order of the list does not matter.

    Raises:
        SchemaViolation: a base stands in a relation that is none of the Hub's.
    """
    found = SortedTags()
    relations: dict[str, str | None] = {}
    ordered = sorted(set(tags))
    kinds = [*map(_sort, ordered)]
    found.plain = [tag for tag, kind in zip(ordered, kinds, strict=True) if kind == "plain"]
    for tag, kind in zip(ordered, kinds, strict=True):
        if kind == "language":
            found.languages.add(tag)
        elif kind == "license":
            found.licenses |= to_licenses([tag.partition(":")[2]], irregular)
        elif kind == "base":
            relation, base = _split_base(repo_id, tag, tag.partition(":")[2])
            if base:
                relations[base] = relation or relations.get(base)
            else:
                irregular.add("tags", "a base tag without a base")
        elif kind == "odd":
            irregular.add("tags", "a tag with control characters or markup")
    found.bases = [Base(base, relation, "hub") for base, relation in sorted(relations.items())]
    return found


@lru_cache(_REMEMBERED)
def _sort(tag: str) -> str:
    """What a tag says something about: most tags are on thousands of records."""
    prefix, colon, _ = tag.partition(":")
    if colon and prefix in _PREFIXES:
        return _PREFIXES[prefix]
    if tag in _LANGUAGES:
        return "language"
    return "plain" if _TAG.fullmatch(tag) else "odd"


def _split_base(repo_id: str, tag: str, rest: str) -> tuple[str | None, str]:
    relation, colon, base = rest.partition(":")
    if not colon:
        return None, rest
    require_relation(repo_id, relation, f"the tag {tag!a}")
    return relation, base


def require_relation(repo_id: str, relation: str, where: str) -> None:
    """Demand that a relation which the Hub states is one that is known here.

    What the Hub computes is a closed set, so another word is a change of the Hub or damaged
    evidence, and guessing at it would put wrong edges into every date. (What one author types into
    a card is no more than an irregularity.)

    Raises:
        SchemaViolation: it is not.
    """
    if relation not in vocabulary.DECLARED_RELATION:
        raise SchemaViolation(
            f"record {repo_id}: {where} states the base relation {relation[:80]!a}, which is none of "
            f"{', '.join(vocabulary.DECLARED_RELATION)}; correct the evidence, or add the relation to "
            "DECLARED_RELATION in schemas/vocabulary.py"
        )


def to_licenses(texts: list[str], irregular: Irregularities) -> set[str]:
    """Licence identifiers in lower case; anything else is irregular."""
    good = {text.lower() for text in texts if _TOKEN.fullmatch(text)}
    if any(text.lower() not in good for text in texts):
        irregular.add("license", "not a licence identifier")
    return good


def to_languages(texts: list[str], irregular: Irregularities) -> set[str]:
    """Language codes of the closed set; a region (`pt-BR`, `zh_TW`) is taken off."""
    good = set()
    for text in texts:
        code = re.split(r"[-_]", text.lower(), maxsplit=1)[0]
        code = languages.SYNONYM.get(code, code)
        if code in _LANGUAGES:
            good.add(code)
        else:
            irregular.add("language", "not a language code of the closed set")
    return good
