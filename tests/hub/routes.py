"""Leads a request of the loopback Hub to what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.hub import files, listing
from tests.hub.catalogue import Kind
from tests.hub.content import Blob
from tests.hub.rows import DETAIL, check_expand, row_of, siblings
from tests.hub.wire import Answer, Refused, Request
from tests.hub.world import Moved, Revision, World, redirect_renamed

KINDS: dict[str, Kind] = {"models": "model", "datasets": "dataset"}

VERBS = frozenset(
    {"revision", "tree", "paths-info", "treesize", "refs", "commits", "commit", "preupload"}
) | {
    *("branch", "tag", "super-squash", "compare", "settings"),
}
"""What may follow a repository's id in an address of the API; so ids without a slash are told apart."""


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
    """The read side.

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
        place = parse_place(kind, parts, frozenset({"resolve"}))
        if place.rest[:1] == ("resolve",) and len(place.rest) > 2:
            return self._on_repository(request, place, self._resolve)
        raise Refused(404, "Sorry, we can't find the page you are looking for.")

    def _api(self, request: Request, rest: tuple[str, ...]) -> Answer:
        head, parts = rest[0] if rest else "", rest[1:]
        if head == "whoami-v2":
            return self._whoami(request)
        if head == "resolve-cache" and len(parts) > 3 and parts[0] in KINDS:
            place = Place(KINDS[parts[0]], "/".join(parts[1:3]), parts[3:])
            if self.world.current(parts[1], place.kind):
                place = Place(place.kind, parts[1], parts[2:])
            return self._on_repository(request, place, self._cached)
        if head == "models" and not parts:
            return listing.list_models(self.world, request, self.refused_expand)
        if head in KINDS and parts:
            return self._on_repository(request, parse_place(KINDS[head], parts, VERBS), self._repository)
        raise Refused(404, "Sorry, we can't find the page you are looking for.")

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
        verb, rest = place.rest[0] if place.rest else "revision", place.rest[1:]
        revision = self._revision(request, place, rest[0] if rest else "main")
        below = "/".join(rest[1:]).strip("/")
        last_commit = {
            "id": revision.sha,
            "title": "Upload folder using huggingface_hub",
            "date": revision.repository.last_modified,
        }
        if verb == "revision":
            return self._detail(request, revision)
        if verb == "tree":
            return files.show_tree(request, revision, below, last_commit, self.tree_entries)
        if verb == "treesize":
            inside = [blob.size for path, blob in revision.blobs.items() if path.startswith(below)]
            return Answer.json({"path": f"/{below}", "size": sum(inside)})
        if verb == "paths-info" and request.method == "POST":
            return files.show_paths(request, revision, last_commit)
        raise Refused(404, "Sorry, we can't find the page you are looking for.")

    def _detail(self, request: Request, revision: Revision) -> Answer:
        expand = request.values("expand")
        check_expand(expand, frozenset())
        names = ("_id", "id", *expand) if expand else DETAIL
        row = row_of(self.world, revision, names, sized=request.flag("blobs"))
        if request.flag("blobs") and expand:
            row["siblings"] = siblings(revision.blobs, sized=True)
        if request.flag("securityStatus"):
            row["securityRepoStatus"] = {"scansDone": True, "filesWithIssues": []}
        return Answer.json(row)

    def _resolve(self, request: Request, place: Place) -> Answer:
        revision = self._revision(request, place, place.rest[1])
        return files.resolve_file(self.world, request, revision, "/".join(place.rest[2:]))

    def _cached(self, request: Request, place: Place) -> Answer:
        revision = self._revision(request, place, place.rest[0])
        self.world.check_files(request, revision.repository)
        blob = revision.blobs.get("/".join(place.rest[1:]))
        if blob is None:
            raise Refused(404, "Entry not found", "EntryNotFound")
        headers = {"X-Repo-Commit": revision.sha, "Content-Type": "text/plain; charset=utf-8"}
        return files.send_file(request, blob, headers)

    def _other_host(self, request: Request) -> Answer:
        """What another host answers: bytes of large files; to a request that shows a token, nothing."""
        if "authorization" in request.headers:
            raise Refused(400, "Only one auth mechanism allowed")
        if request.segments[0] == "elsewhere":
            return plausible_answer(request)
        if request.segments[0] == "cdn" and len(request.segments) == 2:
            return files.send_file(request, self._large(request.segments[1]))
        raise Refused(404, "NoSuchKey")

    def _large(self, sha256: str) -> Blob:
        blob = self.world.large(sha256)
        if blob is None:
            raise Refused(404, "NoSuchKey")
        return blob

    def _whoami(self, request: Request) -> Answer:
        access = self.world.access
        if not access.known(request):
            raise Refused(401, "Invalid username or password.")
        role = "write" if request.token == access.token else "read"
        token = {"displayName": role, "role": role, "createdAt": "2025-01-01T00:00:00.000Z"}
        return Answer.json(
            {
                "type": "user",
                "id": "0" * 24,
                "name": access.user,
                "fullname": access.user,
                "isPro": False,
                "orgs": [{"type": "org", "name": name} for name in sorted(access.namespaces or ())],
                "auth": {"type": "access_token", "accessToken": token},
            }
        )
