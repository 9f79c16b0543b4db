"""Requests and answers of the loopback Hub as plain values, so that routes know no sockets."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

Headers = Mapping[str, str]
NO_HEADERS: Headers = MappingProxyType({})
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Request:
    """One request, read to its end.

    Attributes:
        method: in capitals.
        target: path and query as they came.
        host: name that the client thought it spoke to, without port.
        headers: names in lower case.
        endpoint: where the Hub serves, for absolute addresses in answers.
    """

    method: str
    target: str
    host: str
    headers: Mapping[str, str]
    body: bytes
    endpoint: str

    @cached_property
    def path(self) -> str:
        """The target without its query, as it came."""
        return self.target.partition("?")[0]

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Parts of the path, each decoded by itself: a revision may hold a slash."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Names and values in order; `expand[]` is `expand`."""
        pairs = parse_qsl(self.target.partition("?")[2], keep_blank_values=True)
        return tuple((name.removesuffix("[]"), value) for name, value in pairs)

    @property
    def token(self) -> str | None:
        """What came as the bearer's token."""
        sent = self.headers.get("authorization")
        return None if sent is None else sent.removeprefix("Bearer ")

    def values(self, name: str) -> list[str]:
        """All values of a parameter that may be repeated."""
        return [value for key, value in self.query if key == name]

    def first(self, name: str) -> str | None:
        """The first value of a parameter."""
        return next(iter(self.values(name)), None)

    def flag(self, name: str) -> bool:
        """Whether a parameter is set to something true."""
        return (self.first(name) or "").lower() in {"1", "true"}

    def json(self) -> Any:  # noqa: ANN401 - whatever the client sent
        """The body as JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refused(400, "Invalid JSON body") from None

    def next_page(self, cursor: str) -> str:
        """The Link header that leads to the page after this one."""
        kept = [
            (name, value)
            for name, value in parse_qsl(self.target.partition("?")[2], keep_blank_values=True)
            if name != "cursor"
        ]
        query = urlencode([*kept, ("cursor", cursor)], quote_via=quote)
        return f'<{self.endpoint}{self.path}?{query}>; rel="next"'


@dataclass
class Answer:
    """One answer.

    Attributes:
        length: bytes that the body has.
        read: makes the body in pieces, so that a large one never exists as a whole.
    """

    status: int
    headers: dict[str, str]
    length: int
    read: Callable[[], Iterator[bytes]]

    @classmethod
    def of(cls, status: int, body: bytes, content_type: str, headers: Headers = NO_HEADERS) -> Answer:
        """An answer whose body is there."""
        return cls(status, {"Content-Type": content_type, **headers}, len(body), lambda: iter((body,)))

    @classmethod
    def json(cls, value: object, status: int = 200, headers: Headers = NO_HEADERS) -> Answer:
        """A JSON answer with the weak ETag that the Hub gives its API's bodies."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        tag = hashlib.md5(body, usedforsecurity=False).hexdigest()[:22]
        return cls.of(status, body, "application/json; charset=utf-8", {"ETag": f'W/"{tag}"', **headers})

    @classmethod
    def redirect(cls, status: int, location: str, headers: Headers = NO_HEADERS) -> Answer:
        """A redirect; the Hub's body is text."""
        body = f"Temporary Redirect. Redirecting to {location}".encode()
        return cls.of(status, body, "text/plain; charset=utf-8", {"Location": location, **headers})


class Refused(Exception):
    """A request that is answered with an error of the Hub's own."""

    def __init__(
        self, status: int, message: str, code: str | None = None, headers: Headers = NO_HEADERS
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = headers

    @property
    def answer(self) -> Answer:
        """Body and the headers by which the client tells errors apart."""
        # A header is one line of ASCII; what is more stands in the body only.
        line = {"X-Error-Message": self.message} if self.message.isascii() else {}
        code = {"X-Error-Code": self.code} if self.code else {}
        return Answer.json({"error": self.message}, self.status, {**line, **code, **self.headers})


@dataclass(frozen=True)
class Part:
    """The bytes that a Range header asks for."""

    start: int
    stop: int


def parse_range(header: str | None, size: int) -> Part | None:
    """The part of a file that is asked for; None for all of it (as with a header that cannot be read).

    Raises:
        Refused: the range begins beyond the file's end.
    """
    match = RANGE.fullmatch((header or "").strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        start, stop = max(0, size - int(match[2])), size
    else:
        start = int(match[1])
        stop = size if match[2] == "" else min(size, int(match[2]) + 1)
        if match[2] and int(match[2]) < start:
            return None
    if start >= size or start >= stop:
        raise Refused(416, "Range Not Satisfiable", headers={"Content-Range": f"bytes */{size}"})
    return Part(start, stop)


@dataclass
class Logged:
    """One request as it was answered.

    Attributes:
        target: path and query.
        bucket: quota that it was taken from (`api`, `resolvers`), else `cdn` or `other`.
        host: name that it was sent to: 127.0.0.1 is the Hub, localhost is everybody else.
        authorized: whether it carried an Authorization header.
        started: seconds since the epoch.
        status: of the answer; 0 while there is none, and where the connection was cut without one.
        fault: what was done to it, if anything.
        sent: bytes of the body that were sent.
    """

    method: str
    target: str
    bucket: str
    host: str
    authorized: bool
    started: float
    status: int = 0
    fault: str | None = None
    sent: int = 0
    acted: bool = field(default=False, repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]
