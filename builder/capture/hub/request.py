"""What is asked of the Hub and what it answered, as data: no network here.

A request names its path on the Hub, never a host: where a request goes is decided in one place
(`address.py`), so that no text of a stranger can decide it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias
from urllib.parse import quote, urlencode

Bucket: TypeAlias = Literal["api", "resolvers"]
"""The Hub's two windows of requests: calls of the interface, and of files."""

PAGE_ROWS: Final = 1_000
"""Rows of one page of a list: the most that the Hub gives."""

JSON_MAX_BYTES: Final = 64 * 2**20
"""A page of 1,000 full rows is about 5 MB; ten times that leaves room, and still fits in memory."""

FILE_MAX_BYTES: Final = 8 * 2**20
"""A configuration file is some kB; one of megabytes is none that a library would read."""


@dataclass(frozen=True)
class Request:
    """One request without host and token.

    Attributes:
        path: absolute path with its query, quoted.
        method: `GET`, or `HEAD` for the commit that a branch points to.
        span: first byte and the one after the last, of a file; None for all of it.
        max_bytes: a longer body is refused.
    """

    path: str
    bucket: Bucket
    method: Literal["GET", "HEAD"] = "GET"
    span: tuple[int, int] | None = None
    max_bytes: int = JSON_MAX_BYTES

    @property
    def name(self) -> str:
        """What a message calls it, and what its answer is kept under."""
        span = f" bytes {self.span[0]}-{self.span[1] - 1}" if self.span else ""
        return f"{self.method} {self.path}{span}"

    @property
    def key(self) -> str:
        """Hash of the name, for a file name."""
        return hashlib.sha256(self.name.encode()).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What the Hub said for good: an answer that a second request would get too.

    Attributes:
        status: after redirects.
        headers: the few that are used, lower case, bounded.
        observed_at: when it was complete, UTC.
    """

    status: int
    body: bytes
    observed_at: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it is what was asked for."""
        return self.status in {200, 206}

    @property
    def error_code(self) -> str:
        """The Hub's name of the error, such as `GatedRepo`; empty where it gives none."""
        return self.headers.get("x-error-code", "")

    @property
    def is_gated(self) -> bool:
        """Whether the owner must let an account in first."""
        return self.status in {401, 403} and self.error_code == "GatedRepo"

    @property
    def is_disabled(self) -> bool:
        """Whether the Hub has disabled the repository."""
        return self.error_code == "DisabledRepo"

    @property
    def is_missing(self) -> bool:
        """Whether there is no such repository or file, or it is private: the Hub does not tell which."""
        return self.status in {401, 404, 410} and not self.is_gated


def list_request(query: Mapping[str, str], expand: Iterable[str]) -> Request:
    """The first page of a list of models; `expand` names the fields that its rows shall have."""
    # By creation: what is uploaded meanwhile comes in front of the first page, and moves nothing else.
    fields = {**query, "limit": str(PAGE_ROWS), "sort": "createdAt", "direction": "-1"}
    return Request(f"/api/models?{_encode(fields, expand)}", "api")


def detail_request(repo_id: str, expand: Iterable[str]) -> Request:
    """One repository with size and hash of every file, and the named fields; all where none is named."""
    return Request(f"/api/models/{quote_id(repo_id)}?{_encode({'blobs': 'true'}, expand)}", "api")


def file_request(repo_id: str, sha: str, path: str, span: tuple[int, int] | None = None) -> Request:
    """A file at one commit, or a part of it."""
    where = f"/{quote_id(repo_id)}/resolve/{quote(sha, safe='')}/{quote(path, safe='/')}"
    most = FILE_MAX_BYTES if span is None else span[1] - span[0]
    return Request(where, "resolvers", span=span, max_bytes=most)


def head_request(repo_id: str, path: str) -> Request:
    """The commit that `main` points to, from the headers of a file."""
    where = f"/{quote_id(repo_id)}/resolve/main/{quote(path, safe='/')}"
    return Request(where, "resolvers", method="HEAD", max_bytes=0)


def quote_id(repo_id: str) -> str:
    """A checked repo_id as it stands in a path."""
    return quote(repo_id, safe="/")


def _encode(fields: Mapping[str, str], expand: Iterable[str]) -> str:
    return urlencode([*fields.items(), *(("expand[]", name) for name in expand)])
