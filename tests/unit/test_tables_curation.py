"""Hand-kept facts become rows, or one sentence names the file, the entry and the remedy."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from builder.errors import EvidenceUnreadable
from builder.tables.curation import to_relations
from schemas.relations import RELATIONS
from schemas.to_arrow import to_arrow_schema
from schemas.validate import validate

DATE = "2025-12-07"

GOOD: dict[str, Any] = {
    "architectures": {
        "architectures": [
            {
                "model_type": "echo",
                "classes": ["EchoModel"],
                "family": "echo",
                "input": ["audio", "text"],
                "output": ["text"],
                "domains": ["speech"],
                "delta": True,
                "dense": True,
                "owner": "acme",
                "lines": ["echo", "echo-audio"],
                "source": "model card of acme/echo",
            },
            {"model_type": "ohm", "family": "ohm", "input": ["signal"], "source": "model card of acme/ohm"},
        ]
    },
    "backbones": {
        "backbones": [
            {
                "repo_id": "acme/base-7b",
                "component": "language_model",
                "model_type": "llama",
                "parameters": 7_000_000_000,
                "active": 1_000_000_000,
                "license": "mit",
                "gated": "auto",
                "for": "echo",
                "names": ["base 7 b", "base"],
                "source": "card",
            },
            {
                "repo_id": "acme/base-7b",
                "component": "whole",
                "model_type": "llama",
                "source": "size not known",
            },
        ],
        "designs": [
            {"model_type": "echo", "component": "whole", "repo_id": "acme/base-7b", "source": "repository"}
        ],
    },
    "audio": {
        "audio": [{"model_type": "echo", "audio_sampling_rate_hz": 16_000, "source": "model card"}],
        "language_models": [
            {
                "repo_id": "acme/base-7b",
                "layers": 32,
                "kv_heads": 8,
                "head_size": 128,
                "context_length": 8192,
                "source": "config.json",
            }
        ],
    },
    "families": {"titles": {"echo": "Echo", "ohm": "Ohm"}},
    "corrections": {
        "corrections": [
            {
                "repo_id": "acme/echo-x",
                "column": "kind",
                "value": "mirror",
                "target": "acme/echo",
                "reason": "same hashes",
                "source": "card",
                "dates": [DATE],
            }
        ]
    },
    "leaderboards": {
        "leaderboards": {
            "open-asr": [
                {"listed_as": ["acme/echo", "acme/ohm"], "audio_language_model": True, "reason": "its card"},
                {
                    "listed_as": ["board/acme-echo"],
                    "repo_id": "acme/echo",
                    "audio_language_model": False,
                    "reason": "the board joins owner and name",
                },
                {"listed_as": ["acme/cloud"], "hosted": True, "reason": "a service"},
            ]
        }
    },
    "runtimes": {
        "formats": {"vllm": ["safetensors"]},
        "runtimes": [
            {
                "model_type": "echo",
                "runtime": "vllm",
                "status": "works",
                "min_version": "0.9",
                "audio_max_s": 30,
                "over_length": "cut",
                "evidence_url": "https://example.org/vllm",
                "checked_on": date(2026, 11, 27),
                "note": "a note",
            },
        ],
    },
    "hosted": {
        "systems": [
            {
                "system_id": "cloud-1",
                "provider": "Acme",
                "title": "Cloud 1",
                "audio_input": True,
                "source_url": "https://example.org/cloud",
                "checked_on": "2026-11-27",
            },
        ]
    },
    "tasks": {
        "categories": {"Audio": ["text-to-speech"], "Multimodal": ["audio-text-to-text"]},
        "stated": {
            DATE: [
                {
                    "pipeline_tag": "text-to-speech",
                    "model_count": 9,
                    "counted_at": "2025-11-30T23:59:59Z",
                    "source": "a blog",
                }
            ]
        },
    },
}


def changed(*path: str | int, to: object = ...) -> dict[str, Any]:
    """The good documents with one value changed, or taken away."""
    documents = deepcopy(GOOD)
    place: Any = documents
    for step in path[:-1]:
        place = place[step]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return documents


ARCHITECTURE = ("architectures", "architectures", 0)
BACKBONE = ("backbones", "backbones", 0)
CORRECTION = ("corrections", "corrections", 0)
COUNT = ("tasks", "stated", DATE, 0)
RUNTIME = ("runtimes", "runtimes", 0)
HOSTED = ("hosted", "systems", 0)
BOARD = ("leaderboards", "leaderboards", "open-asr")


def test_good_files_become_rows_as_their_relations_want_them() -> None:
    rows = to_relations(GOOD, DATE)
    for table in RELATIONS:
        if table.name in rows:
            frame = pl.from_arrow(pa.Table.from_pylist(rows[table.name], schema=to_arrow_schema(table)))
            assert isinstance(frame, pl.DataFrame)
            assert validate(table, frame.lazy()) == []
    assert {name: len(some) for name, some in rows.items() if some and name != "name"} == {
        "architecture": 2,
        "architecture_value": 5,
        "architecture_alias": 3,
        "backbone": 2,
        "backbone_alias": 2,
        "design_part": 1,
        "audio_fact": 1,
        "language_model": 1,
        "family_title": 2,
        "correction": 1,
        "task_category": 2,
        "task_count": 1,
        "leaderboard_system": 4,
        "runtime_support": 1,
        "runtime_format": 1,
        "hosted_system": 1,
    }


def test_an_architecture_says_what_goes_in_and_comes_out() -> None:
    echo, ohm = to_relations(GOOD, DATE)["architecture"]
    assert (echo["takes_audio"], echo["takes_text"], echo["gives_text"]) == (True, True, True)
    assert (ohm["takes_audio"], ohm["takes_text"], ohm["gives_text"]) == (False, False, False)
    assert (echo["delta"], echo["dense"], echo["line"]) == (True, True, "echo")
    assert (ohm["delta"], ohm["dense"], ohm["line"]) == (False, None, None)


def test_a_backbone_of_unknown_size_has_no_source_of_a_count() -> None:
    known, unknown = to_relations(GOOD, DATE)["backbone"]
    assert (known["logical_parameters"], known["count_source"]) == (7_000_000_000, "safetensors_hub")
    assert (unknown["logical_parameters"], unknown["count_source"]) == (None, None)


def test_each_curated_id_is_named_once() -> None:
    names = [(row["repo_id"], row["seen_in"]) for row in to_relations(GOOD, DATE)["name"]]
    assert names == [("acme/base-7b", "curated"), ("acme/echo", "curated")]


def test_a_date_without_stated_counts_has_none() -> None:
    assert to_relations(GOOD, "2026-01-07")["task_count"] == []
    (count,) = to_relations(GOOD, DATE)["task_count"]
    assert (count["exact"], count["counted_at"]) == (False, datetime(2025, 11, 30, 23, 59, 59, tzinfo=UTC))


def test_names_of_a_leaderboard_share_a_reason_and_services_have_no_repository() -> None:
    systems = to_relations(GOOD, DATE)["leaderboard_system"]
    assert [(row["listed_as"], row["repo_id"], row["audio_language_model"]) for row in systems] == [
        ("acme/echo", "acme/echo", True),
        ("acme/ohm", "acme/ohm", True),
        ("board/acme-echo", "acme/echo", False),
        ("acme/cloud", None, None),
    ]


def test_a_day_may_stand_in_quotes() -> None:
    relations = to_relations(GOOD, DATE)
    days = [row["checked_on"] for name in ("runtime_support", "hosted_system") for row in relations[name]]
    assert days == [date(2026, 11, 27)] * 2


@pytest.mark.parametrize(
    ("documents", "sentence"),
    [
        ({}, "curated/architectures.yaml: expected the section architectures as a list; restore"),
        (changed("families", to=None), "curated/families.yaml: expected the section titles as a dict"),
        (changed("tasks", "stated", to=[]), "curated/tasks.yaml: expected the section stated as a dict"),
        (changed("tasks", "stated", DATE, to={}), f"tasks.yaml, stated {DATE}: expected a list"),
        (changed(*ARCHITECTURE, to="echo"), "architectures.yaml, entry 1: expected fields, found str"),
        (changed(*ARCHITECTURE, "family"), "entry echo: the field family is missing; add it"),
        (changed(*ARCHITECTURE, "family", to=None), "entry echo: the field family is missing; add it"),
        (changed(*ARCHITECTURE, "family", to=" "), "entry echo: the field family must not be blank"),
        (changed(*ARCHITECTURE, "family", to=3), "entry echo: the field family must be str, found 3;"),
        (changed(*ARCHITECTURE, "input"), "entry echo: the field input is missing; say what goes in"),
        (changed(*ARCHITECTURE, "input", to="audio"), "entry echo: the field input must be list, found"),
        (changed(*ARCHITECTURE, "input", to=[1]), "entry echo: the field input must be a list of texts"),
        (changed(*ARCHITECTURE, "lines", to=["a", "a"]), "entry echo: the field lines names something"),
        (changed(*ARCHITECTURE, "dense", to="yes"), "entry echo: the field dense must be bool, found"),
        (changed(*ARCHITECTURE, "colour", to=1), "entry echo: the field colour is not known; remove"),
        (changed(*BACKBONE, "parameters", to=True), "entry acme/base-7b: the field parameters must be"),
        (changed(*BACKBONE, "parameters", to=-1), "the field parameters is -1, and a count"),
        (changed(*BACKBONE, "parameters", to=7e9), "the field parameters must be int, found 7000000000.0"),
        (changed(*BACKBONE, "for"), "entry acme/base-7b: names are given, but not the model type"),
        (changed("families", "titles", "echo", to=None), "families.yaml, entry titles: the field echo is"),
        (changed("families", "titles", 3, to="Three"), "families.yaml, entry titles: the field 3 is missing"),
        (changed(*CORRECTION, "value", to=True), "entry acme/echo-x: the field value must be str"),
        (changed(*CORRECTION, "dates"), "it must say for which dates it was checked"),
        (changed(*CORRECTION, "reason"), "entry acme/echo-x: the field reason is missing; add it"),
        (changed(*COUNT, "counted_at", to="2025-11-30"), "number 1: the field counted_at must have a zone"),
        (changed(*COUNT, "counted_at", to="autumn"), "the field counted_at must be a time such as"),
        (changed(*COUNT, "model_count", to="many"), "the field model_count must be int, found 'many'"),
        (changed("tasks", "categories", "Audio", to="x"), "entry categories: the field Audio must be list"),
        (
            changed(*RUNTIME, "evidence_url"),
            "runtimes.yaml, entry echo vllm: the field evidence_url is missing; add it",
        ),
        (changed(*RUNTIME, "checked_on"), "entry echo vllm: the field checked_on is missing; add it"),
        (changed(*RUNTIME, "checked_on", to="May"), "the field checked_on must be a day such as 2026-11-27"),
        (changed(*RUNTIME, "checked_on", to=7), "entry echo vllm: the field checked_on is missing; add it"),
        (changed(*RUNTIME, "loads", to=True), "entry echo vllm: the field loads is not known"),
        (changed("runtimes", "formats", "vllm", to="gguf"), "entry formats: the field vllm must be list"),
        (
            changed(*HOSTED, "source_url"),
            "hosted.yaml, entry cloud-1: the field source_url is missing; add it",
        ),
        (changed(*HOSTED, "audio_input"), "entry cloud-1: the field audio_input is missing; say whether"),
        (changed(*BOARD, 0, "reason"), "leaderboards.yaml, entry 1: the field reason is missing; add it"),
        (changed(*BOARD, 0, "listed_as"), "entry 1: the field listed_as is missing; name the systems"),
        (changed(*BOARD, 0, "repo_id", to="acme/echo"), "repo_id is that of one system; give that system"),
        (changed(*BOARD, 0, "audio_language_model"), "it says either hosted: true, or whether it is an"),
        (
            changed(*BOARD, 2, "audio_language_model", to=True),
            "it says either hosted: true, or whether it is",
        ),
        (changed(*BOARD, to={}), "curated/leaderboards.yaml: expected the section open-asr as a list"),
    ],
)
def test_a_file_that_is_not_as_declared_is_refused(documents: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        to_relations(documents, DATE)
    assert sentence in str(caught.value)


def test_the_files_are_not_changed_by_reading() -> None:
    documents = deepcopy(GOOD)
    to_relations(documents, DATE)
    assert documents == GOOD


def test_a_correction_acts_on_its_own_dates_only() -> None:
    elsewhere = changed(*CORRECTION, "dates", to=["1999-12-31"])
    assert to_relations(elsewhere, DATE)["correction"] == []
    assert len(to_relations(GOOD, DATE)["correction"]) == 1
