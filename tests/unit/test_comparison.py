"""What the comparison steps call a change: one case each, in a few repositories."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from builder.comparison import MOVEMENT, Comparison, compare
from builder.engine.duckdb import DuckdbEngine
from builder.layout import Layout
from builder.snapshot.build import to_declared, to_frame
from schemas.relations import DEPARTED
from schemas.to_arrow import to_arrow_schema
from tests.unit.two_dates import EARLIER, LATER, Repo, move, tell, to_side, to_tables

ROOT = Path(__file__).resolve().parents[2]
ONE, TWO, THREE = (digit * 24 for digit in "123")
A, B = Repo("acme/a", ONE), Repo("acme/b", TWO, family="other")


def go(before: list[Repo], now: list[Repo], lacks: tuple[tuple[str, str], ...] = ()) -> Comparison:
    return move(to_side(before, lacks=lacks), to_side(now, LATER), ROOT)


def models(movement: Comparison) -> set[tuple[str, str]]:
    return {(key, what) for _, key, what in tell(movement, "models")}


def test_a_new_and_a_gone_repository_take_their_rows_along() -> None:
    found = tell(go([A], [B]))
    assert {(table, what) for table, _, what in found} == {
        (table, what)
        for table in ("models", "unique_models", "families", "variants")
        for what in ("added", "removed")
    }
    assert ("variants", "acme/b bf16 *", "added") in found


RENAMES: dict[str, tuple[list[Repo], list[Repo], set[tuple[str, str]]]] = {
    "another name": ([A], [replace(A, repo_id="acme/z")], {("acme/z", "renamed")}),
    "only another case": ([A], [replace(A, repo_id="Acme/A")], {("Acme/A", "renamed")}),
    "no id on the earlier date": (
        [replace(A, hub_id=None)],
        [replace(A, repo_id="acme/z")],
        {("acme/z", "added"), ("acme/a", "removed")},
    ),
    "two names swapped": (
        [A, B],
        [replace(A, repo_id="acme/b"), replace(B, repo_id="acme/a")],
        {("acme/a", "renamed"), ("acme/b", "renamed")},
    ),
    "the name of one that is gone": (
        [A, B],
        [replace(A, repo_id="acme/b")],
        {("acme/b", "renamed"), ("acme/b", "removed")},
    ),
    "a newcomer under the old name": (
        [A],
        [replace(A, repo_id="acme/z"), replace(A, hub_id=THREE)],
        {("acme/z", "renamed"), ("acme/a", "added")},
    ),
    "one id for two repositories": (
        [A],
        [replace(A, repo_id="acme/y"), replace(A, repo_id="acme/z")],
        {("acme/y", "added"), ("acme/z", "added"), ("acme/a", "removed")},
    ),
}


@pytest.mark.parametrize(("before", "now", "wanted"), RENAMES.values(), ids=RENAMES)
def test_a_rename_is_one_hub_id_under_two_names(
    before: list[Repo], now: list[Repo], wanted: set[tuple[str, str]]
) -> None:
    rows = {(key, what) for key, what in models(go(before, now)) if not what.startswith("changed")}
    assert rows == wanted


def test_another_id_under_the_same_name_is_a_changed_id() -> None:
    assert ("acme/a", "changed hub_id") in models(go([A], [replace(A, hub_id=THREE)]))


def test_a_renamed_original_is_a_renamed_distinct_model() -> None:
    copy = Repo("else/a-gguf", THREE, copy_of="acme/a")
    now = [replace(A, repo_id="acme/z"), replace(copy, copy_of="acme/z")]
    movement = go([A, copy], now)
    assert tell(movement, "unique_models") == {("unique_models", "acme/z", "renamed")}
    assert tell(movement, "variants") == set()
    assert ("else/a-gguf", "changed unique_model_id") in models(movement)
    row = to_frame(movement.changes).filter(table_name="unique_models").to_dicts()[0]
    assert (row["before"], row["after"]) == ('"acme/a"', '"acme/z"')


def test_a_renamed_repository_that_others_still_call_by_its_old_name_does_not_come_and_go() -> None:
    copy = Repo("else/a-gguf", THREE, copy_of="acme/a")
    # The renamed one is taken for a copy of what it was.
    movement = go([A, copy], [replace(A, repo_id="acme/z", copy_of="acme/a"), copy])
    assert tell(movement, "unique_models") == set()


def test_weights_that_lie_in_a_renamed_repository_are_the_same_addend() -> None:
    row = {"repo_id": "acme/b", "component": "whole", "source_path": "*", "dtype": "BF16", "source": "name"}
    before = to_side([A, B], parameters=[{"weights_repo_id": "acme/a", **row}])
    renamed = [replace(A, repo_id="acme/z"), B]
    now = to_side(renamed, LATER, parameters=[{"weights_repo_id": "acme/z", **row}])
    assert tell(move(before, now, ROOT), "parameters") == set()


VALUES: dict[str, tuple[Repo, Repo, str | None]] = {
    "equal": (replace(A, facts={"license": ["mit"]}), replace(A, facts={"license": ["mit"]}), None),
    "another": (
        replace(A, facts={"license": ["mit"]}),
        replace(A, facts={"license": ["other"]}),
        "changed license",
    ),
    "first captured": (
        replace(A, gaps={"license": "not_captured"}),
        replace(A, facts={"license": ["mit"]}),
        "first_observed license",
    ),
    "first stated": (
        replace(A, gaps={"license": "not_stated"}),
        replace(A, facts={"license": ["mit"]}),
        "changed license",
    ),
    "no longer stated": (
        replace(A, facts={"license": ["mit"]}),
        replace(A, gaps={"license": "not_stated"}),
        "changed license",
    ),
    "no longer captured": (
        replace(A, facts={"license": ["mit"]}),
        replace(A, gaps={"license": "not_captured"}),
        None,
    ),
    "never captured": (
        replace(A, gaps={"license": "not_captured"}),
        replace(A, gaps={"license": "not_stated"}),
        None,
    ),
    "of a column that moves every day": (
        replace(A, facts={"downloads": 1}),
        replace(A, facts={"downloads": 2}),
        None,
    ),
}


@pytest.mark.parametrize(("before", "now", "wanted"), VALUES.values(), ids=VALUES)
def test_a_value(before: Repo, now: Repo, wanted: str | None) -> None:
    assert models(go([before], [now])) == ({("acme/a", wanted)} if wanted else set())


def test_a_gap_of_the_old_name_speaks_for_the_new_one() -> None:
    before = replace(A, gaps={"license": "not_captured"})
    now = replace(A, repo_id="acme/z", copy_of="acme/z", facts={"license": ["mit"]})
    assert ("acme/z", "first_observed license") in models(go([before], [now]))


def test_a_column_that_one_of_the_dates_did_not_have_is_no_change() -> None:
    known = replace(A, facts={"license": ["mit"]})
    lacking = (("models", "license"),)
    assert models(go([A], [known], lacks=lacking)) == {("acme/a", "first_observed license")}
    backwards = move(to_side([known]), to_side([A], LATER, lacks=lacking), ROOT)
    assert tell(backwards) == set()


def test_counts_of_tasks_are_values() -> None:
    def task(number: int) -> list[dict[str, Any]]:
        return [{"pipeline_tag": "speech", "model_count": number}]

    movement = move(to_side([A], tasks=task(10)), to_side([A], LATER, tasks=task(12)), ROOT)
    assert tell(movement) == {("tasks", "speech", "changed model_count")}
    row = movement.changes.to_pylist()[0]
    assert (row["before"], row["after"]) == ("10", "12")


MUSIC = replace(B, scopes=("music",))
BOTH = replace(B, scopes=("music", "speech"))
SCOPES: dict[str, tuple[list[Repo], list[Repo], set[tuple[str, str]]]] = {
    "a new query brings it": ([A], [A, MUSIC], {("acme/b", "scope_added")}),
    "an old query brings it too": ([A], [A, BOTH], {("acme/b", "added")}),
    "a query of both dates brings it": (
        [A, Repo("acme/c", scopes=("music",))],
        [A, Repo("acme/c", scopes=("music",)), MUSIC],
        {("acme/b", "added")},
    ),
    "it was there by another query": ([A, B], [A, MUSIC], set()),
}


@pytest.mark.parametrize(("before", "now", "wanted"), SCOPES.values(), ids=SCOPES)
def test_a_row_that_only_a_new_query_brings(
    before: list[Repo], now: list[Repo], wanted: set[tuple[str, str]]
) -> None:
    movement = go(before, now)
    assert models(movement) == wanted
    for table in ("unique_models", "families", "variants"):
        assert {what for _, _, what in tell(movement, table)} == {what for _, what in wanted}, table


def test_a_family_with_one_member_of_an_old_query_is_new() -> None:
    more = Repo("acme/c", family="other", scopes=("speech",))
    assert tell(go([A], [A, MUSIC, more]), "families") == {("families", "other", "added")}


def test_a_row_of_a_repository_that_stayed_is_added_whatever_lists_it_now() -> None:
    row = {"repo_id": "acme/b", "path": "model.safetensors"}
    movement = move(to_side([A, B]), to_side([A, MUSIC], LATER, files=[row]), ROOT)
    assert tell(movement, "files") == {("files", "acme/b model.safetensors", "added")}


def reasons(movement: Comparison, table: str = "models") -> dict[str, str | None]:
    rows = to_frame(movement.changes).filter(change="removed", table_name=table)
    return dict(rows.select("key", "reason").iter_rows())


def test_a_row_that_only_a_dropped_query_had_says_so() -> None:
    movement = go([A, MUSIC, Repo("acme/c")], [A])
    assert reasons(movement) == {"acme/b": "scope_dropped", "acme/c": None}
    for table, key in (("families", "other"), ("unique_models", "acme/b"), ("variants", "acme/b bf16 *")):
        assert reasons(movement, table)[key] == "scope_dropped"


def test_a_row_that_a_repository_of_both_dates_lost_is_of_no_dropped_query() -> None:
    row = {"repo_id": "acme/b", "path": "model.safetensors"}
    movement = move(to_side([A, MUSIC], files=[row]), to_side([A, B], LATER), ROOT)
    assert reasons(movement, "files") == {"acme/b model.safetensors": None}


def build(before: list[Repo] | None, now: list[Repo], departed: list[dict[str, Any]]) -> Comparison:
    """What a build makes, where the capture knows of departures."""
    previous = None if before is None else to_side(before)
    tables = to_tables(now, LATER)
    with DuckdbEngine() as engine:
        made = {table.name for table in MOVEMENT}
        for name, rows in tables.items():
            if name not in made:
                engine.read_rows(name, rows)
        engine.read_rows("departed", pa.Table.from_pylist(departed, schema=to_arrow_schema(DEPARTED)))
        earlier = pa.array([EARLIER if previous else None], pa.date32())
        engine.read_rows("build", pa.table({"snapshot_date": [LATER], "previous_snapshot_date": earlier}))
        frames = {name: to_frame(rows).lazy() for name, rows in tables.items()}
        movement = compare(engine, Layout(ROOT), previous, frames)
        return Comparison(
            movement.moved, movement.scopes, *(to_declared(t, engine.table(t.name, t.key)) for t in MOVEMENT)
        )


def left(repo_id: str, reason: str, renamed_to: str | None = None) -> dict[str, Any]:
    return {"repo_id": repo_id, "reason": reason, "renamed_to": renamed_to}


def test_a_first_date_adds_every_row_and_asks_for_no_query() -> None:
    found = build(None, [A, MUSIC], [])
    assert {what for *_, what in tell(found)} == {"added"}
    assert found.history.num_rows == 2
    assert found.shared_scopes == frozenset()


@pytest.mark.parametrize("reason", ["deleted_or_private", "retagged"])
def test_a_departure_has_the_reason_that_the_capture_knows(reason: str) -> None:
    movement = build([A, B], [A], [left("acme/b", reason), left("acme/other", "retagged")])
    assert reasons(movement) == {"acme/b": reason}
    assert reasons(movement, "variants") == {"acme/b bf16 *": reason}
    assert reasons(movement, "unique_models") == {"acme/b": reason}
    assert reasons(movement, "families") == {"other": None}


def test_that_a_repository_still_exists_says_nothing_where_its_query_was_dropped() -> None:
    assert reasons(build([A, MUSIC], [A], [left("acme/b", "retagged")])) == {"acme/b": "scope_dropped"}
    gone = build([A, MUSIC], [A], [left("acme/b", "deleted_or_private")])
    assert reasons(gone) == {"acme/b": "deleted_or_private"}


OLD, NEW = Repo("acme/a"), Repo("acme/z", ONE)
TOLD: dict[str, tuple[list[Repo], list[Repo], set[tuple[str, str]]]] = {
    "the new name is listed": ([OLD], [NEW], {("acme/z", "renamed")}),
    "the new name is not listed": ([OLD, B], [B], {("acme/a", "removed")}),
    "the new name was there before": ([OLD, NEW], [NEW], {("acme/a", "removed")}),
    "the old name is still there": ([OLD], [OLD, NEW], {("acme/z", "added")}),
    "both dates know the id, and it is another": (
        [replace(OLD, hub_id=TWO)],
        [NEW],
        {("acme/a", "removed"), ("acme/z", "added")},
    ),
}


@pytest.mark.parametrize(("before", "now", "wanted"), TOLD.values(), ids=TOLD)
def test_a_rename_that_the_hub_told_where_an_id_is_not_known(
    before: list[Repo], now: list[Repo], wanted: set[tuple[str, str]]
) -> None:
    movement = build(before, now, [left("acme/a", "renamed", "acme/z")])
    rows = {(key, what) for key, what in models(movement) if " " not in what}
    assert rows == wanted
    assert reasons(movement) == {key: "renamed" for key, what in wanted if what == "removed"}


def test_a_repository_that_was_renamed_is_not_missing_from_history() -> None:
    movement = build([OLD], [NEW], [left("acme/a", "renamed", "acme/z")])
    now = to_frame(movement.history).filter(snapshot_date=LATER)
    assert now.select("repo_id", "present").rows() == [("acme/z", True)]


def test_diff_recalls_what_the_capture_of_the_later_date_knew() -> None:
    made = build([OLD, B, Repo("acme/c")], [NEW, Repo("acme/c")], [
        left("acme/a", "renamed", "acme/z"), left("acme/b", "deleted_or_private"),
    ])  # fmt: skip
    before, now = to_side([OLD, B, Repo("acme/c")]), [NEW, Repo("acme/c")]
    told = made.changes.to_pylist()
    later = to_side(now, LATER, previous=EARLIER.isoformat(), changes=told)
    assert move(before, later, ROOT).changes.equals(made.changes)
    stranger = to_side(now, LATER, previous="2026-04-30", changes=told)
    assert reasons(move(before, stranger, ROOT)) == {"acme/a": None, "acme/b": None}


def test_history_goes_on_for_those_who_are_missing_under_their_last_name() -> None:
    seen: list[dict[str, Any]] = [
        {"repo_id": "acme/a", "hub_id": None, "present": False, "snapshot_date": EARLIER},
        {"repo_id": "acme/b", "hub_id": TWO, "present": False, "snapshot_date": EARLIER},
        {"repo_id": "acme/c", "hub_id": THREE, "present": True, "snapshot_date": EARLIER},
    ]
    movement = move(to_side([], history=seen), to_side([replace(B, repo_id="acme/b2")], LATER), ROOT)
    now = to_frame(movement.history).filter(snapshot_date=LATER)
    assert now.select("repo_id", "hub_id", "present").sort("repo_id").rows() == [
        ("acme/a", None, False),
        ("acme/b2", TWO, True),
        ("acme/c", THREE, False),
    ]


def test_history_takes_the_last_date_for_who_was_there() -> None:
    older = EARLIER.replace(month=3)
    seen = [
        {"repo_id": "acme/old", "hub_id": ONE, "present": True, "snapshot_date": older},
        {"repo_id": "acme/a", "hub_id": ONE, "present": False, "snapshot_date": EARLIER},
    ]
    movement = move(to_side([], history=seen), to_side([B], LATER), ROOT)
    now = to_frame(movement.history).filter(snapshot_date=LATER)
    assert sorted(now.get_column("repo_id")) == ["acme/a", "acme/b"]
