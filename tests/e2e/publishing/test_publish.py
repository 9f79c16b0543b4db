"""Publishing with the real client: what lands where, what is written down, and that nothing is sent twice."""

from __future__ import annotations

import json

import pytest
import yaml

from builder.index import read_index
from tests.e2e.publishing.project import CORRECTED, NEW, OLD, REPOSITORY, World, commit_all, run_git
from tests.hub.wire import Logged

WRITING = {"POST", "PUT", "DELETE"}


def writes(world: World) -> list[Logged]:
    return [request for request in world.hub.requests if request.method in WRITING]


def test_the_plan_is_shown_and_nothing_is_done(world: World) -> None:
    before = world.state()
    shown = world.run("publish", OLD, "--repo-id", REPOSITORY)
    assert shown.exit_code == 0, shown.output
    sizes = {path: len(content) for path, content in world.files_of(OLD).items()}
    lines = shown.stdout.splitlines()
    assert lines[0] == f"{OLD} → {REPOSITORY}"
    for path, size in sizes.items():
        assert f"  + {path}  {size:,} bytes" in lines
    assert f"{len(sizes)} files change, {sum(sizes.values()):,} bytes are sent" in shown.stdout
    assert "branch  main" in lines
    assert f"tag     {OLD}" in lines
    assert lines[-1] == "nothing was done; add --execute to do it"
    assert writes(world) == []
    assert world.state() == before


def test_a_plan_for_programs(world: World) -> None:
    shown = world.run("publish", OLD, "--repo-id", REPOSITORY, "--json")
    told = json.loads(shown.stdout)
    assert (told["plan"]["branch"], told["obstacle"], told["result"]) == ("main", None, None)
    assert {change["path"] for change in told["plan"]["changes"]} == set(world.files_of(OLD))


def test_a_published_date_is_one_commit_one_tag_and_an_entry(world: World) -> None:
    code = run_git(world.layout, "rev-parse", "HEAD")
    done = world.publish(OLD)
    assert done.exit_code == 0, done.output
    history = world.hub.history(REPOSITORY)
    assert world.commits_of == {f"Publish {OLD}": 1}
    assert history.tags == {OLD: history.branches["main"]}
    assert world.files_at(OLD) == world.files_of(OLD)
    assert code in history.head.message
    index = read_index(world.layout.index)
    entry = index.publication(OLD)
    assert OLD not in index.building
    assert world.layout.index.read_text().startswith("# Dates, and what is known of them.\n")
    assert (entry.repo_id, entry.branch, entry.tag) == (REPOSITORY, "main", OLD)
    assert (entry.hub_commit, entry.code_commit) == (history.tags[OLD], code)
    assert entry.manifest_sha256 in history.head.message
    assert run_git(world.layout, "rev-parse", f"{OLD}^{{commit}}") == code
    message = run_git(world.layout, "tag", "--list", "--format=%(contents)", OLD)
    assert all(word in message for word in (REPOSITORY, entry.hub_commit, entry.manifest_sha256))
    assert run_git(world.layout, "status", "--porcelain") == "M snapshots/index.yaml"


def test_publishing_again_sends_nothing(world: World) -> None:
    world.must_publish(OLD)
    before = world.state()
    world.hub.clear_requests()
    again = world.publish(OLD)
    assert again.exit_code == 0, again.output
    assert again.stdout.splitlines()[-1] == (
        f"{OLD} is published in {REPOSITORY} and identical; nothing was done"
    )
    assert writes(world) == []
    assert world.state() == before


def test_a_second_date_follows_on_main_before_the_index_is_committed(world: World) -> None:
    world.must_publish(OLD)
    world.must_publish(NEW)
    assert sorted(read_index(world.layout.index).published) == [OLD, NEW]
    assert world.hub.history(REPOSITORY).branches == {"main": world.hub.history(REPOSITORY).tags[NEW]}
    assert world.files_at("main") == world.files_at(NEW) == world.files_of(NEW)
    assert world.files_at(OLD) == world.files_of(OLD)


def test_an_older_date_and_a_correction_leave_main_alone(world: World) -> None:
    world.must_publish(NEW)
    history = world.hub.history(REPOSITORY)
    main = history.branches["main"]
    for date in (OLD, CORRECTED):
        world.must_publish(date)
        assert history.branches == {"main": main, f"date/{OLD}": history.tags[date]}
        assert world.files_at(date) == world.files_of(date)
        assert read_index(world.layout.index).publication(date).branch == f"date/{OLD}"
    assert history.commits[history.tags[CORRECTED]].parent == history.tags[OLD]
    assert world.commits_of == {f"Publish {date}": 1 for date in (NEW, OLD, CORRECTED)}


def test_the_correction_of_the_newest_date_becomes_main(world: World) -> None:
    world.must_publish(OLD)
    world.must_publish(CORRECTED)
    assert world.hub.history(REPOSITORY).branches == {"main": world.hub.history(REPOSITORY).tags[CORRECTED]}
    card = world.files_at("main")["README.md"].decode()
    assert f'load_dataset("{REPOSITORY}", "unique_models", revision="{CORRECTED}", split="train")' in card
    assert f"This corrects `{OLD}`, which stays as it was published. Reason: a rule was wrong." in card


@pytest.mark.slow
def test_every_command_that_reads_answers_for_a_published_date(world: World) -> None:
    for date in (OLD, CORRECTED, NEW):
        world.must_publish(date)
    assert yaml.safe_load(world.layout.index.read_text())["building"] == {}
    commit_all(world.layout)
    repo_id = "acme/Echo-7B-Instruct"
    for command in (
        ("validate", OLD),
        ("verify", CORRECTED),
        ("card", NEW, "--check"),
        ("report",),
        ("explain", repo_id),
        ("explain", repo_id, "--date", OLD),
        ("evaluate", NEW, "--draw", "3"),
    ):
        done = world.run(*command)
        assert done.exit_code == 0, (command, done.output)
    report = world.run("report").stdout
    assert report.count(f"It is published in {REPOSITORY} as ") == 3
    assert f'load_dataset("{REPOSITORY}", "unique_models", revision="{NEW}", split="train")' in report
