"""What a plan does, and which states of the dataset repository it refuses to touch."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from builder.errors import PublishRefused
from builder.publish.plan import MAIN, Change, Plan, choose_branch, choose_start, plan_publish
from builder.publish.state import CARD, MANIFEST, Published
from tests.unit.publish_states import (
    FIRST,
    REPOSITORY,
    SECOND,
    THIRD,
    PlainHub,
    make_contents,
    make_snapshot,
    publication_of,
    to_snapshot,
)


def plan(hub: PlainHub, date: str, published: Published | None = None, note: str = "") -> Plan:
    known = published or {}
    return plan_publish(make_snapshot(date, note), hub.read(date, known), known)


def publish(hub: PlainHub, date: str, note: str = "") -> str:
    return hub.apply(plan(hub, date, note=note), make_contents(date, note))


@pytest.mark.parametrize(
    ("date", "tags", "published", "branch"),
    [
        (FIRST, [], [], "main"),
        (SECOND, [FIRST], [], "main"),
        (SECOND, [FIRST, SECOND], [SECOND], "main"),
        (FIRST, [SECOND], [], f"date/{FIRST}"),
        (FIRST, [], [SECOND], f"date/{FIRST}"),
        (f"{SECOND}.1", [FIRST, SECOND], [], "main"),
        (f"{FIRST}.1", [FIRST, SECOND], [], f"date/{FIRST}"),
        (f"{FIRST}.10", [FIRST, f"{FIRST}.9"], [], "main"),
        (FIRST, ["v2", "9999", "2099-99-99"], [], "main"),
    ],
)
def test_main_is_for_the_newest_date(date: str, tags: list[str], published: list[str], branch: str) -> None:
    assert choose_branch(date, tags, published) == branch


def test_a_branch_begins_at_the_last_date_before() -> None:
    tags = {FIRST: "1", f"{FIRST}.1": "2", f"{FIRST}.10": "3", THIRD: "4", "v1": "5"}
    assert choose_start(SECOND, tags) == "3"
    assert choose_start(f"{FIRST}.2", tags) == "2"
    assert choose_start("2025-01-01", tags) is None


def test_the_first_date_of_a_fresh_repository() -> None:
    hub = PlainHub()
    first = plan(hub, FIRST)
    assert (first.branch, first.starts_at, first.parent) == (MAIN, None, hub.first)
    assert [(change.action, change.path) for change in first.changes] == [
        ("add", CARD),
        ("add", "data/models.parquet"),
        ("add", MANIFEST),
    ]
    assert first.bytes == sum(map(len, make_contents(FIRST).values()))
    assert (first.commit, first.tagged, first.done) == (None, False, False)
    assert first.summary == f"Publish {FIRST}"
    assert make_snapshot(FIRST).manifest_sha256 in first.description
    assert "c" * 40 in first.description


def test_a_first_card_that_the_hub_made_is_replaced() -> None:
    hub = PlainHub()
    hub.edit({CARD: b"# audio\nhello\n"})
    first = plan(hub, FIRST)
    assert next(change for change in first.changes if change.path == CARD).action == "update"
    assert (first.card.added, first.card.removed) == (5, 2)
    assert "-# audio" in first.card.lines
    assert f"+# Card of {FIRST}" in first.card.lines


def test_the_next_date_replaces_what_changed_and_takes_away_what_is_gone() -> None:
    hub = PlainHub()
    hub.apply(plan(hub, FIRST), make_contents(FIRST))
    contents = make_contents(SECOND, files=("data/families.parquet",))
    second = plan_publish(to_snapshot(SECOND, contents), hub.read(SECOND, {}), {})
    assert (second.branch, second.parent) == (MAIN, hub.branches[MAIN])
    assert {change.path: change.action for change in second.changes} == {
        CARD: "update",
        MANIFEST: "update",
        "data/families.parquet": "add",
        "data/models.parquet": "delete",
    }
    assert Change("delete", "data/models.parquet", 0, None) in second.changes


def test_a_file_that_is_the_same_is_not_sent() -> None:
    hub = PlainHub()
    contents = make_contents(FIRST)
    publish(hub, FIRST)
    renamed = {**contents, MANIFEST: contents[MANIFEST].replace(FIRST.encode(), SECOND.encode())}
    second = plan_publish(to_snapshot(SECOND, renamed), hub.read(SECOND, {}), {})
    assert [change.path for change in second.changes] == [MANIFEST]
    assert (second.card.added, second.card.removed) == (0, 0)


def test_an_older_date_leaves_main_alone() -> None:
    hub = PlainHub()
    publish(hub, SECOND)
    main = hub.branches[MAIN]
    late = plan(hub, FIRST)
    assert (late.branch, late.starts_at, late.parent) == (f"date/{FIRST}", hub.first, hub.first)
    publish(hub, FIRST)
    assert hub.branches == {MAIN: main, f"date/{FIRST}": hub.tags[FIRST]}
    assert plan(hub, FIRST).done


def test_the_correction_of_the_newest_date_goes_to_main() -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    corrected = plan(hub, f"{FIRST}.1")
    assert (corrected.branch, corrected.parent) == (MAIN, hub.tags[FIRST])


def test_the_correction_of_an_older_date_begins_at_what_it_corrects() -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    publish(hub, SECOND)
    corrected = plan(hub, f"{FIRST}.1")
    assert (corrected.branch, corrected.starts_at) == (f"date/{FIRST}", hub.tags[FIRST])
    publish(hub, f"{FIRST}.1")
    again = plan(hub, f"{FIRST}.2")
    assert (again.branch, again.starts_at, again.parent) == (f"date/{FIRST}", None, hub.tags[f"{FIRST}.1"])


@pytest.mark.parametrize("branch_made", [False, True])
def test_an_interrupted_run_goes_on(*, branch_made: bool) -> None:
    hub = PlainHub()
    publish(hub, SECOND)
    if branch_made:
        hub.branches[f"date/{FIRST}"] = hub.first
    late = plan(hub, FIRST)
    assert (late.starts_at is None) == branch_made
    hub.apply(late, make_contents(FIRST))
    commit = hub.tags.pop(FIRST)
    left = plan(hub, FIRST)
    assert (left.commit, left.tagged, left.starts_at, left.changes) == (commit, False, None, ())
    hub.tags[FIRST] = commit
    assert plan(hub, FIRST).done


def test_published_and_identical_has_nothing_left() -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    publish(hub, SECOND)
    done = plan(hub, FIRST, {FIRST: publication_of(hub, make_snapshot(FIRST))})
    assert (done.done, done.changes, done.bytes, done.branch) == (True, (), 0, MAIN)


def refuse(hub: PlainHub, date: str, *words: str, published: Published | None = None, note: str = "") -> None:
    with pytest.raises(PublishRefused) as raised:
        plan(hub, date, published, note)
    sentence = str(raised.value)
    assert [word for word in words if word not in sentence] == [], sentence
    assert "; " in sentence, "it says what to do"


def test_a_tag_with_other_bytes_is_refused() -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    refuse(hub, FIRST, f"the tag {FIRST} with other bytes ('README.md')", f"`{FIRST}.1`", note="changed")


def test_a_tag_by_hand_on_another_commit_is_refused() -> None:
    hub = PlainHub()
    hub.tags[FIRST] = hub.first
    refuse(
        hub, FIRST, f"a tag {FIRST} on commit {hub.first[:12]}", f"hf repos tag delete {REPOSITORY} {FIRST}"
    )


EDITS: dict[str, tuple[dict[str, bytes | None], str]] = {
    "a card": ({"README.md": b"# mine"}, "'README.md' was edited by hand on the branch main"),
    "no card": ({"README.md": None}, "'README.md' was deleted by hand"),
    "another file": ({"notes.txt": b"x"}, "holds 'notes.txt', which its manifest does not announce"),
    "no manifest": ({"manifest.json": None}, "and no manifest.json"),
    "a broken manifest": ({"manifest.json": b"{"}, "a manifest.json that was edited by hand"),
    "an odd manifest": ({"manifest.json": b'{"name": "x", "files": {}}'}, "edited by hand"),
    "a manifest without files": (
        {"manifest.json": json.dumps({"name": FIRST, "files": {CARD: 1}}).encode()},
        "edited by hand",
    ),
    "a hostile name": ({"a\x1b[2J.md": b""}, "holds 'a\\x1b[2J.md'"),
}


@pytest.mark.parametrize(("edit", "words"), EDITS.values(), ids=EDITS)
def test_a_branch_that_was_edited_by_hand_is_refused(edit: dict[str, bytes | None], words: str) -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    hub.edit(edit)
    refuse(hub, SECOND, words)


def test_a_repository_of_something_else_is_refused() -> None:
    hub = PlainHub()
    hub.edit({"train.csv": b"a,b", CARD: b"# other data"})
    refuse(hub, FIRST, "holds 'train.csv' and no manifest.json")


def test_an_edited_manifest_that_agrees_with_edited_files_is_refused() -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    published = {FIRST: publication_of(hub, make_snapshot(FIRST))}
    hub.commit(MAIN, make_contents(FIRST, "by hand"))
    refuse(hub, SECOND, f"commits after the tag {FIRST}")
    refuse(hub, SECOND, f"another manifest.json of {FIRST} than was published", published=published)


def test_an_edit_that_was_taken_back_is_no_matter_where_the_index_knows_the_date() -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    hub.edit({CARD: b"# mine"})
    hub.commit(MAIN, make_contents(FIRST))
    assert plan(hub, SECOND, {FIRST: publication_of(hub, make_snapshot(FIRST))}).branch == MAIN


def test_another_date_that_lacks_its_tag_is_finished_first() -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    del hub.tags[FIRST]
    refuse(hub, SECOND, f"holds {FIRST} without its tag", f"builder publish {FIRST} --repo-id {REPOSITORY}")


def test_the_same_date_with_other_bytes_and_no_tag_is_refused() -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    del hub.tags[FIRST]
    refuse(hub, FIRST, "with other bytes, committed but not tagged", f"`{FIRST}.1`", note="changed")


@pytest.mark.parametrize("fate", ["is gone", "points elsewhere"])
def test_a_published_tag_that_somebody_took_away_is_refused(fate: str) -> None:
    hub = PlainHub()
    publish(hub, FIRST)
    entry = publication_of(hub, make_snapshot(FIRST))
    if fate == "is gone":
        del hub.tags[FIRST]
    else:
        hub.tags[FIRST] = hub.first
    refuse(hub, SECOND, f"its tag there {fate}", published={FIRST: entry})
    erased = {FIRST: replace(entry, erased="by law")}
    hub.tags[FIRST] = entry.hub_commit
    assert plan(hub, SECOND, erased).branch == MAIN


def test_a_date_that_is_corrected_already_is_refused() -> None:
    hub = PlainHub()
    publish(hub, f"{FIRST}.1")
    refuse(hub, FIRST, f"{FIRST}.1 is published already", f"`{FIRST}.2`")
