"""A Hub on this machine that real clients can be tested against, over real HTTP.

    with LoopbackHub(catalogue) as hub:
        os.environ["HF_ENDPOINT"] = hub.endpoint

It listens on 127.0.0.1 only. Under the name `localhost` the same port plays every other host: the storage
of large files, and whoever a forged redirect leads to. Clients need HF_HUB_DISABLE_XET=1.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Self

from tests.hub.access import Access
from tests.hub.catalogue import Kind, Repository
from tests.hub.connection import Connection, Server
from tests.hub.content import Blob
from tests.hub.faults import Fault, FaultPlan
from tests.hub.history import MAIN, Change, History
from tests.hub.quota import Allowance, Windows, bucket_of
from tests.hub.routes import Routes
from tests.hub.wire import Answer, Logged, Refused, Request
from tests.hub.world import World


class LoopbackHub:
    """The Hub as a context manager; everything can be changed while it runs.

    Args:
        catalogue: what it holds.
        latency_s: see below.
        api_quota, resolver_quota: requests per window and client; a client is a token, or all without one.
        window_s: seconds of a window; the first begins when the Hub is made.
        token, read_token: the only tokens that are known; the second may not write.
        granted: gated repositories whose files the tokens may read.
        namespaces: owners under which the token may write; None for all.
        refused_expand: names that the list route refuses beside those that it always does.
        faults: see below.
        clock: seconds by which the windows go.
        wall_clock: seconds since the epoch that commits are dated with.
        port: 0 for any that is free.

    Attributes:
        world: what it holds.
        routes: what it answers; its attributes may be set while it runs.
        latency_s: seconds that every answer waits first.
        faults: what goes wrong; may be set while it runs.
        failures: tracebacks of the Hub's own bugs; leaving the context raises them.
    """

    def __init__(  # noqa: PLR0913 - each is a knob of its own, and named where it is turned
        self,
        catalogue: Iterable[Repository] = (),
        *,
        latency_s: float = 0,
        api_quota: int = 500,
        resolver_quota: int = 3000,
        window_s: float = 300,
        token: str | None = None,
        read_token: str | None = None,
        granted: Iterable[str] = (),
        namespaces: Iterable[str] | None = None,
        refused_expand: Iterable[str] = (),
        faults: FaultPlan | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        port: int = 0,
    ) -> None:
        held = None if namespaces is None else frozenset(namespaces)
        access = Access(token, read_token, frozenset(granted), namespaces=held)
        self.world = World(catalogue, access, wall_clock)
        self.routes = Routes(self.world, frozenset(refused_expand))
        self.latency_s = latency_s
        self.faults = faults or FaultPlan()
        self.failures: list[str] = []
        self.closing = threading.Event()
        quotas = {"api": api_quota, "resolvers": resolver_quota}
        self._windows = Windows(quotas, window_s, clock)
        self._log: list[Logged] = []
        self._lock = threading.Lock()
        self._server = Server(self, port)
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def endpoint(self) -> str:
        """What HF_ENDPOINT is to be."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def requests(self) -> tuple[Logged, ...]:
        """Everything that was asked so far, in order of arrival."""
        with self._lock:
            return tuple(self._log)

    @property
    def counts(self) -> Counter[str]:
        """Requests per bucket."""
        return Counter(logged.bucket for logged in self.requests)

    @property
    def leaks(self) -> tuple[Logged, ...]:
        """Requests that showed an Authorization header to another host."""
        return tuple(logged for logged in self.requests if logged.authorized and logged.host == "localhost")

    def clear_requests(self) -> None:
        """Forget what was asked so far."""
        with self._lock:
            self._log.clear()

    def replace(self, repository: Repository) -> None:
        """Put a repository in the place of the one of that name, or add it."""
        self.world.put(repository)

    def replace_all(self, catalogue: Iterable[Repository], kind: Kind = "model") -> None:
        """Make the repositories of a kind those of another date; a known `hub_id` is a rename."""
        self.world.replace_all(list(catalogue), kind)

    def remove(self, repo_id: str, kind: Kind = "model") -> None:
        """Delete a repository."""
        self.world.remove(repo_id, kind)

    def rename(self, old: str, new: str, kind: Kind = "model") -> None:
        """Rename a repository; the old id redirects."""
        self.world.rename(old, new, kind)

    def shift(self, rows: int) -> None:
        """Shift the order of all lists: a reader between two pages misses rows, or sees them again."""
        self.world.shift(rows)

    def history(self, repo_id: str, kind: Kind = "dataset") -> History:
        """Commits, branches and tags of a dataset or Space, to look at."""
        return self.world.history(repo_id, kind)

    def edit(
        self,
        repo_id: str,
        changed: Mapping[str, bytes | None],
        title: str = "Edit",
        branch: str = MAIN,
        kind: Kind = "dataset",
    ) -> str:
        """Commit to a dataset or Space behind the clients' backs, as by hand; the new commit's id."""
        files = [(path, None if new is None else Blob.of(path, new)) for path, new in changed.items()]
        with self.world.lock:
            return self.world.history(repo_id, kind).commit(branch, Change(title, "", tuple(files))).oid

    def start(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every connection and wait for the threads."""
        self.closing.set()
        # Accepting waits for a connection, without looking up in between.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self._server.server_port)).close()
        self._thread.join()
        self._server.end_connections()
        self._server.server_close()

    def _accept(self) -> None:
        while not self.closing.is_set():
            self._server.handle_request()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self.failures and value is None:
            raise AssertionError("the loopback Hub has a bug:\n" + "\n".join(self.failures))

    def serve(self, request: Request, connection: Connection) -> None:
        """Answer one request and log it."""
        logged = Logged(
            request.method,
            request.target,
            bucket_of(request),
            request.host,
            "authorization" in request.headers,
            time.time(),
        )
        with self._lock:
            self._log.append(logged)
        if self.latency_s:
            self.closing.wait(self.latency_s)
        strike = self.faults.strike(request)
        fault = strike.fault if strike else Fault()
        logged.fault = strike.name if strike else None
        if fault.delay_s:
            self.closing.wait(fault.delay_s)
        if fault.shift:
            self.shift(fault.shift)
        try:
            answer = self._answer(request, logged, fault)
        except Exception:  # noqa: BLE001 - a bug of the Hub's own must not look like a fault on demand
            self.failures.append(f"{request.method} {request.target}\n{traceback.format_exc()}")
            answer = Refused(500, "the loopback Hub has a bug").answer
        if fault.cut:
            connection.cut(reset=fault.cut == "reset")
        else:
            logged.status = answer.status
            connection.send(request, answer, logged, fault)

    def _answer(self, request: Request, logged: Logged, fault: Fault) -> Answer:
        """The Hub's answer, or what the fault makes of it."""
        unheard = not fault.acted and (fault.cut or fault.status)
        answer = None if unheard else self._within_quota(request, logged)
        instead = fault.instead()
        if instead is not None or answer is None:
            answer = instead or Answer.of(500, b"", "text/plain")
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                # Without the header the client would not know how long to wait.
                bucket = logged.bucket if logged.bucket in self._windows.quotas else "api"
                answer.headers.update(Allowance(bucket, granted=False, remaining=0, reset_s=0).headers)
        return fault.spoil(request, answer)

    def _within_quota(self, request: Request, logged: Logged) -> Answer:
        if logged.bucket not in self._windows.quotas:
            return self.routes.answer(request)
        allowance = self._windows.take(logged.bucket, request.token)
        if not allowance.granted:
            answer = Refused(429, "We had to rate limit your IP. Please log in or pass a token.").answer
        else:
            answer = self.routes.answer(request)
        answer.headers.update(allowance.headers)
        return answer
