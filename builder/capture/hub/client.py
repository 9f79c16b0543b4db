"""The only reader of the network: one request in, one checked answer out, or the reason why there is none.

huggingface_hub gives endpoint, token, session and the reading of rate limits. Its own retries are not
used: they start over after the headers only, know no limit of size or time, try the first page of a
list once, and cannot be interrupted (docs/decisions/0015).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import httpx2
from huggingface_hub import constants
from huggingface_hub.errors import OfflineModeIsEnabled
from huggingface_hub.utils import build_hf_headers, get_session  # type: ignore[attr-defined] # documented there
from huggingface_hub.utils._http import parse_ratelimit_headers

from builder.capture.hub.address import Endpoint, Misled, Place
from builder.capture.hub.answers import AnswerStore
from builder.capture.hub.budget import Budget
from builder.capture.hub.request import Answer, Request
from builder.errors import CaptureRefused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

Fault = str
"""Why an answer is none, in words for the report."""

Check = Callable[[Answer], "Fault | None"]
"""Says what is wrong with an answer that came with status 200 or 206, or nothing."""

KEPT_HEADERS: Final = (
    *("link", "content-range", "x-repo-commit", "x-error-code", "x-linked-size", "x-linked-etag"),
)
_HEADER_MAX: Final = 4_000
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 5
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_CHUNK: Final = 2**16
_LIMITED: Final = 429


@dataclass(frozen=True)
class Patience:
    """How long to go on with one request.

    Attributes:
        tries: before it counts as unanswered; refusals because of a used-up window are not counted.
        first_wait_s, longest_wait_s: the wait doubles from the first to the longest.
        most_windows: how often one request may meet a used-up window: others may use it up as well.
        silence_s: longest wait for the next bytes.
        whole_s: longest time for one answer, however steadily it drips.
    """

    tries: int = 7
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0
    most_windows: int = 20
    silence_s: float = 30.0
    whole_s: float = 180.0


class Unanswered(Exception):
    """A request that got no usable answer, and why."""

    def __init__(self, request: Request, fault: Fault) -> None:
        """Name the request without host or token."""
        super().__init__(f"{request.name}: {fault}")
        self.request = request
        self.fault = fault


class Stopped(Exception):
    """The run is to end: nothing more is asked."""


class _Retry(Exception):
    """This try failed; `wait_s` is what the Hub asks for, if it does."""

    def __init__(self, fault: Fault, *, limited: bool = False) -> None:
        super().__init__(fault)
        self.fault = fault
        self.limited = limited


@dataclass
class Traffic:
    """What was asked over the network; answers that were kept already are not in it."""

    api: int = 0
    resolvers: int = 0
    retries: int = 0
    limited: int = 0
    waited_s: float = 0.0


class HubClient:
    """Asks the Hub, keeps what it says, and stays inside its windows; safe to use from several threads."""

    def __init__(self, store: AnswerStore, patience: Patience) -> None:
        """Take endpoint and token as huggingface_hub does, from HF_ENDPOINT and HF_TOKEN or its login.

        What happens on the way is told to `note`, which whoever shows it sets.

        Raises:
            UsageError: the endpoint is none, or the client is set to stay offline.
        """
        headers = build_hf_headers(library_name="audio-multimodal-models")
        self._token = headers.pop("authorization", None)
        self._headers = headers
        self.endpoint = Endpoint.checked(constants.ENDPOINT, with_token=self._token is not None)
        if constants.is_offline_mode():
            raise UsageError("HF_HUB_OFFLINE is set, and a capture asks the Hub; unset it")
        self._store = store
        self._patience = patience
        self.note: Callable[[str], None] = lambda _: None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.budget = Budget()
        self.traffic = Traffic()

    @property
    def has_token(self) -> bool:
        """Whether the Hub is asked as somebody."""
        return self._token is not None

    def stop(self) -> None:
        """Let every thread end before its next request."""
        self._stop.set()

    def fetch(self, request: Request, check: Check = lambda _: None) -> Answer:
        """The answer to a request: the one that was kept, or a new one, which is kept before it is returned.

        Raises:
            Unanswered: after all tries there is none.
            Stopped: `stop` was called.
            CaptureRefused: the disk does not take the answer.
        """
        kept = self._store.read(request)
        if kept is not None and not (kept.ok and check(kept)):
            return kept
        answer = self._ask(request, check)
        try:
            self._store.write(request, answer)
        except OSError as error:
            raise CaptureRefused(
                f"an answer cannot be kept ({error.strerror}); make room and run the same command again"
            ) from error
        return answer

    def _ask(self, request: Request, check: Check) -> Answer:
        patience = self._patience
        failures = windows = 0
        while True:
            self._wait_for_window(request)
            try:
                return self._try(request, check)
            except _Retry as retry:
                windows += retry.limited
                failures += not retry.limited
                with self._lock:
                    self.traffic.retries += 1
                    self.traffic.limited += retry.limited
                if failures >= patience.tries or windows > patience.most_windows:
                    raise Unanswered(request, retry.fault) from retry
                if retry.limited:
                    left_s = self.budget.state(request.bucket, time.monotonic())[2]
                    self.note(f"429, waiting {left_s:.0f} s for the next window: {request.name:.120}")
                else:
                    wait_s = min(patience.first_wait_s * 2 ** (failures - 1), patience.longest_wait_s)
                    self.note(f"{retry.fault}, again in {wait_s:g} s: {request.name:.120}")
                    self._sleep(wait_s)

    def _wait_for_window(self, request: Request) -> None:
        while True:
            if self._stop.is_set():
                raise Stopped
            wait_s = self.budget.take(request.bucket, time.monotonic())
            if not wait_s:
                return
            self._sleep(wait_s)

    def _sleep(self, seconds: float) -> None:
        with self._lock:
            self.traffic.waited_s += seconds
        if self._stop.wait(seconds):
            raise Stopped

    def _try(self, request: Request, check: Check) -> Answer:
        with self._lock:
            setattr(self.traffic, request.bucket, getattr(self.traffic, request.bucket) + 1)
        try:
            answer = self._walk(request)
            if answer.ok and (fault := check(answer)):
                raise _Retry(fault)
        except Misled as error:
            raise _Retry(str(error)) from error
        except OfflineModeIsEnabled as error:
            raise UsageError("HF_HUB_OFFLINE is set, and a capture asks the Hub; unset it") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            # Their texts may hold whole addresses; the kind says enough.
            raise _Retry(f"the connection failed ({type(error).__name__})") from error
        else:
            return answer
        finally:
            self.budget.give_back(request.bucket)

    def _walk(self, request: Request) -> Answer:
        place = self.endpoint.place(request)
        deadline = time.monotonic() + self._patience.whole_s
        for _ in range(_MOST_REDIRECTS + 1):
            with get_session().stream(
                request.method,
                place.url,
                headers=self._headers_for(request, place),
                follow_redirects=False,
                timeout=httpx2.Timeout(self._patience.silence_s),
            ) as response:
                if place.trusted:
                    self._learn(request, response)
                status = response.status_code
                if status in _AGAIN:
                    raise self._refusal(request, response)
                if status in _REDIRECTS and not _knows_commit(request, response):
                    place = self.endpoint.follow(request, place, response.headers.get("location", ""))
                    continue
                body = b"".join(self._read(request, response, deadline)) if request.max_bytes else b""
                headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
                return Answer(
                    status=status,
                    body=body if status in {200, 206} else body[:JSON_ERROR_MAX_BYTES],
                    observed_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    headers={name: value[:_HEADER_MAX] for name, value in headers.items()},
                )
        raise _Retry("it redirects in circles")

    def _headers_for(self, request: Request, place: Place) -> dict[str, str]:
        headers = dict(self._headers)
        if place.trusted and self._token is not None:
            headers["authorization"] = self._token
        if request.span is not None:
            headers["range"] = f"bytes={request.span[0]}-{request.span[1] - 1}"
        if request.bucket == "resolvers":
            headers["accept-encoding"] = "identity"
        return headers

    def _learn(self, request: Request, response: httpx2.Response) -> None:
        info = parse_ratelimit_headers(response.headers)
        if info is None:
            return
        now = time.monotonic()
        if info.limit is not None and info.window_seconds is not None:
            self.budget.learn_policy(request.bucket, info.limit, info.window_seconds)
        self.budget.learn(request.bucket, now, info.remaining, info.reset_in_seconds)

    def _refusal(self, request: Request, response: httpx2.Response) -> _Retry:
        status = response.status_code
        if status != _LIMITED:
            return _Retry(f"it answered {status}")
        info = parse_ratelimit_headers(response.headers)
        after = response.headers.get("retry-after", "")
        if info is not None:
            wait_s = float(info.reset_in_seconds)
        elif after.isascii() and after.isdigit():
            wait_s = min(float(after), 3_600.0)
        else:
            # Without a word on how long, it is a failure like any other.
            return _Retry("it answered 429 and said not for how long")
        self.budget.exhaust(request.bucket, time.monotonic(), wait_s)
        return _Retry("it answered 429", limited=True)

    def _read(self, request: Request, response: httpx2.Response, deadline: float) -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_bytes(_CHUNK):
            size += len(chunk)
            if size > max(request.max_bytes, JSON_ERROR_MAX_BYTES):
                raise _Retry(f"its answer is longer than {request.max_bytes} bytes")
            if time.monotonic() > deadline:
                raise _Retry(f"its answer took longer than {self._patience.whole_s:g} s")
            if self._stop.is_set():
                raise Stopped
            yield chunk


JSON_ERROR_MAX_BYTES: Final = 2**16
"""What is read of an error's body: the list of valid names in it is about 1 kB."""


def _knows_commit(request: Request, response: httpx2.Response) -> bool:
    """Whether the redirect itself says what was asked for: the commit, before the file is fetched."""
    return request.method == "HEAD" and "x-repo-commit" in response.headers
