"""Answers the list route: rows by filter and order, in pages that only a Link header joins."""

from __future__ import annotations

import base64
from typing import Any

from tests.hub.catalogue import Repository
from tests.hub.rows import DETAIL_ONLY, EXPANDABLE, FULL, LISTED, check_expand, row_of
from tests.hub.wire import Answer, Refused, Request
from tests.hub.world import Revision, World

PAGE_ROWS = 1000
"""The most rows on a page, and how many there are unless fewer are asked for."""

ORDERS: dict[str, Any] = {
    "trendingScore": lambda repo: repo.trending_score,
    "downloads": lambda repo: repo.downloads,
    "likes": lambda repo: repo.likes,
    "createdAt": lambda repo: repo.created_at,
    "lastModified": lambda repo: repo.last_modified,
    "id": lambda repo: repo.repo_id.lower(),
}


def list_models(world: World, request: Request, refused: frozenset[str]) -> Answer:
    """One page of `GET /api/models`.

    Raises:
        Refused: an `expand` name, an order or a cursor that the route does not know.
    """
    expand = request.values("expand")
    check_expand(expand, [name for name in EXPANDABLE if name not in refused | DETAIL_ONLY])
    sort = request.first("sort")
    if sort is not None and sort not in ORDERS:
        raise Refused(400, f"Invalid sort: {sort}")
    repositories = _in_order(world, request, sort)
    start = _read_cursor(request.first("cursor"))
    stop = start + _page_rows(request)
    names = ("_id", "id", *expand, *([sort] if sort else [])) if expand else _unexpanded(request)
    rows = [row_of(world, Revision(repo, repo.head, repo.blobs), names) for repo in repositories[start:stop]]
    headers = {"Link": request.next_page(_write_cursor(stop))} if stop < len(repositories) else {}
    return Answer.json(rows, headers=headers)


def _unexpanded(request: Request) -> tuple[str, ...]:
    more = [name for name in ("cardData", "config") if request.flag(name)]
    return (*(FULL if request.flag("full") else LISTED), *more)


def _page_rows(request: Request) -> int:
    asked = request.first("limit")
    try:
        rows = PAGE_ROWS if asked is None else int(asked)
    except ValueError:
        rows = 0
    if rows < 1:
        raise Refused(400, f"Invalid limit: {asked}")
    return min(rows, PAGE_ROWS)


def _write_cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"row:{start}".encode()).decode()


def _read_cursor(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("row:"))
    except ValueError:
        raise Refused(400, "Invalid cursor") from None


def _in_order(world: World, request: Request, sort: str | None) -> list[Repository]:
    """All repositories that the request is about, in its order.

    A cursor is a place in this order, as it is then: when the order shifts between two pages, rows are
    missed and others come twice, as they do on the Hub under sort=trendingScore.
    """
    key = tuple(pair for pair in request.query if pair[0] not in {"cursor", "limit", "expand"})
    known = world.access.known(request)
    with world.lock:
        held = world.kept.get((key, known))
        if held is not None:
            return held
        matching = [repo for repo in world.all("model") if _matches(repo, request, known=known)]
        # The sort is stable: of equals, the catalogue's order is kept.
        ascending = request.first("direction") == "1" or sort == "id"
        matching.sort(key=ORDERS[sort or "trendingScore"], reverse=not ascending)
        turn = world.rotation % len(matching) if matching else 0
        world.kept[key, known] = matching[turn:] + matching[:turn]
        return world.kept[key, known]


def _matches(repo: Repository, request: Request, *, known: bool) -> bool:
    if repo.disabled or (repo.private and not known):
        return False
    tags = {*repo.shown_tags, repo.pipeline_tag} if request.first("filter") else set()
    wanted = [tag for value in request.values("filter") for tag in value.split(",")]
    author, search = request.first("author"), request.first("search")
    task, gated = request.first("pipeline_tag"), request.first("gated")
    return (
        all(tag in tags for tag in wanted)
        and (task is None or task == repo.pipeline_tag)
        and (author is None or author.lower() == (repo.author or "").lower())
        and (search is None or search.lower() in repo.repo_id.lower())
        and (gated is None or (gated.lower() == "true") == bool(repo.gated))
    )
