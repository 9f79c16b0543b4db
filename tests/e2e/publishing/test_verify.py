"""`builder verify` finds whatever is not as promised, here and on the Hub."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from schemas.tables import TABLES
from tests.e2e.publishing.project import NEW, OLD, REPOSITORY, World

AT = f"{REPOSITORY}@{OLD}"


def test_a_date_here(published: World) -> None:
    for date, words in ((OLD, "the index has published exactly this"), (NEW, "it is not published yet")):
        done = published.run("verify", date)
        assert done.exit_code == 0, done.output
        files = len(published.files_of(date))
        content = f"{files} files and the content of {len(TABLES)} tables"
        said = f"snapshots/{date} is good: snapshot {date}, {content}"
        assert said in done.stdout
        assert words in done.stdout


@pytest.mark.parametrize("revision", [OLD, "main"])
def test_a_revision_on_the_hub(published: World, revision: str) -> None:
    done = published.run("verify", f"{REPOSITORY}@{revision}", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["date"], told["files"]) == (OLD, len(published.files_of(OLD)))
    assert (told["tables"], told["index"]) == (len(TABLES), "published")
    assert told["commit"] == published.hub.history(REPOSITORY).tags[OLD]


def test_a_revision_that_the_index_does_not_know(published: World) -> None:
    published.layout.index.write_text("building: {}\npublished: {}\n")
    done = published.run("verify", AT)
    assert done.exit_code == 0, done.output
    assert "the index here does not know it" in done.stdout


def rewrite(files: Mapping[str, bytes], change: Callable[[dict[str, Any]], None]) -> dict[str, bytes]:
    """The manifest with a change in it."""
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    return {"manifest.json": json.dumps(manifest).encode()}


def announce(files: Mapping[str, bytes], changed: dict[str, bytes]) -> dict[str, bytes]:
    """Changed files, and a manifest that agrees with them: what only a second look finds."""

    def agree(manifest: dict[str, Any]) -> None:
        for path, content in changed.items():
            manifest["files"][path] = {
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
            }

    return changed | rewrite(files, agree)


def other_rows(files: Mapping[str, bytes]) -> dict[str, bytes]:
    frame = pl.read_parquet(files["data/models.parquet"]).with_columns(downloads=pl.lit(7, pl.Int64))
    stream = io.BytesIO()
    pq.write_table(frame.to_arrow(), stream)
    return announce(files, {"data/models.parquet": stream.getvalue()})


def other_features(files: Mapping[str, bytes]) -> dict[str, bytes]:
    card = files["README.md"].replace(b"dtype: date32", b"dtype: string", 1)
    return announce(files, {"README.md": card})


def no_front_matter(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return announce(files, {"README.md": b"# Card\n"})


def one_config_less(files: Mapping[str, bytes]) -> dict[str, bytes]:
    card = files["README.md"].replace(b"- config_name: gaps", b"- config_name: holes")
    return announce(files, {"README.md": card})


def leads_out(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return rewrite(files, lambda manifest: manifest["files"].update({"../../x": {"sha256": "", "bytes": 1}}))


def no_tables(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return rewrite(files, lambda manifest: manifest.pop("tables"))


def later_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return rewrite(files, lambda manifest: manifest.update(drift_reason="by hand"))


Edit = Callable[[Mapping[str, bytes]], Mapping[str, bytes | None]]
EDITS: dict[str, tuple[Edit, str]] = {
    "other bytes": (lambda files: {"README.md": files["README.md"] + b"x"}, "has other bytes than the manif"),
    "a missing file": (lambda _: {"data/gaps.parquet": None}, "'data/gaps.parquet' of"),
    "a file too many": (lambda _: {"notes.txt": b"x"}, "'notes.txt' of"),
    "no manifest": (lambda _: {"manifest.json": None}, "holds no 'manifest.json'"),
    "a broken manifest": (lambda _: {"manifest.json": b"{"}, "is no manifest of this project"),
    "a manifest without tables": (no_tables, "is no manifest of this project"),
    "a path that leads out": (leads_out, "is no manifest of this project"),
    "other rows": (other_rows, "has other rows than the manifest's content hash says"),
    "no Parquet": (
        lambda files: announce(files, {"data/models.parquet": b"PAR1"}),
        "cannot be read as Parquet",
    ),
    "other columns on the card": (other_features, "other columns or types than its file has"),
    "no front matter": (no_front_matter, "has other configs than there are tables with rows"),
    "another config": (one_config_less, "has other configs than there are tables with rows"),
    "another manifest": (later_manifest, "is not the one that snapshots/index.yaml published"),
}


@pytest.mark.parametrize(("edit", "words"), EDITS.values(), ids=EDITS)
def test_a_revision_that_was_changed(published: World, edit: Edit, words: str) -> None:
    branch = f"by-hand-{len(published.hub.history(REPOSITORY).branches)}"
    published.hub.history(REPOSITORY).add_branch(branch, OLD)
    published.hub.edit(REPOSITORY, edit(published.files_of(OLD)), branch=branch)
    published.refuse(15, words, command=("verify", f"{REPOSITORY}@{branch}"))


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        (f"{REPOSITORY}@2031-01-01", 15, "has no revision '2031-01-01'"),
        ("acme/none@main", 15, "there is no dataset repository acme/none"),
        (REPOSITORY, 2, "names no revision"),
        ("@main", 2, "name it as OWNER/NAME"),
        ("2031-01-01", 13, "snapshots/2031-01-01/manifest.json is missing"),
    ],
)
def test_what_is_not_there(published: World, what: str, code: int, words: str) -> None:
    published.refuse(code, words, command=("verify", what))


def test_a_table_here_with_other_rows(published: World) -> None:
    layout = published.layout
    manifest = json.loads(layout.manifest(NEW).read_text())
    manifest["tables"]["models"]["content_sha256"] = "0" * 64
    layout.manifest(NEW).write_text(json.dumps(manifest))
    published.refuse(13, "has other rows than the manifest's content hash says", command=("verify", NEW))


def test_a_published_date_here_with_other_bytes(published: World) -> None:
    path = published.layout.manifest(OLD)
    path.write_text(path.read_text() + "\n")
    published.refuse(13, "other bytes than were published", f"the git tag {OLD}", command=("verify", OLD))
