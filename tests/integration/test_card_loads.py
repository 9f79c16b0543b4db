"""The card's promise: a folder with card and Parquet files loads with the package `datasets`."""

from __future__ import annotations

from pathlib import Path

import datasets
import pyarrow.parquet as pq
import pytest

from builder.card.facts import collect_facts
from builder.card.render import render_card
from schemas.tables import TABLES
from schemas.to_arrow import to_arrow_schema
from tests.unit.card_fixture import PARAMS, tiny_rows, to_frames, to_manifest

TEMPLATE = (Path(__file__).parents[2] / "dataset_card.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot")
    frames = to_frames(tiny_rows())
    (folder / "data").mkdir()
    for table in TABLES:
        rows = frames[table.name].to_arrow().cast(to_arrow_schema(table))
        pq.write_table(rows, folder / "data" / f"{table.name}.parquet")
    card = render_card(TEMPLATE, collect_facts(frames, to_manifest(frames), PARAMS))
    (folder / "README.md").write_text(card, encoding="utf-8")
    return folder


def test_every_config_loads_with_the_rows_and_types_of_its_file(folder: Path, tmp_path: Path) -> None:
    datasets.disable_progress_bars()
    names = datasets.get_dataset_config_names(str(folder))
    assert names == ["unique_models", "models", "families", "variants", "gaps", "tasks"]
    for name in names:
        # datasets caches a local folder by its card: only a fresh cache shows what a reader gets.
        loaded = datasets.load_dataset(str(folder), name, split="train", cache_dir=str(tmp_path / name))
        file = pq.ParquetFile(folder / "data" / f"{name}.parquet")
        assert loaded.num_rows == file.metadata.num_rows
        assert loaded.features == datasets.Features.from_arrow_schema(file.schema_arrow)


def test_the_default_config_is_the_table_of_distinct_models(folder: Path, tmp_path: Path) -> None:
    loaded = datasets.load_dataset(str(folder), split="train", cache_dir=str(tmp_path))
    assert loaded.column_names[:2] == ["snapshot_date", "unique_model_id"]


def test_the_three_lines_of_the_first_screen_work(folder: Path, tmp_path: Path) -> None:
    models = datasets.load_dataset(str(folder), "unique_models", split="train", cache_dir=str(tmp_path))
    found = models.to_polars().filter(audio_language_model="yes").sort("downloads", descending=True)
    assert found["title"].to_list() == ["alpha-7b", "beta-70b", "gamma-3b"]
