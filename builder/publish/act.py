"""Carries a plan out: one step, then look again; so it ends the same from wherever an earlier run stopped.

What is done is never taken from an answer, which may be lost, but from the repository itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from builder.errors import PublishRefused
from builder.publish.answers import AnswerLost, HeadMoved, NameTaken
from builder.publish.hub import DatasetRepository
from builder.publish.plan import Plan, plan_publish
from builder.publish.state import KEPT, Published, Snapshot

PAUSES_S: Final = (1, 2, 4)
"""Before a step whose answer was lost is tried again. Trying again is safe: a commit names its parent."""


@dataclass(frozen=True)
class Publisher:
    """One snapshot on its way to one dataset repository."""

    snapshot: Snapshot
    files: Mapping[str, Path]
    """By path in the repository: where the bytes lie here."""

    published: Published
    repository: DatasetRepository
    progress: Callable[[str], None]

    def plan(self) -> Plan:
        """What is left to do, by the repository as it is now.

        Raises:
            PublishRefused: it is not in a state that this project left it in, or cannot be read.
        """
        remote = self.repository.read(self.snapshot.date, self.published)
        return plan_publish(self.snapshot, remote, self.published)

    def carry_out(self, plan: Plan) -> Plan:
        """Do what is left of a plan; the plan with nothing left.

        Raises:
            PublishRefused: another publisher was faster, somebody edited the repository meanwhile, or
                the Hub refuses or does not answer. Running it again goes on from there.
        """
        state, pauses = plan, list(PAUSES_S)
        while not state.done:
            lost = self._step(state)
            state = self.plan()
            if state.commit is None and (state.branch, state.parent) != (plan.branch, plan.parent):
                raise _tell_moved(plan)
            if lost is not None and not state.done:
                if not pauses:
                    raise PublishRefused(
                        f"{plan.repo_id} does not answer ({lost}); run the same command again later: it goes "
                        "on where this one stopped"
                    ) from lost
                time.sleep(pauses.pop(0))
        return state

    def _step(self, state: Plan) -> Exception | None:
        """The next step; what was lost, if its answer was."""
        try:
            if state.commit is not None:
                self.progress(f"tagging commit {state.commit[:12]} as {state.date}")
                self.repository.tag(state)
            elif state.starts_at is not None:
                self.progress(f"making the branch {state.branch}")
                self.repository.create_branch(state)
            else:
                self.progress(f"sending {len(state.changes)} files, {state.bytes:,} bytes, as one commit")
                self.repository.commit(state, self.files)
        except AnswerLost as lost:
            self.progress("the answer was lost; looking at the repository")
            return lost
        except HeadMoved as moved:
            # By another run of the same snapshot, which is as good as ours, or by somebody else.
            if not self.repository.read_branch(state.branch).holds(self.snapshot):
                raise _tell_moved(state) from moved
        except NameTaken:
            # Whether by the right commit, the next plan says.
            pass
        return None

    def read_back(self) -> None:
        """Download every file under the tag, and compare it with the manifest.

        Raises:
            PublishRefused: a file is missing, unknown or has other bytes.
        """
        date, wanted = self.snapshot.date, self.snapshot.files
        there = set(self.repository.list_paths(self.repository.resolve(date))) - KEPT
        if odd := sorted(there ^ set(wanted)):
            raise self._tell_differs(odd[0])
        self.progress(f"reading {len(wanted)} files back from the tag {date}")
        for path, facts in wanted.items():
            if self.repository.fetch(date, path, None, facts.bytes) != facts:
                raise self._tell_differs(path)

    def _tell_differs(self, path: str) -> PublishRefused:
        repo_id, date = self.repository.repo_id, self.snapshot.date
        return PublishRefused(
            f"{path!a:.80} read back from {repo_id} at the tag {date} is not what was sent, so nobody should "
            "use that tag; look at the repository, delete the tag with "
            f"`hf repos tag delete {repo_id} {date} --type dataset`, and publish again"
        )


def _tell_moved(plan: Plan) -> PublishRefused:
    return PublishRefused(
        f"{plan.branch} of {plan.repo_id} moved on from {plan.parent[:12]} while {plan.date} was being "
        "published: another publisher was faster, and nothing of this run is there; run the command again to "
        "see the new plan"
    )
