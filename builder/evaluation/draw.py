"""Draws the repositories of a date that people judge next, before the rules run on it.

A draw is stratified by what name and tags say of a repository's form, so that rare forms are judged
too: every stratum is given its share of the rows, and at least one. Within a stratum the order is
that of the SHA-256 of date and repo_id: the same date draws the same rows on every machine, another
date others, and nobody chooses. Only evidence goes in; no answer of the rules is seen or shown.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from builder.evaluation.gold import COLUMNS

_SEPARATOR: Final = re.compile(r"[^a-z0-9]+")

STRATA: Final[Mapping[str, re.Pattern[str]]] = {
    "gguf": re.compile(r"gguf|ggml|i?q[2-8](k|ks|km|kl)?"),
    "quantized": re.compile(
        r"awq|gptq|bnb|exl[23]|quantized|quant|[2-8]bits?|u?int[48]|fp[48]|nvfp4|mxfp4|w[48]a(4|8|16)"
    ),
    "ported": re.compile(r"onnx|mlx|openvino|tensorrt|axera|hf|transformers|ct2"),
    "trained_further": re.compile(
        r"lora|qlora|peft|adapters?|finetun(e|ed|ing)|ft|sft|dpo|grpo|merged?|trained|training|checkpoint"
    ),
}
"""Form → words of the name that are signs of it; the first form that matches counts."""

TAG_FORMS: Final[Mapping[str, str]] = {
    "gguf": "gguf",
    "onnx": "ported",
    "mlx": "ported",
    "peft": "trained_further",
    "lora": "trained_further",
    "adapter": "trained_further",
}
"""Tags that say the same of a repository whose name says nothing; after them, `declares_a_base`."""


@dataclass(frozen=True)
class Candidate:
    """A repository that may be drawn, as the evidence shows it."""

    repo_id: str
    tags: frozenset[str]


def find_stratum(candidate: Candidate) -> str:
    """The form of a repository: by a word of its name, else by a tag, else by whether it names a base."""
    name = candidate.repo_id.rpartition("/")[2].lower()
    words = [word for word in _SEPARATOR.split(name) if word]
    for stratum, pattern in STRATA.items():
        if any(pattern.fullmatch(word) for word in words):
            return stratum
    for tag, stratum in TAG_FORMS.items():
        if tag in candidate.tags:
            return stratum
    return "declares_a_base" if any(tag.startswith("base_model:") for tag in candidate.tags) else "plain"


def draw_order(date: str, repo_id: str) -> str:
    """The place of a repository in the draws of a date."""
    return hashlib.sha256(f"{date}\n{repo_id}".encode()).hexdigest()


def draw_rows(date: str, candidates: Iterable[Candidate], rows: int) -> list[str]:
    """The repo_ids to judge, in the order of the draw; all of them where there are no more than `rows`."""
    strata: dict[str, list[str]] = {}
    for candidate in candidates:
        strata.setdefault(find_stratum(candidate), []).append(candidate.repo_id)
    shares = _allot({name: len(members) for name, members in strata.items()}, rows)
    drawn = [
        repo_id
        for name, members in strata.items()
        for repo_id in sorted(members, key=lambda member: draw_order(date, member))[: shares[name]]
    ]
    return sorted(drawn, key=lambda repo_id: draw_order(date, repo_id))


def _allot(sizes: Mapping[str, int], rows: int) -> dict[str, int]:
    """Rows per stratum by size: one each as far as they go, then where most of the share is missing."""
    total = sum(sizes.values())
    shares = dict.fromkeys(sizes, 0)
    for _ in range(min(rows, total)):
        open_ = [name for name in sizes if shares[name] < sizes[name]]
        first = min(
            open_, key=lambda name: (shares[name] > 0, shares[name] - rows * sizes[name] / total, name)
        )
        shares[first] += 1
    return shares


def to_csv(repo_ids: Iterable[str]) -> str:
    """A gold file in which everything but the repo_ids is still to be judged."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"repo_id": repo_id, "judged": "blind"} for repo_id in repo_ids)
    return text.getvalue()
