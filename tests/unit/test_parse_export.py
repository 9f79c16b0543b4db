"""The two rows of an earlier export, rounded for people, become facts with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from builder.errors import EvidenceUnreadable, SchemaViolation
from builder.parse.export import read_export
from builder.parse.facts import Base, Count, Facts
from builder.parse.popping import Fields, Irregularities


def read(
    listing: Mapping[str, object] | None = None, details: Mapping[str, object] | None = None
) -> tuple[Facts, set[tuple[str, str]]]:
    facts = Facts("acme/echo", "member", datetime(2025, 12, 7, 15, 26, 59, tzinfo=UTC))
    irregular = Irregularities()
    parts = {
        "listing": {"id": "acme/echo", "lastModified": None, "author": None, **(listing or {})},
        "details": {"id": "acme/echo", "downloads": 1, "likes": 1, **(details or {})},
    }
    read_export(facts, Fields("acme/echo", "export", parts, irregular), irregular)
    return facts, irregular.found


def test_a_whole_pair_of_rows() -> None:
    facts, irregular = read(
        {
            "downloads": 12,
            "likes": 0,
            "tags": ["audio-text-to-text", "en", "license:mit", "base_model:finetune:acme/base"],
        },
        {
            "author": "acme",
            "params_billions": 0.68,
            "tensor_types": "F32, BF16",
            "storage_gb": 1.71,
            "architecture": "EchoModel",
            "model_type": "echo",
            "library_name": "transformers",
            "gated": False,
            "lastModified": "2025-01-02T03:04:05.000Z",
        },
    )
    assert (facts.downloads, facts.likes, facts.author) == (12, 0, "acme")
    assert (facts.pipeline_tag, facts.scopes) == ("audio-text-to-text", {"audio-text-to-text"})
    assert (facts.languages, facts.licenses, facts.gated) == ({"en"}, {"mit"}, "false")
    assert facts.bases == [Base("acme/base", "finetune", "hub")]
    assert (facts.model_type, facts.architectures) == ("echo", {"EchoModel"})
    assert facts.last_modified == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert facts.dtypes == ["BF16", "F32"]
    assert facts.has_config
    assert not irregular


@pytest.mark.parametrize(
    ("types", "dtype"),
    [("BF16", "BF16"), ("F32,BF16", "mixed"), ("BF16,F32", "mixed"), ("", "unknown"), (None, "unknown")],
)
def test_two_decimals_of_a_billion_leave_five_million_open(types: str | None, dtype: str) -> None:
    facts, _ = read(details={"params_billions": 0.68, "tensor_types": types})
    assert facts.counts == [Count(dtype, 680_000_000, 5_000_000, "export_rounded")]
    assert (facts.hub_total, facts.hub_total_uncertainty) == (680_000_000, 5_000_000)


@pytest.mark.parametrize("billions", [0, 0.0, None])
def test_zero_parameters_are_unknown(billions: float | None) -> None:
    facts, irregular = read(details={"params_billions": billions, "storage_gb": 8.73})
    assert (facts.counts, facts.hub_total) == ([], None)
    assert not irregular


@pytest.mark.parametrize(("gib", "stored"), [(1.71, 1_836_098_519), (0, 0), (0.01, 10_737_418)])
def test_storage_is_binary_and_rounded(gib: float, stored: int) -> None:
    facts, _ = read(details={"storage_gb": gib})
    assert facts.used_storage_bytes == stored
    assert facts.used_storage_uncertainty == 5_368_710


def test_an_empty_text_is_unknown() -> None:
    facts, irregular = read(
        {"tags": []},
        dict.fromkeys(
            ("author", "architecture", "model_type", "library_name", "lastModified", "tensor_types"), ""
        ),
    )
    found = (facts.author, facts.model_type, facts.library_name, facts.last_modified)
    assert found == (None, None, None, None)
    assert facts.architectures == set()
    assert irregular == {("export.listing.tags", "empty list")}


@pytest.mark.parametrize(
    ("details", "problem"),
    [
        ({"tensor_types": "BF16,<b>"}, ("export.details.tensor_types", "a data type that is no name")),
        ({"params_billions": 1e300}, ("export.details.params_billions", "not a number up to 2^53")),
        ({"params_billions": 1e9}, ("export.details.params_billions", "not a number up to 2^53")),
        ({"storage_gb": 1e12}, ("export.details.storage_gb", "not a number up to 2^53")),
        ({"gated": True}, ("export.details.gated", "neither false, auto nor manual")),
    ],
)
def test_what_cannot_be_used_is_noted(details: dict[str, object], problem: tuple[str, str]) -> None:
    facts, irregular = read(details=details)
    assert irregular == {problem}
    assert (facts.counts, facts.used_storage_bytes, facts.gated) == ([], None, None)


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("listing", "downloads"),
        ("listing", "likes"),
        ("details", "params_billions"),
        ("details", "storage_gb"),
    ],
)
def test_a_negative_count_is_refused(part: str, field: str) -> None:
    with pytest.raises(EvidenceUnreadable, match=rf"record acme/echo: export\.{part}\.{field} is -1"):
        read(**{part: {field: -1}})


@pytest.mark.parametrize("part", ["listing", "details"])
def test_a_leftover_field_is_refused(part: str) -> None:
    with pytest.raises(EvidenceUnreadable, match=rf"does not know the field export\.{part}\.rank;"):
        read(**{part: {"rank": 1}})


def test_a_third_table_is_refused() -> None:
    facts = Facts("acme/echo", "member", datetime(2025, 12, 7, tzinfo=UTC))
    irregular = Irregularities()
    with pytest.raises(EvidenceUnreadable, match=r"the field export\.more;"):
        read_export(facts, Fields("acme/echo", "export", {"more": {}}, irregular), irregular)


def test_a_misspelt_relation_of_the_hub_is_refused() -> None:
    with pytest.raises(SchemaViolation, match=r"record acme/echo: .*'quantised'"):
        read({"tags": ["base_model:quantised:acme/base"]})


def test_a_model_outside_the_task_has_no_task() -> None:
    assert read({"tags": ["text-generation"]})[0].pipeline_tag is None
