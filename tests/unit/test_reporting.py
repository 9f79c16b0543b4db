"""What commands print: readable at 80 columns, whole repo_ids, and hostile text as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from builder.explanation import Candidate, Decided, Explanation
from builder.reporting import print_accuracy, print_explanation
from tests.unit.accuracy_fixture import to_accuracy

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = "some-organisation-with-a-long-name/" + "a-model-with-a-very-long-name-" * 3 + "GGUF"
HOSTILE = (
    "[bold]",
    "[/]",
    "[red]x[/red]",
    ":smile:",
    "[link=file:///x]y[/link]",
    "a\\[b]",
    "{x}",
    "trailing\\",
)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(function: Callable[..., None], *arguments: object) -> str:
        function(*arguments)
        return capsys.readouterr().out

    return run


def error(**more: str | None) -> dict[str, Any]:
    return {
        "repo_id": "a/b",
        "column": "kind",
        "judged": "original",
        "answer": "mirror",
        "confidence": "low",
        **more,
    }


def test_accuracy_fits_80_columns_and_cuts_nothing(printed: Callable[..., str]) -> None:
    text = printed(print_accuracy, "2025-12-07", to_accuracy())
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    words = text.split()
    for expected in (
        "right",
        "interval",
        "without",
        "corrections",
        "only",
        "folded",
        "high",
        "medium",
        "low",
    ):
        assert expected in words


def test_accuracy_states_each_figure_in_its_row(printed: Callable[..., str]) -> None:
    lines = printed(print_accuracy, "2025-12-07", to_accuracy()).splitlines()
    kinds = [line.split() for line in lines if line.startswith("kind ")]
    assert kinds[0] == ["kind", "0.800", "0.38–0.96", "5", "0.800", "0.667", "0.200", "0.200"]
    assert kinds[1] == ["kind", "0.800", "(5)", "–", "–"]
    unjudged = next(line.split() for line in lines if line.startswith("logical params"))
    assert unjudged == ["logical", "params", "–", "–", "0", "–", "–", "–", "–"]
    assert "5 scored of 6 judged rows, 4 of them judged blind" in " ".join(lines)


def test_errors_are_whole_lines(printed: Callable[..., str]) -> None:
    found = [error(repo_id=LONG, judged="5574460384", answer=None, confidence=None)]
    text = printed(print_accuracy, "2025-12-07", to_accuracy() | {"errors": found})
    assert f"\n  {LONG}\n      kind: judged 5,574,460,384, answered unknown\n" in text
    assert "1 wrong answer:" in text


def test_a_share_is_one_only_where_nothing_is_wrong(printed: Callable[..., str]) -> None:
    accuracy = to_accuracy()
    accuracy["scores"]["kind"] = {"rows": 9999, "value": 0.9999, "low": 0.99, "high": 1.0}
    assert "kind            0.999  0.99–1.00  9999" in printed(print_accuracy, "2025-12-07", accuracy)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_errors_are_printed_as_they_are(printed: Callable[..., str], text: str) -> None:
    hostile = error(repo_id=f"a/{text}", judged=text, answer=text, confidence=text)
    lines = printed(print_accuracy, "2025-12-07", to_accuracy() | {"errors": [hostile]})
    assert f"\n  a/{text}\n      kind: judged {text}, answered {text} ({text})\n" in lines


PLAIN = Explanation(
    repo_id="a/b",
    where="snapshots/2025-12-07/capture/records-00000.jsonl, line 7",
    seen={"library_name": "transformers", "packed": False, "stored_elements": 9_000_000},
    lists={"tags": ["audio", "speech"]},
    name={"stem": "b", "ported": True},
    decided=(
        Decided(
            "kind",
            (Candidate("quantized", "z/base", "it says so", "declared", "high"),),
            (Candidate("mirror", "", "its name", "name", "low"),),
        ),
    ),
    lineage=(
        {
            "relation": "backbone",
            "base_model": "z/llm",
            "status": "followed",
            "external": True,
            "note": "by name",
        },
        {"relation": "finetune", "base_model": "a/b", "status": "cut_self", "external": False, "note": None},
    ),
    addends=(
        {
            "counted": True,
            "logical_parameters": 9_000_000,
            "uncertainty": 5,
            "component": "whole",
            "weights_repo_id": "a/b",
            "dtype": "BF16",
            "stored_elements": 4_500_000,
            "source": "export_rounded",
        },
        {
            "counted": False,
            "logical_parameters": None,
            "uncertainty": 0,
            "component": "adapter",
            "weights_repo_id": "a/b",
            "dtype": "unknown",
            "stored_elements": None,
            "source": "name",
        },
    ),
    sums={"logical_parameters": 9_000_000, "runtime_parameters": None},
    gaps={"sha": "not_captured", "context_length": "config_absent", "hub_id": "not_captured"},
)


def test_an_explanation_reads_from_evidence_to_sum(printed: Callable[..., str]) -> None:
    assert printed(print_explanation, PLAIN).splitlines() == [
        "",
        "a/b  snapshots/2025-12-07/capture/records-00000.jsonl, line 7",
        "",
        "Seen",
        "  library_name: transformers",
        "  packed: no",
        "  stored_elements: 9,000,000",
        "  tags: audio, speech",
        "  name: stem b, ported yes",
        "",
        "Decided",
        "  kind = quantized → z/base  [high, declared] it says so",
        "      beat mirror  [low, name] its name",
        "",
        "Lineage",
        "  backbone of z/llm (followed, must be loaded too): by name",
        "  finetune of a/b (cut_self)",
        "",
        "Counts",
        "  +          9,000,000 ± 5  whole in a/b (BF16, 4,500,000 stored; export_rounded)",
        "  ·            unknown ± 0  adapter in a/b (unknown; name)",
        "  =          9,000,000  logical_parameters",
        "  =            unknown  runtime_parameters",
        "",
        "Unknown",
        "  config_absent: context_length",
        "  not_captured: sha, hub_id",
    ]


def test_what_there_is_none_of_says_so(printed: Callable[..., str]) -> None:
    text = printed(print_explanation, replace(PLAIN, lineage=(), gaps={}))
    assert "\nLineage: none\n" in text
    assert text.endswith("\nUnknown: none\n")


def test_a_long_line_is_neither_cut_nor_wrapped(printed: Callable[..., str]) -> None:
    text = printed(print_explanation, replace(PLAIN, repo_id=LONG, lists={"tags": [LONG, LONG]}))
    assert f"\n{LONG}  snapshots" in text
    assert f"  tags: {LONG}, {LONG}\n" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_facts_are_printed_as_they_are(printed: Callable[..., str], text: str) -> None:
    candidate = Candidate(text, f"t{text}", text, text, text)
    edge = {**PLAIN.lineage[0], "base_model": text, "note": text}
    hostile = replace(
        PLAIN,
        repo_id=f"a/{text}",
        where=text,
        seen={"library_name": text},
        lists={"tags": [text]},
        name={"stem": text},
        decided=(Decided("kind", (candidate,), (candidate,)),),
        lineage=(edge,),
        addends=({**PLAIN.addends[0], "dtype": text, "weights_repo_id": text},),
        gaps={text: text},
    )
    lines = printed(print_explanation, hostile).splitlines()
    assert f"a/{text}  {text}" in lines
    assert f"  library_name: {text}" in lines
    assert f"  tags: {text}" in lines
    assert f"  kind = {text} → t{text}  [{text}, {text}] {text}" in lines
    assert f"      beat {text} → t{text}  [{text}, {text}] {text}" in lines
    assert f"  backbone of {text} (followed, must be loaded too): {text}" in lines
    assert f"  {text}: {text}" in lines


def test_control_characters_do_nothing(printed: Callable[..., str]) -> None:
    text = printed(print_explanation, replace(PLAIN, seen={"library_name": "a\x1b[2Jb\r\nc\u202ed"}))
    assert "  library_name: a\ufffd[2Jb\ufffd\ufffdc\ufffdd\n" in text
