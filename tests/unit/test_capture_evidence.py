"""The shape of evidence: what a line must be, and which sentence names the line that is not."""

from __future__ import annotations

import orjson
import pytest

from builder.capture.evidence import Observation, Record, TaskCount, is_repo_id, read_record, to_line
from builder.errors import EvidenceUnreadable

RECORD = Record("acme/one", "member", {"list": {"likes": 0}}, {"detail": "gated"})


def test_a_line_has_sorted_keys_and_one_newline() -> None:
    assert to_line(RECORD) == (
        b'{"absent":{"detail":"gated"},"parts":{"list":{"likes":0}},"repo_id":"acme/one","role":"member"}\n'
    )


def test_observations_and_counts_have_lines_too() -> None:
    assert to_line(Observation("acme/one", "list", None, "2025-12-07T15:26:59Z")) == (
        b'{"not_after":"2025-12-07T15:26:59Z","observed_at":null,"part":"list","repo_id":"acme/one"}\n'
    )
    assert orjson.loads(
        to_line(TaskCount("any-to-any", 3, exact=True, counted_at=None, not_after=None, source="s"))
    ) == {
        "pipeline_tag": "any-to-any",
        "model_count": 3,
        "exact": True,
        "counted_at": None,
        "not_after": None,
        "source": "s",
    }


def test_a_line_reads_back() -> None:
    assert read_record(to_line(RECORD), "x:1") == RECORD


def line(**changes: object) -> bytes:
    fields = orjson.loads(to_line(RECORD)) | changes
    return orjson.dumps({name: value for name, value in fields.items() if value != "gone"})


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"repo_id": "acme/o', "the line is not JSON"),
        (b"", "the line is not JSON"),
        (b"[]", "the line is not a JSON object"),
        (line(role="gone"), "the record has no `role`"),
        (line(surprise=1), "the record has 1 fields that are not of its shape"),
        (line(repo_id="../one"), "`repo_id` is not an id of the Hub"),
        (line(repo_id=None), "`repo_id` is not an id of the Hub"),
        (line(role="guest"), "`role` is neither `member` nor `base`"),
        (line(role=["member"]), "`role` is neither `member` nor `base`"),
        (line(parts=[]), "`parts` and `absent` must be objects"),
        (line(absent=None), "`parts` and `absent` must be objects"),
        (line(parts={"guess": {}}), "a part is named 'guess'"),
        (line(absent={"guess": "gated"}), "a part is named 'guess'"),
        (line(parts={"detail": {}}), "the part `detail` stands both in `parts` and in `absent`"),
        (line(parts={"list": []}), "the part `list` is not an object"),
        (line(absent={"detail": "lost"}), "the part `detail` is absent for a reason that is not one of"),
        (line(absent={"detail": ["gated"]}), "the part `detail` is absent for a reason that is not one of"),
    ],
)
def test_a_line_that_is_no_record_is_refused_by_name(content: bytes, fault: str) -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        read_record(content, "2025-12-07/capture/records-00000.jsonl:3")
    sentence = str(caught.value)
    assert sentence.startswith("2025-12-07/capture/records-00000.jsonl:3")
    assert fault in sentence
    assert sentence.endswith("restore the file from version control or make the capture again")
    assert "\n" not in sentence


def test_the_sentence_repeats_no_id_that_is_none() -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        read_record(line(repo_id="../one\u202e"), "x:3")
    assert "\u202e" not in str(caught.value)
    assert "../one" not in str(caught.value)


def test_the_sentence_names_the_repository_where_it_can_be_read() -> None:
    with pytest.raises(EvidenceUnreadable, match=r"x:3 \(acme/one\): `role`"):
        read_record(line(role="guest"), "x:3")


@pytest.mark.parametrize(
    "repo_id",
    ["gpt2", "acme/one", "a/b", "0-hero/Matter-0.2-7B-DPO", "_under/score_", "A" * 96 + "/" + "b" * 96],
)
def test_ids_of_the_hub(repo_id: str) -> None:
    assert is_repo_id(repo_id)


@pytest.mark.parametrize(
    "repo_id",
    [
        "",
        "/",
        "acme/",
        "/one",
        "a/b/c",
        "acme/one--two",
        "acme/one..two",
        "../one",
        ".hidden/one",
        "acme/-one",
        "acme/one.",
        "acme/one.git",
        "acme/one two",
        "acme/one\n",
        "acmé/one",
        "acme/" + "b" * 97,
        "https://huggingface.co/acme/one",
    ],
)
def test_what_is_no_id_of_the_hub(repo_id: str) -> None:
    assert not is_repo_id(repo_id)
