"""The page in Chromium, opened from the disk, with hostile names among its models: `make test-browser`."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from builder.choice.pick import Wish
from builder.choosing import pick_models
from builder.layout import Layout
from builder.paging import write_page
from tests.integration.invented_hub import EXPORT, LISTING
from tests.integration.pages import CLASSIC, HOSTILE, SETS, make_hostile, put_evaluations

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def hostile(built: Layout, tmp_path_factory: pytest.TempPathFactory) -> Layout:
    layout = Layout(tmp_path_factory.mktemp("hostile") / "project")
    shutil.copytree(built.root, layout.root)
    make_hostile(layout)
    put_evaluations(layout)
    return layout


@pytest.fixture(scope="module")
def found(hostile: Layout) -> dict[str, Any]:
    """What one walk through the page saw."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        pytest.fail("no Chromium was found; install the package chromium, or name one in CHROMIUM")
    front_end = Layout(ROOT).front_end
    if not front_end.is_dir():
        pytest.fail("page/dist/ holds no front end; run `make test-browser`")
    shutil.copytree(front_end, hostile.front_end)
    output = hostile.root / "build" / "page"
    write_page(hostile, [LISTING, EXPORT], output)
    walk = [
        *("node", str(Path(__file__).with_name("page_walk.mjs"))),
        *(str(output / "index.html"), str(ROOT / "page" / "package.json"), EXPORT),
    ]
    result = subprocess.run(
        walk,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "CHROMIUM": browser},
    )
    assert result.returncode == 0, result.stderr
    seen = json.loads(result.stdout)
    assert isinstance(seen, dict)
    return seen


def read_offered(layout: Layout, date: str = LISTING) -> pl.DataFrame:
    frame = pl.read_parquet(layout.table(date, "unique_models"))
    return frame.filter(pl.col("audio_language_model") == "yes")


def test_no_error_and_nothing_fetched(found: dict[str, Any]) -> None:
    assert found["errors"] == []
    assert found["requests"] == []


def test_axe_finds_no_serious_fault(found: dict[str, Any]) -> None:
    assert set(found["faults"]) == {
        *("light", "dark", "light, opened", "dark, opened", "narrow, opened"),
        *("picture, light", "picture, dark", "picture, narrow", "picture, as a table"),
    }
    assert {name: faults for name, faults in found["faults"].items() if faults} == {}


def test_a_narrow_screen_need_not_be_scrolled_sideways(found: dict[str, Any]) -> None:
    assert found["too_wide"] <= 0
    assert found["picture"]["too_wide"] <= 0


def test_the_keyboard_reaches_everything(found: dict[str, Any]) -> None:
    assert [name for name, reached in found["keyboard"].items() if not reached] == []


def test_the_colours_chosen_are_remembered(found: dict[str, Any]) -> None:
    assert found["remembered"] == "dark"


def test_an_address_that_is_shared_shows_the_same(found: dict[str, Any]) -> None:
    address = found["address"]
    assert address["shared"] == address["reopened"]
    assert address["shared"]["opened"] == 1
    assert len(address["shared"]["models"]) > 0
    assert address["shared"]["memory"] == "40"


def test_hostile_names_are_shown_and_do_nothing(found: dict[str, Any]) -> None:
    assert set(HOSTILE) <= set(found["titles"])
    assert (found["injected"], found["images"]) == (None, 0)
    assert {link.partition(":")[0] for link in found["links"]} == {"https"}


@pytest.mark.parametrize(
    ("table", "key", "mark"), [("models", "repo_id", ""), ("unique_models", "unique_model_id", "model ")]
)
def test_every_value_is_the_one_of_the_table(
    hostile: Layout, found: dict[str, Any], table: str, key: str, mark: str
) -> None:
    frame = pl.read_parquet(hostile.table(LISTING, table))
    listed = set(found["offered"])
    rows = {row[key]: row for row in frame.filter(pl.col("unique_model_id").is_in(sorted(listed))).to_dicts()}
    shown = {
        (cell["repo"].removeprefix(mark), cell["column"]): cell["text"]
        for cell in found["values"]
        if cell["repo"].startswith("model ") == bool(mark)
    }
    assert {name for name, _ in shown} == set(rows)
    for (name, column), text in shown.items():
        assert says(text, rows[name][column]), (name, column, text)
    numbers = [
        name for name, kind in frame.schema.items() if kind.is_numeric() and "_uncertainty" not in name
    ]
    missing = {
        (name, column)
        for name, row in rows.items()
        for column in numbers
        if row[column] is not None and (name, column) not in shown
    }
    assert missing == set()


def read_evaluations(layout: Layout) -> dict[tuple[str, ...], float]:
    key = ("repo_id", "dataset_id", "metric", "source")
    rows = pl.read_parquet(layout.table(LISTING, "evaluations")).to_dicts()
    return {tuple(row[name] for name in key): row["value"] for row in rows}


def test_every_measurement_of_a_model_is_in_its_panel(hostile: Layout, found: dict[str, Any]) -> None:
    offered = set(found["offered"])
    shown = {
        (cell["measured"], cell["dataset"], cell["metric"], cell["source"]): float(cell["text"])
        for cell in found["measured"]
    }
    assert shown == {key: value for key, value in read_evaluations(hostile).items() if key[0] in offered}
    assert len(shown) > 10


@pytest.mark.parametrize("dataset_id", SETS)
def test_the_picture_has_every_model_of_a_set_and_its_kind(
    hostile: Layout, found: dict[str, Any], dataset_id: str
) -> None:
    rows = pl.read_parquet(hostile.table(LISTING, "evaluations")).filter(
        (pl.col("dataset_id") == dataset_id) & (pl.col("metric") == "wer")
    )
    drawn = found["picture"]["sets"][dataset_id]
    assert len(drawn["plots"]) == 2
    for plot in drawn["plots"]:
        assert plot["models"] == sorted(rows.filter(~pl.col("reference"))["repo_id"])
        assert plot["classics"] == sorted(rows.filter("reference")["repo_id"])
        assert f"of audio-language models: {len(plot['models'])} from" in plot["text"]
    assert dataset_id != SETS[0] or CLASSIC in drawn["plots"][0]["classics"]


def test_the_numbers_of_the_picture_are_those_of_the_tables(hostile: Layout, found: dict[str, Any]) -> None:
    rates = read_evaluations(hostile)
    key = ("repo_id", "variant", "path_group", "basis")
    needs = {
        tuple(row[name] for name in key): row["min_memory_bytes"]
        for row in pl.read_parquet(hostile.table(LISTING, "variants")).to_dicts()
    }
    cells = [cell for drawn in found["picture"]["sets"].values() for cell in drawn["numbers"]]
    memory = [cell for cell in cells if cell["metric"] == "memory_bytes"]
    assert memory
    for cell in memory:
        form = (cell["drawn"], cell["variant"], cell["group"], cell["basis"])
        assert float(cell["text"]) == needs[form]
    shown = {
        (cell["drawn"], cell["dataset"], cell["metric"], cell["source"]): float(cell["text"])
        for cell in cells
        if cell["metric"] != "memory_bytes"
    }
    assert shown == rates


def test_a_name_in_the_key_of_the_picture_opens_the_model(found: dict[str, Any]) -> None:
    (opened,) = found["picture"]["opened"]
    assert opened in found["offered"]


def test_runtimes_are_the_rows_of_the_table(hostile: Layout, found: dict[str, Any]) -> None:
    rows = {
        (row["model_type"], row["runtime"]): row
        for row in pl.read_parquet(hostile.table(LISTING, "runtimes")).to_dicts()
    }
    assert found["runtimes"]
    for cell in found["runtimes"]:
        assert says(cell["text"], rows[cell["type"], cell["runtime"]][cell["of"]]), cell
    designs = {cell["type"] for cell in found["runtimes"]}
    assert {(cell["type"], cell["runtime"], cell["of"]) for cell in found["runtimes"]} == {
        (design, runtime, column)
        for (design, runtime), row in rows.items()
        for column in ("status", "min_version", "audio_max_s", "over_length")
        if design in designs and row[column] is not None
    }


def test_the_filter_by_runtime_leaves_what_the_command_picks(hostile: Layout, found: dict[str, Any]) -> None:
    fits = found["runtime_fits"]
    assert len(fits) > 1
    for runtime, left in fits.items():
        answer = pick_models(hostile, LISTING, Wish(minutes=0.25, runtime=runtime))
        picked = {choice.candidate.unique_model_id: choice.runtime_status for choice in answer.choices}
        assert sorted(left["all"]) == sorted(picked)
        assert sorted(left["works"]) == sorted(name for name, status in picked.items() if status == "works")
    assert {len(left["all"]) for left in fits.values()} != {0}


def test_another_date_is_chosen_and_shared(hostile: Layout, found: dict[str, Any]) -> None:
    dates = found["dates"]
    assert dates["offered"] == [LISTING, EXPORT]
    assert (dates["first"], dates["reopened"]) == (LISTING, EXPORT)
    there = read_offered(hostile, EXPORT)["unique_model_id"].to_list()
    assert set(dates["models"]) == set(there) != set(found["offered"])
    rows = {
        **{row["repo_id"]: row for row in pl.read_parquet(hostile.table(EXPORT, "models")).to_dicts()},
        **{f"model {row['unique_model_id']}": row for row in read_offered(hostile, EXPORT).to_dicts()},
    }
    assert dates["values"]
    for cell in dates["values"]:
        assert says(cell["text"], rows[cell["repo"]]["downloads"])


def says(text: str, value: object) -> bool:
    """Whether a text is a value: numbers to the last digit."""
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, int | float):
        return float(text) == value
    if isinstance(value, list):
        return text == ", ".join(value)
    return text == value if isinstance(value, str) else text[:10] == str(value)[:10]


def test_the_memory_of_each_line_is_that_of_its_variant(hostile: Layout, found: dict[str, Any]) -> None:
    variants = pl.read_parquet(hostile.table(LISTING, "variants")).to_dicts()
    key = ("repo_id", "variant", "path_group", "basis")
    needs = {tuple(row[name] for name in key): row["min_memory_bytes"] for row in variants}
    lines = [line for line in found["lines"] if "variant" in line]
    assert lines
    for line in lines:
        gigabytes = math.ceil(needs[line["repo"], line["variant"], line["group"], line["basis"]] / 1e8) / 10
        assert f"from {gigabytes:.1f} GB" in line["text"]


def test_all_audio_language_models_are_offered_and_nothing_else(
    hostile: Layout, found: dict[str, Any]
) -> None:
    assert len(found["offered"]) == len(set(found["offered"]))
    assert set(found["offered"]) == set(read_offered(hostile)["unique_model_id"])
