"""Answers about files: the tree of a revision, and their bytes by way of the resolver's two redirects.

A small file lies one redirect further on the Hub itself; a large one on another host, which a client must
not show its token to.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, quote

from tests.hub.content import Blob
from tests.hub.wire import NO_HEADERS, Answer, Headers, Refused, Request, parse_range
from tests.hub.world import Revision, World

TREE_ENTRIES = 1000
"""Entries on a page of a tree."""

Entry = dict[str, Any]


def file_entry(path: str, blob: Blob, last_commit: Entry | None = None) -> Entry:
    """A file as the tree shows it."""
    entry: Entry = {"type": "file", "oid": blob.oid, "size": blob.size, "path": path}
    if blob.lfs:
        entry["lfs"] = {"oid": blob.sha256, "size": blob.size, "pointerSize": len(blob.pointer)}
    if last_commit is not None:
        entry["lastCommit"] = last_commit
        entry["securityFileStatus"] = {
            "status": "safe",
            "avScan": {"status": "safe"},
            "pickleImportScan": None,
        }
    return entry


def folder_entry(path: str, blobs: Mapping[str, Blob]) -> Entry:
    """A folder as the tree shows it; its hash changes with what is inside."""
    inside = "".join(f"{name} {blob.oid}\n" for name, blob in blobs.items() if name.startswith(f"{path}/"))
    oid = hashlib.sha1(f"{path}\n{inside}".encode()).hexdigest()  # noqa: S324 - stands for git's hash
    return {"type": "directory", "oid": oid, "size": 0, "path": path}


def entries_of(
    revision: Revision, below: str = "", *, recursive: bool = True, last_commit: Entry | None = None
) -> list[Entry]:
    """Files and folders at or below a place, in the order of their paths.

    Raises:
        Refused: there is no such folder.
    """
    prefix = f"{below}/" if below else ""
    entries: dict[str, Entry] = {}
    for path, blob in revision.blobs.items():
        if not path.startswith(prefix):
            continue
        rest = PurePosixPath(path[len(prefix) :])
        folders = [prefix + parent.as_posix() for parent in rest.parents if parent.name][::-1]
        shown = folders if recursive else folders[:1]
        for folder in shown:
            entries.setdefault(folder, folder_entry(folder, revision.blobs))
        if recursive or not folders:
            entries[path] = file_entry(path, blob, last_commit)
    if not entries and below:
        raise Refused(404, f"{below} does not exist on {revision.sha}", "EntryNotFound")
    return [entries[path] for path in sorted(entries)]


def show_tree(request: Request, revision: Revision, below: str, last_commit: Entry, page: int) -> Answer:
    """One page of a tree."""
    entries = entries_of(
        revision,
        below,
        recursive=request.flag("recursive"),
        last_commit=last_commit if request.flag("expand") else None,
    )
    return show_page(request, entries, page)


def show_page(request: Request, rows: Sequence[object], page: int) -> Answer:
    """The page of some rows that the request's cursor is about.

    Raises:
        Refused: the cursor is none of ours.
    """
    cursor = request.first("cursor")
    try:
        start = int(base64.urlsafe_b64decode(cursor)) if cursor else 0
    except ValueError:
        raise Refused(400, "Invalid cursor") from None
    stop = start + page
    more = base64.urlsafe_b64encode(str(stop).encode()).decode()
    headers = {"Link": request.next_page(more)} if stop < len(rows) else {}
    return Answer.json(rows[start:stop], headers=headers)


def show_paths(request: Request, revision: Revision, last_commit: Entry) -> Answer:
    """The entries of some paths; those that do not exist are left out in silence."""
    if "json" in request.headers.get("content-type", ""):
        sent = request.json()
        wanted, expand = sent.get("paths", []), bool(sent.get("expand"))
    else:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True)
        wanted = [value for name, value in pairs if name == "paths"]
        expand = ("expand", "true") in [(name, value.lower()) for name, value in pairs]
    entries = {
        entry["path"]: entry
        for entry in entries_of(revision, last_commit=last_commit if expand else None)
    }  # fmt: skip
    return Answer.json([entries[path] for path in wanted if path in entries])


def resolve_file(world: World, request: Request, revision: Revision, path: str) -> Answer:
    """Where a file's bytes lie.

    Raises:
        Refused: the file does not exist, or is gated.
    """
    repo = revision.repository
    world.access.check_files(request, repo)
    blob = revision.blobs.get(path)
    commit = {"X-Repo-Commit": revision.sha}
    if blob is None:
        raise Refused(404, "Entry not found", "EntryNotFound", commit)
    headers = {**commit, "Accept-Ranges": "bytes", "X-Linked-Size": str(blob.size)}
    if blob.lfs:
        name = quote(path.rpartition("/")[2])
        port = request.endpoint.rpartition(":")[2]
        place = f"http://localhost:{port}/cdn/{blob.sha256}?repo={quote(repo.repo_id, safe='')}&name={name}"
        return Answer.redirect(302, place, {**headers, "X-Linked-ETag": f'"{blob.etag}"'})
    place = f"/api/resolve-cache/{repo.kind}s/{repo.repo_id}/{revision.sha}/{quote(path)}"
    return Answer.redirect(307, place, {**headers, "ETag": f'"{blob.etag}"'})


def send_file(request: Request, blob: Blob, headers: Headers = NO_HEADERS) -> Answer:
    """A file's bytes, or the part that a Range header asks for.

    Raises:
        Refused: that part lies beyond the end.
    """
    part = parse_range(request.headers.get("range"), blob.size)
    start, stop = (0, blob.size) if part is None else (part.start, part.stop)
    more = {} if part is None else {"Content-Range": f"bytes {start}-{stop - 1}/{blob.size}"}
    return Answer(
        200 if part is None else 206,
        {
            "Content-Type": "application/octet-stream",
            "Accept-Ranges": "bytes",
            "ETag": f'"{blob.etag}"',
            **more,
            **headers,
        },
        stop - start,
        lambda: blob.read(start, stop),
    )
