"""An import on disk: the evidence it writes, and what happens when it is there already."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder.capture.reader import check_evidence, read_evidence
from builder.errors import SnapshotRefused

if TYPE_CHECKING:
    from builder.capture.evidence import JsonObject
    from tests.integration.capture.conftest import House


TIME = "2025-12-07T15:26:59Z"


def lines(path: Path) -> list[JsonObject]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_an_export_becomes_evidence(house: House) -> None:
    assert house.run() == "written"
    assert {path.name for path in house.capture.iterdir()} == {
        "records-00000.jsonl",
        "observed.jsonl",
        "counts.jsonl",
        "capture.json",
    }
    records = lines(house.capture / "records-00000.jsonl")
    assert [record["repo_id"] for record in records] == list(house.repo_ids)
    (listed,) = (row for row in house.listing() if row["id"] == "Zoo/listener")
    (detailed,) = (row for row in house.details() if row["id"] == "Zoo/listener")
    assert records[0]["parts"] == {"export": {"listing": listed, "details": detailed}}
    assert lines(house.capture / "observed.jsonl")[0] == {
        "repo_id": "Zoo/listener",
        "part": "export",
        "observed_at": None,
        "not_after": TIME,
    }
    (count,) = lines(house.capture / "counts.jsonl")
    assert (count["pipeline_tag"], count["model_count"], count["exact"]) == ("audio-text-to-text", 4, True)


def test_the_description_says_where_it_came_from_and_not_from_which_machine(house: House) -> None:
    house.run()
    text = (house.capture / "capture.json").read_text()
    description = json.loads(text)
    assert description["kind"] == "import"
    assert description["origin"] == {"repository": "acme/exports", "commit": "d4bc983"}
    assert [given["name"] for given in description["inputs"]] == ["listing.json", "details.json"]
    assert description["observed"] == {"not_before": None, "not_after": TIME}
    assert description["counts"] == {"records": 4, "members": 4, "bases": 0}
    assert str(house.layout.root.parent) not in text


def test_a_listing_of_the_hub_becomes_evidence(house: House, tmp_path: Path) -> None:
    rows = [
        {"id": repo_id, "gguf": None, "widgetData": [{"text": "free"}]}
        for repo_id in reversed(house.repo_ids)
    ]
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert house.run(format="hub-listing", inputs=(path,)) == "written"
    assert [record.parts for _, _, record in read_evidence(house.capture)] == [
        {"list": {"id": repo_id, "gguf": None}} for repo_id in house.repo_ids
    ]
    assert lines(house.capture / "counts.jsonl") == []
    (left_out,) = check_evidence(house.capture).left_out
    assert (left_out.field, left_out.records, left_out.repo_ids) == (
        "list.widgetData",
        4,
        house.repo_ids,
    )


def test_what_was_not_kept_is_in_the_description(house: House) -> None:
    rows = house.listing()
    rows[0] |= {"tags": ["fine", "hf" + "_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iLoR"], "rank": 1}
    rows[1] |= {"tags": ["turned\u202earound"]}
    house.give(rows, house.details())
    house.run()
    assert "hf_aB3" not in "".join(map(str, house.files().values()))
    description = check_evidence(house.capture)
    assert [(n.field, n.reason, n.repo_ids) for n in description.dropped] == [
        ("export.listing.tags[]", "has the shape of a credential", (rows[0]["id"],)),
    ]
    assert [(n.field, n.reason, n.repo_ids) for n in description.cleaned] == [
        ("export.listing.tags[]", "bidi control", (rows[1]["id"],)),
    ]
    assert [n.field for n in description.left_out] == ["export.listing.rank"]


def test_doing_it_twice_changes_nothing(house: House) -> None:
    house.run()
    before = {path: path.stat().st_mtime_ns for path in house.capture.rglob("*")}
    assert house.run() == "unchanged"
    assert house.run(replace=True) == "unchanged"
    assert {path: path.stat().st_mtime_ns for path in house.capture.rglob("*")} == before


def test_the_order_of_rows_does_not_show(house: House) -> None:
    house.run()
    first, before = check_evidence(house.capture), house.files()
    house.give(house.listing()[::-1], house.details()[::-1])
    assert house.run(replace=True) == "replaced"
    second, after = check_evidence(house.capture), house.files()
    assert second.capture_id == first.capture_id
    # What differs is only which bytes were read.
    assert {name for name in before if before[name] != after[name]} == {"2025-12-07/capture/capture.json"}
    assert replace(second, inputs=first.inputs) == first


def test_other_evidence_needs_leave_to_replace(house: House) -> None:
    house.run()
    before = house.files()
    house.give_other()
    with pytest.raises(SnapshotRefused) as caught:
        house.run()
    assert str(caught.value) == (
        "snapshots/2025-12-07/capture holds other evidence than this makes; "
        "give --replace to put it in its place"
    )
    assert house.files() == before
    assert house.run(replace=True) == "replaced"
    assert house.files().keys() == before.keys()
    assert house.likes() == 4


@pytest.mark.parametrize("name", ["stray.txt", "counts.jsonl"])
def test_a_file_more_or_less_is_other_evidence(house: House, name: str) -> None:
    house.run()
    path = house.capture / name
    if path.exists():
        path.unlink()
    else:
        path.touch()
    with pytest.raises(SnapshotRefused, match="holds other evidence"):
        house.run()
    assert house.run(replace=True) == "replaced"
    assert house.run() == "unchanged"


def test_a_changed_byte_on_disk_is_other_evidence(house: House) -> None:
    house.run()
    shard = house.capture / "records-00000.jsonl"
    shard.write_bytes(shard.read_bytes().replace(b'"likes":3', b'"likes":4', 1))
    with pytest.raises(SnapshotRefused, match="holds other evidence"):
        house.run()
    assert house.run(replace=True) == "replaced"
    check_evidence(house.capture)
