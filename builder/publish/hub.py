"""The only writer of datasets to the network: reads a dataset repository, and changes it step by step.

A request that changes something is sent once; where its answer is lost, `AnswerLost` says that nobody
knows, and the caller looks again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from builder.errors import PublishRefused
from builder.publish.answers import Kind
from builder.publish.plan import MAIN, Plan, choose_branch, choose_start
from builder.publish.repository import HubRepository
from builder.publish.state import CARD, KEPT, MANIFEST, FileFacts, Published, Remote, Revision

TYPE: Final[Kind] = "dataset"


class DatasetRepository(HubRepository):
    """The dataset repository that snapshots go to."""

    kind = TYPE

    def read(self, date: str, published: Published) -> Remote:
        """What the repository holds, as far as publishing a date concerns it.

        Raises:
            PublishRefused: it is not there, not to be read, or cannot be reached.
        """
        refs = self._patiently(lambda: self._api.list_repo_refs(self.repo_id, repo_type=TYPE))
        branches = {branch.name: branch.target_commit for branch in refs.branches}
        tags = {tag.name: tag.target_commit for tag in refs.tags}
        if MAIN not in branches:
            raise PublishRefused(f"{self.repo_id} has no branch {MAIN}; make the repository anew on the Hub")
        head = branches.get(choose_branch(date, tags, published))
        start = (choose_start(date, tags) if head is None else head) or self._first_commit()
        commits = {start, *([tags[date]] if date in tags else [])}
        return Remote(
            repo_id=self.repo_id,
            branches=branches,
            tags=tags,
            start=start,
            revisions={commit: self.read_revision(commit) for commit in sorted(commits)},
        )

    def read_branch(self, branch: str) -> Revision:
        """The head of a branch, as it is now."""
        return self.read_revision(self.resolve(branch))

    def _first_commit(self) -> str:
        commits = self._patiently(
            lambda: self._api.list_repo_commits(self.repo_id, repo_type=TYPE, revision=MAIN)
        )
        return str(commits[-1].commit_id)

    def read_revision(self, commit: str) -> Revision:
        """The files of one commit by their content; small ones that the Hub knows by name only are read."""
        files: dict[str, FileFacts] = {}
        texts: dict[str, bytes] = {}
        for file in self._list_files(commit):
            if file.path in KEPT:
                continue
            wanted = file.path in {CARD, MANIFEST}
            files[file.path], content = self.describe_file(commit, file, read=wanted)
            if wanted and content is not None:
                texts[file.path] = content
        return Revision(
            commit=commit,
            files=files,
            manifest=_read_object(texts.get(MANIFEST, b"")),
            card=texts.get(CARD, b"").decode(errors="replace"),
        )

    def create_branch(self, plan: Plan) -> None:
        """Make the plan's branch where it starts.

        Raises:
            AnswerLost: nobody knows whether it was made.
            PublishRefused: the Hub refused.
        """
        with self._writing():
            self._api.create_branch(
                self.repo_id, branch=plan.branch, revision=plan.starts_at, repo_type=TYPE, exist_ok=True
            )

    def commit(self, plan: Plan, files: Mapping[str, Path]) -> str:
        """Put the plan's changes on its branch as one commit; its id.

        Raises:
            HeadMoved: the head is no longer the plan's parent.
            AnswerLost: nobody knows whether the commit was made.
            PublishRefused: the Hub refused.
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        with self._writing():
            info = self._api.create_commit(
                self.repo_id,
                [
                    CommitOperationDelete(change.path)
                    if change.action == "delete"
                    else CommitOperationAdd(change.path, str(files[change.path]))
                    for change in plan.changes
                ],
                commit_message=plan.summary,
                commit_description=plan.description,
                repo_type=TYPE,
                revision=plan.branch,
                parent_commit=plan.parent,
            )
        return str(info.oid)

    def tag(self, plan: Plan) -> None:
        """Put the plan's tag on its commit.

        Raises:
            NameTaken: it is there already, on whatever commit.
            AnswerLost: nobody knows whether it was made.
            PublishRefused: the Hub refused.
        """
        with self._writing():
            self._api.create_tag(
                self.repo_id,
                tag=plan.date,
                tag_message=plan.description,
                revision=plan.commit,
                repo_type=TYPE,
            )


def _read_object(content: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
