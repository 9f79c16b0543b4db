"""Where requests, links and redirects may lead, and which of them the token goes to."""

from __future__ import annotations

import pytest

from builder.capture.hub.address import Endpoint, Misled
from builder.capture.hub.request import Request, detail_request, file_request, list_request
from builder.errors import UsageError

HUB = Endpoint("https://hub.test")
FILE = file_request("acme/echo", "a" * 40, "model.safetensors", (0, 100))
DETAIL = detail_request("acme/echo", ("sha",))
CACHE = "/api/resolve-cache/models/acme/echo"
LIST = list_request({"filter": "voxtral"}, ("sha",))


@pytest.mark.parametrize("request_", [FILE, DETAIL, LIST])
def test_every_request_starts_at_the_hub_with_the_token(request_: Request) -> None:
    place = HUB.place(request_)
    assert (place.url.startswith("https://hub.test/"), place.trusted) == (True, True)


@pytest.mark.parametrize(
    ("request_", "location", "url", "trusted"),
    [
        (DETAIL, "/api/models/acme/new?blobs=true", "https://hub.test/api/models/acme/new?blobs=true", True),
        (FILE, f"{CACHE}/x/f", f"https://hub.test{CACHE}/x/f", True),
        (FILE, "/acme/new/resolve/main/f", "https://hub.test/acme/new/resolve/main/f", True),
        (FILE, "https://cdn.test/f?sign=1", "https://cdn.test/f?sign=1", False),
        (FILE, "http://localhost:80/f", "http://localhost:80/f", False),
        (FILE, "//cdn.test/f", "https://cdn.test/f", False),
    ],
)  # fmt: skip
def test_where_redirects_may_lead(request_: Request, location: str, url: str, *, trusted: bool) -> None:
    place = HUB.follow(request_, HUB.place(request_), location)
    assert (place.url, place.trusted) == (url, trusted)


@pytest.mark.parametrize(
    ("request_", "location"),
    [
        (DETAIL, "https://evil.test/api/models/acme/echo"),
        (DETAIL, "http://hub.test/api/models/acme/echo"),
        (DETAIL, "https://hub.test:8443/api/models/acme/echo"),
        (DETAIL, "/settings/tokens"),
        (DETAIL, "/api/models/../whoami-v2"),
        (DETAIL, "/api/models/%2e%2e/whoami-v2"),
        (LIST, "/api/models/acme/echo"),
        (LIST, "https://evil.test/api/models"),
        (FILE, "/api/whoami-v2"),
        (FILE, "http://cdn.test/f"),
        (FILE, "ftp://cdn.test/f"),
        (FILE, "https://cdn.test:none/f"),
    ],
)
def test_where_they_may_not(request_: Request, location: str) -> None:
    with pytest.raises(Misled):
        HUB.follow(request_, HUB.place(request_), location)


def test_trust_that_was_lost_on_the_way_does_not_come_back() -> None:
    away = HUB.follow(FILE, HUB.place(FILE), "https://cdn.test/f")
    assert not HUB.follow(FILE, away, "https://hub.test/acme/echo/resolve/main/f").trusted


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("", None),
        ('<https://hub.test/api/models?cursor=b>; rel="prev"', None),
        ('<https://hub.test/api/models?limit=5&cursor=a>; rel="next"', "/api/models?limit=5&cursor=a"),
        ('</api/models?cursor=a>; rel="next"', "/api/models?cursor=a"),
    ],
)
def test_the_next_page(link: str, path: str | None) -> None:
    following = HUB.next_page(link)
    assert (following and following.path) == path


@pytest.mark.parametrize(
    "link",
    [
        '<https://evil.test/api/models?cursor=a>; rel="next"',
        '<http://hub.test/api/models?cursor=a>; rel="next"',
        '<https://hub.test/api/whoami-v2?cursor=a>; rel="next"',
        '<https://hub.test/api/models>; rel="next"',
    ],
)
def test_a_link_that_leads_away_is_no_page(link: str) -> None:
    with pytest.raises(Misled):
        HUB.next_page(link)


@pytest.mark.parametrize(
    "url", ["", "hub.test", "ftp://hub.test", "https://user@hub.test", "https://hub.test?x=1"]
)
def test_what_is_no_endpoint(url: str) -> None:
    with pytest.raises(UsageError):
        Endpoint.checked(url, with_token=False)


def test_a_token_goes_nowhere_unencrypted_but_to_this_machine() -> None:
    with pytest.raises(UsageError, match="not encrypted"):
        Endpoint.checked("http://hub.test", with_token=True)
    assert Endpoint.checked("http://hub.test", with_token=False).host == "hub.test"
    assert Endpoint.checked("http://127.0.0.1:8000/", with_token=True).url == "http://127.0.0.1:8000"
