"""An invented Hub of what two engines might see differently: cycles, depth, odd letters, hostile text."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from tests.integration.invented_hub import GB, REPOS, Repo
from tests.integration.test_second_date import later_repos, listing_repos

CHAIN_LENGTH = 25
HOSTILE = (
    "'; DROP TABLE models; --",
    'say "voices"',
    "back\\slash\\n and \\' quote",
    "${spark.app.name}",
    "100 % _under_ %s",
    "  spaces around  ",
    "nul\u0000inside",
    "z\u0325\u0301a\u0301 e\u0301 é \U0001f399 \u202egnp",
)
"""Texts that some engine or another would read as SQL, a pattern, a variable or another text."""

BASES = (
    "ΟΔΟΣ/Φωνή-3B",
    "οδος/φωνή-3b",
    "İzmir/Ses-3B",
    "ACME/Echo-7B-Instruc\u212a",
    "gone/'; --",
    "é/e\u0301",
)
"""Where cards point that no repository is; some fold to lower case in one way in one language only."""


def _chain() -> list[Repo]:
    """Each the fine-tune of the one before it, the first of a base that is not there."""
    names = ["gone/Root-3B", *(f"deep/Link-{number:02d}-3B" for number in range(CHAIN_LENGTH))]
    return [
        Repo(
            name,
            {"BF16": 3_000_000_000 + number},
            bases=(base,),
            relation="finetune",
            storage=6 * GB,
        )
        for number, (base, name) in enumerate(pairwise(names))
    ]


def _cycle(name: str, length: int, relation: str) -> list[Repo]:
    ids = [f"loop/{name}-{number}" for number in range(length)]
    return [
        Repo(ids[number], {"F16": 2_000_000_000}, bases=(ids[number - 1],), relation=relation, storage=4 * GB)
        for number in range(length)
    ]


def _odd() -> list[Repo]:
    hostile = [
        Repo(
            f"odd/Text-{number}",
            {"BF16": 1_000_000_000},
            tags=(text, text, text.upper()),
            library=text.strip() or "none",
            license="other",
            storage=2 * GB,
        )
        for number, text in enumerate(HOSTILE)
    ]
    dangling = [
        Repo(f"odd/Base-{number}", {"BF16": 1_100_000_000}, bases=(base, base), relation="finetune")
        for number, base in enumerate(BASES)
    ]
    missing = [
        Repo("odd/Nothing", model_type="", library="", storage=0, downloads=0, license=""),
        Repo("odd/Zero", {"F32": 0}, storage=0),
        Repo("odd/Tail-of-Ring", bases=("loop/Ring-0", "loop/Pair-1"), relation="merge"),
        Repo("odd/Under-Itself", bases=("ODD/under-itself",), relation="quantized", gguf=7),
    ]
    return [*hostile, *dangling, *missing]


ODD_REPOS: tuple[Repo, ...] = (
    *REPOS,
    *_chain(),
    *_cycle("Ring", 7, "finetune"),
    *_cycle("Pair", 2, "quantized"),
    *_cycle("Alone", 1, "merge"),
    *_odd(),
)


def odd_listing() -> list[Repo]:
    """The second date: the same, beside what the invented Hub has by then."""
    return [*listing_repos(), *ODD_REPOS[len(REPOS) :]]


def odd_later() -> list[Repo]:
    """The third date: a link of the chain is gone, a cycle is broken, a hostile text is another."""
    changes = {
        "loop/Ring-0": {"bases": (), "relation": None},
        "odd/Text-0": {"tags": ("-- '", *HOSTILE[1:3])},
        "odd/Base-0": {"downloads": 7},
    }
    kept = [repo for repo in ODD_REPOS[len(REPOS) :] if repo.repo_id != "deep/Link-12-3B"]
    return [*later_repos(), *(replace(repo, **changes.get(repo.repo_id, {})) for repo in kept)]  # type: ignore[arg-type] # the names are the fields'
