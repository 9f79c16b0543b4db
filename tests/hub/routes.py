"""Leads a request of the loopback Hub to what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.hub import details, files, listing, writing
from tests.hub.catalogue import WRITABLE, Kind
from tests.hub.wire import Answer, Refused, Request
from tests.hub.world import Moved, Revision, World, redirect_renamed

KINDS: dict[str, Kind] = {"models": "model", "datasets": "dataset", "spaces": "space"}

READ_VERBS = frozenset({"revision", "tree", "paths-info", "refs", "commits", "auth-check"})
VERBS = READ_VERBS | writing.WRITE_VERBS
"""What may follow a repository's id in an address of the API; so ids without a slash are told apart."""

NO_PAGE = "Sorry, we can't find the page you are looking for."


@dataclass(frozen=True)
class Place:
    """What an address is about: a repository and the rest of the path."""

    kind: Kind
    repo_id: str
    rest: tuple[str, ...]


def parse_place(kind: Kind, parts: tuple[str, ...], verbs: frozenset[str]) -> Place:
    """Part an id of one or two words from what follows it."""
    if len(parts) > 1 and parts[1] not in verbs:
        return Place(kind, "/".join(parts[:2]), parts[2:])
    return Place(kind, parts[0] if parts else "", parts[1:])


def plausible_answer(request: Request) -> Answer:
    """What a client that let itself be led astray finds: it looks right and is wrong."""
    if "/tree/" in request.path or request.path.endswith("/api/models"):
        return Answer.json([])
    return Answer.json({"_id": "0" * 24, "id": "elsewhere/elsewhere", "sha": "0" * 40, "siblings": []})


@dataclass
class Routes:
    """All of the Hub's addresses.

    Attributes:
        refused_expand: names that the list route refuses beside those that it always does.
        tree_entries: entries on a page of a tree.
    """

    world: World
    refused_expand: frozenset[str] = frozenset()
    tree_entries: int = files.TREE_ENTRIES

    def answer(self, request: Request) -> Answer:
        """The Hub's answer to a request, errors included."""
        try:
            return self._lead(request)
        except Refused as refused:
            return refused.answer

    def _lead(self, request: Request) -> Answer:
        head, *rest = request.segments
        if request.host == "localhost":
            return self._other_host(request)
        if head == "elsewhere":
            return plausible_answer(request)
        if head == "api":
            return self._api(request, tuple(rest))
        kind: Kind = KINDS.get(head, "model")
        parts = request.segments[1:] if head in KINDS else request.segments
        if kind in WRITABLE and parts[-3:-1] == ("lfs", "objects") and request.method == "POST":
            repo_id = "/".join(parts[:2]).removesuffix(".git")
            return self._on_repository(request, Place(kind, repo_id, parts[2:]), self._large_files)
        place = parse_place(kind, parts, frozenset({"resolve"}))
        if place.rest[:1] == ("resolve",) and len(place.rest) > 2:
            return self._on_repository(request, place, self._resolve)
        raise Refused(404, NO_PAGE)

    def _api(self, request: Request, rest: tuple[str, ...]) -> Answer:
        match rest:
            case ("whoami-v2",):
                return details.show_user(self.world.access, request)
            case ("models",):
                return listing.list_models(self.world, request, self.refused_expand)
            case ("repos", "create" | "delete" as verb):
                return writing.create_or_delete(self.world, request, verb)
            case ("validate-yaml",):
                return writing.check_card(request)
            case ("resolve-cache", kind, *parts) if kind in KINDS:
                place = parse_place(KINDS[kind], tuple(parts), frozenset())
                if self.world.current(parts[0], place.kind):
                    place = Place(place.kind, parts[0], tuple(parts[1:]))
                return self._on_repository(request, place, self._cached)
            case (kind, _, *_) if kind in KINDS:
                place = parse_place(KINDS[kind], rest[1:], VERBS)
                return self._on_repository(request, place, self._repository)
        raise Refused(404, NO_PAGE)

    def _on_repository(
        self, request: Request, place: Place, answer: Callable[[Request, Place], Answer]
    ) -> Answer:
        try:
            return answer(request, place)
        except Moved as moved:
            return redirect_renamed(request, place.repo_id, moved.repo_id)

    def _revision(self, request: Request, place: Place, name: str) -> Revision:
        return self.world.revision(self.world.find(request, place.kind, place.repo_id), name)

    def _repository(self, request: Request, place: Place) -> Answer:
        verb, *rest = place.rest or ("revision",)
        if verb in writing.WRITE_VERBS:
            return writing.change_repository(self.world, request, place.kind, place.repo_id, place.rest)
        if verb in {"refs", "auth-check"}:
            return self._without_revision(request, place)
        revision = self._revision(request, place, rest[0] if rest else "main")
        below = "/".join(rest[1:]).strip("/")
        last_commit = details.last_commit(self.world, revision)
        match request.method, verb:
            case "GET" | "HEAD", "revision":
                return details.show_detail(self.world, request, revision)
            case "GET", "tree":
                return files.show_tree(request, revision, below, last_commit, self.tree_entries)
            case "GET", "commits":
                return details.show_commits(self.world, request, revision)
            case "POST", "paths-info":
                return files.show_paths(request, revision, last_commit)
        raise Refused(404, NO_PAGE)

    def _without_revision(self, request: Request, place: Place) -> Answer:
        repository = self.world.find(request, place.kind, place.repo_id)
        if place.rest[0] == "refs":
            return details.show_refs(self.world, repository)
        self.world.access.check_files(request, repository)
        if place.rest == ("auth-check", "write"):
            self.world.access.check_write(request, repository.author)
        return Answer.json({})

    def _resolve(self, request: Request, place: Place) -> Answer:
        revision = self._revision(request, place, place.rest[1])
        return files.resolve_file(self.world, request, revision, "/".join(place.rest[2:]))

    def _cached(self, request: Request, place: Place) -> Answer:
        revision = self._revision(request, place, place.rest[0])
        self.world.access.check_files(request, revision.repository)
        blob = revision.blobs.get("/".join(place.rest[1:]))
        if blob is None:
            raise Refused(404, "Entry not found", "EntryNotFound")
        headers = {"X-Repo-Commit": revision.sha, "Content-Type": "text/plain; charset=utf-8"}
        return files.send_file(request, blob, headers)

    def _large_files(self, request: Request, place: Place) -> Answer:
        return writing.large_files(self.world, request, place.kind, place.repo_id, place.rest[-1])

    def _other_host(self, request: Request) -> Answer:
        """What another host answers: bytes of large files; to a request that shows a token, nothing."""
        if "authorization" in request.headers:
            raise Refused(400, "Only one auth mechanism allowed")
        match request.segments:
            case ("elsewhere", *_):
                return plausible_answer(request)
            case ("cdn", sha256):
                blob = self.world.large(sha256)
                if blob is not None:
                    return files.send_file(request, blob)
            case ("upload", kind, *parts, sha256) if request.method == "PUT":
                return writing.store_large(self.world, request, KINDS[f"{kind}s"], "/".join(parts), sha256)
        raise Refused(404, "NoSuchKey")
