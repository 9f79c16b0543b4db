"""The card as text: YAML that loads, a first screen that answers, and no table without its columns."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import UndefinedError
from markdown_it import MarkdownIt

from builder.card.facts import CardFacts, collect_facts
from builder.card.render import render_card, render_front_matter
from schemas.tables import TABLES, table
from schemas.to_features import to_features
from tests.unit.card_fixture import PARAMS, tiny_rows, to_frames, to_manifest

TEMPLATE = (Path(__file__).parents[2] / "dataset_card.md").read_text(encoding="utf-8")


@pytest.fixture
def facts() -> CardFacts:
    frames = to_frames(tiny_rows())
    return collect_facts(frames, to_manifest(frames), PARAMS)


@pytest.fixture
def card(facts: CardFacts) -> str:
    return render_card(TEMPLATE, facts)


def split(card: str) -> tuple[dict[str, Any], str]:
    """Front matter and body, cut where `datasets` cuts: at the second line that is a fence."""
    _, front_matter, body = re.split(r"(?m)^---$\n", card, maxsplit=2)
    return yaml.safe_load(front_matter), body


def test_front_matter_names_every_table_that_can_be_loaded(card: str) -> None:
    front, _ = split(card)
    names = [config["config_name"] for config in front["configs"]]
    assert names == ["unique_models", "models", "families", "variants", "gaps", "tasks"]
    assert [info["config_name"] for info in front["dataset_info"]] == names
    assert [config["config_name"] for config in front["configs"] if config.get("default")] == [
        "unique_models"
    ]
    assert front["configs"][1]["data_files"] == [{"split": "train", "path": "data/models.parquet"}]


def test_front_matter_carries_features_splits_and_sizes(card: str) -> None:
    front, _ = split(card)
    info = front["dataset_info"][1]
    assert info["features"] == to_features(table("models"))
    assert info["splits"] == [{"name": "train", "num_bytes": 2006, "num_examples": 6}]
    assert (info["download_size"], info["dataset_size"]) == (1006, 2006)


def test_front_matter_describes_the_dataset(card: str) -> None:
    front, _ = split(card)
    assert (front["license"], front["language"], front["size_categories"]) == ("odc-by", ["en"], ["n<1K"])
    assert "audio" in front["tags"]


@pytest.mark.parametrize(
    ("rows", "category"),
    [(999, "n<1K"), (1_000, "1K<n<10K"), (99_999, "10K<n<100K"), (5 * 10**6, "1M<n<10M")],
)
def test_size_category_follows_the_rows(facts: CardFacts, rows: int, category: str) -> None:
    large = replace(facts, tables=(replace(facts.tables[0], rows=rows),))
    assert f"- {category}\n" in render_front_matter(large)


def test_the_card_is_the_same_every_time(facts: CardFacts, card: str) -> None:
    assert render_card(TEMPLATE, facts) == card


def test_the_first_sentence_counts(card: str) -> None:
    _, body = split(card)
    assert (
        "On 7 December 2025 the Hub listed **6 repositories** as `audio-text-to-text`; behind them stand "
        "**3 distinct audio-language models in 3 families**, and the rest are 2 copies, 1 placeholder "
        "without weights and 1 mis-tagged repository – beside "
        "about 27,000 repositories for speech recognition."
    ) in body


def test_the_first_sentence_does_without_a_count_of_speech_recognition(facts: CardFacts) -> None:
    card = render_card(TEMPLATE, replace(facts, tasks=()))
    assert "speech recognition –" not in card
    assert "1 mis-tagged repository.\n" in card
    assert "The field around it" not in card


def test_what_fits_is_a_table_that_owns_up_to_what_it_leaves_out(card: str) -> None:
    assert "| 48 GB | **3** | 2 | 2 | 3 | [beta-70b](https://huggingface.co/acme/beta-70b) (4 bits) |" in card
    assert "**The cache is left out**" in card
    assert "All sizes are estimates" in card


def test_an_empty_table_says_why(card: str) -> None:
    assert "**Empty, so it has no config:** The evidence says nothing for files." in card


def test_every_column_of_every_table_is_documented(card: str) -> None:
    for declared in TABLES:
        section = card.partition(f"#### `{declared.name}` –")[2].partition("</details>")[0]
        for column in declared.columns:
            assert f"| `{column.name}` |" in section, (declared.name, column.name)


def test_the_projects_own_words_are_not_escaped(card: str) -> None:
    # All text of the fixture is plain: an entity would mean that prose went through the escape.
    assert re.findall(r".{20}&#\d+;", card) == []


def test_every_table_of_the_card_parses_with_all_its_cells(card: str) -> None:
    _, body = split(card)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(body)
    tables = sum(token.type == "table_open" for token in tokens)
    assert tables == len(re.findall(r"(?m)^\|[-:|]+\|$", body))
    widths: list[int] = []
    cells = 0
    for token in tokens:
        if token.type == "thead_open":
            widths.append(0)
        elif token.type == "th_open":
            widths[-1] += 1
        elif token.type == "tr_open":
            cells = 0
        elif token.type == "td_open":
            cells += 1
        elif token.type == "tr_close" and cells:
            assert cells == widths[-1]


def test_paragraphs_do_not_run_into_each_other(card: str) -> None:
    _, body = split(card)
    outside = re.sub(r"(?s)```.*?```", "", body)
    lines = outside.split("\n")
    joined = [
        (first, second)
        for first, second in pairwise(lines)
        if first and second and first[0] not in "|-<" and second[0] != "|"
    ]
    assert joined == []
    assert "\n\n\n\n" not in body


def test_code_blocks_and_code_spans_print_nothing_from_the_hub() -> None:
    blocks = "".join(re.findall(r"(?s)```.*?```", TEMPLATE))
    assert set(re.findall(r"{{ (\w+)", blocks)) <= {
        "date",
        "schema_version",
        "repository",
        "bibtex",
        "snippet",
    }
    spans = re.findall(r"`[^`\n]*`", re.sub(r"(?s)```.*?```", "", TEMPLATE))
    assert set(re.findall(r"{{ (\w+)", "".join(spans))) <= {"date", "schema_version", "repository"}


def test_a_template_that_names_an_unknown_fact_fails(facts: CardFacts) -> None:
    with pytest.raises(UndefinedError):
        render_card("{{ facts.popularity }}", facts)


def test_a_template_has_to_say_how_a_missing_value_reads(facts: CardFacts) -> None:
    with pytest.raises(TypeError, match="cannot print NoneType"):
        render_card("{{ facts.drift_reason }}", facts)


def test_a_captured_date_does_not_call_itself_reconstructed(facts: CardFacts) -> None:
    captured = replace(facts, origin=replace(facts.origin, captured=True, reconstructed=False, format=None))
    card = render_card(TEMPLATE, captured)
    assert "Captured from the Hub." in card
    assert "econstructed" not in card
    assert "Counts from the export" not in card


def test_a_later_date_names_the_one_before_and_why_it_differs(facts: CardFacts) -> None:
    later = replace(facts, previous_snapshot_date="2025-11-07", drift_reason="a query was added")
    card = render_card(TEMPLATE, later)
    assert "larger than the project's limits" not in card
    assert "The date before is 2025-11-07" in card
    assert "The reason given for this date: a query was added" in card


def test_coded_values_are_told_apart_by_table_where_they_share_a_name(card: str) -> None:
    section = card.partition("### Coded values")[2].partition("</details>")[0]
    assert "`gaps.reason`\n" in section
    assert "`changes.reason`\n" in section
    assert "`role`: `weights`, `projector`" in section
    assert "| `placeholder` | no weights in the repository |" in section


def test_what_fits_model_by_model_names_load_audio_licence_and_gate(card: str) -> None:
    section = card.partition("## What fits, model by model")[2].partition("\n## ")[0]
    assert "So many fit: 2 in 8 GB, 2 in 16 GB, 3 in 48 GB." in section
    assert (
        "| [alpha-7b](https://huggingface.co/acme/alpha-7b) | 4.5 GB | 4 bits, cache not known "
        "| 16 bits, cache not known | 16 bits, cache not known | not known | mit | not known |"
    ) in section
    assert "| not stated | not known |" in section


def test_what_is_known_is_counted_over_models_and_repositories(card: str) -> None:
    section = card.partition("## What is known")[2].partition("\n## ")[0]
    assert "| column of `models` | of 3 audio-language models | confidence | of 6 repositories |" in section
    assert (
        "| `runtime_parameters` | 3 (100 %) | 0 / 3 / 0 | 3 (50 %) | 0 / 3 / 0 | `export_rounded` 3 / 3 |"
    ) in section
    assert "| `context_length` | 0 (0 %) | – | 0 (0 %) | – | – |" in section
