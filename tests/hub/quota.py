"""Keeps the Hub's fixed windows: so many requests of a kind per client, then 429 until the next window."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.hub.wire import Request


@dataclass(frozen=True)
class Allowance:
    """What is left to a client after one request.

    Attributes:
        granted: false if the window was used up before.
        remaining: requests left in the window.
        reset_s: whole seconds until the next window.
    """

    bucket: str
    granted: bool
    remaining: int
    reset_s: int
    quota: int = 500
    window_s: float = 300

    @property
    def headers(self) -> dict[str, str]:
        """As the Hub states it on every answer."""
        return {
            "RateLimit": f'"{self.bucket}";r={self.remaining};t={self.reset_s}',
            "RateLimit-Policy": f'"fixed window";"{self.bucket}";q={self.quota};w={math.ceil(self.window_s)}',
        }


class Windows:
    """Counts requests per bucket and client in windows that start together."""

    def __init__(self, quotas: Mapping[str, int], window_s: float, clock: Callable[[], float]) -> None:
        self.quotas = quotas
        self.window_s = window_s
        self._clock = clock
        self._start = clock()
        self._used: dict[tuple[str, str | None], tuple[int, int]] = {}
        self._lock = threading.Lock()

    def take(self, bucket: str, client: str | None) -> Allowance:
        """Count one request; a refused one is not counted."""
        quota = self.quotas[bucket]
        with self._lock:
            window, elapsed = divmod(self._clock() - self._start, self.window_s)
            held, used = self._used.get((bucket, client), (-1, 0))
            used = used if held == window else 0
            granted = used < quota
            used += granted
            self._used[bucket, client] = (int(window), used)
        reset_s = max(1, math.ceil(self.window_s - elapsed))
        return Allowance(bucket, granted, quota - used, reset_s, quota, self.window_s)


def bucket_of(request: Request) -> str:
    """The quota that a request is taken from.

    `api` and `resolvers` are the Hub's. A resolver's redirect to `/api/resolve-cache/` goes on being a
    resolver call; the registry that the client asks for once a day of its own accord is nobody's.
    """
    if request.host == "localhost":
        return "cdn"
    if request.path == "/api/agent-harnesses":
        return "other"
    if request.segments[:2] == ("api", "resolve-cache") or "resolve" in request.segments[1:4]:
        return "resolvers"
    return "api" if request.segments[0] == "api" else "other"
