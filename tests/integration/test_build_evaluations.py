"""A built date with a leaderboard: whose numbers they are, when they stood there, and what runs where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from click.testing import CliRunner

from builder import stages, validation
from builder.cli import main
from builder.layout import Layout
from builder.parse.open_asr import LONG, MULTILINGUAL, SHORT
from builder.reading import read_manifest, read_tables
from builder.redaction import render_entry
from builder.takedown import plan_takedown
from tests.integration.capture.test_import_leaderboard import sheet
from tests.integration.invented_hub import ECHO, LISTING, rewrite_evidence

WHISPER, VOXTRAL = "openai/whisper-large-v3", "mistralai/Voxtral-Mini-3B-2507"
ENTRIES = [
    {"listed_as": ["board/acme-echo"], "repo_id": ECHO, "audio_language_model": False, "reason": "a test"},
    {"listed_as": [WHISPER], "audio_language_model": False, "reason": "a test"},
    {"listed_as": [VOXTRAL], "audio_language_model": True, "reason": "a test"},
    {"listed_as": ["acme/cloud"], "hosted": True, "reason": "a test"},
]
Import = Callable[..., Any]


@pytest.fixture
def curated_here(project: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the curated facts to change, in which the leaderboard has four names."""
    assert project.root.is_dir()
    folder = tmp_path / "curated"
    shutil.copytree(Layout.curated, folder)  # type: ignore[arg-type] # a folder, by a fixture
    monkeypatch.setattr(Layout, "curated", folder)
    (folder / "leaderboards.yaml").write_text(yaml.safe_dump({"leaderboards": {"open-asr": ENTRIES}}))
    return folder


@pytest.fixture
def take_in(project: Layout, tmp_path: Path, curated_here: Path) -> Import:
    """Imports the leaderboard as a user does, with one average per name."""
    assert curated_here.is_dir()

    def run(rates: dict[str, str], day: str = "2026-08-21") -> Any:  # noqa: ANN401 - of click
        short = [{"model": name, "Avg. WER": rate, "RTFx": "-1"} for name, rate in rates.items()]
        german = [{"model": name, "de_fleurs": rate} for name, rate in rates.items()]
        sheets = (sheet(SHORT, *short), sheet(LONG), sheet(MULTILINGUAL, *german))
        paths = [tmp_path / f"{number}.csv" for number in range(3)]
        for path, content in zip(paths, sheets, strict=True):
            path.write_text(content)
        origin = ("--origin-repository", "acme/board", "--origin-commit", "d1e99b2")
        command = ("import", "--format", "open-asr", *map(str, paths), "--observed-on", day, *origin)
        return CliRunner().invoke(main, command)

    assert project.root.is_dir()
    return run


def build(layout: Layout) -> dict[str, pl.DataFrame]:
    stages.build_snapshot(layout, LISTING)
    stages.write_card(layout, LISTING)
    assert validation.validate_snapshot(layout, LISTING)
    return {name: frame.collect() for name, frame in read_tables(layout, LISTING).items()}


def test_without_a_leaderboard_there_is_nothing_measured(built: Layout) -> None:
    manifest = read_manifest(built, LISTING)
    assert manifest["made_from"]["leaderboards"] == []
    assert manifest["tables"]["evaluations"]["rows"] == 0
    assert "No leaderboard was imported" in built.card(LISTING).read_text()
    assert "## Beside classic recognition" not in built.card(LISTING).read_text()


def test_numbers_are_those_of_repositories_and_say_when_they_stood_there(
    project: Layout, take_in: Import
) -> None:
    result = take_in({"board/acme-echo": "6.5", WHISPER: "7.4", VOXTRAL: "7.1", "acme/cloud": "5"})
    assert result.exit_code == 0, result.output
    assert result.output.startswith("open-asr of 2026-08-21 written: 8 numbers of 4 systems, facts ")
    evaluations = build(project)["evaluations"]
    short = evaluations.filter(dataset_id="hf-audio/open-asr-leaderboard/average").to_dicts()
    assert {row["repo_id"]: (row["value"], row["reference"], row["in_snapshot"]) for row in short} == {
        # The snapshot knows it for an audio-language model, whatever the map says.
        ECHO: (6.5, False, True),
        WHISPER: (7.4, True, False),
        VOXTRAL: (7.1, False, False),
    }
    assert {row["listed_as"] for row in short} == {"board/acme-echo", None}
    assert {row["language"] for row in short} == {"en"}
    assert set(evaluations.get_column("observed_at").dt.date()) == {date(2026, 8, 21)}
    assert set(evaluations.get_column("source_url")) == {"https://github.com/acme/board/tree/d1e99b2"}
    german = evaluations.filter(language="de")
    assert german.height == 3
    (used,) = read_manifest(project, LISTING)["made_from"]["leaderboards"]
    assert (used["name"], used["observed_on"], used["license"]) == ("open-asr", "2026-08-21", "Apache-2.0")
    card = project.card(LISTING).read_text()
    assert "as it stood on 21 August 2026" in card
    assert "not on the day of this snapshot" in card


def test_a_date_takes_the_newest_observation_not_after_it(project: Layout, take_in: Import) -> None:
    for day, rate in (("2026-03-26", "9"), ("2026-05-01", "8"), ("2026-08-21", "7")):
        assert take_in({WHISPER: rate}, day).exit_code == 0
    assert set(build(project)["evaluations"].get_column("value")) == {8.0}


def test_facts_that_change_after_the_build_are_noticed(project: Layout, take_in: Import) -> None:
    take_in({WHISPER: "7"})
    build(project)
    shutil.rmtree(project.leaderboards)
    result = CliRunner().invoke(main, ["validate", LISTING])
    assert result.exit_code == 13
    assert "was made from other facts of open-asr on 2026-08-21" in result.stderr


def test_a_name_that_the_map_lost_is_told(project: Layout, take_in: Import, curated_here: Path) -> None:
    take_in({WHISPER: "7", VOXTRAL: "8"})
    (curated_here / "leaderboards.yaml").write_text(
        yaml.safe_dump(
            {"leaderboards": {"open-asr": [entry for entry in ENTRIES if entry["listed_as"] != [VOXTRAL]]}}
        )
    )
    before = project.manifest(LISTING).read_bytes()
    result = CliRunner().invoke(main, ["build", LISTING])
    assert result.exit_code == 16
    assert (
        f"nothing says which repository {VOXTRAL} is; add it to builder/tables/curated/leaderboards.yaml"
        in (" ".join(result.stderr.split()))
    )
    assert project.manifest(LISTING).read_bytes() == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--format", "open-asr"), "The format open-asr takes --observed-on"),
        (("--format", "open-asr", "--observed-on", "2026-08-21", "--date", "2026-08-21"), "and no --date"),
        (("--format", "hub-listing"), "takes --date and --observed-before, and no --observed-on"),
        (
            (
                "--format",
                "hub-listing",
                "--date",
                "2026-08-21",
                "--observed-before",
                "x",
                "--observed-on",
                "y",
            ),
            "and no --observed-on",
        ),
    ],
)
def test_each_format_has_its_own_times(project: Layout, options: tuple[str, ...], sentence: str) -> None:
    assert project.root.is_dir()
    result = CliRunner().invoke(main, ["import", *options, "a.csv"])
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())


def test_a_redacted_repository_is_in_no_number(project: Layout, take_in: Import, curated_here: Path) -> None:
    take_in({"board/acme-echo": "6.5", WHISPER: "7.4", VOXTRAL: "7.1"})
    since = date(2026, 6, 1)
    affected = {entry.date: entry for entry in plan_takedown(project, WHISPER, "request", since).dates}
    assert affected[LISTING].mentions == 2
    entries = "".join(render_entry(name, "request", since) for name in (WHISPER, ECHO))
    (curated_here / "redactions.yaml").write_text(f"redactions:\n{entries}")
    evaluations = build(project)["evaluations"]
    assert set(evaluations.get_column("repo_id")) == {VOXTRAL}
    assert evaluations.get_column("listed_as").null_count() == evaluations.height


def test_results_that_the_hub_shows_are_scores_without_a_unit(project: Layout, curated_here: Path) -> None:
    assert curated_here.is_dir()
    score = {"dataset": {"id": "acme/bench", "task_id": "german"}, "value": 87.5}

    def add(records: list[Any]) -> list[list[Any]]:
        for record in records:
            if record["repo_id"] == ECHO:
                record["parts"]["list"]["evalResults"] = [{"data": score}]
        return [records]

    rewrite_evidence(project, LISTING, add)
    (row,) = build(project)["evaluations"].to_dicts()
    assert (row["repo_id"], row["dataset_id"], row["metric"]) == (ECHO, "acme/bench/german", "score")
    assert (row["value"], row["unit"], row["source"]) == (87.5, "not stated", "hub")
    assert (row["reference"], row["language"], row["listed_as"]) == (False, None, None)
    assert row["source_url"] == f"https://huggingface.co/{ECHO}"


def test_variants_run_where_design_and_format_are_taken(built: Layout) -> None:
    tables = {name: frame.collect() for name, frame in read_tables(built, LISTING).items()}
    runtimes = tables["runtimes"].filter(model_type="qwen2_audio")
    status = dict(zip(runtimes.get_column("runtime"), runtimes.get_column("status"), strict=True))
    assert status["llama.cpp"] == "broken"
    (echo,) = tables["unique_models"].filter(unique_model_id=ECHO).to_dicts()
    assert echo["runtimes"] == sorted(name for name, stated in status.items() if stated == "works")
    variants = tables["variants"].filter(repo_id=ECHO)
    assert set(map(tuple, variants.get_column("runtimes"))) == {("transformers", "vllm")}
    gguf = tables["models"].filter(pl.col("weight_formats").list.contains("gguf")).get_column("repo_id")
    of_gguf = tables["variants"].filter(pl.col("repo_id").is_in(gguf.implode()))
    assert not of_gguf.get_column("runtimes").drop_nulls().list.join(" ").str.contains("vllm").any()


def test_what_runs_nowhere_by_any_source_has_no_runtime(built: Layout) -> None:
    tables = {name: frame.collect() for name, frame in read_tables(built, LISTING).items()}
    known = set(tables["runtimes"].get_column("model_type"))
    types = tables["models"].select("unique_model_id", "model_type").drop_nulls()
    unknown = types.filter(~pl.col("model_type").is_in(known)).get_column("unique_model_id")
    others = tables["unique_models"].filter(pl.col("unique_model_id").is_in(unknown.implode()))
    assert others.get_column("runtimes").null_count() == others.height
