"""The page as a static Space, with the real client and a Hub on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import HfApi

from builder import page_publishing
from builder.layout import Layout
from builder.page.card import SUMMARY
from builder.paging import write_page
from builder.publish.answers import AnswerLost
from builder.publish.space import SpaceRepository
from tests.e2e.publishing.project import NEW, OLD, READ_TOKEN, REPOSITORY, TOKEN, World
from tests.hub.faults import ALWAYS, FaultPlan, Rule
from tests.hub.server import LoopbackHub
from tests.integration.invented_hub import files_below
from tests.integration.pages import put_front_end

SPACE = "acme/choose"
PLAN = ("publish-page", "--space", SPACE)
ACT = (*PLAN, "--execute")


@pytest.fixture
def page(world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built page of the newest date."""
    monkeypatch.setattr(page_publishing, "PAUSES_S", (0, 0, 0))
    put_front_end(world.layout)
    return build(world.layout, NEW)


def build(layout: Layout, *dates: str) -> Path:
    folder = layout.root / "build" / "page"
    write_page(layout, dates, folder)
    return folder


def is_there(hub: LoopbackHub) -> bool:
    return hub.world.current(SPACE, "space") is not None


def read_space(hub: LoopbackHub) -> dict[str, bytes]:
    """Its files, that of the Hub itself left out."""
    blobs = hub.history(SPACE, "space").head.blobs
    return {
        path: b"".join(blob.read(0, blob.size)) for path, blob in blobs.items() if path != ".gitattributes"
    }


def count_commits(hub: LoopbackHub) -> int:
    return len(hub.history(SPACE, "space").commits)


def must_run(world: World, *command: str) -> str:
    result = world.run(*command)
    assert result.exit_code == 0, result.output
    return result.stdout


def refuse(world: World, code: int, *words: str, command: tuple[str, ...] = ACT) -> None:
    """Run a command that must end in one sentence, and leave the Space as it is."""
    before = read_space(world.hub) if is_there(world.hub) else None
    world.refuse(code, *words, command=command)
    assert (read_space(world.hub) if is_there(world.hub) else None) == before


def test_a_plan_says_what_would_be_made_and_writes_nothing(world: World, page: Path) -> None:
    told = must_run(world, *PLAN)
    assert f"the page of {NEW} → Space {SPACE}" in told
    assert "Space   made first, static and for everybody to see" in told
    for path in (*files_below(page), "README.md"):
        assert f"  + {path}  " in told
    assert told.endswith("nothing was done; add --execute to do it\n")
    assert not is_there(world.hub)
    assert {asked.method for asked in world.hub.requests} <= {"GET", "HEAD"}


def test_the_page_is_sent_and_the_same_again_sends_nothing(world: World, page: Path) -> None:
    told = must_run(world, *ACT)
    assert f"the Space {SPACE} shows the page: every file read back from commit" in told
    held = read_space(world.hub)
    card = held.pop("README.md")
    assert held == files_below(page)
    fields = yaml.safe_load(card.decode().split("---\n")[1])
    assert (fields["sdk"], fields["app_file"]) == ("static", "index.html")
    assert fields["datasets"] == [REPOSITORY]
    commits = count_commits(world.hub)
    world.hub.clear_requests()
    assert "holds this page already: nothing is sent" in must_run(world, *PLAN)
    assert "showed the page already: every file read back" in must_run(world, *ACT)
    assert count_commits(world.hub) == commits
    assert {asked.method for asked in world.hub.requests} <= {"GET", "HEAD"}


def test_the_hub_takes_the_card_for_that_of_a_static_space(world: World, page: Path) -> None:
    assert page.is_dir()
    must_run(world, *ACT)
    info = HfApi(world.hub.endpoint, token=TOKEN).space_info(SPACE)
    assert info.sdk == "static"
    assert info.datasets == [REPOSITORY]
    assert len(SUMMARY) <= 60


def test_another_date_changes_what_differs_and_removes_what_is_gone(world: World, page: Path) -> None:
    must_run(world, *ACT)
    build(world.layout, OLD)
    plan = json.loads(must_run(world, *PLAN, "--json"))["plan"]
    actions = {change["path"]: change["action"] for change in plan["changes"]}
    assert actions == {
        f"data-{OLD}.js": "add",
        f"data-{OLD}-0.js": "add",
        f"data-{NEW}.js": "delete",
        f"data-{NEW}-0.js": "delete",
        "index.html": "update",
        "README.md": "update",
    }
    must_run(world, *ACT)
    held = read_space(world.hub)
    held.pop("README.md")
    assert held == files_below(page)


def test_a_space_that_somebody_made_is_filled_and_its_template_goes(world: World, page: Path) -> None:
    HfApi(world.hub.endpoint, token=TOKEN).create_repo(
        SPACE, repo_type="space", space_sdk="static", private=True
    )
    told = must_run(world, *PLAN)
    assert "any other head refuses the commit" in told
    assert "  - style.css" in told
    must_run(world, *ACT)
    assert set(read_space(world.hub)) == {*files_below(page), "README.md"}
    held = world.hub.world.current(SPACE, "space")
    assert held is not None
    assert held.private, "who may see it stays as its owner has it"


def test_a_space_with_something_else_is_left_alone(world: World, page: Path) -> None:
    assert page.is_dir()
    HfApi(world.hub.endpoint, token=TOKEN).create_repo(SPACE, repo_type="space", space_sdk="gradio")
    world.hub.edit(SPACE, {"app.py": b"print()"}, kind="space")
    refuse(world, 15, f"the Space {SPACE} holds 'app.py', which is no part of a page", command=PLAN)
    refuse(world, 15, "name another Space")


@pytest.mark.parametrize("name", ["choose", "acme/", "acme/a/b", "https://hub.example/acme/choose", "../etc"])
def test_a_name_that_is_none(world: World, page: Path, name: str) -> None:
    assert page.is_dir()
    refuse(world, 2, "is no repository of the Hub", "OWNER/NAME", command=("publish-page", "--space", name))


def test_no_page(world: World) -> None:
    refuse(world, 2, "--folder page holds no page", "run `make page`", command=PLAN)


def test_a_folder_with_something_else_beside_the_page(world: World, page: Path) -> None:
    (page / "secret.txt").write_text("mine")
    refuse(world, 15, "'secret.txt' in page is not what the tables", "run `make page`")
    assert not is_there(world.hub)


def test_a_page_that_its_tables_no_longer_make(world: World, page: Path) -> None:
    overview = page / f"data-{NEW}.js"
    overview.write_text(overview.read_text().replace("apache-2.0", "mit"))
    refuse(world, 15, f"'data-{NEW}.js' in page is not what the tables of {NEW} make", "run `make page`")
    assert not is_there(world.hub)


def test_no_token(world: World, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.is_dir()
    monkeypatch.delenv("HF_TOKEN")
    assert "made first" in must_run(world, *PLAN), "what everybody may see can be planned for without one"
    refuse(world, 15, f"there is no token to write to {SPACE} with", "HF_TOKEN")
    assert not is_there(world.hub)


def test_a_token_that_may_only_read(world: World, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.is_dir()
    monkeypatch.setenv("HF_TOKEN", READ_TOKEN)
    refuse(world, 15, f"the token may not write to {SPACE}", "use one that may")
    assert not is_there(world.hub)


def test_an_owner_under_whom_the_token_may_not_write(world: World, page: Path) -> None:
    assert page.is_dir()
    command = ("publish-page", "--space", "others/choose", "--execute")
    refuse(world, 15, "the token may not write to others/choose", command=command)


def test_a_hub_that_does_not_answer(world: World, page: Path) -> None:
    assert page.is_dir()
    world.hub.faults = FaultPlan([Rule("reset", per_request=ALWAYS)])
    refuse(world, 15, f"{SPACE} cannot be reached", "HF_ENDPOINT")


def lose_first(monkeypatch: pytest.MonkeyPatch, step: str, *, after: bool) -> None:
    """Lose the answer to a step once, before or after it took effect."""
    original: Callable[..., Any] = getattr(SpaceRepository, step)
    lost: list[str] = []

    def lose(repository: SpaceRepository, *arguments: object) -> object:
        if lost:
            return original(repository, *arguments)
        lost.append(step)
        if after:
            original(repository, *arguments)
        raise AnswerLost("nothing came")

    monkeypatch.setattr(SpaceRepository, step, lose)


@pytest.mark.parametrize("step", ["create", "commit"])
@pytest.mark.parametrize("after", [False, True])
def test_a_lost_answer_changes_nothing_of_the_end(
    world: World, page: Path, monkeypatch: pytest.MonkeyPatch, step: str, *, after: bool
) -> None:
    lose_first(monkeypatch, step, after=after)
    must_run(world, *ACT)
    assert set(read_space(world.hub)) == {*files_below(page), "README.md"}
    assert count_commits(world.hub) == 2, "that of the Hub, and ours"


def test_somebody_who_changes_the_space_meanwhile_wins(
    world: World, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page.is_dir()
    must_run(world, *ACT)
    build(world.layout, OLD)
    commit = SpaceRepository.commit

    def edit_first(repository: SpaceRepository, *arguments: Any) -> None:  # noqa: ANN401 - as they come
        world.hub.edit(SPACE, {"page.css": b"body {}"}, kind="space")
        commit(repository, *arguments)

    monkeypatch.setattr(SpaceRepository, "commit", edit_first)
    result = world.run(*ACT)
    assert result.exit_code == 15
    assert f"the Space {SPACE} moved on while the page was being published" in result.stderr
    assert read_space(world.hub)["page.css"] == b"body {}"


def test_what_is_read_back_is_compared(world: World, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.is_dir()
    fetch = SpaceRepository.fetch

    def garble(repository: SpaceRepository, revision: str, path: str, *rest: Any) -> object:  # noqa: ANN401
        return fetch(repository, revision, "page.css" if path == "page.js" else path, *rest)

    monkeypatch.setattr(SpaceRepository, "fetch", garble)
    result = world.run(*ACT)
    assert result.exit_code == 15
    assert "'page.js' read back from the Space acme/choose is not what was sent" in result.stderr
