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

from builder.layout import Layout
from builder.paging import write_page
from tests.integration.invented_hub import LISTING
from tests.integration.pages import HOSTILE, make_hostile

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def hostile(built: Layout, tmp_path_factory: pytest.TempPathFactory) -> Layout:
    layout = Layout(tmp_path_factory.mktemp("hostile") / "project")
    shutil.copytree(built.root, layout.root)
    make_hostile(layout)
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
    write_page(hostile, [LISTING], output)
    walk = [
        *("node", str(Path(__file__).with_name("page_walk.mjs"))),
        *(str(output / "index.html"), str(ROOT / "page" / "package.json")),
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


def read_offered(layout: Layout) -> pl.DataFrame:
    frame = pl.read_parquet(layout.table(LISTING, "unique_models"))
    return frame.filter(pl.col("audio_language_model") == "yes")


def test_no_error_and_nothing_fetched(found: dict[str, Any]) -> None:
    assert found["errors"] == []
    assert found["requests"] == []


def test_axe_finds_no_serious_fault(found: dict[str, Any]) -> None:
    assert set(found["faults"]) >= {"light", "dark", "light, opened", "dark, opened", "narrow, opened"}
    assert {name: faults for name, faults in found["faults"].items() if faults} == {}


def test_a_narrow_screen_need_not_be_scrolled_sideways(found: dict[str, Any]) -> None:
    assert found["too_wide"] <= 0


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


def test_every_value_is_the_one_of_the_table(hostile: Layout, found: dict[str, Any]) -> None:
    models = pl.read_parquet(hostile.table(LISTING, "models"))
    listed = set(found["offered"])
    rows = {
        row["repo_id"]: row
        for row in models.filter(pl.col("unique_model_id").is_in(sorted(listed))).to_dicts()
    }
    shown = {(cell["repo"], cell["column"]): cell["text"] for cell in found["values"]}
    assert {repo_id for repo_id, _ in shown} == set(rows)
    for (repo_id, column), text in shown.items():
        assert says(text, rows[repo_id][column]), (repo_id, column, text)
    numbers = [
        name for name, kind in models.schema.items() if kind.is_numeric() and "_uncertainty" not in name
    ]
    missing = {
        (repo_id, column)
        for repo_id, row in rows.items()
        for column in numbers
        if row[column] is not None and (repo_id, column) not in shown
    }
    assert missing == set()


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
