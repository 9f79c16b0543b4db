"""Holds hand-kept facts to their bounds: rules do the work, curated files fill in what no rule can know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CURATED = ROOT / "builder" / "tables" / "curated"
LARGEST_SHARE = 0.15
"""Of a snapshot's repositories that any curated file may name."""


def load(name: str) -> dict[str, Any]:
    document = yaml.safe_load((CURATED / f"{name}.yaml").read_bytes())
    assert isinstance(document, dict)
    return document


def texts(value: object) -> set[str]:
    """Every text in a document, wherever it stands."""
    if isinstance(value, dict):
        return set().union(*(texts(v) for v in [*value.keys(), *value.values()]), set())
    if isinstance(value, list):
        return set().union(*(texts(v) for v in value), set())
    return {value} if isinstance(value, str) else set()


def snapshots() -> list[Path]:
    return sorted(ROOT.glob("snapshots/*/data/models.parquet"))


@pytest.mark.parametrize("models", snapshots(), ids=lambda path: path.parts[-3])
def test_few_repositories_of_a_snapshot_are_named(models: Path) -> None:
    listed = set(pl.read_parquet(models, columns=["repo_id"]).get_column("repo_id"))
    named = set().union(*(texts(load(path.stem)) & listed for path in CURATED.glob("*.yaml")))
    assert len(named) <= LARGEST_SHARE * len(listed), sorted(named)


@pytest.mark.parametrize("models", snapshots(), ids=lambda path: path.parts[-3])
def test_backbones_lie_outside_the_snapshot(models: Path) -> None:
    listed = set(pl.read_parquet(models, columns=["repo_id"]).get_column("repo_id"))
    assert {entry["repo_id"] for entry in load("backbones")["backbones"]} & listed == set()


def test_families_holds_titles_only() -> None:
    titles = load("families")
    assert set(titles) == {"titles"}
    assert all("/" not in family for family in titles["titles"])


def test_every_fact_has_a_source() -> None:
    entries = [
        *load("architectures")["architectures"],
        *load("audio")["audio"],
        *load("audio")["language_models"],
        *load("backbones")["backbones"],
        *load("backbones")["designs"],
        *load("corrections")["corrections"],
    ]
    assert [entry for entry in entries if not str(entry.get("source", "")).strip()] == []
    pages = [
        *((entry, "evidence_url") for entry in load("runtimes")["runtimes"]),
        *((entry, "source_url") for entry in load("hosted")["systems"]),
    ]
    assert [entry for entry, page in pages if not str(entry.get(page, "")).startswith("https://")] == []


def test_every_design_that_runs_somewhere_is_known() -> None:
    designs = {entry["model_type"] for entry in load("architectures")["architectures"]}
    assert {entry["model_type"] for entry in load("runtimes")["runtimes"]} <= designs


def test_every_name_of_the_leaderboards_facts_is_resolved() -> None:
    for path in ROOT.glob("snapshots/leaderboards/*/*/capture/facts.jsonl"):
        groups = load("leaderboards")["leaderboards"][path.parts[-4]]
        known = [name for group in groups for name in group["listed_as"]]
        assert len(set(known)) == len(known)
        assert {json.loads(line)["system"] for line in path.read_text().splitlines()} <= set(known)
