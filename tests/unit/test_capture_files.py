"""The bytes of a capture: inputs read, evidence encoded, description built and read back."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import orjson
import pytest

from builder.capture.description import (
    CaptureDescription,
    EvidenceFile,
    InputFile,
    Observed,
    Origin,
    RecordCounts,
    compute_capture_id,
    read_description,
    to_json,
)
from builder.capture.encode import encode_evidence
from builder.capture.evidence import Observation, Record, TaskCount, to_line
from builder.capture.inputs import LINE_MAX_BYTES, describe_input, read_json_lines, read_json_list
from builder.capture.tally import FieldNote
from builder.errors import EvidenceUnreadable


def write(folder: Path, content: bytes | str, name: str = "rows.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_rows_know_their_file_and_number(tmp_path: Path) -> None:
    rows = list(read_json_list(write(tmp_path, '[{"id": "a"}, {}]')))
    assert [(row.where, row.fields) for row in rows] == [
        ("rows.json, row 1", {"id": "a"}),
        ("rows.json, row 2", {}),
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_lines_are_read_gzipped_or_not_whatever_the_name(tmp_path: Path, *, packed: bool) -> None:
    content = b'{"id": "a"}\n\n{"id": "b"}'
    rows = list(read_json_lines(write(tmp_path, gzip.compress(content, mtime=0) if packed else content)))
    assert [(row.where, row.fields) for row in rows] == [
        ("rows.json, line 1", {"id": "a"}),
        ("rows.json, line 3", {"id": "b"}),
    ]


def test_a_line_may_be_as_long_as_the_bound(tmp_path: Path) -> None:
    content = b'{"id": "' + b"a" * (LINE_MAX_BYTES - 10) + b'"}'
    assert len(content) == LINE_MAX_BYTES
    assert len(list(read_json_lines(write(tmp_path, content)))) == 1


def test_numbers_and_lone_surrogates_are_read_as_written(tmp_path: Path) -> None:
    (row,) = read_json_list(write(tmp_path, r'[{"a": 0.68, "b": 0, "c": "\ud83d", "d": 1.0}]'))
    assert row.fields == {"a": 0.68, "b": 0, "c": "\ud83d", "d": 1.0}
    assert [type(value) for value in row.fields.values()] == [float, int, str, float]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "rows.json: not JSON (Expecting value: line 1 column 1 (char 0))"),
        ('[{"id": ', "rows.json: not JSON (Expecting value: line 1 column 9 (char 8))"),
        ("<html>", "rows.json: not JSON (Expecting value"),
        ('[{"a": NaN}]', "rows.json: not JSON (NaN is not a JSON number)"),
        ("[1e999, NaN]", "rows.json: not JSON (NaN is not a JSON number)"),
        (b'[{"id": "\xff"}]', "rows.json: byte 9 is not UTF-8"),
        ("[" * 100_000, "rows.json: the JSON is nested too deeply"),
        ('{"id": "a"}', "rows.json: the file is JSON but not a list of objects"),
        ('[{"id": "a"}, 7]', "rows.json, row 2: this is not a JSON object"),
        ("[[]]", "rows.json, row 1: this is not a JSON object"),
    ],
)
def test_a_file_that_is_not_a_json_list_of_objects(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        list(read_json_list(write(tmp_path, content)))
    assert str(caught.value).startswith(sentence)
    assert "; " in str(caught.value), "it says what to do"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"id": "a"}\n{"id"', "rows.json, line 2: not JSON"),
        (b'{"id": "a"}\n[]\n', "rows.json, line 2: this is not a JSON object"),
        (b'{"id": "a"}\n"\xff"\n', "rows.json, line 2: byte 1 is not UTF-8"),
        (b'{"id": "' + b"a" * LINE_MAX_BYTES + b'"}', "rows.json, line 1: the line is longer than"),
        (
            gzip.compress(b'{"id": "a"}\n' * 9, mtime=0)[:-8],
            "rows.json: the gzip stream breaks off or is damaged",
        ),
        (
            gzip.compress(b'{"id": "a"}\n', mtime=0)[:-4] + b"abcd",
            "rows.json: the gzip stream breaks off or is damaged",
        ),
        (b"\x1f\x8bnonsense", "rows.json: the gzip stream breaks off or is damaged"),
        (
            gzip.compress(b"x", mtime=0)[:10] + b"\xff\xff\xff",
            "rows.json: the gzip stream breaks off or is damaged",
        ),
    ],
)
def test_a_file_that_is_not_json_lines(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        list(read_json_lines(write(tmp_path, content)))
    assert str(caught.value).startswith(sentence)
    assert "; " in str(caught.value), "it says what to do"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for read in (
        describe_input,
        lambda path: list(read_json_list(path)),
        lambda path: list(read_json_lines(path)),
    ):
        with pytest.raises(EvidenceUnreadable, match=r"gone\.json: the file cannot be read \(No such file"):
            read(tmp_path / "gone.json")
    with pytest.raises(EvidenceUnreadable, match="this is not a regular file"):
        describe_input(tmp_path)


def test_an_input_is_described_by_name_not_by_place(tmp_path: Path) -> None:
    path = write(tmp_path, "[]")
    assert describe_input(path) == InputFile("rows.json", hashlib.sha256(b"[]").hexdigest(), 2)


def record(number: int) -> Record:
    return Record(f"acme/{number}", "base" if number % 2 else "member", {"list": {}}, {})


def observed(number: int) -> tuple[Record, list[Observation]]:
    parts = ("list", "detail")
    return record(number), [
        Observation(f"acme/{number}", part, None, "2025-12-07T15:26:59Z") for part in parts
    ]


def test_evidence_is_sorted_and_cut_into_shards() -> None:
    count = TaskCount("b-task", 1, exact=True, counted_at=None, not_after=None, source="s")
    other = TaskCount("a-task", 1, exact=True, counted_at=None, not_after=None, source="s")
    evidence = encode_evidence(map(observed, (3, 1, 4, 0, 2)), [count, other], records_per_shard=2)
    assert {
        name: [orjson.loads(line) for line in lines] for name, lines in evidence.files.items()
    }.keys() == {
        "records-00000.jsonl",
        "records-00001.jsonl",
        "records-00002.jsonl",
        "observed.jsonl",
        "counts.jsonl",
    }
    shards = [evidence.files[f"records-0000{shard}.jsonl"] for shard in range(3)]
    assert shards == [[to_line(record(n)) for n in ns] for ns in ((0, 1), (2, 3), (4,))]
    times = [orjson.loads(line) for line in evidence.files["observed.jsonl"]]
    assert [(time["repo_id"], time["part"]) for time in times[:3]] == [
        ("acme/0", "detail"),
        ("acme/0", "list"),
        ("acme/1", "detail"),
    ]
    assert [orjson.loads(line)["pipeline_tag"] for line in evidence.files["counts.jsonl"]] == [
        "a-task",
        "b-task",
    ]
    assert evidence.counts == RecordCounts(records=5, members=3, bases=2)


def test_a_capture_of_nothing_has_the_same_files() -> None:
    evidence = encode_evidence([], [])
    assert set(evidence.files) == {"records-00000.jsonl", "observed.jsonl", "counts.jsonl"}


def test_files_are_described_by_their_bytes() -> None:
    line = to_line(record(0))
    assert encode_evidence([(record(0), [])], []).describe_files()["records-00000.jsonl"] == EvidenceFile(
        sha256=hashlib.sha256(line).hexdigest(),
        bytes=len(line),
        lines=1,
    )


FILES = {
    name: EvidenceFile("0" * 64, 1, 1) for name in ("counts.jsonl", "observed.jsonl", "records-00000.jsonl")
}
DESCRIPTION = CaptureDescription(
    shape=1,
    capture_id=compute_capture_id(FILES),
    kind="import",
    format="hub-listing",
    date="2025-12-07",
    origin=Origin("acme/exports", "d4bc983"),
    inputs=(InputFile("rows.jsonl", "0" * 64, 2),),
    observed=Observed(None, "2025-12-07T15:26:59Z"),
    counts=RecordCounts(1, 1, 0),
    files=FILES,
    left_out=(FieldNote("list.spaces", "why", 1, 1, ("acme/one",)),),
    dropped=(),
    cleaned=(),
)


def test_a_description_reads_back() -> None:
    assert read_description(to_json(DESCRIPTION), "capture.json") == DESCRIPTION


def test_the_id_depends_on_every_file_and_on_nothing_else() -> None:
    for name in FILES:
        others = FILES | {name: EvidenceFile("1" * 64, 1, 1)}
        assert compute_capture_id(others) != compute_capture_id(FILES)
    assert compute_capture_id(dict(reversed(FILES.items()))) == compute_capture_id(FILES)


def test_the_id_can_be_had_with_sha256sum_alone() -> None:
    names = ("records-00000.jsonl", "observed.jsonl", "counts.jsonl")
    listed = "".join(f"{'0' * 64}  {name}\n" for name in names)
    assert compute_capture_id(FILES) == hashlib.sha256(listed.encode()).hexdigest()


def changed(path: str, value: object) -> bytes:
    """The description with one value replaced, or removed where it is the word `gone`."""
    content = orjson.loads(to_json(DESCRIPTION))
    inner, *names = content, *path.split(".")
    for name in names[:-1]:
        inner = inner[int(name) if name.isdigit() else name]
    if value == "gone":
        del inner[names[-1]]
    else:
        inner[names[-1]] = value
    return orjson.dumps(content)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"{", "unexpected end of data"),
        (b"[]", "its `shape` is None and this version reads 1"),
        (changed("shape", 2), "its `shape` is 2 and this version reads 1"),
        (changed("date", "gone"), "`capture` lacks a field or has one too many"),
        (changed("surprise", 1), "`capture` lacks a field or has one too many"),
        (changed("kind", "guess"), "`capture.kind` is not what it must be"),
        (changed("capture_id", 1), "`capture.capture_id` is not what it must be"),
        (changed("origin", "here"), "`capture.origin` is not what it must be"),
        (changed("origin.commit", None), "`capture.origin.commit` is not what it must be"),
        (changed("inputs", {}), "`capture.inputs` is not what it must be"),
        (changed("inputs.0.bytes", 2.0), "`capture.inputs[].bytes` is not what it must be"),
        (changed("observed", None), "`capture.observed` is not what it must be"),
        (changed("counts.records", "1"), "`capture.counts.records` is not what it must be"),
        (changed("files", []), "`capture.files` is not what it must be"),
        (changed("left_out", None), "`capture.left_out` is not what it must be"),
    ],
)
def test_a_description_that_is_none(content: bytes, fault: str) -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        read_description(content, "2025-12-07/capture/capture.json")
    sentence = str(caught.value)
    assert sentence.startswith("2025-12-07/capture/capture.json: not the description of a capture (")
    assert fault in sentence
    assert sentence.endswith("restore the file from version control or make the capture again")


def test_an_origin_may_be_unknown() -> None:
    assert read_description(changed("origin", None), "x").origin is None
