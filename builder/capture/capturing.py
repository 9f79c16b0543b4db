"""Takes the evidence of a date from the Hub: plan, crawl, verdict, and only then a folder that counts.

Answers are kept in the work folder as they arrive. A run that was interrupted, by whatever, is gone on
with by the same command; the folder is removed when the evidence is in place.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import date as calendar_date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from builder.capture.crawl.audio import AudioSigns
from builder.capture.crawl.crawler import Crawler
from builder.capture.crawl.estimate import Estimate, estimate_calls, estimate_rest
from builder.capture.crawl.previous import Previous, read_previous
from builder.capture.crawl.scopes import Scope, choose_scopes
from builder.capture.crawl.to_evidence import Asked, to_evidence
from builder.capture.crawl.verdict import Terms, find_problems, to_report
from builder.capture.crawl.workers import start_workers
from builder.capture.description import CaptureDescription
from builder.capture.evidence import Record
from builder.capture.hub.answers import AnswerStore
from builder.capture.hub.client import HubClient, Patience, Traffic
from builder.capture.place import Change, is_published, place_evidence
from builder.capture.progress import CaptureProgress
from builder.capture.reader import check_evidence
from builder.capture.work import hold_work, name_run
from builder.errors import CaptureRefused, SnapshotRefused, UsageError, describe_os_error
from builder.index import read_index

if TYPE_CHECKING:
    from builder.layout import Layout

SHOWN: Final = 8
"""Problems that a message spells out; the report names all."""


@dataclass(frozen=True)
class CaptureRequest:
    """What is captured, as which date.

    Attributes:
        scopes: names of scopes; all of params.yaml where none is named.
        previous: date whose unchanged parts are reused: None for the newest earlier one, `none` for no date.
        replace: take the evidence of an unpublished date anew.
    """

    date: str
    scopes: tuple[str, ...] = ()
    previous: str | None = None
    replace: bool = False
    verbose: bool = False


@dataclass(frozen=True)
class Settings:
    """What a capture goes by, from params.yaml and the rooms beyond.

    Attributes:
        scopes: the default scopes.
        signs: designs and tags that tell a model that takes audio.
        base_depth: steps from a member to what it builds on.
        shrink_limit: share by which a list may be shorter than on the previous date.
        check: raises where parse would refuse a record later.
        patience: how long to go on with one request.
    """

    scopes: tuple[Scope, ...]
    signs: AudioSigns
    base_depth: int
    shrink_limit: float
    check: Callable[[Record], None]
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Captured:
    """What a capture did."""

    change: Change
    description: CaptureDescription
    traffic: Traffic


def capture(layout: Layout, request: CaptureRequest, settings: Settings) -> Captured:
    """Make the evidence of a date from the Hub; where it stands already, nothing is asked.

    Raises:
        UsageError: the request cannot be carried out as it was typed.
        CaptureRefused: something is missing, stale or shrank, or another process captures this date.
        SnapshotRefused: the date is published.
        EvidenceUnreadable: the previous evidence is broken, or a record is one that parse refuses.
    """
    _check_date(request.date)
    scopes = choose_scopes(settings.scopes, request.scopes)
    if layout.capture(request.date).is_dir() and not request.replace:
        return Captured("unchanged", check_evidence(layout.capture(request.date)), Traffic())
    if is_published(layout, request.date):
        raise SnapshotRefused(f"{request.date} is published and never changes; capture another date")
    previous = _find_previous(layout, request)
    terms = Terms(request.date, settings.shrink_limit, _read_reason(layout, request.date))
    with hold_work(layout.capture_work(request.date)) as work:
        run = work / name_run(scopes, previous)
        client = HubClient(AnswerStore(run), settings.patience)
        with CaptureProgress(client, verbose=request.verbose) as progress, _explain_stop(request.date):
            progress.say(_announce(estimate_calls(scopes, previous), client, "the whole capture"))
            with start_workers(client, progress) as workers:
                crawler = Crawler(workers, scopes, settings.signs, previous, settings.base_depth)
                found = crawler.run(partial(_announce_rest, progress, client, previous))
        problems = find_problems(found, scopes, previous, terms)
        if problems:
            _refuse([str(problem) for problem in problems], to_report(problems, found, request.date), work)
        asked = Asked(request.date, client.endpoint.host, client.has_token)
        evidence, description = to_evidence(found, scopes, previous, asked, settings.check)
        try:
            change = place_evidence(layout, evidence, description, replace=request.replace)
        except OSError as error:
            raise CaptureRefused(
                f"snapshots/{request.date}/capture cannot be written: {describe_os_error(error)}; mend that "
                "and run the same command again, what was answered is kept"
            ) from error
        shutil.rmtree(run, ignore_errors=True)
    return Captured(change, description, client.traffic)


def _check_date(date: str) -> None:
    try:
        day = calendar_date.fromisoformat(date)
    except ValueError:
        day = None
    if day is None or day.isoformat() != date:
        raise UsageError(f"--date is {date!a:.40} and not a day; write it as 2025-12-07")
    today = datetime.now(UTC).date()
    if not timedelta(0) <= today - day <= timedelta(days=1):
        raise UsageError(
            f"--date {date} is not today ({today}, UTC) or yesterday: the Hub shows only what it holds now; "
            f"give --date {today}"
        )


def _find_previous(layout: Layout, request: CaptureRequest) -> Previous:
    if request.previous == "none":
        return Previous()
    if request.previous is not None:
        if not layout.capture(request.previous).is_dir():
            raise UsageError(
                f"--previous {request.previous!a:.40}: there is no such evidence in snapshots/; "
                "name a date that has some, or none"
            )
        return read_previous(layout.capture(request.previous))
    dates = sorted(path.parent.name for path in layout.index.parent.glob("*/capture") if path.is_dir())
    earlier = [date for date in dates if date[:10] < request.date]
    return read_previous(layout.capture(earlier[-1])) if earlier else Previous()


def _read_reason(layout: Layout, date: str) -> str | None:
    if not layout.index.exists():
        return None
    draft = read_index(layout.index).building.get(date)
    return None if draft is None else draft.reason


@contextmanager
def _explain_stop(date: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise CaptureRefused(
            f"stopped; go on with `builder capture --date {date}` and the same options, "
            "nothing is asked twice"
        ) from None


def _announce(estimate: Estimate, client: HubClient, what: str) -> str:
    of_calls = client.budget.windows_for("api", estimate.api)
    windows = max(of_calls, client.budget.windows_for("resolvers", estimate.resolvers))
    _, quota, _ = client.budget.state("api", 0.0)
    return (
        f"{what} needs about {estimate.api} API calls and {estimate.resolvers} of files: "
        f"{windows} window{'' if windows == 1 else 's'} of 5 minutes at {quota} API calls"
    )


def _announce_rest(
    progress: CaptureProgress, client: HubClient, previous: Previous, changed: int, members: int
) -> None:
    rest = estimate_rest(changed, members, previous)
    progress.say(f"{members} models in scope, {changed} to read; " + _announce(rest, client, "the rest"))


def _refuse(problems: list[str], report: Mapping[str, object], work: Path) -> None:
    path = work / "report.json"
    path.write_text(json.dumps(report, indent=2, ensure_ascii=True) + "\n")
    shown = "\n".join(f"  {problem:.300}" for problem in problems[:SHOWN])
    more = f"\n  and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    raise CaptureRefused(
        f"the capture is refused for {len(problems)} reason{'' if len(problems) == 1 else 's'}, and nothing "
        f"of it can be built:\n{shown}{more}\nthe whole report is in {'/'.join(path.parts[-4:])}; "
        "run the same command again to ask once more for what is missing"
    )
