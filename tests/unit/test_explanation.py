"""How one row came about: the strongest candidate first, addends of a sum first, gaps with reasons."""

from __future__ import annotations

from typing import Any

from builder.explanation import NAME_PARTS, SEEN, Candidate, Decided, Explanation, explain


def decision(column: str, value: str, rank: int, rule: str = "a rule", target: str = "") -> dict[str, Any]:
    return {
        "column_name": column,
        "value": value,
        "target": target,
        "rule": rule,
        "rank": rank,
        "evidence": "name",
        "confidence": "medium",
    }


def count(component: str, weights: int | None, *, counted: bool) -> dict[str, Any]:
    return {
        "component": component,
        "weights_repo_id": "a/b",
        "dtype": "BF16",
        "source": "export_rounded",
        "stored_elements": weights,
        "logical_parameters": weights,
        "uncertainty": 5_000_000,
        "counted": counted,
    }


def rows() -> dict[str, list[dict[str, Any]]]:
    """Everything that is known of `a/b`, in no order."""
    return {
        "record": [{**dict.fromkeys(SEEN), "library_name": "transformers", "packed": False}],
        "record_value": [
            {"column_name": "tags", "value": "speech"},
            {"column_name": "license", "value": "mit"},
            {"column_name": "tags", "value": "audio"},
        ],
        "known_name": [{**dict.fromkeys(NAME_PARTS), "stem": "b", "ported": False, "copy_word": ""}],
        "decisions": [
            decision("kind", "mirror", 30, "weaker"),
            decision("input_modalities", "text", 10),
            decision("kind", "quantized", 20, "stronger", "z/base"),
            decision("input_modalities", "audio", 10),
            decision("input_modalities", "image", 20),
        ],
        "lineage": [
            {
                "base_model": base,
                "relation": "backbone",
                "status": "followed",
                "external": True,
                "note": "by name",
            }
            for base in ("z/llm", "c/llm")
        ],
        "parameters": [
            count("whole", 9, counted=False),
            count("projector", 2, counted=True),
            count("audio_encoder", 1, counted=True),
        ],
        "gaps": [
            {"column_name": "sha", "reason": "not_captured"},
            {"column_name": "context_length", "reason": "config_absent"},
        ],
        "models": [{"logical_parameters": 3, "runtime_parameters": None}],
    }


def explained() -> Explanation:
    return explain("a/b", "records-00000.jsonl, line 7", rows())


def test_what_was_seen_leaves_out_what_was_not_and_keeps_what_is_false() -> None:
    assert explained().seen == {"library_name": "transformers", "packed": False}
    assert explained().lists == {"license": ["mit"], "tags": ["audio", "speech"]}
    assert explained().name == {"stem": "b"}


def test_the_strongest_candidate_wins_and_the_others_are_named() -> None:
    kind = next(decided for decided in explained().decided if decided.column == "kind")
    assert kind == Decided(
        "kind",
        winners=(Candidate("quantized", "z/base", "stronger", "name", "medium"),),
        beaten=(Candidate("mirror", "", "weaker", "name", "medium"),),
    )


def test_a_set_takes_every_element_of_the_strongest_rule() -> None:
    modalities = next(decided for decided in explained().decided if decided.column == "input_modalities")
    assert [winner.value for winner in modalities.winners] == ["audio", "text"]
    assert [loser.value for loser in modalities.beaten] == ["image"]


def test_one_value_has_one_winner_even_where_two_are_equally_strong() -> None:
    tied = rows() | {"decisions": [decision("kind", "mirror", 10), decision("kind", "conversion", 10)]}
    (kind,) = explain("a/b", "", tied).decided
    assert ([w.value for w in kind.winners], [b.value for b in kind.beaten]) == (["conversion"], ["mirror"])


def test_addends_stand_before_what_is_not_counted() -> None:
    assert [addend["component"] for addend in explained().addends] == ["audio_encoder", "projector", "whole"]
    assert explained().sums == {"logical_parameters": 3, "runtime_parameters": None}


def test_lineage_and_gaps_are_in_order() -> None:
    assert [edge["base_model"] for edge in explained().lineage] == ["c/llm", "z/llm"]
    assert list(explained().gaps.items()) == [("context_length", "config_absent"), ("sha", "not_captured")]


def test_the_order_of_rows_does_not_matter() -> None:
    backwards = {name: list(reversed(table)) for name, table in rows().items()}
    assert explain("a/b", "records-00000.jsonl, line 7", backwards) == explained()
