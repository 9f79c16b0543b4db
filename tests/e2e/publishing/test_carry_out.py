"""Lost answers, other publishers and edits in between: never a second commit, never a tag on a wrong one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from builder.errors import PublishRefused
from builder.publish.act import Publisher
from builder.publish.answers import AnswerLost
from builder.publish.hub import DatasetRepository
from builder.publish.plan import Plan
from tests.e2e.publishing.project import REPOSITORY, TOKEN
from tests.hub.faults import ALWAYS, HTML, Fault, FaultPlan, Rule
from tests.hub.history import History
from tests.hub.server import LoopbackHub
from tests.unit.publish_states import FIRST, SECOND, make_contents, to_snapshot

STEPS = {"branch": "/branch/", "commit": "/commit/", "tag": "/tag/"}
FAULTS = ("lost", "lost_reset", "late_500", "500", "reset", "closed", "429", "html", "broken_json")
MakePublisher = Callable[..., Publisher]


@pytest.fixture
def history(loopback: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> History:
    """The repository on the Hub, made and empty."""
    monkeypatch.setenv("HF_ENDPOINT", loopback.endpoint)
    HfApi(loopback.endpoint, token=TOKEN).create_repo(REPOSITORY, repo_type="dataset")
    return loopback.history(REPOSITORY)


@pytest.fixture
def make(tmp_path: Path, history: History) -> MakePublisher:
    """Publishers of small invented dates."""
    assert history.tags == {}

    def publisher(date: str, note: str = "") -> Publisher:
        contents = make_contents(date, note)
        folder = tmp_path / f"{date}{note}"
        for path, content in contents.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        files = {path: folder / path for path in contents}
        return Publisher(
            to_snapshot(date, contents), files, {}, DatasetRepository(REPOSITORY), lambda _: None
        )

    return publisher


def publish(publisher: Publisher) -> None:
    publisher.carry_out(publisher.plan())
    publisher.read_back()


def titles(history: History) -> list[str]:
    return sorted(commit.title for commit in history.commits.values() if commit.title != "initial commit")


def hold(history: History, *dates: str) -> None:
    """Each date is one commit, with its tag on it."""
    assert titles(history) == [f"Publish {date}" for date in sorted(dates)]
    assert sorted(history.tags) == sorted(dates)
    for date in dates:
        held = history.find(date).blobs
        assert {path: blob.size for path, blob in held.items() if path != ".gitattributes"} == {
            path: len(content) for path, content in make_contents(date).items()
        }
        assert history.find(date).title == f"Publish {date}"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", STEPS)
def test_one_lost_answer_is_overcome(
    loopback: LoopbackHub, history: History, make: MakePublisher, step: str, fault: str
) -> None:
    publish(make(SECOND))
    loopback.faults = FaultPlan([Rule(fault, method="POST", path=STEPS[step])])
    publish(make(FIRST))
    assert fault in {request.fault for request in loopback.requests}
    hold(history, FIRST, SECOND)


@pytest.mark.parametrize("fault", ["lost", "late_500", "500", "reset"])
@pytest.mark.parametrize("step", STEPS)
def test_a_hub_that_stays_silent_ends_the_run_and_the_next_goes_on(
    loopback: LoopbackHub, history: History, make: MakePublisher, step: str, fault: str
) -> None:
    publish(make(SECOND))
    loopback.faults = FaultPlan([Rule(fault, method="POST", path=STEPS[step], per_request=ALWAYS)])
    publisher = make(FIRST)
    plan = publisher.plan()
    if fault in {"lost", "late_500"}:
        # It was heard each time, and looking shows it.
        assert publisher.carry_out(plan).done
    else:
        with pytest.raises(PublishRefused, match=r"does not answer .*run the same command again"):
            publisher.carry_out(plan)
    loopback.faults = FaultPlan()
    publish(make(FIRST))
    hold(history, FIRST, SECOND)


def test_another_publisher_was_faster(history: History, make: MakePublisher) -> None:
    late = make(SECOND)
    plan = late.plan()
    publish(make(FIRST))
    with pytest.raises(PublishRefused, match=r"moved on .* another publisher was faster"):
        late.carry_out(plan)
    hold(history, FIRST)
    publish(make(SECOND))
    hold(history, FIRST, SECOND)


def test_another_publisher_was_faster_than_a_commit_that_was_lost(
    history: History, make: MakePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = make(SECOND)
    plan = late.plan()
    commit = DatasetRepository.commit

    def lose(repository: DatasetRepository, state: Plan, files: Mapping[str, Path]) -> str:
        if state.date == FIRST:
            return commit(repository, state, files)
        publish(make(FIRST))
        raise AnswerLost("status 504")

    monkeypatch.setattr(DatasetRepository, "commit", lose)
    with pytest.raises(PublishRefused, match="another publisher was faster"):
        late.carry_out(plan)
    hold(history, FIRST)


def test_a_private_repository(loopback: LoopbackHub, history: History, make: MakePublisher) -> None:
    held = loopback.world.current(REPOSITORY, "dataset")
    assert held is not None
    loopback.replace(replace(held, private=True))
    publish(make(FIRST))
    publish(make(SECOND))
    hold(history, FIRST, SECOND)


def test_another_publisher_was_faster_with_a_newer_date(history: History, make: MakePublisher) -> None:
    late = make(FIRST)
    plan = late.plan()
    publish(make(SECOND))
    with pytest.raises(PublishRefused, match="another publisher was faster"):
        late.carry_out(plan)
    hold(history, SECOND)


@pytest.mark.parametrize("tagged", [False, True])
def test_another_run_of_the_same_date_was_faster(
    history: History, make: MakePublisher, *, tagged: bool
) -> None:
    late = make(FIRST)
    plan = late.plan()
    publish(make(FIRST))
    if not tagged:
        history.drop(FIRST, tag=True)
    assert late.carry_out(plan).done
    hold(history, FIRST)


@pytest.mark.parametrize("dates", [(FIRST, SECOND), (FIRST, FIRST)])
def test_two_publishers_at_once(history: History, make: MakePublisher, dates: tuple[str, str]) -> None:
    publishers = [make(date) for date in dates]
    plans = [publisher.plan() for publisher in publishers]
    start, told = threading.Barrier(2), list[str]()

    def run(number: int) -> None:
        start.wait()
        try:
            publishers[number].carry_out(plans[number])
        except PublishRefused as refused:
            told.append(str(refused))

    threads = [threading.Thread(target=run, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if dates[0] == dates[1]:
        assert told == []
        hold(history, FIRST)
    else:
        assert len(told) == 1
        assert "another publisher was faster" in told[0] or "without its tag" in told[0]
        hold(history, *history.tags)
        assert len(history.tags) == 1


def test_two_versions_of_one_date_at_once(history: History, make: MakePublisher) -> None:
    late = make(FIRST, "changed")
    plan = late.plan()
    publish(make(FIRST))
    with pytest.raises(PublishRefused, match="another publisher was faster"):
        late.carry_out(plan)
    with pytest.raises(PublishRefused, match=f"the tag {FIRST} with other bytes"):
        make(FIRST, "changed").plan()
    hold(history, FIRST)


@pytest.mark.parametrize("where", ["commit", "tag"])
def test_an_edit_by_hand_in_between(
    loopback: LoopbackHub, history: History, make: MakePublisher, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(make(FIRST))
    publisher = make(SECOND)
    plan = publisher.plan()
    step = getattr(DatasetRepository, where)

    def edit_first(repository: DatasetRepository, *arguments: object) -> object:
        if "mine" not in titles(history):
            loopback.edit(REPOSITORY, {"README.md": b"# mine"}, "mine")
        return step(repository, *arguments)

    monkeypatch.setattr(DatasetRepository, where, edit_first)
    if where == "commit":
        with pytest.raises(PublishRefused, match="moved on"):
            publisher.carry_out(plan)
        assert sorted(history.tags) == [FIRST]
    else:
        publisher.carry_out(plan)
        assert history.find(SECOND).title == f"Publish {SECOND}", "the tag is on our commit, not on the head"


def test_a_tag_by_hand_in_between(
    history: History, make: MakePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = make(FIRST)
    plan = publisher.plan()
    tag = DatasetRepository.tag

    def tag_first(repository: DatasetRepository, state: Plan) -> None:
        history.add_tag(FIRST, str(history.head.parent), None)
        tag(repository, state)

    monkeypatch.setattr(DatasetRepository, "tag", tag_first)
    with pytest.raises(PublishRefused, match=f"has a tag {FIRST} on commit"):
        publisher.carry_out(plan)
    assert titles(history) == [f"Publish {FIRST}"]


def test_what_is_read_back_is_compared(loopback: LoopbackHub, history: History, make: MakePublisher) -> None:
    publisher = make(FIRST)
    publisher.carry_out(publisher.plan())
    loopback.faults = FaultPlan([Rule(Fault(body=HTML), path=f"/resolve/{FIRST}/README.md")])
    with pytest.raises(PublishRefused, match=r"'README.md' read back .* is not what was sent"):
        publisher.read_back()
    loopback.faults = FaultPlan([Rule("truncated", path="/resolve-cache/|/cdn/")])
    publisher.read_back()
    assert "truncated" in {request.fault for request in loopback.requests}
    hold(history, FIRST)


def test_a_file_that_the_hub_left_out_of_the_commit_is_noticed(
    history: History, make: MakePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = make(FIRST)
    plan = publisher.plan()
    commit = history.commit

    def leave_out(branch: str, change: object, parent: str | None = None) -> object:
        object.__setattr__(change, "files", change.files[1:])  # type: ignore[attr-defined]
        return commit(branch, change, parent)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "commit", leave_out)
    with pytest.raises(PublishRefused):
        publisher.carry_out(plan)
    assert history.tags == {}
