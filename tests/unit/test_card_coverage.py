"""What is known of each model: counted by hand over distinct models and repositories."""

from __future__ import annotations

from typing import Any

from builder.card.coverage import COVERED, CoverageLine, SourceCount, Tally, choose_rows, count_coverage
from schemas.tables import table
from tests.unit.card_fixture import tiny_rows, to_frames


def cover(rows: dict[str, list[dict[str, Any]]]) -> dict[str, CoverageLine]:
    frames = to_frames(rows)
    return {line.column: line for line in count_coverage(frames["models"], frames["unique_models"])}


def model(rows: dict[str, list[dict[str, Any]]], repo_id: str) -> dict[str, Any]:
    return next(row for row in rows["models"] if row["repo_id"] == repo_id)


def count(source: str, confidence: str) -> dict[str, Any]:
    return {
        "runtime_parameters": 7_000_000_000,
        "runtime_parameters_uncertainty": 0,
        "runtime_parameters_source": source,
        "runtime_parameters_confidence": confidence,
    }


def test_every_covered_column_is_one_of_models() -> None:
    assert set(COVERED) <= set(table("models").column_names)


def test_values_are_counted_by_source_and_confidence() -> None:
    runtime = cover(tiny_rows())["runtime_parameters"]
    assert runtime.models == runtime.repositories == Tally(3, (0, 3, 0))
    assert runtime.sources == (SourceCount("export_rounded", 3, 3),)


def test_a_model_is_known_once_and_the_original_speaks_for_it() -> None:
    rows = tiny_rows()
    model(rows, "someone/alpha-7b-GGUF").update(count("gguf_header", "high"))
    runtime = cover(rows)["runtime_parameters"]
    assert (runtime.models, runtime.repositories) == (Tally(3, (0, 3, 0)), Tally(4, (1, 3, 0)))
    assert runtime.sources == (SourceCount("export_rounded", 3, 3), SourceCount("gguf_header", 0, 1))


def test_a_copy_speaks_where_the_original_does_not() -> None:
    rows = tiny_rows()
    model(rows, "acme/alpha-7b").update(dict.fromkeys(count("", "")))
    model(rows, "someone/alpha-7b-GGUF").update(count("gguf_header", "low"))
    runtime = cover(rows)["runtime_parameters"]
    assert runtime.models == Tally(3, (0, 2, 1))
    assert SourceCount("gguf_header", 1, 1) in runtime.sources


def test_of_two_copies_the_surer_one_speaks() -> None:
    rows = tiny_rows()
    gguf = model(rows, "someone/alpha-7b-GGUF")
    rows["models"].append({**gguf, "repo_id": "zoo/alpha-7b-GGUF", **count("gguf_header", "high")})
    gguf.update(count("name", "low"))
    model(rows, "acme/alpha-7b").update(dict.fromkeys(count("", "")))
    chosen = choose_rows(to_frames(rows)["models"], "runtime_parameters")
    assert "zoo/alpha-7b-GGUF" in chosen["repo_id"].to_list()


def test_a_column_without_companions_names_the_source_of_its_declaration() -> None:
    rows = tiny_rows()
    model(rows, "acme/alpha-7b")["context_length"] = 8192
    model(rows, "hobby/whisper-nl")["context_length"] = 448
    context = cover(rows)["context_length"]
    # The mis-tagged repository counts among repositories only.
    assert (context.models, context.repositories, context.sources) == (Tally(1, ()), Tally(2, ()), ())
    assert context.declared_source == table("models").column("context_length").source


def test_of_an_empty_snapshot_nothing_is_known() -> None:
    assert {(line.models.known, line.repositories.known) for line in cover({}).values()} == {(0, 0)}
