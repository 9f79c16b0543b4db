"""Joins run in the order in which a step writes them: no plan depends on luck, none compares all with all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from builder import stages
from builder.engine.duckdb import DuckdbEngine
from builder.layout import Layout
from builder.tables.steps import Step
from tests.integration.invented_hub import LISTING

if TYPE_CHECKING:
    import pytest

FEW = {"type_of_name", "estimated_variant", "asked_before", "asked_now"}
"""Steps that compare every row with a few: names of known designs, precisions, scopes."""

ONE_ROW = {"build"}
"""Relations of one row, with which everything may be put together."""

COMPARES_ALL = ("NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "IE_JOIN", "PIECEWISE_MERGE_JOIN")


def explain(engine: DuckdbEngine, sql: str) -> str:
    [(_, plan)] = engine._connection.execute(f"EXPLAIN (FORMAT JSON) {sql}").fetchall()
    return str(plan)


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from walk(child)


def tables_below(node: dict[str, Any]) -> set[str]:
    """Stored relations and files that a part of a plan reads."""
    extra = [below["extra_info"] for below in walk(node)]
    return {
        str(facts.get("Table", facts.get("Filename(s)", facts.get("Function")))).rpartition(".")[2]
        for facts in extra
        if {"Table", "Filename(s)"} & facts.keys() or "PARQUET" in str(facts.get("Function", ""))
    }


def puts_all_together(plan: str) -> bool:
    """Whether a plan joins two relations of many rows without a condition."""
    products = [node for node in walk({"name": "", "children": json.loads(plan)}) if "CROSS" in node["name"]]
    return any(all(tables_below(child) - ONE_ROW for child in node["children"]) for node in products)


def test_no_step_compares_every_model_with_every_other(
    project: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = DuckdbEngine.run
    plans: dict[str, str] = {}

    def run_and_explain(engine: DuckdbEngine, steps: Iterable[Step]) -> None:
        for step in steps:
            run(engine, [step])
            plans[step.relation] = explain(engine, step.sql)

    monkeypatch.setattr(DuckdbEngine, "run", run_and_explain)
    stages.build_snapshot(project, LISTING)
    assert {"copy_by_name", "models", "changes"} <= plans.keys()
    assert {name for name, plan in plans.items() if any(join in plan for join in COMPARES_ALL)} == FEW
    assert [name for name, plan in plans.items() if puts_all_together(plan)] == []


def test_what_is_written_first_is_joined_first(tmp_path: Path) -> None:
    sizes = {"many": 2_000, "more": 3_000, "one": 1}
    with DuckdbEngine(spill=tmp_path) as engine:
        for name, rows in sizes.items():
            engine.read_rows(name, pl.DataFrame({f"{name}_key": range(rows)}).to_arrow())
        sql = "SELECT * FROM many JOIN more ON many_key = more_key JOIN one ON more_key = one_key"
        plan = json.loads(explain(engine, sql))
    last = next(node for node in walk({"name": "", "children": plan}) if "JOIN" in node["name"])
    sides = [json.dumps(child) for child in last["children"]]
    assert sorted(("many" in side and "more" in side, "one_key" in side) for side in sides) == [
        (False, True),
        (True, False),
    ]
