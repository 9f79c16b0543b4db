"""A capture on one screen: lists, members, what they build on, and what has left since the last time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder.capture.crawl.audio import AudioSigns, find_audio_sign
from builder.capture.crawl.bases import find_bases
from builder.capture.crawl.fetched import REUSED_PARTS, Fetched, Row
from builder.capture.crawl.lists import LIST_FIELDS, FieldChoice, Listed, count_list, read_list
from builder.capture.crawl.previous import Previous
from builder.capture.crawl.repository import (
    DetailFields,
    fetch_contents,
    fetch_detail,
    read_config_file,
    split_files,
)
from builder.capture.evidence import Departure, is_repo_id
from builder.capture.hub.client import Unanswered
from builder.capture.hub.request import Answer, head_request

if TYPE_CHECKING:
    from builder.capture.crawl.scopes import Scope
    from builder.capture.crawl.workers import Workers
    from builder.capture.evidence import JsonObject

Announce = Callable[[int, int], None]
"""Told how many members must be read, and of how many."""


@dataclass
class Crawled:
    """Everything that a run has found, before it is filtered and checked.

    Attributes:
        listed: scope → its list.
        members: repo_id → what was fetched; `parts["scopes"]` says which lists named it.
        bases: likewise, of what members build on.
        not_found: bases that the Hub does not show.
        vanished: listed, but gone when they were asked for.
        departed: members of the previous date that no list names any more.
        reused: records whose commit has not changed.
        unanswered: requests without a usable answer.
    """

    listed: dict[str, Listed] = field(default_factory=dict)
    members: dict[str, Fetched] = field(default_factory=dict)
    bases: dict[str, Fetched] = field(default_factory=dict)
    not_found: set[str] = field(default_factory=set)
    vanished: set[str] = field(default_factory=set)
    departed: list[Departure] = field(default_factory=list)
    reused: set[str] = field(default_factory=set)
    unanswered: list[Unanswered] = field(default_factory=list)
    missing_fields: tuple[str, ...] = ()


class Crawler:
    """One run over the given scopes."""

    def __init__(
        self,
        workers: Workers,
        scopes: Sequence[Scope],
        signs: AudioSigns,
        previous: Previous,
        base_depth: int,
    ) -> None:
        """`base_depth` is how many steps the climb from a member to what it builds on may take."""
        self._workers = workers
        self._client = workers.client
        self._scopes = scopes
        self._signs = signs
        self._previous = previous
        self._depth = base_depth
        self._fields = FieldChoice(LIST_FIELDS)
        self._details = DetailFields()
        self._found = Crawled(unanswered=workers.unanswered)

    def run(self, announce_rest: Announce) -> Crawled:
        """Read everything; what got no answer stands in the result.

        Args:
            announce_rest: is told, after the lists, how many calls the rest needs.

        Raises:
            CaptureRefused: nothing is answered any more, or the disk is full.
            KeyboardInterrupt: as it came.
        """
        found = self._found
        for scope, listed in self._workers.each("lists", self._list, self._scopes):
            found.listed[scope.name] = listed
        if found.unanswered:
            # Who is in scope is not known, so nothing else is worth a call.
            return found
        rows = self._select()
        changed = [name for name in rows if self._previous.reusable(name, rows[name]) is None]
        announce_rest(len(changed), len(rows))
        for name, member in self._workers.each(
            "models", lambda name: self._fetch_member(name, rows[name]), rows
        ):
            if member is None:
                found.vanished.add(name)
            else:
                found.members[member.repo_id] = member
        self._climb()
        gone = self._previous.members_of(self._scopes) - found.members.keys() - found.vanished
        for _, departure in self._workers.each("departed", self._ask_departed, sorted(gone)):
            if departure is not None:
                found.departed.append(departure)
        found.missing_fields = tuple(sorted({*self._fields.missing, *self._details.missing}))
        return found

    def _list(self, scope: Scope) -> Listed:
        if scope.depth == "count":
            return count_list(self._client, scope)
        return read_list(self._client, scope, self._fields)

    def _select(self) -> dict[str, Row]:
        """Listed models that are in scope, each with the first list's row and every list that named it."""
        rows: dict[str, Row] = {}
        doubtful: dict[str, tuple[Scope, JsonObject]] = {}
        for scope in self._scopes:
            listed = self._found.listed.get(scope.name)
            if listed is None or scope.depth == "count":
                continue
            for name, row in listed.rows.items():
                sign = None if scope.depth == "full" else find_audio_sign(row, None, self._signs)
                if scope.depth == "full" or sign is not None:
                    rows.setdefault(name, Row(row, listed.times[name])).matched[scope.name] = sign
                else:
                    doubtful[name] = (scope, row)
        known = {name: entry for name, entry in doubtful.items() if name not in rows}
        configs = self._workers.each(
            "configurations", lambda name: read_config_file(self._client, name, known[name][1]), sorted(known)
        )
        for name, config in configs:
            scope, row = known[name]
            sign = find_audio_sign(row, config, self._signs)
            if sign is not None:
                listed = self._found.listed[scope.name]
                rows[name] = Row(row, listed.times[name], {scope.name: sign})
        # What another list vouches for was in the doubtful one all the same.
        for name in doubtful.keys() - known.keys():
            scope, row = doubtful[name]
            rows[name].matched[scope.name] = "in another scope"
        return dict(sorted(rows.items()))

    def _fetch_member(self, name: str, row: Row) -> Fetched | None:
        member = Fetched(name, {"list": row.fields, "scopes": row.to_part()}, times={"list": row.observed_at})
        kept = self._previous.reusable(name, row)
        if kept is not None:
            self._reuse(member, kept)
            return member
        missing = tuple(name for name in self._fields.missing if name in LIST_FIELDS)
        detail, answer = fetch_detail(
            self._client, name, self._details.choose(everything=False, also=missing)
        )
        if detail is not None and detail.get("sha") != row.fields.get("sha"):
            # The row is about another commit than the files: everything is taken from this one.
            detail, answer = fetch_detail(self._client, name, self._details.choose(everything=True))
        return self._complete(member, detail, answer)

    def _complete(self, found: Fetched, detail: JsonObject | None, answer: Answer) -> Fetched | None:
        """Add what a detail call says and what its files say; None where there is no such repository."""
        if detail is None:
            if not answer.is_gated and not answer.is_disabled:
                return None
            reason = "gated" if answer.is_gated else "disabled"
            found.absent |= dict.fromkeys(REUSED_PARTS, reason)
            return found
        name = detail.get("id")
        if isinstance(name, str) and is_repo_id(name):
            found.repo_id = name
        found.parts["detail"], found.parts["files"] = split_files(detail)
        found.times |= dict.fromkeys(("detail", "files"), answer.observed_at)
        fetch_contents(self._client, self._workers.shards, found, detail)
        return found

    def _reuse(self, found: Fetched, kept: Fetched) -> None:
        for part in REUSED_PARTS:
            if part in kept.parts:
                found.parts[part] = kept.parts[part]
                found.times[part] = kept.times[part]
            else:
                found.absent[part] = kept.absent[part]
        self._found.reused.add(found.repo_id)

    def _climb(self) -> None:
        """What members build on, and what those build on as long as they take audio themselves."""
        found = self._found
        asked: set[str] = set()
        level = list(found.members.values())
        for _ in range(self._depth):
            in_scope = {name.lower() for name in found.members}
            wanted = {base for item in level for base in find_bases(item)}
            wanted = {base for base in wanted if base.lower() not in in_scope} - asked
            asked |= wanted
            level = []
            for name, base in self._workers.each("bases", self._fetch_base, sorted(wanted)):
                if base is None:
                    found.not_found.add(name)
                elif base.repo_id.lower() not in in_scope:
                    known = found.bases.setdefault(base.repo_id, base)
                    known.add_asked(name)
                    if find_audio_sign(base.parts.get("detail", {}), None, self._signs):
                        level.append(known)
            level.sort(key=lambda item: item.repo_id)

    def _fetch_base(self, name: str) -> Fetched | None:
        kept = self._previous.base(name)
        if kept is not None or self._previous.lacked(name):
            path = next(iter(kept.paths if kept is not None else ()), "config.json")
            answer = self._client.fetch(head_request(name, path))
            commit = answer.headers.get("x-repo-commit")
            if kept is not None and commit is not None and commit == kept.sha:
                base = Fetched(kept.repo_id, {"scopes": {"asked": []}})
                self._reuse(base, kept)
                return base
            if kept is None and commit is None and answer.is_missing:
                return None
        detail, answer = fetch_detail(self._client, name, self._details.choose(everything=True))
        base = Fetched(name, {"scopes": {"asked": []}}, absent={"list": "not_captured"})
        return self._complete(base, detail, answer)

    def _ask_departed(self, name: str) -> Departure | None:
        """Why a member of the previous date is in no list any more."""
        detail, _ = fetch_detail(self._client, name, FieldChoice(("sha",)))
        if detail is None:
            return Departure(name, "deleted_or_private", None)
        now = detail.get("id")
        if isinstance(now, str) and is_repo_id(now) and now.lower() != name.lower():
            return Departure(name, "renamed", now)
        return Departure(name, "retagged", None)
