"""Every import that is refused: one sentence, and everything on disk as it was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builder.capture.reader import check_evidence
from builder.errors import BuilderError, CaptureRefused, EvidenceUnreadable, SnapshotRefused, UsageError

if TYPE_CHECKING:
    from tests.integration.capture.conftest import House


@pytest.mark.parametrize("key", ['"2025-12-07"', '"2025-12-07.1"'])
def test_a_published_date_never_changes(house: House, key: str) -> None:
    house.run()
    house.layout.index.write_text(f"building: {{}}\npublished:\n  {key}: {{tag: x}}\n")
    before = house.files()
    assert house.run() == "unchanged"
    house.give_other()
    for allowed in (False, True):
        with pytest.raises(SnapshotRefused, match="is published and this would be other evidence"):
            house.run(replace=allowed)
    assert house.files() == before


def test_a_published_date_whose_capture_is_gone_is_not_made_anew_from_other_inputs(house: House) -> None:
    house.layout.index.write_text('building: {}\npublished:\n  "2025-12-07": {}\n')
    with pytest.raises(SnapshotRefused, match="is published"):
        house.run()


@pytest.mark.parametrize(
    "content",
    [
        "published: [",
        "",
        "building: {}\npublished: 2025-12-07",
        "building: {}\npublished: {2025-12-07: {}}",
        "building: {}\npublishd: {}",
        "- a\n",
        b"\xff",
    ],
)
def test_a_list_of_dates_that_cannot_be_read_stops_everything(house: House, content: str | bytes) -> None:
    house.layout.index.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(EvidenceUnreadable, match=r"snapshots/index\.yaml .*; correct it as its comment says"):
        house.run()


@pytest.mark.parametrize("content", ["building: {}\npublished:", "building: {}\npublished: {}", None])
def test_a_list_of_dates_may_have_none_that_is_published(house: House, content: str | None) -> None:
    if content is None:
        house.layout.index.unlink()
    else:
        house.layout.index.write_text(content)
    assert house.run() == "written"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": "csv"}, "The format 'csv' is not known; use export-2025 or hub-listing"),
        ({"inputs": ()}, "The format export-2025 takes 2 files (LISTING DETAILS) and 0 were given"),
        ({"format": "hub-listing"}, "The format hub-listing takes 1 files (FILE) and 2 were given"),
        ({"date": "07.12.2025"}, "--date is '07.12.2025' and not a day; write it as 2025-12-07"),
        ({"date": "20251207"}, "--date is '20251207' and not a day; write it as 2025-12-07"),
        ({"date": "2025-02-30"}, "--date is '2025-02-30' and not a day; write it as 2025-12-07"),
        ({"date": "../2025-12-07"}, "--date is '../2025-12-07' and not a day; write it as 2025-12-07"),
        ({"date": "2025-12-07\n"}, r"--date is '2025-12-07\n' and not a day; write it as 2025-12-07"),
        ({"observed_before": "yesterday"}, "--observed-before is 'yesterday' and not a time in UTC"),
        ({"observed_before": "2025-12-07"}, "--observed-before is '2025-12-07' and not a time in UTC"),
        ({"observed_before": "2025-12-07T15:26:59"}, "--observed-before is '2025-12-07T15:26:59' and not"),
        (
            {"observed_before": "2025-12-07T15:26:59+01:00"},
            "--observed-before is '2025-12-07T15:26:59+01:00'",
        ),
        ({"observed_before": "2025-12-07T25:00:00Z"}, "--observed-before is '2025-12-07T25:00:00Z' and not"),
        (
            {"observed_before": "2025-12-06T23:59:59Z"},
            "--observed-before 2025-12-06T23:59:59Z is not on 2025-12-07 or the day after",
        ),
        (
            {"observed_before": "2025-12-09T00:00:00Z"},
            "--observed-before 2025-12-09T00:00:00Z is not on 2025-12-07 or the day after",
        ),
        ({"origin_commit": None}, "--origin-repository and --origin-commit belong together"),
        ({"origin_repository": None}, "--origin-repository and --origin-commit belong together"),
        (
            {"origin_repository": "/acme/exports"},
            "--origin-repository is '/acme/exports'; write it as owner/name",
        ),
        ({"origin_commit": "main"}, "--origin-commit is 'main'; write 7 to 40 hexadecimal digits"),
    ],
)
def test_a_request_that_makes_no_sense(house: House, changes: dict[str, object], sentence: str) -> None:
    before = house.files()
    with pytest.raises(UsageError) as caught:
        house.run(**changes)
    assert str(caught.value).startswith(sentence)
    assert house.files() == before


@pytest.mark.parametrize("moment", ["2025-12-07T00:00:00Z", "2025-12-08T09:30:00.250Z"])
def test_an_export_may_be_published_the_morning_after(house: House, moment: str) -> None:
    assert house.run(observed_before=moment) == "written"


def test_an_origin_may_be_unknown(house: House) -> None:
    house.run(origin_repository=None, origin_commit=None)
    assert check_evidence(house.capture).origin is None


ONE = [{"id": "acme/one", "tags": []}]
ONE_DETAILS = [{"id": "acme/one", "params_billions": 0.68}]


@pytest.mark.parametrize(
    ("listing", "details", "error", "sentence"),
    [
        ("<html>", ONE_DETAILS, EvidenceUnreadable, "listing.json: not JSON"),
        (ONE, "", EvidenceUnreadable, "details.json: not JSON"),
        (
            {"id": "acme/one"},
            ONE_DETAILS,
            EvidenceUnreadable,
            "listing.json: the file is JSON but not a list",
        ),
        (ONE, ["acme/one"], EvidenceUnreadable, "details.json, row 1: this is not a JSON object"),
        ([{}], ONE_DETAILS, EvidenceUnreadable, "listing.json, row 1: the row has no `id`"),
        (ONE, [{"id": "a--b"}], EvidenceUnreadable, "details.json, row 1: 'a--b' is not an id of the Hub"),
        (ONE * 2, ONE_DETAILS, EvidenceUnreadable, "listing.json, row 2: acme/one stands already in"),
        (ONE, [], EvidenceUnreadable, "The details file lacks acme/one, which the listing file has"),
        (ONE_DETAILS, ONE, EvidenceUnreadable, "The two files of the export are the wrong way round"),
        (
            [ONE[0] | {"downloads": -1}],
            ONE_DETAILS,
            EvidenceUnreadable,
            "listing.json, row 1 (acme/one): `export.listing.downloads` is -1",
        ),
        ([], [], CaptureRefused, "listing.json: there is not one row"),
    ],
)
@pytest.mark.parametrize("there", [False, True])
def test_inputs_that_are_refused_leave_everything_as_it_was(  # noqa: PLR0913 - a table of cases
    house: House,
    listing: object,
    details: object,
    error: type[BuilderError],
    sentence: str,
    *,
    there: bool,
) -> None:
    if there:
        house.run()
    before = house.files()
    house.give(listing, details)
    with pytest.raises(error) as caught:
        house.run(replace=True)
    assert str(caught.value).startswith(sentence)
    assert "; " in str(caught.value), "it says what to do"
    assert "\n" not in str(caught.value)
    assert house.files() == before
    assert house.snapshot.exists() == there


def test_a_file_in_the_place_of_the_folder(house: House) -> None:
    house.snapshot.mkdir()
    house.capture.write_text("mine")
    with pytest.raises(SnapshotRefused, match="is not a folder; move it away"):
        house.run(replace=True)
    assert house.capture.read_text() == "mine"
