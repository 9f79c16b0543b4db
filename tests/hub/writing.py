"""Answers the calls that change a dataset or Space: create, upload, commit, branch, tag, squash, delete."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml

from tests.hub.catalogue import WRITABLE, Kind, Repository
from tests.hub.content import Blob, Content, is_large
from tests.hub.history import Change, History
from tests.hub.wire import Answer, Refused, Request
from tests.hub.world import World

WRITE_VERBS = frozenset({"preupload", "commit", "branch", "tag", "super-squash"})

SDKS = ("gradio", "docker", "static")
"""Kinds of programs that a Space can be."""

COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
LONGEST_DESCRIPTION = 60

Json = Any


def change_repository(
    world: World, request: Request, kind: Kind, repo_id: str, rest: tuple[str, ...]
) -> Answer:
    """Carry out a call on one repository, whose first word is one of `WRITE_VERBS`.

    Raises:
        Refused: the sender may not, or it cannot be done.
        Moved: the repository has another name now.
    """
    repository = world.find(request, kind, repo_id)
    world.access.check_write(request, repository.author)
    if kind not in WRITABLE:
        raise Refused(403, "Models of the loopback Hub cannot be written to")
    name = "/".join(rest[1:])
    with world.lock:
        history = world.history(repository.repo_id, kind)
        match request.method, rest[0]:
            case "POST", "preupload":
                return Answer.json({"files": list(_upload_modes(request, history, name))})
            case "POST", "commit":
                return _commit(request, repository, history, name)
            case "POST", "branch":
                history.add_branch(name, request.json().get("startingPoint"))
            case "DELETE", "branch":
                history.drop(name, tag=False)
            case "POST", "tag":
                history.add_tag(request.json()["tag"], name, request.json().get("message"))
            case "DELETE", "tag":
                history.drop(name, tag=True)
            case "POST", "super-squash":
                history.squash(name, request.json()["message"])
            case _:
                raise Refused(405, "Method Not Allowed")
    return Answer.json({})


def create_or_delete(world: World, request: Request, verb: str) -> Answer:
    """`POST /api/repos/create` and `DELETE /api/repos/delete`.

    Raises:
        Refused: the sender may not, or the repository is (not) there already.
    """
    asked = request.json()
    owner = asked.get("organization") or world.access.user
    repo_id = f"{owner}/{asked['name']}"
    # The token first: to whom one is unknown, nothing is told.
    world.access.check_write(request, owner)
    kind: Kind = asked.get("type") or "model"
    if kind not in WRITABLE:
        raise Refused(403, "Only datasets and Spaces can be made or deleted on the loopback Hub")
    url = f"{request.endpoint}/{kind}s/{repo_id}"
    with world.lock:
        held = world.current(repo_id, kind)
        if verb == "delete" and request.method == "DELETE":
            if held is None:
                raise Refused(404, "Repository not found", "RepoNotFound")
            world.remove(repo_id, kind)
            return Answer.json({})
        if held is not None:
            error = {"error": f"You already created this {kind} repo", "url": url}
            return Answer.json(error, 409, {"X-Error-Message": error["error"]})
        private = bool(asked.get("private")) or asked.get("visibility") == "private"
        files = _first_files(asked) if kind == "space" else {}
        now = world.clock()
        world.put(
            Repository(repo_id, files, kind, private=private, created_at=now, last_modified=now)
        )  # fmt: skip
        made = world.history(repo_id, kind)
    return Answer.json({"url": url, "name": repo_id, "id": made.head.oid, "private": private})


def _first_files(asked: Mapping[str, Json]) -> dict[str, Content]:
    """What the Hub puts into a new Space.

    Raises:
        Refused: it is not said what kind of program it is to be.
    """
    if asked.get("sdk") not in SDKS:
        raise Refused(400, f"Invalid option: expected one of {'|'.join(SDKS)} → at sdk")
    card = f"---\ntitle: {asked['name']}\nsdk: {asked['sdk']}\npinned: false\n---\n"
    page = {"index.html": b"<h1>Welcome to your static Space!</h1>\n", "style.css": b"h1 { margin: 0 }\n"}
    return {"README.md": card.encode(), **(page if asked["sdk"] == "static" else {})}


def check_card(request: Request) -> Answer:
    """`POST /api/validate-yaml`: whether the front matter of a card can be read."""
    text = request.json()["content"]
    try:
        # Not `read_card`: what is wrong is what is asked for.
        read = yaml.safe_load(text.split("---\n")[1]) if text.startswith("---\n") else None
    except yaml.YAMLError as error:
        return Answer.json({"errors": [{"message": str(error)}], "warnings": []}, 400)
    if not isinstance(read, dict):
        warning = {"message": "empty or missing yaml metadata in repo card"}
        return Answer.json({"errors": [], "warnings": [warning]})
    if request.json().get("repoType") == "space" and (errors := _find_space_errors(read)):
        return Answer.json({"errors": errors, "warnings": []}, 400)
    return Answer.json({"errors": [], "warnings": []})


def _find_space_errors(card: Mapping[str, Json]) -> list[Json]:
    """What the Hub refuses in the card of a Space."""
    told = []
    if card.get("sdk") not in SDKS:
        told.append(f'"sdk" must be one of [{", ".join(SDKS)}]')
    told += [
        f'"{name}" must be one of [{", ".join(COLOURS)}]'
        for name in ("colorFrom", "colorTo")
        if card.get(name, COLOURS[0]) not in COLOURS
    ]
    if len(str(card.get("short_description", ""))) > LONGEST_DESCRIPTION:
        told.append(
            f'"short_description" length must be less than or equal to {LONGEST_DESCRIPTION} characters long'
        )
    return [{"message": message} for message in told]


def large_files(world: World, request: Request, kind: Kind, repo_id: str, verb: str) -> Answer:
    """The LFS calls: `batch` says where to send what is not there yet, `verify` whether it arrived.

    Raises:
        Refused: the sender may not, or a file did not arrive.
    """
    repository = world.find(request, kind, repo_id)
    world.access.check_write(request, repository.author)
    asked = request.json()
    base = f"{request.endpoint}/{kind}s/{repository.repo_id}.git/info/lfs/objects"
    port = request.endpoint.rpartition(":")[2]
    with world.lock:
        history = world.history(repository.repo_id, kind)
        if verb == "verify":
            if history.large(asked["oid"]) is None:
                raise Refused(404, "Object not found")
            return Answer.json({})
        objects: list[Json] = []
        for file in asked["objects"]:
            stated: Json = {"oid": file["oid"], "size": file["size"], "authenticated": True}
            if history.large(file["oid"]) is None:
                upload = f"http://localhost:{port}/upload/{kind}/{repository.repo_id}/{file['oid']}"
                stated["actions"] = {"upload": {"href": upload}, "verify": {"href": f"{base}/verify"}}
            objects.append(stated)
    return Answer.json({"transfer": "basic", "objects": objects})


def store_large(world: World, request: Request, kind: Kind, repo_id: str, sha256: str) -> Answer:
    """`PUT` of a large file at the storage host, which checks that it is what was announced.

    Raises:
        Refused: the content has another hash.
    """
    if hashlib.sha256(request.body).hexdigest() != sha256:
        raise Refused(400, "The content does not match its hash")
    with world.lock:
        world.history(repo_id, kind).uploaded[sha256] = request.body
    return Answer.of(200, b"", "text/plain")


def _upload_modes(request: Request, history: History, branch: str) -> Iterator[Json]:
    held = history.find(branch).blobs
    for file in request.json()["files"]:
        blob = held.get(file["path"])
        yield {
            "path": file["path"],
            "uploadMode": "lfs" if is_large(file["path"], file["size"]) else "regular",
            "shouldIgnore": False,
            # By this the client leaves out what has not changed.
            "oid": blob.etag if blob else None,
        }


def _commit(request: Request, repository: Repository, history: History, branch: str) -> Answer:
    if request.flag("create_pr"):
        raise Refused(501, "The loopback Hub has no pull requests")
    try:
        lines = [json.loads(line) for line in request.body.splitlines() if line.strip()]
    except ValueError:
        raise Refused(400, "Invalid NDJSON body") from None
    if not lines or lines[0].get("key") != "header":
        raise Refused(400, "A commit begins with its header")
    header = lines[0]["value"]
    if not header.get("summary"):
        raise Refused(400, "A commit needs a summary")
    files = tuple(_operation(line["key"], line["value"], history) for line in lines[1:])
    change = Change(header["summary"], header.get("description", ""), files)
    made = history.commit(branch, change, header.get("parentCommit"))
    url = f"{request.endpoint}/{repository.kind}s/{repository.repo_id}/commit/{made.oid}"
    return Answer.json({"success": True, "commitOid": made.oid, "commitUrl": url, "hookOutput": ""})


def _operation(key: str, value: Json, history: History) -> tuple[str, Blob | None]:
    """One line of a commit.

    Raises:
        Refused: it is of an unknown kind, its path leads out of the repository, or its content is missing.
    """
    path = value["path"]
    if path.startswith("/") or {"..", ".git"} & set(PurePosixPath(path).parts):
        raise Refused(400, f"Invalid path: {path}")
    if key == "deletedFolder":
        return f"{path.rstrip('/')}/", None
    if key == "deletedFile":
        return path, None
    if key == "lfsFile":
        content = history.large(value["oid"])
        if content is None:
            raise Refused(400, f"{path} was not uploaded before it was committed")
        return path, Blob(content, lfs=True)
    if key == "file":
        try:
            return path, Blob(base64.b64decode(value["content"], validate=True), lfs=False)
        except binascii.Error:
            raise Refused(400, f"{path} is not base64") from None
    raise Refused(400, f"Unknown operation: {key}")
