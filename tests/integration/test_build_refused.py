"""Bad input to a build, each as a user meets it: exit code, one sentence, and everything as it was."""

from __future__ import annotations

import json
import math
import os
import shutil
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import yaml
from click.testing import CliRunner

from builder.cli import main
from builder.layout import EvidenceFolder, Layout
from builder.snapshot import parquet, store
from builder.snapshot.drift import LIMITS
from tests.integration.invented_hub import (
    ECHO,
    EXPORT,
    LISTING,
    describe_again,
    describe_published,
    files_below,
    leftovers,
    rewrite_evidence,
    write_index,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from builder.capture.evidence import JsonObject

Records = list[dict[str, Any]]


def refuse(project: Layout, code: int, *words: str, command: tuple[str, ...] = ("build", LISTING)) -> None:
    """Run a command that must be refused, and hold it to the promise."""
    before = files_below(project.root / "snapshots")
    result = CliRunner().invoke(main, [*command])
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    sentence = result.stderr
    assert sentence.startswith("error: ")
    assert sentence.count("\n") == 1
    assert "Traceback" not in sentence
    assert str(project.root) not in sentence
    assert [word for word in words if word not in sentence] == [], sentence
    # Says what to do.
    assert "; " in sentence
    assert files_below(project.root / "snapshots") == before
    assert leftovers(project) == []


def test_outside_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (["build", LISTING], ["card", LISTING], ["validate", LISTING], ["report"]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 2
        assert result.stderr == (
            "error: there is no dvc.yaml with a folder snapshots/ here or above; run inside the project\n"
        )


def test_a_date_that_nobody_planned(project: Layout) -> None:
    refuse(project, 13, "2026-01-01 is not under `building:`", LISTING, command=("build", "2026-01-01"))


def test_a_published_date_is_not_built(project: Layout) -> None:
    write_index(project, [EXPORT], f'{{"{LISTING}": {{tag: x}}}}')
    refuse(project, 13, f"{LISTING} is published and never changes", f"`{LISTING}.1`")


def test_a_published_date_is_not_imported_over(project: Layout) -> None:
    write_index(project, [EXPORT], f'{{"{LISTING}": {{tag: x}}}}')
    rows = project.root / "rows.jsonl"
    rows.write_text('{"id": "acme/other", "tags": []}')
    command = ("import", "--format", "hub-listing", str(rows), "--date", LISTING, "--replace")
    refuse(
        project,
        13,
        f"snapshots/{LISTING} is published",
        command=(*command, "--observed-before", f"{LISTING}T23:59:59Z"),
    )


INPUTS = {
    "not JSON": ("<html>", "rows.jsonl, line 1: not JSON"),
    "a list": ("[]", "rows.jsonl, line 1: this is not a JSON object"),
    "a row without a name": ('{"tags": []}', "rows.jsonl, line 1: the row has no `id`"),
    "a repeated repo_id": ('{"id": "a/b"}\n{"id": "a/b"}', "rows.jsonl, line 2: a/b stands already in"),
    "a negative count": (
        '{"id": "a/b", "downloads": -1}',
        "rows.jsonl, line 1 (a/b): `list.downloads` is -1",
    ),
}


@pytest.mark.parametrize(("content", "words"), INPUTS.values(), ids=INPUTS)
def test_an_import_of_something_else(project: Layout, content: str, words: str) -> None:
    rows = project.root / "rows.jsonl"
    rows.write_text(content)
    command = ("import", "--format", "hub-listing", str(rows), "--date", LISTING, "--replace")
    refuse(project, 16, words, command=(*command, "--observed-before", f"{LISTING}T23:59:59Z"))


INDEXES = {
    "an unquoted date": f"building: {{{LISTING}: {{previous: snapshots/none.json}}}}\npublished: {{}}",
    "a day that does not exist": 'building: {"2026-02-30": {previous: snapshots/none.json}}\npublished: {}',
    "no YAML": "building: [",
    "a misspelt section": f'building: {{"{LISTING}": {{previous: snapshots/none.json}}}}\npublishd: {{}}',
    "a date in both": f'building: {{"{LISTING}": {{previous: a}}}}\npublished: {{"{LISTING}": {{}}}}',
    "no previous": f'building: {{"{LISTING}": {{}}}}\npublished: {{}}',
    "an unknown field": f'building: {{"{LISTING}": {{previous: a, reson: b}}}}\npublished: {{}}',
    "a previous elsewhere": f'building: {{"{LISTING}": {{previous: ../manifest.json}}}}\npublished: {{}}',
    "a previous that is no date": (
        f'building: {{"{LISTING}": {{previous: snapshots/latest/manifest.json}}}}\npublished: {{}}'
    ),
    "nothing": "",
}


@pytest.mark.parametrize("content", INDEXES.values(), ids=INDEXES)
def test_a_broken_index(project: Layout, content: str) -> None:
    project.index.write_text(content)
    refuse(project, 16, "snapshots/index.yaml ", "correct it as its comment says")


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_broken_previous_manifest(project: Layout, content: str | None) -> None:
    project.no_previous.unlink()
    if content is not None:
        project.no_previous.write_text(content)
    refuse(project, 16, "snapshots/none.json")


def test_a_date_where_none_should_be(project: Layout) -> None:
    project.no_previous.write_text('{"snapshot_date": "2025-12-07"}')
    refuse(project, 13, "snapshots/none.json stands for no date and names one")


_PARAMS = (
    "scopes: {tasks: {a: full}, type_tags: [b], counted: [c]}\naudio_tags: [d]\nexpected_models: {a: 1}\n"
    "base_depth: 2\nshrink_limit: 0.2\nmemory_tiers_gb: [8]\nhub_total_disagreement: 0.02\n"
)


def _limits(**more: float) -> str:
    """Limits of drift as YAML, all legal but for those given."""
    return yaml.safe_dump(dict.fromkeys(LIMITS, 0.1) | more, default_flow_style=True).strip()


PARAMS = {
    "none": (None, "params.yaml cannot be read"),
    "no YAML": ("scopes: [", "params.yaml cannot be read"),
    "a list": ("[]", "params.yaml holds no parameters"),
    "one missing": (
        "scopes: {tasks: {a: full}, type_tags: [b], counted: [c]}\n",
        "audio_tags must be a list",
    ),
    "one of another type": ("scopes: a\n", "scopes must be tasks with their depth"),
    "no limits": (_PARAMS, "drift must be numbers named rows_lost, rows_gained, fill_rate_lost, "),
    "a limit missing": (f"{_PARAMS}drift: {{rows_lost: 0.1}}\n", "drift must be numbers named"),
    "a limit below 0": (f"{_PARAMS}drift: {_limits(rows_lost=-0.1)}\n", "none below 0"),
    "a limit that is no number": (f"{_PARAMS}drift: {_limits(rows_lost=True)}\n", "drift must be numbers"),
    "a limit without end": (f"{_PARAMS}drift: {_limits(rows_gained=math.inf)}\n", "drift must be numbers"),
}


@pytest.mark.parametrize(("content", "words"), PARAMS.values(), ids=PARAMS)
def test_broken_parameters(project: Layout, content: str | None, words: str) -> None:
    project.params.unlink()
    if content is not None:
        project.params.write_text(content)
    refuse(project, 16, words)


@pytest.mark.parametrize("name", ["dataset_card.md", "requirements.lock"])
def test_a_missing_file_of_the_project(project: Layout, name: str) -> None:
    (project.root / name).unlink()
    refuse(project, 16, name, "restore it from the repository")


def test_a_template_that_is_not_text(project: Layout) -> None:
    project.card_template.write_bytes(b"\xff\xfe")
    refuse(project, 16, "dataset_card.md cannot be read as UTF-8")


def test_no_capture(project: Layout) -> None:
    shutil.rmtree(project.capture(LISTING))
    refuse(project, 10, f"{LISTING}/capture: there is no capture", "builder import")


def test_no_folder_at_all(project: Layout) -> None:
    shutil.rmtree(project.snapshot(LISTING))
    refuse(project, 10, f"{LISTING}/capture: there is no capture", "builder import")
    assert not project.snapshot(LISTING).exists()


def test_a_capture_that_lacks_a_file(project: Layout) -> None:
    EvidenceFolder(project.capture(LISTING)).observed.unlink()
    refuse(project, 10, "observed.jsonl: the file is missing")


def test_a_capture_that_breaks_off(project: Layout) -> None:
    shard = EvidenceFolder(project.capture(LISTING)).records(0)
    shard.write_bytes(shard.read_bytes()[:-100])
    refuse(project, 16, "records-00000.jsonl: the file breaks off after")


def test_a_capture_with_other_bytes(project: Layout) -> None:
    shard = EvidenceFolder(project.capture(LISTING)).records(0)
    shard.write_bytes(shard.read_bytes().replace(b'"likes":3', b'"likes":4'))
    refuse(project, 16, "records-00000.jsonl: the file has other bytes")


def test_a_description_that_is_not_json(project: Layout) -> None:
    EvidenceFolder(project.capture(LISTING)).description.write_text("{")
    refuse(project, 16, "capture.json: not the description of a capture")


def test_the_capture_of_another_date(project: Layout) -> None:
    shutil.rmtree(project.capture(LISTING))
    shutil.copytree(project.capture(EXPORT), project.capture(LISTING))
    refuse(project, 16, f"snapshots/{LISTING}/capture is evidence of {EXPORT}")


def _change(records: Records, part: str, **fields: object) -> list[JsonObject]:
    """The records, with fields of one part of Echo changed."""
    for record in records:
        if record["repo_id"] == ECHO:
            record["parts"][part].update(fields)
    return records


RECORDS: dict[str, tuple[int, Callable[[Records], list[Records]], str]] = {
    "a negative count": (16, lambda r: [_change(r, "list", downloads=-1)], "list.downloads is -1"),
    "a leftover field": (16, lambda r: [_change(r, "list", colour="red")], "the field list.colour"),
    "an unknown relation": (
        11,
        lambda r: [_change(r, "list", baseModels={"relation": "quantised", "models": [{"id": "a/b"}]})],
        "quantised",
    ),
    "a part that nobody knows": (
        16,
        lambda r: [[record | {"parts": record["parts"] | {"headers": {}}} for record in r]],
        "headers",
    ),
    "a repeated record": (16, lambda r: [[*r, r[0]]], "records-00000.jsonl:28: Zoo/twin-3b stands already"),
    "a record in two shards": (16, lambda r: [r, r[:1]], "records-00001.jsonl:1: Zoo/twin-3b stands already"),
    "a record that was never read": (
        16,
        lambda r: [[*r, r[0] | {"repo_id": "acme/late"}]],
        "record acme/late: observed.jsonl does not say when",
    ),
}


@pytest.mark.parametrize(("code", "change", "words"), RECORDS.values(), ids=RECORDS)
def test_a_record_that_is_not_what_it_must_be(
    project: Layout, code: int, change: Callable[[Records], list[Records]], words: str
) -> None:
    rewrite_evidence(project, LISTING, change)
    refuse(project, code, words, "records-0000")


@pytest.mark.parametrize("line", ["{", "[]", '{"repo_id": "a"}', '{"repo_id": 1, "observed_at": 2}'])
def test_times_of_reading_that_cannot_be_read(project: Layout, line: str) -> None:
    evidence = EvidenceFolder(project.capture(LISTING))
    evidence.observed.write_text(f"{evidence.observed.read_text()}{line}\n")
    describe_again(evidence)
    refuse(project, 16, "observed.jsonl, line 28: not a line of its shape")


@pytest.mark.parametrize("line", ["{", '{"pipeline_tag": "x", "model_count": "many"}'])
def test_counts_of_tasks_that_cannot_be_read(project: Layout, line: str) -> None:
    evidence = EvidenceFolder(project.capture(LISTING))
    evidence.counts.write_text(f"{line}\n")
    describe_again(evidence)
    refuse(project, 16, "counts.jsonl, line 1: not a line of its shape")


@pytest.fixture
def own_curated(project: Layout, curated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Curated files to change."""
    folder = project.root / "curated"
    shutil.copytree(curated, folder)
    monkeypatch.setattr(Layout, "curated", folder)
    return folder


@pytest.mark.parametrize("content", [None, "families: [", "[]", "titles: {a: b"])
def test_a_broken_curated_file(project: Layout, own_curated: Path, content: str | None) -> None:
    (own_curated / "families.yaml").unlink()
    if content is not None:
        (own_curated / "families.yaml").write_text(content)
    refuse(project, 16, "curated/families.yaml")


def test_a_curated_fact_that_stands_twice(project: Layout, own_curated: Path) -> None:
    path = own_curated / "backbones.yaml"
    document = yaml.safe_load(path.read_text())
    document["backbones"].append(document["backbones"][0])
    path.write_text(yaml.safe_dump(document))
    refuse(project, 11, "builder/tables/curated: ", "occurs once")


def _correct(folder: Path, repo_id: str, column: str, value: object, target: str = "") -> None:
    fact: dict[str, object] = {"repo_id": repo_id, "column": column, "value": value}
    fact["dates"] = [EXPORT, LISTING]
    fact |= {"reason": "only its maker knows", "source": "a letter"} | ({"target": target} if target else {})
    (folder / "corrections.yaml").write_text(yaml.safe_dump({"corrections": [fact]}))


CORRECTIONS = {
    "of a repository that is gone": (11, ("gone/x", "kind", "original"), "be about a repository"),
    "of a column that no rule decides": (11, (ECHO, "downloads", "12"), "be about a column"),
    "that a rule makes needless": (11, (ECHO, "kind", "original"), "be needed, but without it"),
    "with a value outside the vocabulary": (11, (ECHO, "kind", "masterpiece"), "kind = masterpiece"),
    "with a value that YAML does not read as text": (16, (ECHO, "kind", True), "corrections.yaml"),
}


@pytest.mark.parametrize(("code", "fact", "words"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_correction_that_corrects_nothing(
    project: Layout, own_curated: Path, code: int, fact: tuple[str, str, object], words: str
) -> None:
    _correct(own_curated, *fact)
    refuse(project, code, words, ECHO if fact[0] == ECHO else "gone/x")


def test_a_correction_that_is_needed_acts(project: Layout, own_curated: Path) -> None:
    _correct(own_curated, "mirrors/Echo-7B-Instruct", "kind", "finetune", ECHO)
    result = CliRunner().invoke(main, ["build", LISTING, "--json"])
    assert result.exit_code == 0, result.output
    models = pl.read_parquet(project.table(LISTING, "models"))
    found = models.row(by_predicate=pl.col("repo_id") == "mirrors/Echo-7B-Instruct", named=True)
    assert (found["kind"], found["kind_evidence"]) == ("finetune", "curated")
    assert found["unique_model_id"] == found["repo_id"]


@pytest.mark.parametrize("after", [0, 3, 10])
def test_a_full_disk(project: Layout, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    opened, left = parquet._open, [after]

    def fill(path: Path, schema: object) -> object:
        if path.parent.name == "data":
            left[0] -= 1
        if left[0] < 0:
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device", str(path))
        return opened(path, schema)

    monkeypatch.setattr(parquet, "_open", fill)
    project.manifest(LISTING).write_text("as it was")
    refuse(project, 13, f"snapshots/{LISTING}: No space left on device (", ".parquet)", "same command again")


def test_a_folder_that_cannot_be_written(project: Layout) -> None:
    # A file in the place of a folder refuses everybody, an administrator too.
    shutil.rmtree(project.work, ignore_errors=True)
    project.work.write_text("in the way")
    refuse(project, 13, f"snapshots/{LISTING}: Not a directory")


def test_a_card_on_a_full_disk(project: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_sync(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse_sync)
    refuse(project, 13, f"snapshots/{LISTING}: Input/output error", command=("card", LISTING))


def test_two_builds_of_one_date(project: Layout) -> None:
    with store.hold_folder(project.snapshot(LISTING)):
        refuse(project, 13, f"another process is writing snapshots/{LISTING}")


def test_a_card_of_other_data(project: Layout) -> None:
    manifest = json.loads(project.manifest(LISTING).read_text())
    manifest["irregularities"] = []
    manifest["code_sha256"] = "0" * 64
    project.manifest(LISTING).write_text(json.dumps(manifest))
    refuse(project, 14, f"the card of {LISTING} is not the one", command=("card", LISTING))


def test_a_card_that_was_edited(project: Layout) -> None:
    project.card(LISTING).write_text("mine")
    refuse(project, 14, f"snapshots/{LISTING}/README.md is not", command=("card", LISTING, "--check"))


def test_a_picture_that_was_edited_lost_or_added(project: Layout) -> None:
    check = ("card", LISTING, "--check")
    picture = project.figures(LISTING) / "collapse.svg"
    drawn = picture.read_bytes()
    picture.write_bytes(drawn.replace(b"#0072b2", b"#ff0000"))
    refuse(project, 14, f"snapshots/{LISTING}/figures/collapse.svg is not", command=check)
    refuse(project, 13, "figures/collapse.svg is missing or has other bytes", command=("validate", LISTING))
    picture.unlink()
    refuse(project, 14, f"snapshots/{LISTING}/figures/collapse.svg is not", command=check)
    picture.write_bytes(drawn)
    picture.with_name("mine.svg").write_bytes(drawn)
    refuse(project, 14, f"snapshots/{LISTING}/figures/mine.svg is not", command=check)
    refuse(project, 13, "figures/mine.svg is not in the manifest", command=("validate", LISTING))
    # The card's own command puts all of it right.
    assert CliRunner().invoke(main, ["card", LISTING]).exit_code == 0
    assert CliRunner().invoke(main, [*check]).exit_code == 0
    assert CliRunner().invoke(main, ["validate", LISTING]).exit_code == 0


def test_a_snapshot_that_is_not_built(project: Layout) -> None:
    project.manifest(LISTING).unlink()
    for command in ("card", "validate"):
        refuse(project, 13, f"snapshots/{LISTING}/manifest.json is missing", command=(command, LISTING))


@pytest.mark.parametrize(("content", "code"), [("{", 16), ("{}", 13), ('{"files": {}}', 13)])
def test_a_broken_manifest(project: Layout, content: str, code: int) -> None:
    project.manifest(LISTING).write_text(content)
    for command in ("card", "validate"):
        refuse(project, code, f"snapshots/{LISTING}/manifest.json", command=(command, LISTING))


def test_a_snapshot_with_another_file_or_other_bytes(project: Layout) -> None:
    table = project.table(LISTING, "tasks")
    extra = table.with_name("extra.parquet")
    shutil.copy(table, extra)
    refuse(project, 13, "data/extra.parquet is not in the manifest", command=("validate", LISTING))
    extra.unlink()
    shutil.copy(project.table(LISTING, "gaps"), table)
    refuse(project, 13, "data/tasks.parquet is missing or has other bytes", command=("validate", LISTING))


def test_a_bug_is_one_sentence_and_a_traceback_in_the_log(
    project: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(parquet, "hash_content", fail)
    refuse(project, 1, "this is a bug in the builder", ".work/builder.log")
    assert "ZeroDivisionError" in project.log.read_text()


def test_a_card_of_a_published_date_is_not_written(project: Layout) -> None:
    write_index(project, [EXPORT], describe_published(project, LISTING))
    refuse(project, 13, f"{LISTING} is published and never changes", command=("card", LISTING))
    assert CliRunner().invoke(main, ["card", LISTING, "--check"]).exit_code == 0


def test_a_published_manifest_that_was_changed(project: Layout) -> None:
    write_index(project, [EXPORT], describe_published(project, LISTING, manifest_sha256="b" * 64))
    for command in (("validate", LISTING), ("card", LISTING, "--check")):
        refuse(project, 13, "manifest.json has other bytes than were published", command=command)


@pytest.mark.parametrize(
    "field", ["repo_id", "branch", "tag", "hub_commit", "code_commit", "manifest_sha256"]
)
def test_a_published_date_without_where_it_lies(project: Layout, field: str) -> None:
    write_index(project, [EXPORT], describe_published(project, LISTING, **{field: "no such thing"}))
    refuse(project, 16, f"gives the published {LISTING} no proper `{field}`", command=("validate", LISTING))


def test_a_file_beside_those_of_the_manifest(project: Layout) -> None:
    (project.snapshot(LISTING) / "notes.txt").write_text("mine")
    refuse(
        project, 13, f"snapshots/{LISTING}/notes.txt is not in the manifest", command=("validate", LISTING)
    )


def test_tables_beside_other_evidence(project: Layout) -> None:
    rewrite_evidence(project, LISTING, lambda records: [records[1:]])
    refuse(project, 13, "was made from other evidence than its capture", command=("validate", LISTING))


def test_tables_without_evidence(project: Layout) -> None:
    shutil.rmtree(project.capture(LISTING))
    refuse(project, 10, "there is no capture", command=("validate", LISTING))


def test_an_import_that_parse_would_refuse_replaces_nothing(project: Layout, tmp_path: Path) -> None:
    row = {"id": "org/base-7b-GGUF", "tags": ["base_model:quantised:org/base-7b"]}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    options = ("--format", "hub-listing", "--date", LISTING, "--observed-before", f"{LISTING}T23:59:59Z")
    command = ("import", str(tmp_path / "rows.jsonl"), *options, "--replace")
    refuse(project, 11, "org/base-7b-GGUF", "quantised", command=command)
