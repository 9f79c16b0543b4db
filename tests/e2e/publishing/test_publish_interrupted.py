"""A run that dies at any step is finished by the same command, with nothing done twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from builder.index import read_index
from builder.publish.act import Publisher
from builder.publish.hub import DatasetRepository
from builder.snapshot import store
from builder.source import Source
from tests.e2e.publishing.project import NEW, OLD, REPOSITORY, World, commit_all, run_git


class Killed(BaseException):
    """Ends the process as nothing in it may catch."""


POINTS: dict[str, tuple[type | Any, str]] = {
    "the commit": (DatasetRepository, "commit"),
    "the Hub's tag": (DatasetRepository, "tag"),
    "reading back": (Publisher, "read_back"),
    "the index": (store, "write_file"),
    "the git tag": (Source, "create_tag"),
}


def die(step: Callable[..., object], *, after: bool) -> Callable[..., object]:
    def dying(*arguments: object, **options: object) -> object:
        if after:
            step(*arguments, **options)
        raise Killed

    return dying


@pytest.mark.parametrize(
    ("point", "after"),
    [
        pytest.param(point, after, id=f"{'after' if after else 'before'} {point}", marks=marks)
        for point in POINTS
        # The commit is the step that cannot be taken back; around the others, one side is enough each time.
        for after, marks in ((False, ()), (True, () if point == "the commit" else pytest.mark.soak))
    ],
)
def test_the_same_command_finishes_it(
    world: World, point: str, *, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name = POINTS[point]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, die(getattr(owner, name), after=after))
        with pytest.raises(Killed):
            world.publish(OLD)
    done = world.publish(OLD)
    assert done.exit_code == 0, done.output
    history = world.hub.history(REPOSITORY)
    assert world.commits_of == {f"Publish {OLD}": 1}
    assert history.branches == {"main": history.tags[OLD]}
    assert world.files_at(OLD) == world.files_of(OLD)
    assert sorted(read_index(world.layout.index).published) == [OLD]
    entry = read_index(world.layout.index).publication(OLD)
    assert entry.hub_commit == history.tags[OLD]
    assert run_git(world.layout, "rev-parse", f"{OLD}^{{commit}}") == entry.code_commit


def test_a_newer_date_waits_for_one_that_lacks_its_tag(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(DatasetRepository, "tag", die(DatasetRepository.tag, after=False))
        with pytest.raises(Killed):
            world.publish(OLD)
    world.refuse(
        15,
        f"holds {OLD} without its tag",
        f"builder publish {OLD} --repo-id {REPOSITORY} --execute",
        command=("publish", NEW, "--repo-id", REPOSITORY, "--execute"),
    )
    world.must_publish(OLD)
    world.must_publish(NEW)


def test_a_git_tag_that_was_lost_is_put_back_on_the_commit_that_made_the_date(world: World) -> None:
    world.must_publish(OLD)
    code = run_git(world.layout, "rev-parse", "HEAD")
    commit_all(world.layout)
    run_git(world.layout, "tag", "--delete", OLD)
    world.must_publish(OLD)
    assert run_git(world.layout, "rev-parse", f"{OLD}^{{commit}}") == code
    assert read_index(world.layout.index).publication(OLD).code_commit == code
