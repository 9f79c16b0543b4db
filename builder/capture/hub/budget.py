"""How many requests may still go in the Hub's current window, and how long to wait for the next.

The Hub counts requests in fixed windows and says in every answer how many are left: `ratelimit:
"api";r=497;t=168` with `ratelimit-policy: "fixed window";"api";q=500;w=300` means 497 requests and 168
seconds left of a window of 300 seconds with 500 requests. Time is an argument here; `client.py` waits.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from builder.capture.hub.request import Bucket

ANONYMOUS: Final[dict[Bucket, int]] = {"api": 500, "resolvers": 3_000}
"""Requests in a window without a token, as the Hub's documentation states; more is learnt from answers."""

WINDOW_S: Final = 300.0

RESERVE: Final = 0.02
"""Share of a window that is left to others: a browser behind the same address counts too."""

ROUNDING_S: Final = 1.0
"""The Hub states whole seconds, so a window may last up to one longer than said."""


@dataclass
class Window:
    """One bucket's window, as far as it is known."""

    quota: int
    length_s: float = WINDOW_S
    left: int = field(init=False)
    under_way: int = 0
    ends_at: float | None = None
    """On the clock that the caller passes; None before the first request."""

    def __post_init__(self) -> None:
        self.left = self.quota

    @property
    def reserve(self) -> int:
        """Requests that are not used; none where the window is small."""
        return int(self.quota * RESERVE)


class Budget:
    """The windows of both buckets; safe to use from several threads."""

    def __init__(self) -> None:
        """Start with what an anonymous reader is granted."""
        self._windows = {bucket: Window(quota) for bucket, quota in ANONYMOUS.items()}
        self._lock = threading.Lock()

    def take(self, bucket: Bucket, now: float) -> float:
        """Take one request out of the window.

        Returns:
            0 if the request may go now, else the seconds to wait before asking again.
        """
        with self._lock:
            window = self._windows[bucket]
            if window.ends_at is None or now >= window.ends_at:
                window.left = window.quota
                window.ends_at = now + window.length_s
            if window.left <= window.reserve:
                return max(window.ends_at - now, 0.01)
            window.left -= 1
            window.under_way += 1
            return 0.0

    def give_back(self, bucket: Bucket) -> None:
        """A request that was taken has ended, whatever came of it."""
        with self._lock:
            self._windows[bucket].under_way -= 1

    def learn(self, bucket: Bucket, now: float, left: int, ends_in_s: float) -> None:
        """Take over what an answer says of the window.

        Answers arrive out of order, so within one window the lower number holds; and an answer may not
        have counted the requests that are under way beside it, so they are taken off.
        """
        with self._lock:
            window = self._windows[bucket]
            ends_at = now + ends_in_s + ROUNDING_S
            is_other = window.ends_at is None or abs(ends_at - window.ends_at) > 2 * ROUNDING_S
            left -= window.under_way
            window.left = left if is_other else min(window.left, left)
            if is_other:
                window.ends_at = ends_at

    def learn_policy(self, bucket: Bucket, quota: int, length_s: float) -> None:
        """Take over what an answer says of all windows."""
        if quota < 1 or length_s <= 0:
            return
        with self._lock:
            window = self._windows[bucket]
            # A window that began with too low or too high a guess goes on with what is left of the true one.
            window.left += quota - window.quota
            window.quota, window.length_s = quota, length_s

    def exhaust(self, bucket: Bucket, now: float, wait_s: float) -> None:
        """Nothing is left: the Hub has refused a request and said for how long."""
        with self._lock:
            window = self._windows[bucket]
            window.left = 0
            window.ends_at = now + wait_s + ROUNDING_S

    def state(self, bucket: Bucket, now: float) -> tuple[int, int, float]:
        """Requests left, quota and seconds to the window's end, for a person to see."""
        with self._lock:
            window = self._windows[bucket]
            if window.ends_at is None or now >= window.ends_at:
                return window.quota, window.quota, 0.0
            return max(window.left, 0), window.quota, window.ends_at - now

    def windows_for(self, bucket: Bucket, requests: int) -> int:
        """How many windows so many requests take at least."""
        with self._lock:
            window = self._windows[bucket]
            return -(-requests // max(window.quota - window.reserve, 1))
