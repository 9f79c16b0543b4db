"""Laws of publishing over generated histories: dates in any order, runs that stopped, edits by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import PublishRefused
from builder.index import Publication, date_order
from builder.publish.plan import MAIN, Plan, plan_publish
from builder.publish.state import CARD, KEPT, MANIFEST, Snapshot
from tests.unit.publish_states import (
    FIRST,
    SECOND,
    THIRD,
    PlainHub,
    make_contents,
    publication_of,
    to_snapshot,
)

DATES = (FIRST, f"{FIRST}.1", f"{FIRST}.2", SECOND, f"{SECOND}.1", THIRD)
PATHS = ("data/models.parquet", "data/families.parquet", "data/gaps.parquet", "figures/size.svg")
EDITS: tuple[dict[str, bytes | None], ...] = (
    {CARD: b"mine"},
    {"notes.txt": b"x"},
    {"data/models.parquet": None},
    {MANIFEST: b"{}"},
)


@dataclass(frozen=True)
class Attempt:
    """Somebody publishes a date, gets so far, writes it down or not, and edits the repository or not."""

    date: str
    note: str
    paths: frozenset[str]
    reaches: Literal["branch", "commit", "tag"]
    written_down: bool
    edit: Mapping[str, bytes | None]

    @property
    def contents(self) -> dict[str, bytes]:
        return make_contents(self.date, self.note, tuple(sorted(self.paths)))


ATTEMPTS = st.lists(
    st.builds(
        Attempt,
        date=st.sampled_from(DATES),
        note=st.sampled_from(["", "changed"]),
        paths=st.frozensets(st.sampled_from(PATHS)),
        reaches=st.sampled_from(["branch", "commit", "tag", "tag", "tag"]),
        written_down=st.booleans(),
        edit=st.sampled_from((*({},) * 8, *EDITS)),
    ),
    max_size=8,
)


def carry_out(hub: PlainHub, plan: Plan, attempt: Attempt) -> str | None:
    """As far as the attempt gets; the commit that holds the date, if it gets that far."""
    if attempt.reaches == "branch" and plan.commit is None:
        if plan.starts_at is not None:
            hub.branches[plan.branch] = plan.starts_at
        return None
    before = len(hub.commits)
    commit = hub.apply(plan, attempt.contents)
    assert len(hub.commits) - before == (plan.commit is None)
    if attempt.reaches != "tag" and not plan.tagged:
        del hub.tags[plan.date]
    return commit


def hold_to_laws(hub: PlainHub, plan: Plan, known: Mapping[str, Publication]) -> None:
    assert all(change.path not in KEPT for change in plan.changes)
    others = {*hub.tags, *known}
    if not plan.done:
        newest = all(date_order(other) <= date_order(plan.date) for other in others)
        assert plan.branch == (MAIN if newest else f"date/{plan.date[:10]}")


@settings(max_examples=300)
@given(ATTEMPTS)
def test_whatever_happened_before(attempts: list[Attempt]) -> None:
    hub, known, tagged = PlainHub(), dict[str, Publication](), dict[str, Snapshot]()
    for attempt in attempts:
        date, snapshot = attempt.date, to_snapshot(attempt.date, attempt.contents)
        try:
            plan = plan_publish(snapshot, hub.read(date, known), known)
        except PublishRefused:
            continue
        hold_to_laws(hub, plan, known)
        commit = carry_out(hub, plan, attempt)
        if commit is None:
            continue
        files = dict(hub.commits[commit])
        assert files.pop(".gitattributes")
        assert files == attempt.contents
        # Planning again finds what is left, and never another commit.
        again = plan_publish(snapshot, hub.read(date, known), known)
        assert (again.commit, again.changes, again.tagged) == (commit, (), date in hub.tags)
        if date in hub.tags:
            tagged[date] = snapshot
            if attempt.written_down:
                known[date] = publication_of(hub, snapshot)
        if attempt.edit:
            hub.edit(attempt.edit)
    # Each tag still holds what was published under it, and nothing but a tag of ours is there.
    assert hub.tags.keys() == tagged.keys()
    for date, snapshot in tagged.items():
        assert hub.read_revision(hub.tags[date]).holds(snapshot)
