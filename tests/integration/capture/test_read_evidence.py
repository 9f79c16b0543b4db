"""A capture on disk is what its description says, or one sentence says which file is not."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from builder.capture.encode import encode_evidence
from builder.capture.evidence import Observation, Record, to_line
from builder.capture.folder import hold_date, put_capture
from builder.capture.reader import check_evidence, read_evidence, read_shard
from builder.capture.store import ImportRequest, import_evidence
from builder.errors import CaptureRefused, EvidenceUnreadable
from builder.layout import Layout

DATE = "2025-12-07"
AGAIN = "; restore the folder from version control or make the capture again"


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "acme/one", "likes": 1}\n{"id": "acme/two", "likes": 2}\n')
    request = ImportRequest("hub-listing", (rows,), DATE, f"{DATE}T12:00:00Z")
    return import_evidence(Layout(tmp_path / "project"), request).capture


def test_records_come_with_their_place(capture: Path) -> None:
    shard = capture / "records-00000.jsonl"
    assert [(path, number, record.repo_id) for path, number, record in read_evidence(capture)] == [
        (shard, 1, "acme/one"),
        (shard, 2, "acme/two"),
    ]
    assert list(read_shard(shard)) == [(number, record) for _, number, record in read_evidence(capture)]


def test_a_sound_capture_gives_its_description(capture: Path) -> None:
    description = check_evidence(capture)
    assert description.counts.records == 2
    assert set(description.files) == {"records-00000.jsonl", "observed.jsonl", "counts.jsonl"}


def test_a_folder_without_a_capture(tmp_path: Path) -> None:
    for folder in (tmp_path / DATE / "capture", tmp_path):
        for read in (check_evidence, lambda path: list(read_evidence(path))):
            with pytest.raises(CaptureRefused, match="there is no capture; make one with `builder import`"):
                read(folder)


def test_a_capture_whose_description_is_gone(capture: Path) -> None:
    (capture / "capture.json").unlink()
    with pytest.raises(CaptureRefused, match=f"^{DATE}/capture: there is no capture"):
        check_evidence(capture)


def test_a_capture_without_description_was_not_interrupted(capture: Path) -> None:
    (capture / "capture.json").unlink()
    capture.with_name(".capture-old-0123456789abcdef").mkdir()
    with pytest.raises(CaptureRefused, match="there is no capture"):
        check_evidence(capture)


@pytest.mark.parametrize("name", ["records-00000.jsonl", "observed.jsonl", "counts.jsonl"])
def test_a_missing_file(capture: Path, name: str) -> None:
    (capture / name).unlink()
    with pytest.raises(CaptureRefused) as caught:
        check_evidence(capture)
    assert str(caught.value) == f"{DATE}/capture/{name}: the file is missing from the capture{AGAIN}"


@pytest.mark.parametrize("name", ["records-00000.jsonl", "observed.jsonl"])
def test_a_file_that_breaks_off(capture: Path, name: str) -> None:
    path = capture / name
    content = path.read_bytes()
    path.write_bytes(content[:-7])
    with pytest.raises(EvidenceUnreadable) as caught:
        check_evidence(capture)
    size = len(content)
    assert str(caught.value) == (
        f"{DATE}/capture/{name}: the file breaks off after {size - 7} of {size} bytes{AGAIN}"
    )


@pytest.mark.parametrize("name", ["records-00000.jsonl", "observed.jsonl"])
def test_a_file_with_other_bytes(capture: Path, name: str) -> None:
    path = capture / name
    path.write_bytes(path.read_bytes().replace(b"acme/one", b"acme/own"))
    with pytest.raises(EvidenceUnreadable) as caught:
        check_evidence(capture)
    assert str(caught.value) == (
        f"{DATE}/capture/{name}: the file has other bytes than capture.json says{AGAIN}"
    )


def test_a_file_that_has_grown(capture: Path) -> None:
    with (capture / "counts.jsonl").open("ab") as stream:
        stream.write(b"{}\n")
    with pytest.raises(EvidenceUnreadable, match=r"counts\.jsonl: the file has other bytes"):
        check_evidence(capture)


def test_a_shard_that_nobody_described(capture: Path) -> None:
    (capture / "records-00001.jsonl").write_bytes(b"")
    with pytest.raises(
        EvidenceUnreadable, match=r"records-00001\.jsonl: the file is not named in capture\.json"
    ):
        check_evidence(capture)


def describe(capture: Path, **changes: object) -> None:
    path = capture / "capture.json"
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | changes))


def test_a_description_of_other_files(capture: Path) -> None:
    files = orjson.loads((capture / "capture.json").read_bytes())["files"]
    describe(capture, files={name: facts for name, facts in files.items() if name != "observed.jsonl"})
    with pytest.raises(EvidenceUnreadable, match=r"`files` does not name observed\.jsonl"):
        check_evidence(capture)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "notes.txt", "records-1.jsonl"])
def test_a_description_that_names_what_no_capture_holds(capture: Path, name: str) -> None:
    files = orjson.loads((capture / "capture.json").read_bytes())["files"]
    describe(capture, files=files | {name: files["counts.jsonl"]})
    with pytest.raises(EvidenceUnreadable, match=r"capture\.json: `files` names .*, which no capture holds"):
        check_evidence(capture)


def test_a_wrong_number_of_lines(capture: Path) -> None:
    files = orjson.loads((capture / "capture.json").read_bytes())["files"]
    files["observed.jsonl"]["lines"] = 3
    describe(capture, files=files)
    with pytest.raises(EvidenceUnreadable, match=r"observed\.jsonl: the file has other bytes"):
        check_evidence(capture)


@pytest.mark.parametrize(("records", "members", "bases"), [(3, 3, 0), (3, 2, 0), (2, 2, 1), (2, 1, 0)])
def test_a_wrong_number_of_records(capture: Path, records: int, members: int, bases: int) -> None:
    describe(capture, counts={"records": records, "members": members, "bases": bases})
    with pytest.raises(
        EvidenceUnreadable, match=rf"capture\.json: `counts` says {records} records .* hold 2"
    ):
        check_evidence(capture)


def test_a_foreign_id(capture: Path) -> None:
    describe(capture, capture_id="0" * 64)
    with pytest.raises(EvidenceUnreadable, match=r"capture\.json: `capture_id` is not that of its files"):
        check_evidence(capture)


@pytest.mark.parametrize("content", [b"", b"{", b'{"shape": 99}'])
def test_a_description_that_cannot_be_read(capture: Path, content: bytes) -> None:
    (capture / "capture.json").write_bytes(content)
    with pytest.raises(EvidenceUnreadable, match=f"^{DATE}/capture/capture.json: not the description"):
        check_evidence(capture)


def test_a_broken_line_is_named(capture: Path) -> None:
    shard = capture / "records-00000.jsonl"
    shard.write_bytes(shard.read_bytes() + b'{"repo_id": "acme/th')
    with pytest.raises(
        EvidenceUnreadable, match=rf"^{DATE}/capture/records-00000\.jsonl:3: the line is not JSON"
    ):
        list(read_evidence(capture))


def test_a_repository_that_stands_twice_is_named_across_shards(tmp_path: Path) -> None:
    folder = tmp_path / DATE
    line = to_line(Record("acme/one", "member", {}, {}))
    with hold_date(folder):
        put_capture(folder / "capture", {"records-00000.jsonl": [line], "records-00001.jsonl": [line]})
    with pytest.raises(EvidenceUnreadable) as caught:
        list(read_evidence(folder / "capture"))
    assert str(caught.value) == (
        f"{DATE}/capture/records-00001.jsonl:1: acme/one stands already in "
        f"{DATE}/capture/records-00000.jsonl:1{AGAIN}"
    )


def test_a_shard_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        EvidenceUnreadable, match=r"records-00007\.jsonl: the file cannot be read \(No such file"
    ):
        list(read_shard(tmp_path / "records-00007.jsonl"))


def test_many_shards_read_as_one(tmp_path: Path) -> None:
    records = [Record(f"acme/{number}", "member", {"list": {}}, {}) for number in range(5)]
    pairs = [(record, [Observation(record.repo_id, "list", None, None)]) for record in records]
    folder = tmp_path / DATE
    with hold_date(folder):
        put_capture(folder / "capture", encode_evidence(pairs, [], records_per_shard=2).files)
    assert [(path.name, number) for path, number, _ in read_evidence(folder / "capture")] == [
        ("records-00000.jsonl", 1),
        ("records-00000.jsonl", 2),
        ("records-00001.jsonl", 1),
        ("records-00001.jsonl", 2),
        ("records-00002.jsonl", 1),
    ]
