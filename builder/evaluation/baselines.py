"""Baselines: what one would answer without this project's rules.

*Declared tags only* takes each card at its word: the relation is the kind, a quantized
repository's base its unique model, the base its family, the Hub's total its size. *Nothing
folded* takes every repository for a model and a family of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from builder.evaluation.score import Answers

NAMES = {
    "declared_tags_only": "Declared tags only",
    "nothing_folded": "Nothing folded",
}


def answer_by_tags(models: Iterable[Mapping[str, Any]], lineage: Iterable[Mapping[str, Any]]) -> Answers:
    """Values of `models` as the declared relations alone give them."""
    declared: dict[str, tuple[str, str]] = {}
    for edge in sorted(lineage, key=lambda e: (e["repo_id"], e["base_model"])):
        if edge["declared_relation"] is not None:
            declared.setdefault(edge["repo_id"], (edge["declared_relation"], edge["base_model"]))
    answers = {}
    for model in models:
        repo_id = model["repo_id"]
        relation, base = declared.get(repo_id, ("original", repo_id))
        answers[repo_id] = {
            "kind": relation,
            "unique_model_id": base if relation == "quantized" else repo_id,
            "family_id": base,
            "audio_language_model": "yes",
            "runtime_parameters": model["hub_total_parameters"],
            "logical_parameters": model["hub_total_parameters"],
        }
    return answers


def answer_by_nothing(models: Iterable[Mapping[str, Any]]) -> Answers:
    """Values of `models` if every repository were a model of its own."""
    return {
        model["repo_id"]: {
            "kind": "original",
            "unique_model_id": model["repo_id"],
            "family_id": model["repo_id"],
            "audio_language_model": "yes",
            "runtime_parameters": model["hub_total_parameters"],
            "logical_parameters": model["hub_total_parameters"],
        }
        for model in models
    }
