"""What can go wrong between a client and the Hub, made to happen on demand.

A `FaultPlan` decides for every request whether something is done to it. What is decided depends on the
request and on how often it came, not on the order in which threads arrive, so that a schedule can be
repeated. Unless a rule says otherwise, each request is struck once, and a client that tries again ends.
"""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.hub.wire import Answer, Refused, Request

HTML = b"<!DOCTYPE html><html><head><title>Hugging Face</title></head><body>Please wait</body></html>"
BROKEN_JSON = b'[{"_id": "000000000000000000000000", "id": "acme/Ec'


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong; attributes combine.

    Attributes:
        status: answered in place of the answer.
        acted: whether the Hub does first what it was asked for, and only the answer is lost.
        cut: the connection ends without an answer: closed, or reset as if the machine had gone.
        delay_s: seconds before anything happens.
        keep: share of the body that is sent before the connection ends.
        lie_bytes: added to the Content-Length; the connection ends after the body.
        pieces: number of pieces in which the body drips, `pause_s` apart.
        content_type: in place of the right one.
        body: in place of the right one, under status 200.
        leads_to: `host` sends the client to another host, `path` to another place on this one.
        by: the header that does it.
        shift: rows by which the order of the list moves before the answer is made.
    """

    status: int | None = None
    acted: bool = False
    cut: Literal["close", "reset"] | None = None
    delay_s: float = 0
    keep: float | None = None
    lie_bytes: int = 0
    pieces: int = 1
    pause_s: float = 0
    content_type: str | None = None
    body: bytes | None = None
    leads_to: Literal["host", "path"] | None = None
    by: Literal["Link", "Location"] = "Location"
    shift: int = 0

    def fits(self, request: Request) -> bool:
        """Whether it would change anything for this request."""
        if self.shift:
            return request.first("cursor") is not None
        if self.leads_to and self.by == "Link":
            return request.path == "/api/models" or "/tree/" in request.path
        return True

    def instead(self) -> Answer | None:
        """The answer that is given without asking the Hub; None if the Hub answers."""
        if self.status is None:
            return None
        return Refused(
            self.status, "Internal Error - We're working hard to fix this as soon as possible!"
        ).answer

    def spoil(self, request: Request, answer: Answer) -> Answer:
        """The Hub's answer with what the fault changes in it."""
        if self.leads_to:
            port = request.endpoint.rpartition(":")[2]
            place = f"/elsewhere{request.target}"
            target = f"http://localhost:{port}{place}" if self.leads_to == "host" else place
            if self.by == "Location":
                return Answer.redirect(307, target)
            answer.headers["Link"] = f'<{target}>; rel="next"'
        if self.body is not None:
            answer = Answer.of(200, self.body, answer.headers["Content-Type"])
        if self.content_type is not None:
            answer.headers["Content-Type"] = self.content_type
        return answer


FAULTS: dict[str, Fault] = {
    "429": Fault(429),
    "500": Fault(500),
    "502": Fault(502),
    "504": Fault(504),
    "reset": Fault(cut="reset"),
    "closed": Fault(cut="close"),
    "delay": Fault(delay_s=0.2),
    "drip": Fault(pieces=20, pause_s=0.01),
    "truncated": Fault(keep=0.5),
    "wrong_type": Fault(content_type="text/plain; charset=utf-8"),
    "length_too_small": Fault(lie_bytes=-7),
    "length_too_large": Fault(lie_bytes=1000),
    "html": Fault(body=HTML, content_type="text/html; charset=utf-8"),
    "broken_json": Fault(body=BROKEN_JSON),
    "foreign_link": Fault(leads_to="host", by="Link"),
    "foreign_redirect": Fault(leads_to="host"),
    "wrong_redirect": Fault(leads_to="path"),
    "shift_gap": Fault(shift=3),
    "shift_repeat": Fault(shift=-3),
    "lost": Fault(acted=True, cut="close"),
    "lost_reset": Fault(acted=True, cut="reset"),
    "late_500": Fault(500, acted=True),
}
"""The usual faults by name. The last three act first: the client cannot know whether it was heard."""

READ_FAULTS = tuple(name for name, fault in FAULTS.items() if not fault.acted)
WRITE_FAULTS = ("429", "500", "502", "504", "reset", "closed", "delay", "lost", "lost_reset", "late_500")

ALWAYS = None
"""As a bound: for ever."""


@dataclass(frozen=True)
class Rule:
    """Which requests are struck by what.

    Attributes:
        fault: a name of `FAULTS`, or one of your own.
        method: only this one; None for all.
        path: expression searched in path and query.
        nth: only the n-th of all matching requests, counted from 1.
        per_request: how often one request (method and target) is struck; `ALWAYS` for no bound.
        total: how often the rule strikes at all; `ALWAYS` for no bound.
    """

    fault: str | Fault
    method: str | None = None
    path: str = ""
    nth: int | None = None
    per_request: int | None = 1
    total: int | None = ALWAYS

    @property
    def what(self) -> Fault:
        """What happens."""
        return FAULTS[self.fault] if isinstance(self.fault, str) else self.fault

    def matches(self, request: Request) -> bool:
        """Whether it is about this request, and would change anything for it."""
        named = self.method is None or self.method == request.method
        return named and bool(re.search(self.path, request.target)) and self.what.fits(request)


@dataclass(frozen=True)
class Strike:
    """A fault that is about to happen, under its name in the log."""

    name: str
    fault: Fault


Chance = Callable[[Request, int], str | None]


class FaultPlan:
    """Decides what is done to each request; without rules, nothing."""

    def __init__(self, rules: Iterable[Rule] = (), chance: Chance | None = None) -> None:
        self.rules: Sequence[Rule] = tuple(rules)
        self._chance = chance
        self._seen: Counter[object] = Counter()
        self._lock = threading.Lock()

    @classmethod
    def by_chance(
        cls,
        seed: int,
        rate: float,
        names: Sequence[str] = READ_FAULTS,
        *,
        per_request: int | None = 2,
        path: str = "",
    ) -> FaultPlan:
        """Strike each try of each request with the same probability, by a seed.

        Args:
            seed: another seed is another schedule.
            rate: probability, from 0 to 1.
            names: of `FAULTS`, of which one that fits is drawn.
            per_request: how many tries of one request may be struck; `ALWAYS` for no bound.
            path: expression searched in path and query.
        """

        def draw(request: Request, struck: int) -> str | None:
            fitting = [name for name in names if FAULTS[name].fits(request)]
            if not fitting or not re.search(path, request.target) or struck == per_request:
                return None
            dice = random.Random(f"{seed} {request.method} {request.target} {struck}")  # noqa: S311 - no secret
            return dice.choice(fitting) if dice.random() < rate else None

        return cls((), draw)

    def strike(self, request: Request) -> Strike | None:
        """What is done to this request."""
        if request.segments[0] == "elsewhere":
            # Whoever came here was struck before.
            return None
        identity = (request.method, request.target)
        with self._lock:
            for place, rule in enumerate(self.rules):
                if rule.matches(request) and self._due(place, rule, identity):
                    return Strike(rule.fault if isinstance(rule.fault, str) else "own", rule.what)
            if self._chance is not None:
                name = self._chance(request, self._seen[identity])
                if name is not None:
                    self._seen[identity] += 1
                    return Strike(name, FAULTS[name])
        return None

    def _due(self, place: int, rule: Rule, identity: tuple[str, str]) -> bool:
        """Whether a rule that matches strikes this time."""
        self._seen[place] += 1
        due = (
            rule.nth in {None, self._seen[place]}
            and (rule.per_request is ALWAYS or self._seen[place, identity] < rule.per_request)
            and (rule.total is ALWAYS or self._seen[place, "struck"] < rule.total)
        )
        self._seen[place, identity] += due
        self._seen[place, "struck"] += due
        return due
