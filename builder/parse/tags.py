"""Tags of the Hub, sorted by what they say: licence, language, base, or a plain tag.

The Hub writes `license:…`, `base_model:…`, `base_model:<relation>:…`, `dataset:…`, `arxiv:…`,
`region:…` and bare language codes into one unordered list, beside tags of the card.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from builder.parse.facts import Base
from builder.parse.popping import Irregularities
from schemas import vocabulary
from schemas.shared import TAG, TOKEN

_LANGUAGES: Final = frozenset(vocabulary.LANGUAGE)
_RELATIONS: Final = frozenset(vocabulary.DECLARED_RELATION)
_TAG: Final = re.compile(TAG.pattern)
_TOKEN: Final = re.compile(TOKEN.pattern)


@dataclass
class SortedTags:
    """The tags of one record by kind."""

    plain: list[str] = field(default_factory=list)
    licenses: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    bases: list[Base] = field(default_factory=list)


def sort_tags(tags: list[str], irregular: Irregularities) -> SortedTags:
    """Tell tags apart by their prefix; the order of the list does not matter."""
    found = SortedTags()
    relations: dict[str, str | None] = {}
    for tag in sorted(set(tags)):
        prefix, colon, rest = tag.partition(":")
        if prefix == "base_model" and colon:
            relation, colon, base = rest.partition(":")
            if colon and relation in _RELATIONS:
                relations[base] = relation
            elif colon:
                irregular.add("tags", "a base relation outside the vocabulary")
                relations.setdefault(base, None)
            else:
                relations.setdefault(rest, None)
        elif prefix == "license" and colon:
            found.licenses |= to_licenses([rest], irregular)
        elif prefix == "region" and colon:
            continue
        elif tag in _LANGUAGES:
            found.languages.add(tag)
        elif _TAG.fullmatch(tag):
            found.plain.append(tag)
        else:
            irregular.add("tags", "a tag with control characters or markup")
    found.bases = [Base(base, relation, "hub") for base, relation in sorted(relations.items())]
    return found


def to_licenses(texts: list[str], irregular: Irregularities) -> set[str]:
    """Licence identifiers in lower case; anything else is irregular."""
    good = {text.lower() for text in texts if _TOKEN.fullmatch(text)}
    if len(good) < len({text.lower() for text in texts}):
        irregular.add("license", "not a licence identifier")
    return good


def to_languages(texts: list[str], irregular: Irregularities) -> set[str]:
    """Language codes of the closed set; a region (`pt-BR`, `zh_TW`) is taken off."""
    good = set()
    for text in texts:
        code = re.split(r"[-_]", text.lower(), maxsplit=1)[0]
        if code in _LANGUAGES:
            good.add(code)
        else:
            irregular.add("language", "not a language code of the closed set")
    return good
