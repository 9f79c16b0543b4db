"""A redacted repository is in no byte of what is built, and everything else is there as before."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from builder import stages, validation
from builder.cli import main
from builder.evaluation.gold import COLUMNS
from builder.layout import Layout
from builder.reading import read_manifest, read_tables
from builder.redaction import render_entry
from tests.integration.invented_hub import BY_ID, ECHO, EXPORT, LISTING, describe_published, write_index

FINETUNE = "borrower/Echo-7B-Singlish"
"""It has a base in the snapshot, and a merge is made of it."""

Redact = Callable[..., None]


@pytest.fixture
def redact(project: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Redact:
    """Puts names on the list of the project, which the tests must not share."""
    assert project.root.is_dir()
    folder = tmp_path / "curated"
    shutil.copytree(Layout.curated, folder)  # type: ignore[arg-type] # a folder, by a fixture
    monkeypatch.setattr(Layout, "curated", folder)

    def put(*names: str) -> None:
        entries = "".join(render_entry(name, "request", date(2026, 6, 1)) for name in names)
        (folder / "redactions.yaml").write_text(f"redactions:\n{entries}")

    return put


def rebuild(layout: Layout, day: str) -> dict[str, pl.DataFrame]:
    stages.build_snapshot(layout, day)
    stages.write_card(layout, day)
    assert validation.validate_snapshot(layout, day)
    return {name: frame.collect() for name, frame in read_tables(layout, day).items()}


def find_traces(layout: Layout, day: str, words: tuple[str, ...]) -> list[str]:
    """Files and tables of what is published that hold one of the words, in whatever case.

    A longer name that begins with one is another repository.
    """
    texts = {path.name: path.read_bytes().decode("latin-1") for path in layout.data(day).iterdir()}
    texts |= {path.name: path.read_text() for path in (layout.card(day), layout.manifest(day))}
    for name, frame in read_tables(layout, day).items():
        texts[name] = json.dumps(frame.collect().to_dicts(), default=str)
    forms = [re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])", re.IGNORECASE) for word in words]
    return [f"{name}: {form.pattern}" for name, text in texts.items() for form in forms if form.search(text)]


def facts_of(frame: pl.DataFrame, repo_id: str) -> dict[str, Any]:
    return frame.filter(repo_id=repo_id).to_dicts()[0]


@pytest.mark.parametrize("day", [EXPORT, LISTING])
def test_a_repository_leaves_no_trace(project: Layout, redact: Redact, day: str) -> None:
    before = {name: frame.collect() for name, frame in read_tables(project, day).items()}
    assert find_traces(project, day, (FINETUNE,)) != []
    redact(FINETUNE)
    after = rebuild(project, day)
    assert find_traces(project, day, (FINETUNE,)) == []
    assert after["models"].height == before["models"].height - 1
    assert after["history"].height == after["models"].height
    redacted = read_manifest(project, day)["redacted"]
    assert redacted["rows"] == 1
    assert redacted["mentions"] >= 1
    assert "1 repository was left out and" in project.card(day).read_text()
    # What was merged of it and another still has two bases, one of which cannot be resolved.
    merge = "zoo/Echo-Chant-7B"
    edges = after["lineage"].filter(repo_id=merge).sort("base_model").select("base_model", "status").rows()
    assert edges == [("(redacted)", "unresolved"), (ECHO, "followed")]
    others = before["models"].filter(~pl.col("repo_id").is_in([FINETUNE, merge]))
    kept = after["models"].filter(~pl.col("repo_id").is_in([merge]))
    columns = ["repo_id", "kind", "unique_model_id", "family_id", "runtime_parameters", "downloads"]
    assert kept.select(columns).equals(others.select(columns))


def test_it_does_not_come_back_from_the_date_before(project: Layout, redact: Redact) -> None:
    before = {EXPORT: read_tables(project, EXPORT)}
    assert FINETUNE in before[EXPORT]["models"].collect().get_column("repo_id").to_list()
    write_index(project, [EXPORT, LISTING], previous={LISTING: EXPORT}, reasons={LISTING: "another source"})
    after = rebuild(project, LISTING)
    assert find_traces(project, LISTING, (FINETUNE,)) != []
    redact(FINETUNE)
    after = rebuild(project, LISTING)
    assert find_traces(project, LISTING, (FINETUNE,)) == []
    assert after["history"].get_column("snapshot_date").n_unique() == 2
    assert after["changes"].filter(change="removed", table_name="models").is_empty(), "it did not leave"


def test_the_original_of_many_copies_leaves_no_trace(project: Layout, redact: Redact) -> None:
    redact(ECHO)
    after = rebuild(project, LISTING)
    assert find_traces(project, LISTING, (ECHO,)) == []
    copy = facts_of(after["models"], "quants/Echo-7B-Instruct-GGUF")
    assert copy["unique_model_id"] != ECHO
    assert read_manifest(project, LISTING)["redacted"]["mentions"] > 5


def test_an_owner_leaves_no_trace(project: Layout, redact: Redact) -> None:
    owned = [repo_id for repo_id in BY_ID if repo_id.startswith("acme/")]
    redact("acme")
    after = rebuild(project, LISTING)
    assert find_traces(project, LISTING, (*owned, "acme")) == []
    assert "acme" not in after["models"].get_column("author").to_list()
    assert not any("acme" in authors for authors in after["families"].get_column("authors").to_list())
    assert read_manifest(project, LISTING)["redacted"]["rows"] == len(owned)


def test_nothing_redacted_changes_nothing(project: Layout, redact: Redact) -> None:
    before = project.manifest(LISTING).read_bytes()
    redact()
    (Layout(project.root).curated / "redactions.yaml").write_text("redactions: []\n")
    rebuild(project, LISTING)
    assert project.manifest(LISTING).read_bytes() == before
    assert read_manifest(project, LISTING)["redacted"] == {"rows": 0, "mentions": 0}


def test_judged_rows_do_not_bring_it_back(project: Layout, redact: Redact) -> None:
    copy = "mirrors/Echo-7B-Instruct"
    rows = [
        {"repo_id": FINETUNE, "kind": "original"},
        {"repo_id": copy, "kind": "mirror", "unique_model_id": FINETUNE},
    ]
    gold = project.gold(LISTING)
    gold.parent.mkdir(parents=True)
    filled = {"confidence": "high", "judged": "blind"}
    lines = [",".join(str((row | filled).get(name, "")) for name in COLUMNS) for row in rows]
    gold.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    redact(FINETUNE)
    rebuild(project, LISTING)
    accuracy = read_manifest(project, LISTING)["accuracy"]
    assert accuracy["gold_rows"] == 1
    assert find_traces(project, LISTING, (FINETUNE,)) == []


def test_nobody_can_ask_about_it(project: Layout, redact: Redact) -> None:
    redact(FINETUNE)
    rebuild(project, LISTING)
    runner = CliRunner()
    told = runner.invoke(main, ["explain", "borrower/Echo-7B-Singlis", "--date", LISTING])
    assert told.exit_code == 2
    assert FINETUNE not in told.stderr
    assert runner.invoke(main, ["explain", FINETUNE, "--date", LISTING]).exit_code == 2
    drawn = runner.invoke(main, ["evaluate", LISTING, "--draw", "99"])
    assert drawn.exit_code == 0
    assert FINETUNE not in drawn.stdout


def test_the_command_prints_the_entry_and_the_dates(project: Layout, redact: Redact) -> None:
    write_index(project, [LISTING], describe_published(project, EXPORT))
    runner = CliRunner()
    done = runner.invoke(main, ["redact", FINETUNE.lower(), "--reason", "secret"])
    assert done.exit_code == 0, done.output
    assert f"{EXPORT}: 1 rows and" in done.stdout
    assert f"correct it as {EXPORT}.1" in done.stdout
    assert f"{LISTING}: 1 rows and" in done.stdout
    assert "reason: secret" in done.stdout
    redact(FINETUNE)
    again = runner.invoke(main, ["redact", FINETUNE, "--json"])
    assert json.loads(again.stdout)["listed"] is True
    nobody = runner.invoke(main, ["redact", "nobody/nothing"])
    assert "no date here names it" in nobody.stdout
