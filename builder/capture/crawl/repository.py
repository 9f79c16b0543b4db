"""One repository in full: a detail call, configuration files, headers; each part, or why it is absent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Final

from builder.capture.crawl.fetched import Fetched
from builder.capture.crawl.lists import DETAIL_FIELDS, LIST_FIELDS, FieldChoice, find_object_fault
from builder.capture.crawl.weights import read_headers
from builder.capture.fields import ALLOWED
from builder.capture.hub.client import Check, Unanswered
from builder.capture.hub.request import FILE_MAX_BYTES, Answer, detail_request, file_request
from builder.capture.json_text import read_json
from builder.capture.rules import Note

if TYPE_CHECKING:
    from builder.capture.evidence import JsonObject
    from builder.capture.hub.client import HubClient

CONFIG_FILES: Final = tuple(sorted(ALLOWED["config"].fields))
"""Files of which named fields are kept, at the root of a repository."""

_BAD_REQUEST: Final = 400


class DetailFields:
    """What detail calls ask for: the rest of a listed row, or everything of a base."""

    def __init__(self) -> None:
        """Begin with everything that is wanted."""
        self._rest = FieldChoice(DETAIL_FIELDS)
        self._all = FieldChoice(sorted({*DETAIL_FIELDS, *LIST_FIELDS}))

    def choose(self, *, everything: bool, also: Iterable[str] = ()) -> FieldChoice:
        """Fields of one call; `also` are those that the list refused."""
        extra = tuple(also)
        return self._all if everything or extra else self._rest

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that no call got."""
        return tuple(sorted({*self._rest.missing, *self._all.missing}))


def fetch_detail(client: HubClient, repo_id: str, fields: FieldChoice) -> tuple[JsonObject | None, Answer]:
    """The detail of a repository with its files; None where the Hub does not show it.

    Raises:
        Unanswered: there is no usable answer.
    """
    while True:
        asked = fields.granted
        request = detail_request(repo_id, asked)
        answer = client.fetch(request, find_object_fault)
        if answer.status == _BAD_REQUEST and asked and fields.narrow(answer, asked):
            continue
        if answer.ok:
            value = read_json(answer.body)
            return (value if isinstance(value, dict) else None), answer
        if answer.is_missing or answer.is_disabled or answer.is_gated:
            return None, answer
        raise Unanswered(request, f"it answered {answer.status}")


def split_files(detail: JsonObject) -> tuple[JsonObject, JsonObject]:
    """The detail without its files, and the part `files`."""
    rest = {name: value for name, value in detail.items() if name not in {"siblings", "id", "modelId"}}
    siblings = detail.get("siblings")
    files: list[JsonObject] = []
    for entry in siblings if isinstance(siblings, list) else []:
        if not isinstance(entry, dict):
            continue
        large = entry.get("lfs")
        stored = large if isinstance(large, dict) else {}
        file: JsonObject = {"path": entry.get("rfilename"), "size": stored.get("size", entry.get("size"))}
        digest = stored.get("sha256", stored.get("oid"))
        if digest is not None:
            file["sha256"] = digest
        files.append(file)
    return rest, {"sha": detail.get("sha"), "files": list(files)}


def fetch_contents(client: HubClient, shards: Executor, found: Fetched, detail: JsonObject) -> None:
    """Add configurations, and headers of weights that the Hub has not counted.

    Raises:
        Unanswered: a file has no usable answer.
    """
    siblings = _by_path(detail)
    sha = str(detail.get("sha"))
    configs: JsonObject = {}
    for name in CONFIG_FILES:
        if name not in siblings:
            continue
        if not _is_readable(siblings[name]):
            found.notes.append(Note("dropped", f"config.{name}", f"larger than {FILE_MAX_BYTES} bytes"))
            continue
        answer = client.fetch(file_request(found.repo_id, sha, name), _content_check(siblings[name]))
        if reason := _absent_reason(answer):
            found.absent["config"] = found.absent["headers"] = reason
            return
        if not answer.ok:
            raise Unanswered(file_request(found.repo_id, sha, name), f"it answered {answer.status}")
        found.times["config"] = max(answer.observed_at, found.times.get("config", ""))
        try:
            value = read_json(answer.body)
        except ValueError:
            found.notes.append(Note("dropped", f"config.{name}", "not JSON"))
            continue
        if isinstance(value, dict):
            configs[name] = value
        else:
            found.notes.append(Note("dropped", f"config.{name}", "JSON, but no object"))
    found.parts["config"] = configs
    found.times.setdefault("config", found.times["files"])
    read_headers(client, shards, found, detail, configs)


def read_config_file(client: HubClient, repo_id: str, row: JsonObject) -> JsonObject | None:
    """`config.json` of a listed model, to see whether it takes audio; None where it cannot be read.

    Raises:
        Unanswered: there is no usable answer.
    """
    sha = row.get("sha")
    answer = client.fetch(file_request(repo_id, sha if isinstance(sha, str) else "main", "config.json"))
    if not answer.ok:
        return None
    try:
        value = read_json(answer.body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _by_path(detail: JsonObject) -> dict[str, JsonObject]:
    siblings = detail.get("siblings")
    entries = [entry for entry in siblings if isinstance(entry, dict)] if isinstance(siblings, list) else []
    return {str(entry.get("rfilename")): entry for entry in entries}


def _is_readable(entry: JsonObject) -> bool:
    size = entry.get("size")
    return not isinstance(size, int) or size <= FILE_MAX_BYTES


def _content_check(entry: JsonObject) -> Check:
    """Compare a file with the git hash that the detail call gave: what else came in its place is a fault."""
    blob = entry.get("blobId")
    if not isinstance(blob, str) or entry.get("lfs"):
        return lambda _: None

    def check(answer: Answer) -> str | None:
        # A git blob is hashed with its length in front; SHA-1 is git's choice and guards nothing here.
        header = b"blob %d\0" % len(answer.body)
        same = hashlib.sha1(header + answer.body, usedforsecurity=False).hexdigest() == blob
        return None if same else "its content is not that of the commit"

    return check


def _absent_reason(answer: Answer) -> str | None:
    if answer.is_gated:
        return "gated"
    if answer.is_disabled:
        return "disabled"
    return "not_found" if answer.is_missing else None
