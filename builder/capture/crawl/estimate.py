"""How many calls a capture needs, stated before it asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from builder.capture.hub.request import PAGE_ROWS

if TYPE_CHECKING:
    from builder.capture.crawl.previous import Previous
    from builder.capture.crawl.scopes import Scope

BASES_PER_MODEL: Final = 0.4
"""Bases outside the scope, per model in it: 60 beside the 151 of December 2025."""

FILES_PER_REPOSITORY: Final = 5
"""Configurations and headers of one repository, about."""


@dataclass(frozen=True)
class Estimate:
    """Calls of the Hub's interface, and of files."""

    api: int
    resolvers: int


def estimate_calls(scopes: Sequence[Scope], previous: Previous) -> Estimate:
    """What a capture needs, by the sizes of its lists on the previous date, or else in params.yaml."""
    api = models = 0
    for scope in scopes:
        size = previous.listed(scope) or scope.expected
        pages = max(1, -(-size // PAGE_ROWS))
        passes = 2 if scope.depth != "count" and (scope.is_task or pages > 1) else 1
        api += pages * passes
        # Of a list that is read for audio at most about half is kept.
        models += 0 if scope.depth == "count" else size if scope.depth == "full" else size // 2
    known = sum(member.sha is not None for member in previous.members.values())
    fresh = max(0, models - known) if known else models
    bases = int(models * BASES_PER_MODEL)
    return Estimate(
        api=api + fresh + (0 if known else bases),
        resolvers=fresh * FILES_PER_REPOSITORY + bases * (1 if known else FILES_PER_REPOSITORY),
    )


def estimate_rest(changed: int, members: int, previous: Previous) -> Estimate:
    """What is left once the lists are read."""
    bases = len(previous.bases) or int(members * BASES_PER_MODEL)
    fresh = 0 if previous.bases else bases
    return Estimate(
        api=changed + fresh,
        resolvers=changed * FILES_PER_REPOSITORY + (bases if not fresh else bases * FILES_PER_REPOSITORY),
    )
