"""Whether what a run found may become a date: what is missing, what is stale, what shrank too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as calendar_date
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from builder.capture.crawl.crawler import Crawled
    from builder.capture.crawl.previous import Previous
    from builder.capture.crawl.scopes import Scope

VANISHED_MIN: Final = 5
"""So many models may vanish between list and detail call, however short the list: deletions come in rows."""

VANISHED_SHARE: Final = 0.02
"""Beyond this share it is not owners who delete, but an account or a network that is not let in."""

LONGEST_DAYS: Final = 1
"""A capture may run past midnight; one that ends later than the day after shows another day."""


@dataclass(frozen=True)
class Problem:
    """One reason why a capture cannot become a date.

    Attributes:
        kind: `unanswered`, `missing`, `stale`, `vanished` or `shrank`.
        what: list, repository or file.
        why: what happened, in words.
    """

    kind: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


@dataclass(frozen=True)
class Terms:
    """What a capture must keep to.

    Attributes:
        date: the day that it is to show.
        shrink_limit: share by which a list may be shorter than on the previous date.
        reason: why this date may be shorter, from snapshots/index.yaml; it accepts nothing else.
    """

    date: str
    shrink_limit: float
    reason: str | None


def find_problems(found: Crawled, scopes: Sequence[Scope], previous: Previous, terms: Terms) -> list[Problem]:
    """Everything that speaks against a capture, the gravest first; nothing where it is complete.

    Args:
        found: what the run found.
        scopes: what it was to read.
        previous: the evidence it is compared with.
        terms: what it must keep to.
    """
    problems = [
        Problem("unanswered", error.request.name, error.fault)
        for error in sorted(found.unanswered, key=lambda error: error.request.name)
    ]
    problems += [
        Problem("missing", f"list {scope.name}", "it was not read to its end")
        for scope in scopes
        if scope.name not in found.listed
    ]
    if not found.members and not problems:
        problems.append(Problem("missing", "every list", "there is not one model"))
    problems += _find_stale(found, terms.date)
    most = max(VANISHED_MIN, int(VANISHED_SHARE * (len(found.members) + len(found.vanished))))
    if len(found.vanished) > most:
        named = ", ".join(sorted(found.vanished)[:3])
        why = f"listed, but not shown when asked for, such as {named}; at most {most} may be"
        problems.append(Problem("vanished", f"{len(found.vanished)} models", why))
    if terms.reason is None:
        problems += _find_shrunk(found, scopes, previous, terms.shrink_limit)
    return problems


def _find_stale(found: Crawled, date: str) -> list[Problem]:
    day = calendar_date.fromisoformat(date)
    first, last = observed_between(found)
    problems = []
    if first is not None and first.date() < day:
        why = f"its first answer is of {first.date()}, before {date}; give --date {first.date()}"
        problems.append(Problem("stale", "the capture", why))
    if last is not None and last.date() > day + timedelta(days=LONGEST_DAYS):
        why = f"its last answer is of {last.date()}, and what it shows is not the Hub of {date}"
        problems.append(Problem("stale", "the capture", why))
    return problems


def observed_between(found: Crawled) -> tuple[datetime | None, datetime | None]:
    """Times of the first and the last answer of a run; reused parts keep times of their own."""
    times = [listed.counted_at for listed in found.listed.values() if listed.counted_at]
    for item in (*found.members.values(), *found.bases.values()):
        kept = item.repo_id in found.reused
        times += [time for part, time in item.times.items() if not kept or part == "list"]
    moments = sorted(datetime.fromisoformat(time) for time in times)
    return (moments[0], moments[-1]) if moments else (None, None)


def _find_shrunk(found: Crawled, scopes: Sequence[Scope], previous: Previous, limit: float) -> list[Problem]:
    problems = []
    for scope in scopes:
        before = previous.listed(scope)
        now = found.listed.get(scope.name)
        if before and now is not None and len(now.rows) < before * (1 - limit):
            why = (
                f"{len(now.rows)} models, and {before} on {previous.date}: more than {limit:.0%} fewer; look "
                "at the Hub, and if it is so, give the date a `reason` in snapshots/index.yaml"
            )
            problems.append(Problem("shrank", f"list {scope.name}", why))
    return problems


def to_report(problems: Sequence[Problem], found: Crawled, date: str) -> Mapping[str, object]:
    """The report of a refused capture, for a file."""
    return {
        "date": date,
        "problems": [vars(problem) for problem in problems],
        "lists": {name: len(listed.rows) for name, listed in sorted(found.listed.items())},
        "members": len(found.members),
        "bases": len(found.bases),
        "vanished": sorted(found.vanished),
    }
