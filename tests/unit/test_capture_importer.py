"""Rows of an earlier export become records, or one sentence says which row cannot."""

from __future__ import annotations

import pytest

from builder.capture.evidence import HUB_PARTS, JsonObject, Record
from builder.capture.importer import count_of_export, records_of_export, records_of_listing
from builder.capture.inputs import Row
from builder.capture.tally import Tally
from builder.errors import EvidenceUnreadable


def listing(*rows: JsonObject) -> list[Row]:
    return [Row(f"listing.json, row {number}", {"tags": [], **row}) for number, row in enumerate(rows, 1)]


def details(*rows: JsonObject) -> list[Row]:
    return [Row(f"details.json, row {number}", row) for number, row in enumerate(rows, 1)]


def join(listed: list[Row], detailed: list[Row]) -> list[Record]:
    return list(records_of_export(listed, detailed, Tally()))


def lines(*rows: JsonObject) -> list[Record]:
    given = [Row(f"rows.jsonl, line {number}", row) for number, row in enumerate(rows, 1)]
    return list(records_of_listing(given, Tally()))


def test_the_two_files_of_an_export_meet_in_one_record() -> None:
    (record,) = join(
        listing({"id": "acme/one", "likes": 0}),
        details({"id": "acme/one", "params_billions": 0.68, "storage_gb": 0}),
    )
    assert record == Record(
        repo_id="acme/one",
        role="member",
        parts={
            "export": {
                "listing": {"tags": [], "id": "acme/one", "likes": 0},
                "details": {"id": "acme/one", "params_billions": 0.68, "storage_gb": 0},
            },
        },
        absent=dict.fromkeys(HUB_PARTS, "not_captured"),
    )
    assert isinstance(record.parts["export"]["details"], dict)


def test_a_row_of_the_hub_is_the_part_list() -> None:
    (record,) = lines({"id": "gpt2", "gguf": None, "spaces": []})
    assert record.parts == {"list": {"id": "gpt2", "gguf": None}}
    assert record.absent == dict.fromkeys(("detail", "config", "headers", "files"), "not_captured")


def test_an_old_row_may_name_its_repository_model_id() -> None:
    assert lines({"modelId": "acme/one"})[0].repo_id == "acme/one"


def test_fields_that_were_not_kept_are_tallied() -> None:
    tally = Tally()
    list(records_of_export(listing({"id": "a/b", "rank": 1}), details({"id": "a/b", "note": "x"}), tally))
    assert [note.field for note in tally.report("left_out")] == ["export.details.note", "export.listing.rank"]


def test_the_export_is_the_whole_list_of_its_task() -> None:
    count = count_of_export(151, "2025-12-07T15:26:59Z")
    assert (count.pipeline_tag, count.model_count, count.exact) == ("audio-text-to-text", 151, True)
    assert (count.counted_at, count.not_after) == (None, "2025-12-07T15:26:59Z")


LONG = "b" * 97
MEND_ID = "is not an id of the Hub; mend the row so that `id` is owner/name"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "rows.jsonl, line 2: the row has no `id`; every row must name its repository"),
        ({"id": None}, "rows.jsonl, line 2: the row has no `id`; every row must name its repository"),
        (
            {"id": 7},
            f"rows.jsonl, line 2: an `id` that is not a text (int) {MEND_ID}",
        ),
        (
            {"id": "acme/../one\u202e"},
            f"rows.jsonl, line 2: 'acme/../one\\u202e' {MEND_ID}",
        ),
        (
            {"id": LONG},
            f"rows.jsonl, line 2: '{LONG[:79]} {MEND_ID}",
        ),
        (
            {"id": "acme/one"},
            "rows.jsonl, line 2: acme/one stands already in rows.jsonl, line 1; leave one of the rows out",
        ),
        (
            {"id": "acme/two", "downloads": -5},
            (
                "rows.jsonl, line 2 (acme/two): `list.downloads` is -5, and a count cannot be negative; "
                "mend the row or leave the repository out"
            ),
        ),
    ],
)
def test_a_row_that_cannot_be_a_record(row: JsonObject, sentence: str) -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        lines({"id": "acme/one"}, row)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("form", ["acme/{}", "{} "])
def test_an_id_that_looks_like_a_credential_is_refused_and_not_repeated(form: str) -> None:
    secret = "hf" + "_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iLoR"
    with pytest.raises(EvidenceUnreadable, match=r"line 1: .*the shape of a credential") as caught:
        lines({"id": form.format(secret)})
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("listed", "detailed", "where"),
    [
        ({"downloads": -1}, {}, r"listing\.json, row 1 \(acme/one\): `export\.listing\.downloads`"),
        (
            {},
            {"params_billions": -0.1},
            r"details\.json, row 1 \(acme/one\): `export\.details\.params_billions`",
        ),
        ({}, {"storage_gb": -1}, r"details\.json, row 1 \(acme/one\): `export\.details\.storage_gb`"),
    ],
)
def test_a_negative_count_is_named_with_its_file(
    listed: JsonObject, detailed: JsonObject, where: str
) -> None:
    with pytest.raises(EvidenceUnreadable, match=where):
        join(listing({"id": "acme/one", **listed}), details({"id": "acme/one", **detailed}))


def test_a_duplicate_is_refused_in_either_file() -> None:
    one: JsonObject = {"id": "acme/one"}
    with pytest.raises(EvidenceUnreadable, match=r"listing.json, row 2: acme/one stands already in"):
        join(listing(one, one), details(one))
    with pytest.raises(EvidenceUnreadable, match=r"details.json, row 2: acme/one stands already in"):
        join(listing(one), details(one, one))


def test_files_of_different_exports_are_refused_with_the_ids() -> None:
    many: list[JsonObject] = [{"id": f"acme/{number}"} for number in range(9)]
    with pytest.raises(EvidenceUnreadable) as caught:
        join(listing(*many), details(*many[:2]))
    assert str(caught.value) == (
        "The details file lacks acme/2, acme/3, acme/4, acme/5, acme/6 and 2 more, "
        "which the listing file has; give the two files of one and the same export"
    )
    with pytest.raises(EvidenceUnreadable, match="lacks acme/4, acme/5, acme/6, acme/7, acme/8, which"):
        join(listing(*many), details(*many[:4]))
    with pytest.raises(EvidenceUnreadable, match="The listing file lacks acme/8, which the details file has"):
        join(listing(*many[:8]), details(*many))


def test_swapped_files_are_recognised() -> None:
    swapped_listing = details({"id": "acme/one", "params_billions": 1})
    swapped_details = listing({"id": "acme/one"})
    for listed, detailed in [
        (swapped_listing, swapped_details),
        (swapped_listing, details({"id": "acme/one"})),
        (listing({"id": "acme/one"}), swapped_details),
    ]:
        with pytest.raises(EvidenceUnreadable, match=r"wrong way round.*give the listing first"):
            join(listed, detailed)
