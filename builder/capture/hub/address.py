"""Where a request may go: the Hub's own host gets the token, a host of files gets none, others nothing.

Links and redirects come from outside. The Hub's client follows a `Link` header to whatever host it
names and sends the token along (seen with huggingface_hub 2.4); here both are checked first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from builder.capture.hub.request import Request
from builder.errors import UsageError

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS: Final = {"https": 443, "http": 80}
_LIST: Final = "/api/models"
_MODEL: Final = re.compile(r"/api/models/[^?#]+")
_FILE: Final = re.compile(r"(?:/api/resolve-cache/models)?/[^?#]+")
_NEXT: Final = re.compile(r'<([^<>]{1,4000})>\s*;[^,]*\brel="?next"?')


class Misled(ValueError):
    """A link or redirect that leads where no request of a capture goes."""


@dataclass(frozen=True)
class Place:
    """Where one request goes, and whether the token goes with it."""

    url: str
    trusted: bool


@dataclass(frozen=True)
class Endpoint:
    """The Hub that is captured."""

    url: str

    @classmethod
    def checked(cls, url: str, *, with_token: bool) -> Endpoint:
        """An address as HF_ENDPOINT gives it.

        Raises:
            UsageError: it is no address of a host, or one to which a token must not go unencrypted.
        """
        parts = urlsplit(url)
        if (
            parts.scheme not in _PORTS
            or not parts.hostname
            or parts.query
            or parts.fragment
            or parts.username
        ):
            raise UsageError("HF_ENDPOINT is not the address of a Hub; write it as https://huggingface.co")
        if with_token and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise UsageError(
                "HF_ENDPOINT is not encrypted (http), so a token must not go there; "
                "use https, or unset HF_TOKEN"
            )
        return cls(url.rstrip("/"))

    @property
    def host(self) -> str:
        """Its name, for the description of a capture."""
        return urlsplit(self.url).netloc

    def place(self, request: Request) -> Place:
        """Where a request starts."""
        return Place(self.url + request.path, trusted=True)

    def follow(self, request: Request, at: Place, location: str) -> Place:
        """Where a redirect leads.

        Raises:
            Misled: to a place that this kind of request has no business at.
        """
        url = urljoin(at.url, location)
        parts = urlsplit(url)
        if _origin(url) == _origin(self.url):
            if _is_plain(parts.path) and self._fits(request, parts.path):
                # Once it has been elsewhere, a request is not trusted again.
                return Place(url, trusted=at.trusted)
            raise Misled("it redirects to another kind of place on the Hub")
        # Only files lie elsewhere; metadata is the Hub's own to give.
        if request.bucket != "resolvers":
            raise Misled("it redirects to another host")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise Misled("it redirects to an address that is not https")
        return Place(url, trusted=False)

    def _fits(self, request: Request, path: str) -> bool:
        path = path.removeprefix(urlsplit(self.url).path)
        if request.bucket == "resolvers":
            return _FILE.fullmatch(path) is not None and (
                "/resolve/" in path or path.startswith("/api/resolve-cache/")
            )
        if _MODEL.match(request.path):
            return _MODEL.fullmatch(path) is not None
        return path == _LIST

    def next_page(self, link: str) -> Request | None:
        """The next page that a `Link` header names; None where the list ends.

        Raises:
            Misled: it leads anywhere but to the same list on the same host.
        """
        match = _NEXT.search(link)
        if match is None:
            return None
        url = urljoin(f"{self.url}/", match[1])
        parts = urlsplit(url)
        path = parts.path.removeprefix(urlsplit(self.url).path)
        if _origin(url) != _origin(self.url) or path != _LIST or not parts.query:
            raise Misled("its Link header leads away from the list")
        return Request(f"{_LIST}?{parts.query}", "api")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise Misled("it leads to a port that is none") from error
    return parts.scheme, parts.hostname, port or _PORTS.get(parts.scheme)


def _is_plain(path: str) -> bool:
    """Whether no part of a path climbs out of the place it seems to lie in."""
    return not any(part in {".", ".."} for part in unquote(path).split("/")) and "\\" not in path
