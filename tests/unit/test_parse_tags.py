"""One unordered list of tags holds licence, languages, bases and words."""

from __future__ import annotations

import pytest

from builder.errors import SchemaViolation
from builder.parse.facts import Base
from builder.parse.popping import Irregularities
from builder.parse.tags import SortedTags, sort_tags, to_languages, to_licenses


def sort(*tags: str) -> tuple[SortedTags, list[tuple[str, str]]]:
    irregular = Irregularities()
    return sort_tags("acme/echo", list(tags), irregular), sorted(irregular.found)


def test_tags_are_told_apart() -> None:
    found, irregular = sort(
        "transformers", "license:MIT", "region:us", "en", "dataset:acme/talk", "base_model:acme/base"
    )
    assert found.plain == ["dataset:acme/talk", "transformers"]
    assert found.licenses == {"mit"}
    assert found.languages == {"en"}
    assert found.bases == [Base("acme/base", None, "hub")]
    assert not irregular


@pytest.mark.parametrize(
    "tags",
    [
        ["base_model:acme/base", "base_model:quantized:acme/base"],
        ["base_model:quantized:acme/base", "base_model:acme/base"],
        ["base_model:quantized:acme/base"],
    ],
)
def test_the_relation_of_a_base_is_kept_in_any_order(tags: list[str]) -> None:
    assert sort(*tags)[0].bases == [Base("acme/base", "quantized", "hub")]


@pytest.mark.parametrize("relation", ["quantised", "", "Quantized", "base_model", "x" * 200])
def test_a_relation_of_the_hub_outside_the_vocabulary_is_refused(relation: str) -> None:
    with pytest.raises(SchemaViolation) as caught:
        sort(f"base_model:{relation}:acme/base")
    message = str(caught.value)
    assert message.startswith("record acme/echo: the tag ")
    assert f"states the base relation {relation[:80]!r}, which is none of" in message
    assert "quantized, finetune, adapter, merge" in message
    assert "correct the evidence, or add the relation to" in message
    assert SchemaViolation.exit_code == 11


@pytest.mark.parametrize("tag", ["base_model:", "base_model:finetune:"])
def test_a_base_tag_without_a_base_is_noted(tag: str) -> None:
    found, irregular = sort(tag)
    assert not found.bases
    assert irregular == [("tags", "a base tag without a base")]


def test_markup_in_a_tag_is_noted() -> None:
    found, irregular = sort("<script>", "good")
    assert found.plain == ["good"]
    assert irregular == [("tags", "a tag with control characters or markup")]


def test_a_three_letter_word_among_tags_is_no_language() -> None:
    assert sort("eng", "may")[0].languages == set()


@pytest.mark.parametrize(
    ("texts", "codes", "good"),
    [
        (["EN", "pt-BR", "zh_TW"], {"en", "pt", "zh"}, True),
        (["eng", "zho", "yue", "iw"], {"en", "zh", "yue", "he"}, True),
        (["multilingual"], {"multilingual"}, True),
        (["jp"], set(), False),
        (["english", "code"], set(), False),
    ],
)
def test_languages_are_a_closed_set_in_one_spelling(texts: list[str], codes: set[str], *, good: bool) -> None:
    irregular = Irregularities()
    assert to_languages(texts, irregular) == codes
    assert bool(irregular.found) is not good


def test_a_licence_is_an_identifier() -> None:
    irregular = Irregularities()
    assert to_licenses(["Apache-2.0", "apache-2.0", "<b>"], irregular) == {"apache-2.0"}
    assert irregular.found == {("license", "not a licence identifier")}
