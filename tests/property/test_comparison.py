"""Laws of comparing two dates: nothing from nothing, a mirror backwards, and rows that add up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.previous import Side
from builder.snapshot.build import to_frame
from schemas.tables.changes import CHANGES, COMPARED
from schemas.tables.history import HISTORY
from schemas.validate import validate
from tests.unit.two_dates import EARLIER, LATER, Repo, move, tell, to_side

if TYPE_CHECKING:
    from random import Random

    from builder.comparison import Comparison

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("a/one", "a/two", "b/one", "c/three", "gpt2")
IDS = tuple(digit * 24 for digit in "12345")


@st.composite
def repos(draw: st.DrawFn) -> list[Repo]:
    """Up to five repositories that share names, Hub ids and models with those of any other draw."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    licenses = {name: draw(st.sampled_from((None, ["mit"], ["mit", "other"]))) for name in names}
    gaps = st.sampled_from(({}, {"license": "not_captured"}, {"license": "not_stated"}))
    return [
        Repo(
            name,
            # Two repositories of a date may show one id: evidence is not to be trusted.
            hub_id=draw(st.none() | st.sampled_from(IDS)),
            family=draw(st.sampled_from("fg")),
            copy_of=draw(st.none() | st.sampled_from(NAMES)),
            parameters=draw(st.none() | st.integers(1, 3)),
            scopes=draw(st.sampled_from((("speech",), ("music",), ("music", "speech")))),
            facts={"license": licenses[name]},
            # Only a null has a gap: the schema holds every date to that.
            gaps=draw(gaps) if licenses[name] is None else {},
        )
        for name in names
    ]


def rows_of(movement: Comparison, *changes: str) -> set[tuple[str, str]]:
    return {(table, key) for table, key, what in tell(movement) if what in changes}


@settings(max_examples=10, deadline=None)
@given(repos())
def test_a_date_does_not_differ_from_itself(some: list[Repo]) -> None:
    assert tell(move(to_side(some), to_side(some, LATER), ROOT)) == set()


@settings(max_examples=20, deadline=None)
@given(repos(), repos())
def test_what_comes_is_what_goes_backwards(some: list[Repo], others: list[Repo]) -> None:
    before, now = to_side(some), to_side(others, LATER)
    forth, back = move(before, now, ROOT), move(now, before, ROOT)
    assert rows_of(forth, "added", "scope_added") == rows_of(back, "removed")
    assert rows_of(forth, "removed") == rows_of(back, "added", "scope_added")
    moved, moved_back = (set(m.moved.select("previous_id", "current_id").rows()) for m in (forth, back))
    assert moved == {(old, new) for new, old in moved_back}


@settings(max_examples=25, deadline=None)
@given(repos(), repos())
def test_rows_add_up_and_hold_every_check(some: list[Repo], others: list[Repo]) -> None:
    before, now = to_side(some), to_side(others, LATER)
    movement = move(before, now, ROOT)
    for table, rows in ((CHANGES, movement.changes), (HISTORY, movement.history)):
        assert [str(violation) for violation in validate(table, to_frame(rows).lazy())] == []
    new, gone = rows_of(movement, "added", "scope_added"), rows_of(movement, "removed")
    for table in COMPARED:
        old, young = (side.tables[table.name].collect().height for side in (before, now))
        came, went = (sum(name == table.name for name, _ in keys) for keys in (new, gone))
        assert old + came - went == young, table.name


@settings(max_examples=10, deadline=None)
@given(repos(), repos(), st.randoms())
def test_the_order_of_rows_does_not_matter(some: list[Repo], others: list[Repo], dice: Random) -> None:
    def shuffled(side: Side) -> Side:
        tables = {}
        for name, frame in side.tables.items():
            rows = frame.collect()
            order = list(range(rows.height))
            dice.shuffle(order)
            tables[name] = rows[order].lazy()
        return Side(side.dated, tables, side.lacks)

    before, now = to_side(some), to_side(others, LATER)
    wanted, found = move(before, now, ROOT), move(shuffled(before), shuffled(now), ROOT)
    assert found.changes.equals(wanted.changes)
    assert found.history.equals(wanted.history)


@settings(max_examples=15, deadline=None)
@given(repos(), repos())
def test_history_has_every_repository_of_either_date_once(some: list[Repo], others: list[Repo]) -> None:
    movement = move(to_side(some), to_side(others, LATER), ROOT)
    history = to_frame(movement.history)
    now = history.filter(snapshot_date=LATER)
    assert history.filter(snapshot_date=EARLIER).height == len(some)
    assert set(now.filter("present").get_column("repo_id")) == {repo.repo_id for repo in others}
    names, ids = {repo.repo_id for repo in others}, {repo.hub_id for repo in others} - {None}
    missing = {repo.repo_id for repo in some if repo.repo_id not in names and repo.hub_id not in ids}
    assert set(now.filter(present=False).get_column("repo_id")) == missing
