"""The allow-list against the Hub's oddities: what is seen in the wild is kept as it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builder.capture.fields import ALLOWED, filter_part
from builder.capture.rules import Keyed, Named, NegativeCount, Value
from tests.unit import file_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.capture.evidence import JsonObject, JsonValue

SCORE: JsonObject = {
    "dataset": {"id": "acme/benchmark", "task_id": "speech", "revision": "main"},
    "value": 20.9,
    "date": "2026-01-15",
    "verified": False,
    "source": {"url": "https://example.org/scores"},
}

ROW: JsonObject = {
    "_id": "66a0b1c2d3e4f5a6b7c8d9e0",
    "id": "acme/tiny-audio-7b-GGUF",
    "modelId": "acme/tiny-audio-7b-GGUF",
    "author": "acme",
    "sha": "0123456789abcdef0123456789abcdef01234567",
    "lastModified": "2026-05-02T10:00:00.000Z",
    "createdAt": "2022-03-02T23:29:04.000Z",
    "private": False,
    "disabled": False,
    "gated": "auto",
    "pipeline_tag": None,
    "library_name": "transformers",
    "tags": ["gguf", "base_model:quantized:acme/tiny-audio-7b", "region:us"],
    "downloads": 0,
    "downloadsAllTime": 42517,
    "likes": 3,
    "trendingScore": 0.0,
    "siblings": [{"rfilename": ".gitattributes"}, {"rfilename": "q/tiny-Q4_K_M.gguf"}],
    "usedStorage": 9_000_000_000_000,
    "safetensors": {"parameters": {"BF16": 7_000_000_000, "F8_E4M3": 12}, "total": 7_000_000_012},
    "gguf": {"total": 7, "architecture": "llama", "context_length": 16384, "totalFileSize": 406},
    "baseModels": {
        "relation": "quantized",
        "models": [{"_id": "65e195f69fac7d008ef1c7e4", "id": "acme/tiny-audio-7b"}],
    },
    "childrenModelCount": {"adapter": 1, "merge": 0, "quantized": 2, "finetune": 0},
    "evalResults": [SCORE, {"data": SCORE}],
    "config": {
        "architectures": ["TinyAudioForConditionalGeneration"],
        "model_type": "tiny_audio",
        "quantization_config": {"bits": 4, "group_size": -1, "quant_method": "gptq", "load_in_4bit": True},
    },
    "cardData": {
        "license": "other",
        "license_name": "acme-terms",
        "license_link": "LICENSE.md",
        "language": ["en", "de"],
        "base_model": ["acme/tiny-audio-7b", "Local-Name-Without-Owner"],
        "base_model_relation": "quantized",
        "pipeline_tag": "audio-text-to-text",
        "library_name": "transformers",
        "tags": ["audio"],
    },
}

SCOPES: JsonObject = {
    "matched": [{"scope": "any-to-any", "sign": "model type tiny_audio"}],
    "asked": ["acme/old-name"],
}

EXPORT: JsonObject = {
    "listing": {
        "id": "acme/tiny-audio-7b",
        "downloads": 12,
        "likes": 0,
        "lastModified": None,
        "author": None,
        "tags": ["audio-text-to-text"],
    },
    "details": {
        "id": "acme/tiny-audio-7b",
        "author": "acme",
        "downloads": 12,
        "likes": 0,
        "params_billions": 0.68,
        "tensor_types": "F32, BF16",
        "storage_gb": 0,
        "architecture": "",
        "model_type": "",
        "library_name": "",
        "gated": False,
        "lastModified": "2025-11-27T01:04:29.000Z",
    },
}


EXAMPLES = [
    ("list", ROW),
    ("detail", {name: value for name, value in ROW.items() if name != "siblings"}),
    ("scopes", SCOPES),
    ("export", EXPORT),
    ("files", file_evidence.FILES),
    ("config", file_evidence.CONFIG),
    ("headers", file_evidence.HEADERS),
]


@pytest.mark.parametrize(("part", "answer"), EXAMPLES)
def test_what_the_hub_and_the_export_give_is_kept_whole(part: str, answer: JsonObject) -> None:
    assert filter_part(part, answer) == (answer, [])


def paths(rule: Named, before: str = "") -> Iterator[str]:
    """Every path that the allow-list names, objects and lists and what is in them."""
    for name, value in rule.fields.items():
        path = f"{before}{name}"
        yield path
        for inner in (value, value.items.item if value.items else value):
            if isinstance(inner.members, Named):
                yield from paths(inner.members, f"{path}.")


def reached(value: JsonValue, before: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{before}{name}"
            yield from reached(inner, f"{before}{name}.")
    elif isinstance(value, list):
        for item in value:
            yield from reached(item, before)


def test_every_part_has_an_example() -> None:
    assert {part for part, _ in EXAMPLES} == set(ALLOWED)


@pytest.mark.parametrize(("part", "answer"), EXAMPLES)
def test_the_examples_above_use_every_field_that_is_kept(part: str, answer: JsonObject) -> None:
    settings = "config.quantization_config."
    missing = set(paths(ALLOWED[part])) - set(reached(answer))
    assert {path for path in missing if not path.startswith(settings)} == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "en"),
        ("language", False),
        ("language", None),
        ("language", [None, "en"]),
        ("language", ["en", False]),
        ("language", {"en": None}),
        ("language", [{"en": "English"}]),
        ("license", ["mit", "apache-2.0"]),
        ("license", None),
        ("base_model", []),
        ("base_model", "Llama-3.2-SUN-2.5B-chat"),
        ("tags", [True, {"a": "b"}, "c"]),
        ("tags", "one"),
        ("pipeline_tag", False),
        ("pipeline_tag", ["audio-text-to-text"]),
        ("library_name", ["transformers", "peft"]),
    ],
)
def test_variants_of_card_fields_are_kept_as_given(field: str, value: JsonValue) -> None:
    answer: JsonObject = {"cardData": {field: value}}
    assert filter_part("list", answer) == (answer, [])


@pytest.mark.parametrize("field", ["config", "cardData", "gguf", "safetensors", "baseModels", "library_name"])
def test_absent_null_and_empty_stay_three_things(field: str) -> None:
    empty: JsonValue = "" if field == "library_name" else {}
    assert filter_part("list", {})[0] == {}
    assert filter_part("list", {field: None})[0] == {field: None}
    assert filter_part("list", {field: empty})[0] == {field: empty}


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"downloads": -1}, "list.downloads"),
        ({"likes": -1}, "list.likes"),
        ({"downloadsAllTime": -1}, "list.downloadsAllTime"),
        ({"usedStorage": -1}, "list.usedStorage"),
        ({"safetensors": {"total": -1}}, "list.safetensors.total"),
        ({"safetensors": {"parameters": {"BF16": -1}}}, r"list.safetensors.parameters.\*"),
        ({"gguf": {"total": -1}}, "list.gguf.total"),
        ({"childrenModelCount": {"merge": -1}}, "list.childrenModelCount.merge"),
    ],
)
def test_no_count_may_be_negative(answer: JsonObject, field: str) -> None:
    with pytest.raises(NegativeCount, match=field):
        filter_part("list", answer)


@pytest.mark.parametrize(
    "answer",
    [
        {"gguf": {"chat_template": "{% for m in messages %}", "bos_token": "<s>"}},
        {"cardData": {"extra_gated_prompt": "Before you read on …", "widget": [{"text": "hi"}]}},
        {"siblings": [{"size": 12, "lfs": {"oid": "x"}}]},
        {"config": {"tokenizer_config": {"chat_template": "…"}, "auto_map": {}}},
        {"model-index": [{"results": []}]},
        {"widgetData": [1]},
    ],
)
def test_free_text_and_the_unknown_are_left_out_and_reported(answer: JsonObject) -> None:
    kept, notes = filter_part("list", answer)
    assert not any(isinstance(value, str) for value in kept.values())
    assert {note.kind for note in notes} == {"left_out"}


def test_what_an_owner_wrote_is_left_for_parse_to_refuse() -> None:
    # A negative size is the Hub's, or ours; a negative setting is one repository's own.
    with pytest.raises(NegativeCount, match=r"files\.files\[\]\.size"):
        filter_part("files", {"files": [{"path": "model.bin", "size": -1}]})
    with pytest.raises(NegativeCount, match=r"headers\.files\[\]\.counts\[\]\.stored_elements"):
        filter_part("headers", {"files": [{"counts": [{"stored_elements": -1}]}]})
    answer: JsonObject = {"config.json": {"sliding_window": -1, "head_dim": 0.5}}
    assert filter_part("config", answer) == (answer, [])


@pytest.mark.parametrize(
    "answer",
    [
        {"config.json": {"auto_map": {"AutoModel": "evil.py"}, "rope_scaling": {"factor": 8.0}}},
        {"config.json": {"text_config": {"text_config": {"hidden_size": 1}}}},
        {"tokenizer_config.json": {"chat_template": "{{ x }}"}},
        {"preprocessor_config.json": {"mel_filters": [[0.0] * 80]}},
        {"params.json": {"multimodal": {"vision_encoder": {"dim": 1}}}},
    ],
)
def test_of_configurations_only_named_fields_are_kept(answer: JsonObject) -> None:
    kept, notes = filter_part("config", answer)
    assert all(not field or field in ({"text_config": {}}, {"multimodal": {}}) for field in kept.values())
    assert {note.kind for note in notes} == {"left_out"}


def test_one_unreadable_base_hides_the_others() -> None:
    # One base of a merge of two, kept alone, would make it a finetune of that one.
    kept, notes = filter_part("list", {"cardData": {"base_model": ["acme/one", 2]}})
    assert kept == {"cardData": {}}
    assert notes[-1].field == "list.cardData.base_model"


def test_one_unreadable_dtype_hides_the_sum() -> None:
    kept, _ = filter_part("list", {"safetensors": {"parameters": {"BF16": 1, "F32": None}, "total": 2}})
    assert kept == {"safetensors": {"total": 2}}


def test_every_rule_declares_a_type_and_every_text_a_length() -> None:
    def walk(value: Value) -> Iterator[Value]:
        yield value
        if value.items:
            yield from walk(value.items.item)
        if isinstance(value.members, Named):
            for inner in value.members.fields.values():
                yield from walk(inner)
        elif isinstance(value.members, Keyed):
            yield from walk(value.members.value)

    for value in (each for part in ALLOWED.values() for rule in part.fields.values() for each in walk(rule)):
        assert value.text or value.number or value.boolean or value.items or value.members
        assert value.text is None or value.text.max_length <= 1024
