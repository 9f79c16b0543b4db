"""What a person sees of a capture: a bar with rate, quota and time to go, or plain lines in a log."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from builder.capture.hub.client import HubClient

_LINE_EVERY_S: Final = 10.0
"""Of a log, a line in so many seconds is enough to see that something happens."""


class CaptureProgress:
    """Prints to the error stream, so that `--json` has the output for itself."""

    def __init__(self, client: HubClient, *, verbose: bool) -> None:
        """Look at the stream: a bar needs a terminal."""
        self._client = client
        self._verbose = verbose
        self._console = Console(stderr=True, highlight=False, emoji=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[state]}"),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None
        self._name = ""
        self._total = self._done = 0
        self._begun = self._printed = time.monotonic()

    def __enter__(self) -> Self:
        """Begin to show, and to be told what the client meets."""
        self._client.note = self.note
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the screen as it is."""
        self._bar.stop()

    def say(self, text: str) -> None:
        """A line that is always shown; what comes from the Hub does nothing in it."""
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
        self._console.print(shown, markup=False, soft_wrap=True)

    def note(self, text: str) -> None:
        """A line for those who asked for more, and for logs."""
        if self._verbose or not self._console.is_terminal:
            self.say(f"  {text}")

    def stage(self, name: str, total: int) -> None:
        """A stage of so many items begins."""
        self._name, self._total, self._done = name, total, 0
        self._begun = self._printed = time.monotonic()
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(name, total=total, state="") if total else None
        if not self._console.is_terminal and total:
            self.say(f"{name}: {total}")

    def advance(self) -> None:
        """One item is done."""
        self._done += 1
        now = time.monotonic()
        if self._task is not None and self._console.is_terminal:
            self._bar.update(self._task, advance=1, state=self._state(now))
        elif now - self._printed >= _LINE_EVERY_S:
            self._printed = now
            left_s = (self._total - self._done) * (now - self._begun) / self._done
            done = f"{self._name}: {self._done} of {self._total}"
            self.say(f"{done}, {self._state(now)}, about {left_s:.0f} s to go")

    def _state(self, now: float) -> str:
        rate = self._done / max(now - self._begun, 0.001)
        left, quota, ends_s = self._client.budget.state("api", now)
        return f"{rate:.1f}/s, {left} of {quota} calls left for {ends_s:.0f} s"
