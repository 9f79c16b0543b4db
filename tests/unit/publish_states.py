"""Snapshots and dataset repositories in plain data, and a Hub that applies plans to them without network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from builder.index import Publication
from builder.publish.plan import MAIN, Plan, choose_branch, choose_start
from builder.publish.state import CARD, KEPT, MANIFEST, FileFacts, Published, Remote, Revision, Snapshot

REPOSITORY = "acme/audio-multimodal-models"
FIRST, SECOND, THIRD = "2025-12-07", "2026-01-07", "2026-02-07"


def describe(content: bytes) -> FileFacts:
    return FileFacts(hashlib.sha256(content).hexdigest(), len(content))


def make_contents(
    date: str, note: str = "", files: tuple[str, ...] = ("data/models.parquet",)
) -> dict[str, bytes]:
    """Files of a date, by path, with the manifest that announces them; another note gives other bytes."""
    contents = {CARD: f"---\nlicense: odc-by\n---\n# Card of {date}\n{note}\n".encode()}
    contents |= {path: f"{path} of {date} {note}".encode() for path in files}
    announced = {path: vars(describe(content)) for path, content in contents.items()}
    contents[MANIFEST] = json.dumps({"name": date, "files": announced}).encode()
    return contents


def to_snapshot(date: str, contents: Mapping[str, bytes]) -> Snapshot:
    files = {path: describe(content) for path, content in contents.items()}
    return Snapshot(date, files, contents[CARD].decode(), "c" * 40)


def make_snapshot(date: str, note: str = "") -> Snapshot:
    return to_snapshot(date, make_contents(date, note))


@dataclass
class PlainHub:
    """A dataset repository: commits of files, branches and tags; each commit has a `.gitattributes`."""

    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.commit(MAIN, {".gitattributes": b"*.parquet filter=lfs"})
        self.first = self.branches[MAIN]

    def commit(self, branch: str, contents: Mapping[str, bytes]) -> str:
        """Put a new commit on a branch; its id."""
        commit = f"{len(self.commits):040x}"
        self.commits[commit] = dict(contents)
        self.branches[branch] = commit
        return commit

    def edit(self, contents: Mapping[str, bytes | None], branch: str = MAIN) -> str:
        """Change files as by hand; `None` deletes."""
        held: dict[str, bytes | None] = {**self.commits[self.branches[branch]], **contents}
        return self.commit(branch, {path: content for path, content in held.items() if content is not None})

    def read(self, date: str, published: Published) -> Remote:
        """What a reader of the real Hub sees."""
        head = self.branches.get(choose_branch(date, self.tags, published))
        start = head or choose_start(date, self.tags) or self.first
        return Remote(
            repo_id=REPOSITORY,
            branches=dict(self.branches),
            tags=dict(self.tags),
            start=start,
            revisions={commit: self.read_revision(commit) for commit in self.commits},
        )

    def read_revision(self, commit: str) -> Revision:
        held = {path: content for path, content in self.commits[commit].items() if path not in KEPT}
        try:
            manifest = json.loads(held.get(MANIFEST, b""))
        except ValueError:
            manifest = None
        return Revision(
            commit,
            {path: describe(content) for path, content in held.items()},
            manifest if isinstance(manifest, dict) else None,
            held.get(CARD, b"").decode(),
        )

    def apply(self, plan: Plan, contents: Mapping[str, bytes]) -> str:
        """Carry a plan out, as the Hub would; the commit that is tagged."""
        if plan.done:
            return str(plan.commit)
        commit = plan.commit
        if plan.starts_at is not None:
            assert plan.branch not in self.branches
            self.branches[plan.branch] = plan.starts_at
        if commit is None:
            assert self.branches[plan.branch] == plan.parent
            held = dict(self.commits[plan.parent])
            for change in plan.changes:
                assert (change.path in held) == (change.action != "add")
                held.pop(change.path, None)
                if change.action != "delete":
                    held[change.path] = contents[change.path]
            commit = self.commit(plan.branch, held)
        self.tags[plan.date] = commit
        return commit


def publication_of(hub: PlainHub, snapshot: Snapshot, branch: str = MAIN, **others: str) -> Publication:
    """The index's entry of a date that is on the Hub."""
    entry = Publication(
        repo_id=REPOSITORY,
        branch=branch,
        tag=snapshot.date,
        hub_commit=hub.tags.get(snapshot.date, "f" * 40),
        code_commit="c" * 40,
        manifest_sha256=snapshot.manifest_sha256,
    )
    return replace(entry, **others)
