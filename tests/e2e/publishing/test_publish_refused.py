"""Bad input to publishing, each as a user meets it: one sentence, one exit code, and nothing changed."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.publish.hub import DatasetRepository
from builder.snapshot import store
from tests.e2e.publishing.project import (
    CORRECTED,
    NEW,
    OLD,
    READ_TOKEN,
    REPOSITORY,
    World,
    commit_all,
    run_git,
)
from tests.hub.catalogue import Repository
from tests.hub.faults import ALWAYS, FaultPlan, Rule

PLAN = ("publish", OLD, "--repo-id", REPOSITORY)
ACT = (*PLAN, "--execute")


def test_no_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    assert world.run(*PLAN).exit_code == 0, "a public repository can be planned for without one"
    world.refuse(15, f"there is no token to write to {REPOSITORY} with", "HF_TOKEN", command=ACT)


def test_a_token_that_may_only_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", READ_TOKEN)
    world.refuse(15, f"the token may not write to {REPOSITORY}", "use one that may", command=ACT)


def test_a_token_that_may_only_read_where_the_hub_has_no_check_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", READ_TOKEN)
    monkeypatch.setattr(DatasetRepository, "check_writable", lambda _: None)
    world.refuse(15, f"the token may not write to {REPOSITORY}", command=ACT)


def test_a_token_that_nobody_knows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_nobody")
    world.refuse(15, f"the token may not read {REPOSITORY}", command=ACT)


def test_no_repository(world: World) -> None:
    world.hub.remove(REPOSITORY, "dataset")
    command = f"hf repos create {REPOSITORY} --type dataset"
    world.refuse(15, f"there is no dataset repository {REPOSITORY}", command, command=ACT)


def test_a_gated_repository_of_somebody_else(world: World) -> None:
    world.must_publish(OLD)
    world.hub.world.access = world.hub.routes.world.access = type(world.hub.world.access)(
        token=world.hub.world.access.token, namespaces=frozenset({"others"})
    )
    held = world.hub.world.current(REPOSITORY, "dataset")
    assert held is not None
    world.hub.replace(Repository(REPOSITORY, kind="dataset", gated="manual", hub_id=held.hub_id))
    world.refuse(
        15,
        f"{REPOSITORY} is gated and the account of this token has no access",
        command=("publish", NEW, "--repo-id", REPOSITORY, "--execute"),
    )


def test_a_hub_that_does_not_answer(world: World) -> None:
    world.hub.faults = FaultPlan([Rule("reset", per_request=ALWAYS)])
    world.refuse(15, f"{REPOSITORY} cannot be reached", "HF_ENDPOINT", command=ACT)


def test_no_repository_id(world: World) -> None:
    for name in ("audio", "a/b/c", "https://huggingface.co/a/b", "a/b@main", ""):
        world.refuse(2, "name it as OWNER/NAME", command=("publish", OLD, "--repo-id", name))


def test_another_repository_than_the_card_names(world: World) -> None:
    words = (f"tells its readers to load {REPOSITORY}, not acme/other", "repository: acme/other")
    world.refuse(15, *words, command=("publish", OLD, "--repo-id", "acme/other"))


def test_a_date_that_is_published_elsewhere(world: World) -> None:
    world.must_publish(OLD)
    world.refuse(
        15, f"is published in {REPOSITORY} and not in acme/x", command=("publish", OLD, "--repo-id", "acme/x")
    )


def test_a_date_that_nobody_planned(world: World) -> None:
    world.refuse(
        13, "neither under `building:` nor under", command=("publish", "2026-03-01", "--repo-id", REPOSITORY)
    )


def test_a_file_that_the_manifest_does_not_know(world: World) -> None:
    (world.layout.snapshot(OLD) / "figures").mkdir(exist_ok=True)
    (world.layout.snapshot(OLD) / "figures" / "mine.svg").write_text("<svg/>")
    world.refuse(13, f"snapshots/{OLD}/figures/mine.svg is not in the manifest", command=ACT)


def test_a_snapshot_that_does_not_validate(world: World) -> None:
    path = world.layout.table(OLD, "models")
    path.write_bytes(path.read_bytes()[:-1])
    world.refuse(13, "data/models.parquet is missing or has other bytes", command=ACT)


@pytest.mark.parametrize("disk", ["full", "good"])
def test_the_same_command_after_a_full_disk(world: World, disk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        if disk == "full":
            patch.setattr(store, "write_file", _refuse_to_write)
        done = world.publish(OLD)
    assert done.exit_code == (15 if disk == "full" else 0)
    assert ("cannot be written (No space left on device" in done.stderr) == (disk == "full")
    world.must_publish(OLD)
    assert world.commits_of == {f"Publish {OLD}": 1}


def _refuse_to_write(path: Path, _: bytes) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


Change = Callable[[World], object]


def write(name: str, text: str = "x", *, commit: bool = False) -> Change:
    """A change that adds to a file, or makes it."""

    def change(world: World) -> None:
        path = world.layout.root / name
        path.write_text((path.read_text() if path.is_file() else "") + text)
        if commit:
            commit_all(world.layout)

    return change


def tag_before_a_commit(world: World) -> None:
    run_git(world.layout, "tag", OLD)
    write("notes.txt", commit=True)(world)


def change_the_entry(world: World) -> None:
    text = world.layout.index.read_text()
    world.layout.index.write_text(text.replace("none.json\n", "none.json\n    reason: none\n", 1))


UNREADY: dict[str, tuple[Change, str]] = {
    "a changed file": (write("dataset_card.md"), "dataset_card.md is not committed"),
    "a new file": (write("notes.txt"), "notes.txt is not committed"),
    "two files": (
        lambda world: [write(name)(world) for name in ("a.txt", "b.txt")],
        "a.txt and 1 more is not committed",
    ),
    "no git": (lambda world: shutil.rmtree(world.layout.root / ".git"), "is in no git repository"),
    "other code": (write("params.yaml", "# x\n", commit=True), f"{OLD} was made by other code"),
    "other versions": (
        write("requirements.lock", "orjson==0.1 \\\n", commit=True),
        f"{OLD} was made by other code",
    ),
    "a git tag on another commit": (tag_before_a_commit, f"git has a tag {OLD} on commit"),
    "another entry": (change_the_entry, f"is committed with another entry of {OLD}"),
}


@pytest.mark.parametrize(("change", "words"), UNREADY.values(), ids=UNREADY)
def test_what_the_git_tag_would_not_mark(world: World, change: Change, words: str) -> None:
    change(world)
    shown = world.run(*PLAN)
    assert shown.exit_code == 0, "the plan can be read all the same"
    assert shown.stdout.splitlines()[-1].startswith("not yet: ")
    assert words in shown.stdout.splitlines()[-1]
    if (world.layout.root / ".git").is_dir():
        world.refuse(15, words, command=ACT)


def test_bytes_that_git_would_convert(world: World) -> None:
    (world.layout.root / ".gitattributes").write_text("*.md text\n")
    card = world.layout.snapshot(OLD) / "capture" / "notes.md"
    card.write_bytes(b"one\r\ntwo\r\n")
    commit_all(world.layout)
    world.refuse(15, "capture/notes.md does not have its bytes in the commit", command=ACT)


def test_git_that_knows_nobody(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run_git(world.layout, "config", "--unset", "user.name")
    run_git(world.layout, "config", "user.useConfigOnly", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("GIT_COMMITTER_NAME", raising=False)
    world.refuse(15, "git does not know who tags", command=ACT)


REMOTES: dict[str, tuple[Change, str]] = {
    "a card edited by hand": (
        lambda world: world.hub.edit(REPOSITORY, {"README.md": b"# mine"}),
        "'README.md' was edited by hand on the branch main",
    ),
    "a table edited by hand": (
        lambda world: world.hub.edit(REPOSITORY, {"data/models.parquet": b"PAR1"}),
        "'data/models.parquet' was edited by hand on the branch main",
    ),
    "another file": (
        lambda world: world.hub.edit(REPOSITORY, {"notes.txt": b"x"}),
        "holds 'notes.txt', which its manifest does not announce",
    ),
    "a tag by hand": (
        lambda world: world.hub.history(REPOSITORY).add_tag(NEW, "main", None),
        f"has a tag {NEW} on commit",
    ),
    "a tag that is gone": (
        lambda world: world.hub.history(REPOSITORY).drop(OLD, tag=True),
        f"says that {OLD} is published",
    ),
}


@pytest.mark.parametrize(("change", "words"), REMOTES.values(), ids=REMOTES)
def test_a_repository_that_somebody_changed(world: World, change: Change, words: str) -> None:
    world.must_publish(OLD)
    change(world)
    world.refuse(15, words, command=("publish", NEW, "--repo-id", REPOSITORY, "--execute"))


def test_gitattributes_and_a_first_card_are_no_edit_by_hand(world: World) -> None:
    world.hub.edit(REPOSITORY, {"README.md": b"---\nlicense: mit\n---\n# hello"})
    world.hub.edit(REPOSITORY, {".gitattributes": b"*.parquet filter=lfs\n*.md text\n"})
    world.must_publish(OLD)
    commit = world.hub.history(REPOSITORY).head
    assert b"".join(commit.blobs[".gitattributes"].read(0, 99)) == b"*.parquet filter=lfs\n*.md text\n"
    assert world.files_at(OLD) == world.files_of(OLD)


def test_a_tag_with_other_bytes(world: World) -> None:
    world.must_publish(OLD)
    world.hub.edit(REPOSITORY, world.files_of(CORRECTED) | {"data/none.txt": b""})
    history = world.hub.history(REPOSITORY)
    history.drop(OLD, tag=True)
    history.add_tag(OLD, "main", None)
    world.refuse(15, f"has a tag {OLD} on commit", "which does not hold that date", command=ACT)
