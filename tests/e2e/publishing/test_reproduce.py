"""A published date is made again at its own commit; where it differs, the first difference is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from builder import reproduction
from builder.layout import Layout
from builder.reproduction import compare_tables
from tests.e2e.publishing.project import (
    NEW,
    OLD,
    World,
    commit_all,
    run_git,
)
from tests.integration.invented_hub import files_below

ROOT = Path(__file__).resolve().parents[3]


def test_a_draft_is_refused(published: World) -> None:
    published.refuse(
        13, f"{NEW} is being built and not published", "make snapshot", command=("reproduce", NEW)
    )


def test_a_date_that_nobody_planned_is_refused(published: World) -> None:
    published.refuse(13, "2031-01-01 is not published", command=("reproduce", "2031-01-01"))


def test_a_clone_without_the_tag_is_refused(published: World) -> None:
    run_git(published.layout, "tag", "--delete", OLD)
    published.refuse(13, f"git has no tag {OLD} here", "git fetch --tags", command=("reproduce", OLD))


def test_a_tag_that_was_moved_is_refused(published: World) -> None:
    commit_all(published.layout)
    run_git(published.layout, "tag", "--force", OLD)
    published.refuse(13, f"the git tag {OLD} is on", command=("reproduce", OLD))


def test_a_build_that_fails_there_is_told(published: World) -> None:
    # This project has no builder of its own, so none is found at its commit either.
    published.refuse(13, "holds no builder to make", "a whole checkout", command=("reproduce", OLD))
    assert not list((published.layout.work / "reproduce").iterdir())
    assert run_git(published.layout, "worktree", "list").count("\n") == 0


@pytest.mark.slow
def test_a_date_is_made_again_whatever_has_changed_since(world: World) -> None:
    layout = world.layout
    for package in ("builder", "schemas"):
        shutil.copytree(ROOT / package, layout.root / package, ignore=shutil.ignore_patterns("__pycache__"))
    commit_all(layout, "Bring the code along")
    world.must_publish(OLD)
    commit_all(layout, f"Publish {OLD}")
    # Another builder, other curated facts, another template: the date must not feel it.
    (layout.root / "builder" / "relations.py").write_text("raise SystemExit('not this one')\n")
    layout.card_template.write_text("# nothing\n")
    commit_all(layout, "Change everything")
    before = files_below(layout.root / "snapshots")
    made = world.run("reproduce", OLD)
    assert made.exit_code == 0, made.output
    assert f"in the current environment: all {len(world.files_of(OLD))} files have equal bytes" in made.stdout
    assert files_below(layout.root / "snapshots") == before
    assert run_git(layout, "status", "--porcelain") == ""
    assert run_git(layout, "worktree", "list").count("\n") == 0


@pytest.mark.slow
def test_the_first_difference_is_named(world: World) -> None:
    layout = world.layout
    for package in ("builder", "schemas"):
        shutil.copytree(ROOT / package, layout.root / package, ignore=shutil.ignore_patterns("__pycache__"))
    (layout.root / "builder" / "card" / "citation.py").write_text(
        (ROOT / "builder" / "card" / "citation.py").read_text().replace("on the Hugging", "at the Hugging")
    )
    commit_all(layout, "Bring other code along")
    world.must_publish(OLD)
    world.refuse(
        13,
        f"{OLD} made again at ",
        "differs: README.md: line 3 was 'pretty_name: Audio-supported multimodal models on the Hugging Face",
        "and is 'pretty_name: Audio-supported multimodal models at the Hugging Face Hub'",
        command=("reproduce", OLD),
    )


TABLE = pl.DataFrame(
    {
        "snapshot_date": ["d"] * 3,
        "repo_id": ["a/a", "b/b", "c/c"],
        "downloads": [1, None, 3],
        "tags": [["x"]] * 3,
    }
)
DIFFERENCES = {
    "a value": (
        TABLE.with_columns(downloads=pl.Series([1, 2, 3])),
        "downloads of repo_id=b/b was missing and is 2",
    ),
    "a list": (
        TABLE.with_columns(tags=pl.Series([["x"], ["x"], ["y"]])),
        "tags of repo_id=c/c was ['x'] and is ['y']",
    ),
    "a row less": (TABLE.head(2), "the row repo_id=c/c is gone"),
    "a row more": (
        pl.concat([TABLE, TABLE.tail(1).with_columns(repo_id=pl.lit("d/d"))]),
        "the row repo_id=d/d is new",
    ),
    "another row": (
        TABLE.with_columns(repo_id=pl.Series(["a/a", "b/c", "c/c"])),
        "the row repo_id=b/b is now repo_id=b/c",
    ),
    "another type": (TABLE.cast({"downloads": pl.Int32}), "column downloads was Int64 and is Int32"),
    "a column less": (TABLE.drop("tags"), "column tags was List(String) and is None"),
    "another order": (TABLE.select(sorted(TABLE.columns)), "the columns stand in another order"),
    "nothing": (TABLE, "the same rows, written in other bytes"),
}


@pytest.mark.parametrize(("other", "words"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_two_tables_are_compared_by_key(other: pl.DataFrame, words: str) -> None:
    assert compare_tables(TABLE, other, "models") == words


@pytest.mark.parametrize(
    ("asked", "same", "environment"),
    [
        ("auto", True, "current"),
        ("auto", False, "locked"),
        ("current", False, "current"),
        ("locked", True, "locked"),
    ],
)
def test_the_packages_are_those_of_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, environment: str, *, same: bool
) -> None:
    here, there = Layout(tmp_path / "here"), Layout(tmp_path / "there")
    for layout in (here, there):
        layout.root.mkdir()
        layout.lock.write_text(
            "orjson==3.13.0 \\\n    --hash=sha256:0\nsetuptools==80.0 \\\n    --hash=sha256:1\n"
        )
    if not same:
        there.lock.write_text(there.lock.read_text().replace("3.13.0", "3.12.0"))
    called: list[tuple[str, ...]] = []
    monkeypatch.setattr(reproduction, "_call", lambda command, *_: called.append(command))
    python, named = reproduction._choose_python(here, there, asked, tmp_path, str)  # type: ignore[arg-type]
    assert named == environment
    assert bool(called) == (environment == "locked")
    if called:
        assert python == str(tmp_path / "environment" / "bin" / "python")
        assert all("--require-hashes" in command for command in called[1:])
        assert called[-1][-1] == str(there.lock)
        setuptools = (tmp_path / "setuptools.lock").read_text()
        assert setuptools == "setuptools==80.0 \\\n    --hash=sha256:1\n"
