"""What the card counts: by hand, on a snapshot of six repositories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from builder.card.facts import CardFacts, collect_facts
from builder.errors import SnapshotRefused
from schemas.tables import TABLES, table
from schemas.validate import validate, validate_gaps, validate_references
from tests.unit.card_fixture import PARAMS, tiny_rows, to_frames, to_manifest

if TYPE_CHECKING:
    import polars as pl


def collect(rows: dict[str, list[dict[str, Any]]] | None = None) -> CardFacts:
    frames = to_frames(rows or tiny_rows())
    return collect_facts(frames, to_manifest(frames), PARAMS)


def test_the_fixture_is_a_valid_snapshot() -> None:
    frames = {name: frame.lazy() for name, frame in to_frames(tiny_rows()).items()}
    violations = [v for name, frame in frames.items() for v in validate(table(name), frame)]
    violations += validate_references({name: (table(name), frame) for name, frame in frames.items()})
    violations += validate_gaps(table("models"), frames["models"], frames["gaps"])
    assert [str(v) for v in violations] == []


def test_repositories_divide_without_rest() -> None:
    totals = collect().totals
    parts = (totals.own, totals.copies, totals.placeholders, totals.mistagged, totals.undecided)
    assert parts == (2, 2, 1, 1, 0)
    assert sum(parts) == totals.repositories
    assert (totals.distinct, totals.unlisted, totals.other_distinct) == (3, 1, 1)
    assert (totals.families, totals.other_families) == (3, 1)


def test_a_copy_of_a_mistagged_model_is_mistagged_and_not_a_copy() -> None:
    rows = tiny_rows()
    copy = next(row for row in rows["models"] if row["kind"] == "quantized")
    copy["audio_language_model"] = "no"
    totals = collect(rows).totals
    assert (totals.copies, totals.mistagged) == (1, 2)


def test_kinds_stand_in_the_order_of_the_vocabulary_and_add_up() -> None:
    kinds = {line.kind: line for line in collect().kinds}
    assert (kinds["original"].yes, kinds["finetune"].no, kinds["placeholder"].unknown) == (2, 1, 1)
    assert kinds["adapter"].repositories == 0
    assert sum(line.repositories for line in kinds.values()) == 6


def test_families_without_an_audio_language_model_are_left_out() -> None:
    families = collect().families
    assert [family.title for family in families] == ["Alpha", "Beta", "Gamma"]
    assert (families[0].models, families[0].repositories, families[0].licenses) == (1, 2, ("mit",))
    assert (families[1].smallest, families[1].licenses) == (None, ())


def test_what_fits_counts_a_distinct_model_once_and_names_it_where_it_first_fits() -> None:
    memory = collect().memory
    assert memory.precisions == ("16 bits", "8 bits", "4 bits")
    assert [(tier.gigabytes, tier.models, tier.at_precision) for tier in memory.tiers] == [
        (8, 2, (1, 1, 2)),
        (16, 2, (2, 2, 2)),
        (48, 3, (2, 2, 3)),
    ]
    named = [[(fit.title, fit.precision) for fit in tier.examples] for tier in memory.tiers]
    assert named == [[("alpha-7b", "4 bits"), ("gamma-3b", "16 bits")], [], [("beta-70b", "4 bits")]]
    assert (memory.sized, memory.unsized, memory.estimates, memory.without_cache) == (3, 0, 9, 9)


def test_a_gigabyte_is_a_thousand_million_bytes() -> None:
    rows = tiny_rows()
    wanted = next(row for row in rows["variants"] if row["repo_id"] == "acme/beta-70b")
    wanted |= {"weights_bytes": 7 * 10**9, "overhead_bytes": 10**9, "min_memory_bytes": 8 * 10**9}
    assert collect(rows).memory.tiers[0].models == 3
    wanted["min_memory_bytes"] += 1
    assert collect(rows).memory.tiers[0].models == 2


def test_a_published_file_is_told_from_an_estimate_and_the_copy_counts_for_its_model() -> None:
    rows = tiny_rows()
    rows["variants"] = [
        {
            "repo_id": "someone/alpha-7b-GGUF",
            "variant": "Q4_K_M",
            "path_group": "*",
            "basis": "files",
            "paths": ["alpha.gguf"],
            "weights_bytes": 4 * 10**9,
            "overhead_bytes": 10**9,
            "min_memory_bytes": 5 * 10**9,
            "memory_complete": False,
        }
    ]
    memory = collect(rows).memory
    assert memory.precisions == ("published files",)
    assert memory.tiers[0].examples[0].unique_model_id == "acme/alpha-7b"
    assert (memory.sized, memory.unsized, memory.estimates) == (1, 2, 0)


def test_trust_counts_values_confidence_and_evidence() -> None:
    facts = collect()
    assert {line.column: line.known for line in facts.known}["license"] == 1
    assert {line.column: line.known for line in facts.known}["runtime_parameters"] == 3
    kind = next(line for line in facts.confidence if line.column == "kind")
    assert (kind.high, kind.values, kind.null) == (6, 6, 0)
    # Of 4 decisions on 6 repositories, the placeholder has neither unique model nor family.
    assert (facts.decisions.high, facts.decisions.low, facts.decisions.null) == (6, 16, 2)
    assert [(line.evidence, line.decisions) for line in facts.evidence] == [("name", 22)]


def test_gaps_are_counted_by_reason_with_the_columns_concerned() -> None:
    facts = collect()
    frames = to_frames(tiny_rows())
    assert sum(line.values for line in facts.gaps) == frames["gaps"].height
    assert [line.values for line in facts.gaps] == sorted((line.values for line in facts.gaps), reverse=True)
    assert "sha" in facts.uncaptured
    assert "license" not in facts.uncaptured


def test_the_order_of_rows_does_not_matter() -> None:
    frames = to_frames(tiny_rows())
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=7) for name, frame in frames.items()}
    assert collect_facts(shuffled, to_manifest(frames), PARAMS) == collect()


def test_an_empty_snapshot_can_be_counted() -> None:
    frames = to_frames({})
    facts = collect_facts(frames, to_manifest(frames), PARAMS)
    assert facts.totals.repositories == facts.memory.sized == 0
    assert all(entry.empty_because for entry in facts.tables)


def test_a_manifest_of_other_tables_is_refused() -> None:
    frames = to_frames(tiny_rows())
    manifest = to_manifest(frames)
    frames["models"] = frames["models"].head(1)
    with pytest.raises(SnapshotRefused, match="counts 6 rows of models, its file holds 1"):
        collect_facts(frames, manifest, PARAMS)


@pytest.mark.parametrize("missing", [declared.name for declared in TABLES])
def test_a_missing_table_is_named(missing: str) -> None:
    frames: dict[str, pl.DataFrame] = to_frames(tiny_rows())
    manifest = to_manifest(frames)
    del frames[missing]
    with pytest.raises(SnapshotRefused, match=f"table {missing} is missing"):
        collect_facts(frames, manifest, PARAMS)


@pytest.mark.parametrize("name", ["2025-02-30", "yesterday", '2025-12-07")\n', "2025-12-07.0", ""])
def test_what_is_no_date_never_reaches_a_code_block(name: str) -> None:
    with pytest.raises(SnapshotRefused, match="is no date"):
        replace(collect(), snapshot_date=name)


def test_a_correction_is_a_date_and_says_what_it_corrects() -> None:
    first, second, plain = (
        replace(collect(), snapshot_date=f"2025-12-07{number}") for number in (".1", ".2", "")
    )
    assert (first.corrects, second.corrects, plain.corrects) == ("2025-12-07", "2025-12-07.1", None)


def test_the_date_is_the_name_that_it_is_published_under() -> None:
    frames: dict[str, pl.DataFrame] = to_frames(tiny_rows())
    manifest = {**to_manifest(frames), "name": "2025-12-07.1"}
    assert collect_facts(frames, manifest, PARAMS).snapshot_date == "2025-12-07.1"


@pytest.mark.parametrize("name", ["acme", "acme/a b", 'acme/a", "x', ""])
def test_what_is_no_repository_never_reaches_a_code_block(name: str) -> None:
    with pytest.raises(SnapshotRefused, match="is none of the Hub"):
        replace(collect(), repository=name)


def test_a_schema_version_has_two_numbers() -> None:
    with pytest.raises(SnapshotRefused, match="is no version"):
        replace(collect(), schema_version="1.0`")
