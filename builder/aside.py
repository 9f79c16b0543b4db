"""Work that is begun beside the main line of a build, for what neither waits for nor disturbs it.

DuckDB plans a hundred small queries one after the other on one processor, without Python; meanwhile Python
can do something else, and so can another database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

Result = TypeVar("Result")

_THREADS = 2


class Begin(Protocol):
    """Begins a piece of work; what it gives back waits for the end and returns the result, or raises.

    The result is asked for once: work that is kept is done when it is, and never if nobody asks.
    """

    def __call__(self, work: Callable[[], Result]) -> Callable[[], Result]:
        """Begin `work` now, or keep it for the time when its result is asked for."""


@contextmanager
def work_aside(*, at_once: bool) -> Iterator[Begin]:
    """What begins work beside: in threads `at_once`, or else when its result is asked for.

    Work that was begun has ended when the context ends.
    """
    if not at_once:
        yield lambda work: work
        return
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="aside") as pool:
        yield lambda work: pool.submit(work).result
