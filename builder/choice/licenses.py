"""Which licences allow commercial use: yes, no, or under a condition that is stated, each with its text.

A licence that is not listed here is unknown, and unknown is not permission: `other` and `unknown` are
left out by intent. This is a reading of the texts and no legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Use = Literal["yes", "no", "conditions", "unknown"]


@dataclass(frozen=True)
class License:
    """What one licence says of commercial use."""

    commercial: Use
    source: str
    """Address of the text."""

    condition: str | None = None


_USERS: Final = "needs a licence from Meta above 700 million monthly users, attribution and its use policy"
_GEMMA: Final = "use restrictions of Google's prohibited use policy, passed on to users"
_CC: Final = "https://creativecommons.org/licenses"

LICENSES: Final[dict[str, License]] = {
    "apache-2.0": License("yes", "https://www.apache.org/licenses/LICENSE-2.0"),
    "mit": License("yes", "https://opensource.org/license/mit"),
    "bsd-2-clause": License("yes", "https://opensource.org/license/bsd-2-clause"),
    "bsd-3-clause": License("yes", "https://opensource.org/license/bsd-3-clause"),
    "isc": License("yes", "https://opensource.org/license/isc-license-txt"),
    "unlicense": License("yes", "https://unlicense.org"),
    "cc0-1.0": License("yes", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"),
    "cc-by-4.0": License("yes", f"{_CC}/by/4.0/legalcode"),
    "cc-by-sa-4.0": License(
        "conditions", f"{_CC}/by-sa/4.0/legalcode", "adaptations must be shared under the same licence"
    ),
    "cc-by-nc-2.0": License("no", f"{_CC}/by-nc/2.0/legalcode"),
    "cc-by-nc-3.0": License("no", f"{_CC}/by-nc/3.0/legalcode"),
    "cc-by-nc-4.0": License("no", f"{_CC}/by-nc/4.0/legalcode"),
    "cc-by-nc-sa-4.0": License("no", f"{_CC}/by-nc-sa/4.0/legalcode"),
    "cc-by-nc-nd-4.0": License("no", f"{_CC}/by-nc-nd/4.0/legalcode"),
    "llama3": License("conditions", "https://www.llama.com/llama3/license/", _USERS),
    "llama3.1": License("conditions", "https://www.llama.com/llama3_1/license/", _USERS),
    "llama3.2": License("conditions", "https://www.llama.com/llama3_2/license/", _USERS),
    "llama3.3": License("conditions", "https://www.llama.com/llama3_3/license/", _USERS),
    "gemma": License("conditions", "https://ai.google.dev/gemma/terms", _GEMMA),
}
"""By the Hub's names of licences."""

_UNKNOWN: Final = License("unknown", "")


def judge_licenses(required: Iterable[str] | None) -> tuple[Use, tuple[str, ...]]:
    """What all licences together allow, and what decides it: the licences at fault, or the conditions.

    The weakest one counts, in the order no, unknown, conditions, yes; none at all is unknown.
    """
    named = sorted(set(required or ()))
    if not named:
        return "unknown", ()
    judged = {name: LICENSES.get(name, _UNKNOWN) for name in named}
    faults: tuple[Use, Use] = ("no", "unknown")
    for use in faults:
        if guilty := tuple(name for name, license_ in judged.items() if license_.commercial == use):
            return use, guilty
    conditions = tuple(
        f"{name}: {license_.condition}" for name, license_ in judged.items() if license_.condition
    )
    return ("conditions", conditions) if conditions else ("yes", ())
