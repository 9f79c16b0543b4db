"""One evaluation as data, and the baselines that it stands beside."""

from __future__ import annotations

import json
from typing import Any

from builder.evaluation.baselines import answer_by_nothing, answer_by_tags
from builder.evaluation.gold import parse_gold
from builder.evaluation.report import evaluate
from builder.evaluation.score import COLUMNS
from tests.unit.accuracy_fixture import tiny_models, to_accuracy, to_text

MODELS: list[dict[str, Any]] = [
    {"repo_id": "a/base", "hub_total_parameters": 8},
    {"repo_id": "b/base-GGUF", "hub_total_parameters": None},
    {"repo_id": "c/base-lora", "hub_total_parameters": 1},
]
LINEAGE: list[dict[str, Any]] = [
    {"repo_id": "b/base-GGUF", "base_model": "a/base", "declared_relation": "quantized"},
    {"repo_id": "c/base-lora", "base_model": "z/other", "declared_relation": "adapter"},
    {"repo_id": "c/base-lora", "base_model": "a/base", "declared_relation": "adapter"},
    {"repo_id": "a/base", "base_model": "a/encoder", "declared_relation": None},
]


def test_tags_alone_take_each_card_at_its_word() -> None:
    answers = answer_by_tags(MODELS, LINEAGE)
    assert answers["a/base"]["kind"] == "original"
    assert answers["b/base-GGUF"] == {
        "kind": "quantized",
        "unique_model_id": "a/base",
        "family_id": "a/base",
        "audio_language_model": "yes",
        "runtime_parameters": None,
        "logical_parameters": None,
    }
    # Of two declared bases, the first by name; an adapter is a model of its own.
    lora = answers["c/base-lora"]
    assert (lora["kind"], lora["unique_model_id"], lora["family_id"]) == ("adapter", "c/base-lora", "a/base")
    assert answer_by_tags(MODELS, LINEAGE[::-1]) == answers


def test_nothing_folded_takes_each_repository_for_a_model_and_a_family() -> None:
    for repo_id, answer in answer_by_nothing(MODELS).items():
        assert (answer["unique_model_id"], answer["family_id"], answer["kind"]) == (
            repo_id,
            repo_id,
            "original",
        )
    assert answer_by_nothing(MODELS)["a/base"]["runtime_parameters"] == 8


def test_an_evaluation_is_plain_data_over_every_column() -> None:
    accuracy = to_accuracy()
    assert json.loads(json.dumps(accuracy)) == accuracy
    assert (accuracy["gold_rows"], accuracy["scored_rows"], accuracy["judged_blind"]) == (6, 5, 4)
    parts = ("scores", "without_corrections", "blind_without_corrections")
    for scores in (*(accuracy[part] for part in parts), *accuracy["by_confidence"].values()):
        assert list(scores) == list(COLUMNS)
    assert list(accuracy["baselines"]) == ["declared_tags_only", "nothing_folded"]


def test_scores_of_the_small_snapshot_by_hand() -> None:
    accuracy = to_accuracy()
    right = {column: (entry["value"], entry["rows"]) for column, entry in accuracy["scores"].items()}
    assert right == {
        "unique_model_id": (1.0, 4),
        "kind": (0.8, 5),
        "audio_language_model": (1.0, 4),
        "family_id": (1.0, 3),
        "runtime_parameters": (0.5, 4),
        "logical_parameters": (0.0, 0),
    }
    assert accuracy["blind_without_corrections"]["kind"]["rows"] == 3
    # Nothing folded: the mirror is not seen; the finetune and the placeholder are called originals.
    assert accuracy["baselines"]["nothing_folded"]["unique_model_id"]["value"] == 0.75
    assert accuracy["baselines"]["nothing_folded"]["kind"]["value"] == 0.2
    wrong = [(error["repo_id"], error["column"], error["answer"]) for error in accuracy["errors"]]
    assert wrong == [
        ("acme/beta-70b", "kind", "original"),
        ("hobby/whisper-nl", "runtime_parameters", None),
        ("mirror/gamma-3b", "runtime_parameters", "3000000000"),
    ]


def test_corrections_of_rows_judged_blind_are_counted_and_taken_away() -> None:
    models = tiny_models()
    corrected = {row["repo_id"]: row for row in models}
    for repo_id in ("acme/beta-70b", "acme/alpha-7b"):
        corrected[repo_id]["kind_evidence"] = "curated"
    corrected["acme/beta-70b"]["kind"] = "finetune"
    uncorrected = {row["repo_id"]: row for row in tiny_models()}
    accuracy = evaluate(parse_gold(to_text(), "gold.csv"), models, [], uncorrected)
    assert accuracy["corrected_blind"] == 1
    assert accuracy["scores"]["kind"]["value"] == 1.0
    assert accuracy["without_corrections"]["kind"]["value"] == 0.8
    assert "kind" not in [error["column"] for error in accuracy["errors"]]


def test_a_row_that_the_snapshot_does_not_have_is_judged_but_not_scored() -> None:
    gold = parse_gold(to_text(["gone/away,,,original,yes,,,,high,blind,"]), "gold.csv")
    accuracy = evaluate(gold, tiny_models(), [], None)
    assert (accuracy["gold_rows"], accuracy["scored_rows"], accuracy["corrected_blind"]) == (1, 0, 0)
