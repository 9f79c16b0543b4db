"""The committed snapshots as a reader gets them: loaded by `datasets`, read by DuckDB, checked by hand."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import datasets
import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
import yaml

from schemas.tables import TABLES
from schemas.to_features import to_features

ROOT = Path(__file__).resolve().parents[2]
INDEX = yaml.safe_load((ROOT / "snapshots" / "index.yaml").read_text())
FOLDERS = [ROOT / "snapshots" / date for date in (*INDEX["building"], *INDEX["published"])]
SNAPSHOTS = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
BY_NAME = {table.name: table for table in TABLES}


def read_manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return manifest


def read_card(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = yaml.safe_load((folder / "README.md").read_text().split("---\n")[1])
    return card


def tables_with_rows(folder: Path) -> list[str]:
    return [name for name, facts in read_manifest(folder)["tables"].items() if facts["rows"]]


@SNAPSHOTS
def test_a_table_has_a_config_exactly_if_it_has_rows(folder: Path) -> None:
    names = datasets.get_dataset_config_names(str(folder))
    assert sorted(names) == sorted(tables_with_rows(folder))
    assert [c["config_name"] for c in read_card(folder)["configs"] if c.get("default")] == ["unique_models"]


@SNAPSHOTS
def test_every_config_loads_as_its_file_and_its_card_say(folder: Path, tmp_path: Path) -> None:
    datasets.disable_progress_bars()
    announced = {info["config_name"]: info for info in read_card(folder)["dataset_info"]}
    assert sorted(announced) == sorted(tables_with_rows(folder))
    for name, info in announced.items():
        # datasets caches a local folder by its card: only a fresh cache shows what a reader gets.
        loaded = datasets.load_dataset(str(folder), name, split="train", cache_dir=str(tmp_path / name))
        file = pq.ParquetFile(folder / "data" / f"{name}.parquet")
        rows = file.metadata.num_rows
        assert loaded.num_rows == rows == info["splits"][0]["num_examples"]
        declared = to_features(BY_NAME[name])
        assert (
            datasets.Features.from_arrow_schema(file.schema_arrow)
            == loaded.features
            == datasets.Features._from_yaml_list(info["features"])
            == datasets.Features._from_yaml_list(declared)
        )
        assert loaded.to_polars().height == rows


@SNAPSHOTS
def test_every_number_of_the_manifest_is_that_of_the_files(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert sorted(manifest["files"]) == sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json" and path.parent.name != "capture"
    )
    for name, facts in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert facts == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}, name
    assert list(manifest["tables"]) == [table.name for table in TABLES]
    for name, facts in manifest["tables"].items():
        frame = pl.read_parquet(folder / "data" / f"{name}.parquet")
        assert facts["rows"] == frame.height
        assert facts["bytes"] == manifest["files"][f"data/{name}.parquet"]["bytes"]
        assert bool(facts["empty_because"]) == (frame.height == 0)
        assert list(facts["columns"]) == frame.columns[1:]
        for column, known in facts["columns"].items():
            assert known["non_null"] == frame.height - frame[column].null_count(), (name, column)
            if frame.height:
                assert known["fill_rate"] == pytest.approx(known["non_null"] / frame.height, abs=1e-6)


@SNAPSHOTS
def test_the_manifest_is_of_the_evidence_beside_it(folder: Path) -> None:
    manifest = read_manifest(folder)
    capture = json.loads((folder / "capture" / "capture.json").read_text())
    assert manifest["made_from"]["capture_id"] == capture["capture_id"]
    assert manifest["snapshot_date"] == capture["date"] == folder.name[:10]
    assert manifest["tables"]["models"]["rows"] == capture["counts"]["members"]


@SNAPSHOTS
def test_no_parameter_value_is_zero(folder: Path) -> None:
    looked_at = 0
    for name in BY_NAME:
        frame = pl.read_parquet(folder / "data" / f"{name}.parquet")
        for column in frame.columns:
            if "parameters" not in column and column not in {"stored_elements", "stored_bytes"}:
                continue
            # An uncertainty of 0 says that the count is exact.
            if column.endswith("_uncertainty") or not frame.schema[column].is_numeric():
                continue
            looked_at += 1
            assert frame.filter(pl.col(column) <= 0).is_empty(), (name, column)
    assert looked_at >= 10


@SNAPSHOTS
def test_every_file_is_sorted_by_its_key_and_dated(folder: Path) -> None:
    for table in TABLES:
        frame = pl.read_parquet(folder / "data" / f"{table.name}.parquet")
        keys = frame.select(table.key).rows()
        assert keys == sorted(set(keys)), table.name
        assert frame.columns == list(table.column_names)
        assert set(frame["snapshot_date"].cast(pl.String)) <= {folder.name[:10]}


@SNAPSHOTS
def test_another_reader_of_parquet_sees_the_same_rows(folder: Path) -> None:
    for name, facts in read_manifest(folder)["tables"].items():
        path = folder / "data" / f"{name}.parquet"
        with duckdb.connect() as connection:
            rows = connection.read_parquet(str(path))
            assert rows.aggregate("count(*)").fetchall() == [(facts["rows"],)]
            assert rows.columns == list(BY_NAME[name].column_names)
            seen = rows.order(", ".join(BY_NAME[name].key)).pl()
        plain = [column for column, kind in seen.schema.items() if not kind.is_nested()]
        assert seen.select(plain).rows() == pl.read_parquet(path).select(plain).rows()
