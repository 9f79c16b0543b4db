"""Reads lists of the Hub whole: page after page, with the fields it grants, and twice where rows may shift.

A list that is read while models come and go can show a row twice and another not at all. A second pass
over the ids finds both; what only one pass has is asked for by itself.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from builder.capture.evidence import is_repo_id
from builder.capture.hub.address import Endpoint, Misled
from builder.capture.hub.client import Unanswered
from builder.capture.hub.request import Answer, Request, detail_request, list_request
from builder.capture.json_text import read_json
from builder.capture.text import holds_credential

if TYPE_CHECKING:
    from builder.capture.crawl.scopes import Scope
    from builder.capture.evidence import JsonObject
    from builder.capture.hub.client import HubClient

LIST_FIELDS: Final = (
    *("author", "baseModels", "cardData", "config", "createdAt", "downloads", "downloadsAllTime"),
    *("evalResults", "gated", "gguf", "lastModified", "library_name", "likes", "pipeline_tag", "private"),
    *("safetensors", "sha", "tags", "trendingScore"),
)
"""What a row should say; the list refuses `usedStorage` and `childrenModelCount`."""

DETAIL_FIELDS: Final = ("childrenModelCount", "lastModified", "sha", "siblings", "usedStorage")
"""What only a detail call says; `sha` and `lastModified` tell whether the row is still that commit's."""

_CORE: Final = frozenset({"author", "cardData", "config", "pipeline_tag", "sha", "siblings", "tags"})
"""Fields without which a capture cannot work: a Hub that refuses these is not asked any further."""

_ID_FIELD: Final = ("sha",)
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_-]+")
_PAGES_MAX: Final = 10_000


class FieldChoice:
    """Fields that a route grants: all are asked for until a 400 names the valid ones."""

    def __init__(self, wanted: Iterable[str]) -> None:
        """Begin with everything that is wanted."""
        self._wanted = tuple(wanted)
        self._granted = self._wanted
        self._lock = threading.Lock()

    @property
    def granted(self) -> tuple[str, ...]:
        """What to ask for."""
        return self._granted

    @property
    def missing(self) -> tuple[str, ...]:
        """What the Hub refused."""
        return tuple(name for name in self._wanted if name not in self._granted)

    def narrow(self, answer: Answer, asked: tuple[str, ...]) -> bool:
        """Take a refusal into account; whether asking again makes sense.

        Its text names the valid fields, in one form or another. Where it names none of ours, what a
        capture can do without is given up.
        """
        named = set(_WORD.findall(answer.body.decode("utf-8", "replace")))
        valid = tuple(name for name in asked if name in named)
        if not valid or valid == asked or not _CORE & set(asked) <= named:
            valid = tuple(name for name in asked if name in _CORE)
        with self._lock:
            self._granted = tuple(name for name in self._granted if name in valid)
        return valid != asked


@dataclass
class Listed:
    """One list as it was read.

    Attributes:
        rows: repo_id → row as the Hub gave it.
        times: repo_id → when its row was read.
        repeated: rows that stood in the list more than once.
        odd: rows without a usable id.
        gaps: ids that only one of two passes showed.
    """

    scope: Scope
    rows: dict[str, JsonObject] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    odd: int = 0
    pages: int = 0
    gaps: tuple[str, ...] = ()
    missing_fields: tuple[str, ...] = ()
    counted_at: str = ""


def read_list(client: HubClient, scope: Scope, fields: FieldChoice) -> Listed:
    """Every model of a scope with its row, checked by a second pass.

    Raises:
        Unanswered: a page has no answer.
    """
    listed = _read_pass(client, scope, fields)
    listed.missing_fields = fields.missing
    # A single page is one answer and cannot shift; for a task it is looked at again all the same,
    # since its number of models is stated.
    if listed.pages == 1 and not scope.is_task:
        return listed
    again = _read_pass(client, scope, FieldChoice(_ID_FIELD))
    listed.gaps = tuple(sorted(listed.rows.keys() ^ again.rows.keys()))
    listed.pages += again.pages
    for repo_id in listed.gaps:
        _settle(client, listed, repo_id, fields)
    return listed


def count_list(client: HubClient, scope: Scope) -> Listed:
    """The ids of a scope, for their number.

    Raises:
        Unanswered: a page has no answer.
    """
    return _read_pass(client, scope, FieldChoice(_ID_FIELD))


def _read_pass(client: HubClient, scope: Scope, fields: FieldChoice) -> Listed:
    listed = Listed(scope)
    request: Request | None = list_request(scope.query, fields.granted)
    seen: set[str] = set()
    while request is not None:
        if request.path in seen or listed.pages >= _PAGES_MAX:
            raise Unanswered(request, "the list leads back to a page that it has shown")
        seen.add(request.path)
        asked = fields.granted
        answer = client.fetch(request, partial(_find_page_fault, client.endpoint))
        if answer.status == 400 and not listed.pages and fields.narrow(answer, asked):  # noqa: PLR2004 - bad request
            request = list_request(scope.query, fields.granted)
            continue
        if not answer.ok:
            raise Unanswered(request, f"it answered {answer.status}")
        _add_rows(listed, answer)
        request = client.endpoint.next_page(answer.headers.get("link", ""))
    return listed


def _find_page_fault(endpoint: Endpoint, answer: Answer) -> str | None:
    try:
        rows = read_json(answer.body)
        endpoint.next_page(answer.headers.get("link", ""))
    except Misled as error:
        return str(error)
    except ValueError as error:
        return f"its page is no list: {error!s:.100}"
    return None if isinstance(rows, list) else "its page is JSON, but no list"


def _add_rows(listed: Listed, answer: Answer) -> None:
    rows = read_json(answer.body)
    listed.pages += 1
    listed.counted_at = answer.observed_at
    for row in rows if isinstance(rows, list) else []:
        repo_id = row.get("id") if isinstance(row, dict) else None
        if not isinstance(repo_id, str) or not is_repo_id(repo_id) or holds_credential(repo_id):
            listed.odd += 1
        elif repo_id in listed.rows:
            listed.repeated += 1
        elif isinstance(row, dict):
            listed.rows[repo_id] = row
            listed.times[repo_id] = answer.observed_at


def _settle(client: HubClient, listed: Listed, repo_id: str, fields: FieldChoice) -> None:
    """Ask for a model by itself: it stays in the list if the Hub still files it there."""
    answer = client.fetch(detail_request(repo_id, fields.granted), find_object_fault)
    row = read_json(answer.body) if answer.ok else None
    listed.rows.pop(repo_id, None)
    if not isinstance(row, dict) or not _is_listed(row, listed.scope):
        return
    # A model that was renamed in between answers under its new name.
    name = row.get("id")
    if isinstance(name, str) and is_repo_id(name):
        row.pop("siblings", None)
        listed.rows[name] = row
        listed.times[name] = answer.observed_at


def _is_listed(row: JsonObject, scope: Scope) -> bool:
    tags = row.get("tags")
    return row.get("pipeline_tag") == scope.name or (
        not scope.is_task and isinstance(tags, list) and scope.name in tags
    )


def find_object_fault(answer: Answer) -> str | None:
    """What is wrong with an answer that should be one JSON object with an `id`."""
    try:
        value = read_json(answer.body)
    except ValueError as error:
        return f"it is no object: {error!s:.100}"
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        return "it is JSON, but not of one model"
    return None
