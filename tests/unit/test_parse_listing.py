"""One row of the Hub's list, with the oddities that real rows have, becomes facts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builder.errors import EvidenceUnreadable, SchemaViolation
from builder.parse.facts import Base, Count, Facts
from builder.parse.listing import read_listing
from builder.parse.popping import Fields, Irregularities
from builder.parse.quantization import Configured


def read(**row: object) -> tuple[Facts, set[tuple[str, str]]]:
    facts = Facts("acme/echo", "member", datetime(2026, 5, 31, tzinfo=UTC))
    irregular = Irregularities()
    read_listing(facts, Fields("acme/echo", "list", row, irregular), irregular)
    return facts, irregular.found


def test_a_full_row() -> None:
    facts, irregular = read(
        _id="65e1" * 6,
        id="acme/echo",
        modelId="acme/echo",
        author="acme",
        sha="0123456789" * 4,
        private=False,
        disabled=False,
        childrenModelCount={"finetune": 3},
        pipeline_tag="audio-text-to-text",
        library_name="transformers",
        createdAt="2026-01-02T03:04:05.000Z",
        lastModified="2026-01-03T03:04:05.000Z",
        downloads=5,
        downloadsAllTime=50,
        likes=2,
        trendingScore=0.5,
        usedStorage=10**9,
        gated="auto",
    )
    assert (facts.hub_id, facts.sha, facts.author) == ("65e1" * 6, "0123456789" * 4, "acme")
    assert (facts.downloads, facts.downloads_all_time, facts.likes, facts.trending_score) == (5, 50, 2, 0.5)
    assert (facts.pipeline_tag, facts.library_name) == ("audio-text-to-text", "transformers")
    assert facts.gated == "auto"
    assert (facts.created_at, facts.last_modified) == (
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        datetime(2026, 1, 3, 3, 4, 5, tzinfo=UTC),
    )
    assert facts.used_storage_bytes == 10**9
    assert not irregular


def test_an_absent_field_was_not_captured_and_a_null_one_was() -> None:
    assert "gated" not in read(likes=1)[0].captured
    assert "gated" in read(gated=None)[0].captured
    assert {"license", "language", "weight_formats"} <= read(tags=["gguf"])[0].captured
    assert not read(likes=1)[0].has_config
    assert read(config=None)[0].has_config


@pytest.mark.parametrize("field", ["_id", "sha"])
def test_an_identifier_of_another_form_is_noted(field: str) -> None:
    facts, irregular = read(**{field: "xyz"})
    assert (facts.hub_id, facts.sha) == (None, None)
    assert irregular == {(f"list.{field}", "not hexadecimal of the right length")}


def test_a_score_below_zero_is_noted() -> None:
    facts, irregular = read(trendingScore=-1)
    assert facts.trending_score is None
    assert irregular == {("list.trendingScore", "a score below zero")}


@pytest.mark.parametrize(
    ("value", "bases"),
    [
        ("acme/base", ["acme/base"]),
        (["acme/b", "acme/a", "acme/a"], ["acme/a", "acme/b"]),
        (["Local-Name-2.5B"], ["Local-Name-2.5B"]),
        ("acme/echo", ["acme/echo"]),
        ("", []),
        ([], []),
        (False, []),
        ({"acme": "base"}, []),
        ("x" * 10_000, []),
        ([None, 3], []),
    ],
)
def test_a_card_may_name_its_bases_in_any_way(value: object, bases: list[str]) -> None:
    facts, irregular = read(cardData={"base_model": value})
    assert facts.bases == [Base(base, None, "declared") for base in bases]
    assert bool(irregular) is (not bases)


def test_what_an_author_mistypes_is_noted_and_stops_nobody() -> None:
    facts, irregular = read(cardData={"base_model": "acme/base", "base_model_relation": "quantised"})
    assert facts.bases == [Base("acme/base", None, "declared")]
    assert irregular == {("list.cardData.base_model_relation", "a relation outside the vocabulary")}


def test_what_the_hub_states_must_be_known() -> None:
    with pytest.raises(SchemaViolation) as caught:
        read(baseModels={"relation": "quantised", "models": [{"_id": "0" * 24, "id": "acme/base"}]})
    assert str(caught.value).startswith(
        "record acme/echo: list.baseModels.relation states the base relation 'quantised', which is none of "
    )
    with pytest.raises(SchemaViolation, match="quantised"):
        read(tags=["base_model:quantised:acme/base"])


def test_resolved_bases_go_before_those_of_the_tags() -> None:
    facts, _ = read(
        tags=["base_model:acme/old", "base_model:finetune:acme/old"],
        baseModels={"relation": "finetune", "models": [{"_id": "0" * 24, "id": "acme/new"}]},
        cardData={"base_model": "acme/old"},
    )
    assert facts.bases == [Base("acme/new", "finetune", "hub"), Base("acme/old", None, "declared")]


@pytest.mark.parametrize("bases", [None, {"relation": None, "models": []}, {"models": None}])
def test_without_resolved_bases_the_tags_count(bases: object) -> None:
    facts, _ = read(tags=["base_model:merge:acme/a"], baseModels=bases)
    assert facts.bases == [Base("acme/a", "merge", "hub")]


@pytest.mark.parametrize(
    ("value", "languages", "noted"),
    [
        ("en", {"en"}, False),
        (["en", "zho", "pt-BR"], {"en", "zh", "pt"}, False),
        (None, set(), False),
        (False, {"no"}, True),
        ([False, "sv"], {"no", "sv"}, True),
        (True, set(), True),
        ({"en": None}, set(), True),
        ([{"en": None}, None], set(), True),
        ("klingon", set(), True),
        ([], set(), True),
    ],
)
def test_a_card_may_name_its_languages_in_any_way(value: object, languages: set[str], *, noted: bool) -> None:
    facts, irregular = read(cardData={"language": value})
    assert facts.languages == languages
    assert bool(irregular) is noted


def test_a_code_among_the_tags_is_a_language_only_if_the_card_says_so() -> None:
    facts, _ = read(tags=["yi", "it", "en"], cardData={"language": ["en"]})
    assert (facts.languages, facts.tags) == ({"en"}, ["it", "yi"])
    facts, _ = read(tags=["yi", "en"])
    assert (facts.languages, facts.tags) == ({"yi", "en"}, [])


def test_a_card_states_licence_and_library() -> None:
    facts, irregular = read(
        cardData={
            "license": ["other"],
            "license_name": "acme-1",
            "license_link": "LICENSE",
            "library_name": "nemo",
            "pipeline_tag": ["a", True],
            "tags": [{"a": "b"}],
        }
    )
    assert (facts.licenses, facts.license_name, facts.license_link) == ({"other"}, "acme-1", "LICENSE")
    assert facts.library_name == "nemo"
    assert not irregular


def test_the_library_of_the_row_goes_before_the_cards() -> None:
    facts, _ = read(library_name="transformers", cardData={"library_name": "nemo"})
    assert facts.library_name == "transformers"
    assert read(cardData={"library_name": ["a", "b"]})[0].library_name is None


def test_a_configuration_names_classes_and_quantisation() -> None:
    facts, irregular = read(
        tags=["audio"],
        config={
            "architectures": "EchoModel",
            "model_type": "echo",
            "quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True},
        },
    )
    assert (facts.architectures, facts.model_type) == ({"EchoModel"}, "echo")
    assert facts.configured == Configured("bnb", 4.0)
    # What stands in a configuration is no tag.
    assert facts.tags == ["audio"]
    assert not irregular


def test_counts_by_data_type() -> None:
    facts, irregular = read(safetensors={"parameters": {"F32": 3, "BF16": 40, "U8": 0}, "total": 99})
    assert facts.counts == [
        Count("BF16", 40, 0, "safetensors_hub"),
        Count("F32", 3, 0, "safetensors_hub"),
    ]
    # The Hub's total need not be the sum, and neither is taken for the other.
    assert facts.hub_total == 99
    assert facts.dtypes == ["BF16", "F32"]
    assert not irregular


def test_a_total_without_data_types_is_a_count_of_unknown_ones() -> None:
    facts, _ = read(safetensors={"total": 99})
    assert (facts.counts, facts.dtypes) == ([Count("unknown", 99, 0, "safetensors_hub")], [])
    assert read(safetensors={"total": 0})[0].counts == []


def test_a_data_type_that_is_no_name_is_noted() -> None:
    facts, irregular = read(safetensors={"parameters": {"1": 3}, "total": 3})
    assert facts.counts == [Count("unknown", 3, 0, "safetensors_hub")]
    assert irregular == {("list.safetensors.parameters", "a data type that is no name")}


def test_the_count_of_a_gguf_file_stands_beside() -> None:
    facts, _ = read(gguf={"total": 7, "architecture": "llama", "context_length": 8192, "totalFileSize": 9})
    assert (facts.counts, facts.hub_total) == ([Count("unknown", 7, 0, "gguf_hub")], 7)
    facts, _ = read(gguf={"total": 7}, safetensors={"total": 9})
    assert facts.hub_total == 9


def test_file_names_show_formats_and_whether_there_are_weights() -> None:
    facts, _ = read(siblings=[{"rfilename": "README.md"}, {"rfilename": "model.safetensors"}])
    assert (facts.file_formats, facts.holds_weights) == ({"safetensors"}, True)
    facts, _ = read(siblings=[{"rfilename": ".gitattributes"}])
    assert (facts.file_formats, facts.holds_weights) == (set(), False)
    assert read(siblings=[])[0].holds_weights is None
    assert read(likes=1)[0].holds_weights is None


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"rank": 1}, "list.rank"),
        ({"cardData": {"thumbnail": 1}}, "list.cardData.thumbnail"),
        ({"config": {"auto_map": {}}}, "list.config.auto_map"),
        ({"config": {"quantization_config": {"damp": 1}}}, "list.config.quantization_config.damp"),
        ({"safetensors": {"sharded": True}}, "list.safetensors.sharded"),
        ({"gguf": {"chat_template": ""}}, "list.gguf.chat_template"),
        ({"baseModels": {"models": [{"name": "x"}]}}, "list.baseModels.models[].name"),
        ({"siblings": [{"rfilename": "a", "lfs": {}}]}, "list.siblings[].lfs"),
    ],
)
def test_a_leftover_field_is_refused_wherever_it_stands(row: dict[str, object], path: str) -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        read(**row)
    assert str(caught.value).startswith(f"record acme/echo: parse does not know the field {path}; teach it")


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"downloads": -1}, "list.downloads"),
        ({"usedStorage": -1}, "list.usedStorage"),
        ({"safetensors": {"total": -1}}, "list.safetensors.total"),
        ({"safetensors": {"parameters": {"F32": -1}}}, "list.safetensors.parameters.F32"),
        ({"gguf": {"total": -1}}, "list.gguf.total"),
    ],
)
def test_a_negative_count_is_refused_wherever_it_stands(row: dict[str, object], path: str) -> None:
    with pytest.raises(EvidenceUnreadable, match="correct the evidence") as caught:
        read(**row)
    assert str(caught.value).startswith(f"record acme/echo: {path} is -1, ")
