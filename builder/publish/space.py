"""The only writer of the page to the network: reads a Space, makes it, and puts a page into it.

A request that changes something is sent once; where its answer is lost, `AnswerLost` says that nobody
knows, and the caller looks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from builder.publish.answers import Kind
from builder.publish.page_plan import PagePlan, Space
from builder.publish.plan import MAIN
from builder.publish.repository import HubRepository
from builder.publish.state import KEPT

TYPE: Final[Kind] = "space"

SDK: Final = "static"
"""Files as they are, served by the Hub: nothing runs there."""


class SpaceRepository(HubRepository):
    """The Space that shows the page."""

    kind = TYPE

    def read(self) -> Space:
        """What the Space holds.

        Raises:
            PublishRefused: it cannot be read or reached.
        """
        if not self._patiently(lambda: self._api.repo_exists(self.repo_id, repo_type=TYPE)):
            return Space(self.repo_id, None, {})
        head = self.resolve(MAIN)
        return Space(
            self.repo_id,
            head,
            {
                file.path: self.describe_file(head, file, read=False)[0]
                for file in self._list_files(head)
                if file.path not in KEPT
            },
        )

    def create(self) -> None:
        """Make the Space, static and for everybody to see.

        Raises:
            NameTaken: it is there already.
            AnswerLost: nobody knows whether it was made.
            PublishRefused: the Hub refused.
        """
        with self._writing():
            self._api.create_repo(self.repo_id, repo_type=TYPE, space_sdk=SDK)

    def commit(self, plan: PagePlan, files: Mapping[str, bytes]) -> None:
        """Put the plan's changes into the Space as one commit.

        Raises:
            HeadMoved: the head is no longer the plan's parent.
            AnswerLost: nobody knows whether the commit was made.
            PublishRefused: the Hub refused.
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        with self._writing():
            self._api.create_commit(
                self.repo_id,
                [
                    CommitOperationDelete(change.path)
                    if change.action == "delete"
                    else CommitOperationAdd(change.path, files[change.path])
                    for change in plan.changes
                ],
                commit_message=f"Show {', '.join(plan.dates)}",
                repo_type=TYPE,
                revision=MAIN,
                parent_commit=plan.parent,
            )
