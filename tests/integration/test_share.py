"""A date handed on: citations that parse and name the content, and tables that other programs read back."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
import yaml
from click.testing import CliRunner

from builder import sharing
from builder.cli import main
from builder.export.cells import restore
from builder.snapshot import store
from schemas.tables import TABLES
from tests.integration.invented_hub import EXPORT, LISTING, files_below, write_index

if TYPE_CHECKING:
    from builder.layout import Layout

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def invoke(*arguments: str, code: int = 0) -> str:
    """What a command says; an error is one sentence without a traceback."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    if code:
        assert re.fullmatch(r"error: [^\n]+\n", result.stderr), result.stderr
    return result.output


def publish(layout: Layout, **more: str) -> None:
    """List a date as published, as `builder publish` does."""
    fields = {
        "repo_id": "acme/audio-multimodal-models",
        "tag": LISTING,
        "hub_commit": COMMIT,
        "manifest_sha256": str(store.describe_file(layout.manifest(LISTING))["sha256"]),
        **more,
    }
    write_index(layout, [EXPORT], published=json.dumps({LISTING: {k: v for k, v in fields.items() if v}}))


def fields_of(bibtex: str) -> dict[str, str]:
    assert bibtex.count("{") == bibtex.count("}")
    return dict(re.findall(r"(?m)^  (\w+) += \{(.*)\},$", bibtex))


def test_a_draft_is_cited_by_its_content_alone(project: Layout) -> None:
    fields = fields_of(invoke("cite", LISTING))
    content = sharing.cite_date(project, LISTING).content_sha256
    assert f"content sha256:{content}; a draft, which may still change" in fields["note"]
    assert fields["howpublished"] == "Not published yet"
    document = yaml.safe_load(invoke("cite", LISTING, "--format", "cff"))
    assert document["message"].startswith("Not published yet")
    assert "commit" not in document
    assert [entry["value"] for entry in document["identifiers"]] == [f"sha256:{content}"]


def test_a_published_date_is_cited_by_its_place_too(project: Layout) -> None:
    publish(project)
    fields = fields_of(invoke("cite", LISTING))
    assert fields["howpublished"].endswith(
        f"acme/audio-multimodal-models, revision {LISTING}, commit {COMMIT}"
    )
    assert fields["url"] == f"https://huggingface.co/datasets/acme/audio-multimodal-models/tree/{LISTING}"
    cited = json.loads(invoke("cite", LISTING, "--json"))
    assert cited["place"]["commit"] == COMMIT


def test_the_cff_is_one_of_format_1_2_0(project: Layout) -> None:
    publish(project)
    document = yaml.safe_load(invoke("cite", LISTING, "--format", "cff"))
    # What the format demands, and the forms that it gives these fields.
    assert {"authors", "cff-version", "message", "title"} <= set(document)
    assert (document["cff-version"], document["type"]) == ("1.2.0", "dataset")
    assert set(document) <= {
        *(
            "abstract",
            "authors",
            "cff-version",
            "commit",
            "date-released",
            "identifiers",
            "keywords",
            "license",
        ),
        *("message", "repository", "title", "type", "url", "version"),
    }
    assert document["authors"] == [{"name": "The audio-multimodal-models maintainers"}]
    assert (document["version"], document["date-released"]) == (LISTING, LISTING)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", document["date-released"])
    assert re.fullmatch(r"[0-9a-f]{40}", document["commit"])
    assert document["license"] == "ODC-By-1.0"
    assert len(set(document["keywords"])) == len(document["keywords"])
    for entry in document["identifiers"]:
        assert set(entry) == {"type", "value", "description"}
        assert entry["type"] == "other"
    assert document["url"].startswith("https://")


def test_the_content_hash_is_that_of_the_rows_and_of_nothing_else(built: Layout, project: Layout) -> None:
    before = sharing.cite_date(built, LISTING).content_sha256
    manifest = json.loads(project.manifest(LISTING).read_text())
    manifest |= {"code_sha256": "0" * 64, "versions": {}}
    manifest["tables"] = dict(reversed(manifest["tables"].items()))
    project.manifest(LISTING).write_text(json.dumps(manifest))
    assert sharing.cite_date(project, LISTING).content_sha256 == before
    manifest["tables"]["tasks"]["content_sha256"] = "0" * 64
    project.manifest(LISTING).write_text(json.dumps(manifest))
    assert sharing.cite_date(project, LISTING).content_sha256 != before


@pytest.mark.parametrize("command", [("cite",), ("export", "--format", "csv", "--output", "out")])
def test_a_date_that_is_not_there_or_not_built(project: Layout, command: tuple[str, ...]) -> None:
    name, *options = command
    assert "is not under `building:`" in invoke(name, "2020-01-01", *options, code=13)
    project.manifest(LISTING).unlink()
    assert "is missing; run `builder build" in invoke(name, LISTING, *options, code=13)
    assert not Path("out").exists()


def test_a_published_date_with_other_bytes_or_without_a_place(project: Layout) -> None:
    publish(project, manifest_sha256="0" * 64)
    assert "has other bytes than were published" in invoke("cite", LISTING, code=13)
    publish(project, hub_commit="")
    assert f"gives the published {LISTING} no `hub_commit`" in invoke("cite", LISTING, code=16)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"files": {}, "tables": {"a": {}}, "made_from": {}, "versions": {}}']
)
def test_a_broken_manifest_cannot_be_cited(project: Layout, content: str) -> None:
    project.manifest(LISTING).write_text(content)
    result = CliRunner().invoke(main, ["cite", LISTING])
    assert result.exit_code in {13, 16}
    assert "manifest.json" in result.stderr


@pytest.fixture
def exported(project: Layout) -> Path:
    invoke("export", LISTING, "--format", "csv", "--output", "out")
    return project.root / "out"


def test_an_export_holds_every_table_and_their_columns(exported: Path) -> None:
    names = {f"{table.name}.csv" for table in TABLES}
    assert {path.name for path in exported.iterdir()} == {*names, "columns.csv", "README.md"}
    with (exported / "columns.csv").open(encoding="utf-8", newline="") as stream:
        columns = [(row["table_name"], row["column_name"]) for row in csv.DictReader(stream)]
    assert columns == [(table.name, name) for table in TABLES for name in table.column_names]
    readme = (exported / "README.md").read_text()
    assert "content sha256:" in readme
    assert "apostrophe" in readme


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_csv_gives_the_rows_back(project: Layout, exported: Path, table: Any) -> None:  # noqa: ANN401 - a declaration
    wanted = pl.read_parquet(project.table(LISTING, table.name))
    with (exported / f"{table.name}.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == table.column_names
    assert len(rows) == wanted.height
    for cells, row in zip(rows, wanted.iter_rows(), strict=True):
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, list):
                assert json.loads(cell) == value
            elif isinstance(value, str):
                assert restore(cell) == value
            else:
                assert (cell == "") == (value is None)
            # No cell of text is a formula; numbers are numbers.
            assert isinstance(value, int | float) or not cell.startswith(("=", "+", "-", "@", "\t"))


def test_duckdb_reads_csv_as_the_tables_are_typed(project: Layout, exported: Path) -> None:
    for name in ("variants", "models"):
        with duckdb.connect() as connection:
            seen = connection.read_csv(str(exported / f"{name}.csv")).pl()
        wanted = pl.read_parquet(project.table(LISTING, name))
        plain = [column for column, kind in wanted.schema.items() if kind in {pl.Int64(), pl.Boolean()}]
        known = [column for column in plain if wanted[column].count()]
        assert len(known) >= 3
        assert seen.select(known).rows() == wanted.select(known).rows()


def test_json_gives_the_rows_back(project: Layout) -> None:
    invoke("export", LISTING, "--format", "json", "--output", "lines")
    for table in TABLES:
        wanted = pl.read_parquet(project.table(LISTING, table.name))
        lines = (project.root / "lines" / f"{table.name}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        assert [list(row) for row in rows] == [list(table.column_names)] * wanted.height
        kinds = wanted.schema
        same = [
            name for name in table.column_names if kinds[name] not in {pl.Date(), pl.Datetime("ms", "UTC")}
        ]
        assert [{name: row[name] for name in same} for row in rows] == wanted.select(same).to_dicts()


def test_an_export_repeats_byte_for_byte_over_an_earlier_one(exported: Path) -> None:
    before = files_below(exported)
    (exported / "tasks.csv").write_text("old")
    (exported / ".making-killed").mkdir()
    told = json.loads(invoke("export", LISTING, "--format", "csv", "--output", str(exported), "--json"))
    assert files_below(exported) == before
    assert told["rows"]["models"] > 0
    assert told["bytes"] == sum(map(len, before.values()))


def test_a_folder_with_anything_else_in_it_is_left_alone(project: Layout, exported: Path) -> None:
    notes = exported / "notes.txt"
    notes.write_text("mine")
    before = files_below(exported)
    told = invoke("export", LISTING, "--format", "csv", "--output", "out", code=2)
    assert "out holds notes.txt, which no export in this format made" in told
    notes.unlink()
    assert "out holds changes.csv" in invoke("export", LISTING, "--format", "json", "--output", "out", code=2)
    assert files_below(exported) == {name: bytes_ for name, bytes_ in before.items() if name != "notes.txt"}
    # Somebody's own README is no sign of an export.
    (project.root / "mine").mkdir()
    (project.root / "mine" / "README.md").write_text("# My models\n")
    assert "mine holds README.md" in invoke("export", LISTING, "--format", "csv", "--output", "mine", code=2)
    assert (project.root / "mine" / "README.md").read_text() == "# My models\n"


def test_an_output_that_is_no_folder_or_cannot_be_made(project: Layout) -> None:
    (project.root / "file").write_text("mine")
    assert "file is no folder" in invoke("export", LISTING, "--format", "csv", "--output", "file", code=2)
    told = invoke("export", LISTING, "--format", "csv", "--output", "file/inside", code=13)
    assert "inside: Not a directory" in told
    assert (project.root / "file").read_text() == "mine"


@pytest.mark.parametrize("there", [False, True])
def test_a_full_disk_leaves_what_was_there(
    project: Layout, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    if there:
        invoke("export", LISTING, "--format", "csv", "--output", "out")
    before = files_below(project.root)

    def fill(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(sharing, "_write_rows", fill)
    assert "out: No space left on device" in invoke(
        "export", LISTING, "--format", "csv", "--output", "out", code=13
    )
    assert files_below(project.root) == before


def test_tables_with_other_bytes_are_not_exported(project: Layout) -> None:
    shutil.copy(project.table(LISTING, "gaps"), project.table(LISTING, "tasks"))
    told = invoke("export", LISTING, "--format", "csv", "--output", "out", code=13)
    assert "data/tasks.parquet is missing or has other bytes" in told
    assert not (project.root / "out").exists()
