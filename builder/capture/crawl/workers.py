"""Runs many requests side by side, collects what got no answer, and stops cleanly when told to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from builder.capture.hub.client import Stopped, Unanswered
from builder.errors import CaptureRefused

if TYPE_CHECKING:
    from builder.capture.hub.client import HubClient

Item = TypeVar("Item")
Result = TypeVar("Result")

REQUESTS_AT_ONCE: Final = 8
"""Repositories that are read side by side: the Hub's windows, not this number, set the pace."""

SHARDS_AT_ONCE: Final = 20
"""Headers that are read side by side: most of their time is waiting for the storage's first byte."""

UNANSWERED_MAX: Final = 25
"""After so many requests without answer the Hub is not to be reached: going on would take hours."""


class Progress(Protocol):
    """What a person sees of a run."""

    def stage(self, name: str, total: int) -> None:
        """A stage of so many items begins."""

    def advance(self) -> None:
        """One item is done."""

    def note(self, text: str) -> None:
        """Something happened that a log should have."""


@dataclass
class Workers:
    """Threads of one run, and what they could not get."""

    client: HubClient
    progress: Progress
    repositories: ThreadPoolExecutor
    shards: ThreadPoolExecutor
    unanswered: list[Unanswered] = field(default_factory=list)

    def each(
        self, stage: str, work: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[tuple[Item, Result]]:
        """Every item with its result, as they are done; what has no answer is collected.

        Raises:
            CaptureRefused: nothing is answered any more, or the disk is full.
            KeyboardInterrupt: as it came, after the requests under way have ended.
        """
        waiting: dict[Future[Result], Item] = {self.repositories.submit(work, item): item for item in items}
        self.progress.stage(stage, len(waiting))
        try:
            for done in as_completed(waiting):
                try:
                    result = done.result()
                except Unanswered as error:
                    self._collect(error)
                    continue
                self.progress.advance()
                yield waiting[done], result
        except BaseException:
            self.client.stop()
            for future in waiting:
                future.cancel()
            raise

    def _collect(self, error: Unanswered) -> None:
        self.unanswered.append(error)
        self.progress.note(f"no answer: {error}")
        if len(self.unanswered) >= UNANSWERED_MAX:
            raise CaptureRefused(
                f"the Hub does not answer: {len(self.unanswered)} requests failed, the last because "
                f"{error.fault}; run the same command again later, what was answered is kept"
            )


@contextmanager
def start_workers(client: HubClient, progress: Progress) -> Iterator[Workers]:
    """Threads for one run; on the way out all of them have ended."""
    with (
        ThreadPoolExecutor(REQUESTS_AT_ONCE, "repository") as repositories,
        ThreadPoolExecutor(SHARDS_AT_ONCE, "shard") as shards,
    ):
        try:
            yield Workers(client, progress, repositories, shards)
        except Stopped as error:
            raise CaptureRefused("the capture was stopped; run the same command again to go on") from error
        finally:
            client.stop()
