"""Whatever a source gives: kept, cleaned or reported, never lost in silence and never a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.capture.description import read_description
from builder.capture.encode import EncodedEvidence, encode_evidence
from builder.capture.evidence import (
    ABSENT_REASONS,
    PARTS,
    JsonObject,
    JsonValue,
    Observation,
    Record,
    is_repo_id,
    read_record,
    to_line,
)
from builder.capture.fields import ALLOWED, filter_part
from builder.capture.importer import records_of_export, records_of_listing
from builder.capture.inputs import Row, read_json_lines, read_json_list
from builder.capture.rules import Named, NegativeCount, Note
from builder.capture.tally import Tally
from builder.capture.text import clean_text, holds_credential
from builder.errors import EvidenceUnreadable

if TYPE_CHECKING:
    from pathlib import Path

# Times differ between machines and say nothing about correctness.
untimed = partial(settings, deadline=None)

SECRET = "hf" + "_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iLoR"

names = st.from_regex(r"[A-Za-z0-9_]{1,8}", fullmatch=True)
repo_ids = st.one_of(names, st.builds("{}/{}".format, names, names)).filter(is_repo_id)


def json_values(text: st.SearchStrategy[str], whole: st.SearchStrategy[int]) -> st.SearchStrategy[JsonValue]:
    scalars = st.none() | st.booleans() | whole | st.floats() | text
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
        max_leaves=8,
    )


# Surrogates, controls, secrets, numbers beyond 64 bits, NaN and infinity included.
any_text = st.text(st.characters(exclude_categories=())) | st.just(SECRET) | st.just(f"a\u202e{SECRET}")
any_json = json_values(any_text, st.integers())
# What a line can hold without loss: text that is UTF-8, whole numbers of 64 bits, finite numbers.
plain_text = st.text()
plain_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | plain_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain_text, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    here = draw(st.sets(st.sampled_from(sorted(PARTS))))
    absent = draw(st.sets(st.sampled_from(sorted(PARTS - here)))) if PARTS - here else set()
    return Record(
        repo_id=draw(repo_ids),
        role=draw(st.sampled_from(["member", "base"])),
        parts={part: draw(st.dictionaries(plain_text, plain_json, max_size=4)) for part in sorted(here)},
        absent={part: draw(st.sampled_from(sorted(ABSENT_REASONS))) for part in sorted(absent)},
    )


def refusal(call: Callable[[], object]) -> str:
    """The sentence a call is refused with; empty where it is not."""
    try:
        call()
    except EvidenceUnreadable as error:
        return str(error)
    return ""


@given(records())
@untimed()
def test_any_record_reads_back_as_it_was(record: Record) -> None:
    line = to_line(record)
    assert line.count(b"\n") == 1
    again = read_record(line, "x:1")
    assert again == record
    assert to_line(again) == line


@given(st.binary() | plain_json.map(orjson.dumps))
@untimed()
def test_any_bytes_are_a_record_or_one_sentence(line: bytes) -> None:
    sentence = refusal(lambda: read_record(line, "x:1"))
    assert sentence == "" or sentence.startswith("x:1")


@given(st.binary() | st.dictionaries(plain_text, plain_json).map(lambda it: orjson.dumps(it | {"shape": 1})))
@untimed()
def test_no_bytes_but_a_description_are_one(content: bytes) -> None:
    with pytest.raises(EvidenceUnreadable, match=r"^capture\.json: "):
        read_description(content, "capture.json")


@given(content=st.binary() | any_json.map(repr).map(lambda it: it.encode(errors="replace")))
@untimed()
def test_any_file_is_read_or_refused_in_one_sentence(
    content: bytes,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path: Path = tmp_path_factory.mktemp("given") / "given.json"
    path.write_bytes(content)
    for read in (read_json_list, read_json_lines):
        sentence = refusal(lambda read=read: list(read(path)))  # type: ignore[misc] # bound now
        assert sentence == "" or sentence.startswith("given.json")


def paths(rule: Named) -> Iterator[tuple[str, ...]]:
    """Every place the allow-list names."""
    for name, value in rule.fields.items():
        yield (name,)
        if isinstance(value.members, Named):
            yield from ((name, *rest) for rest in paths(value.members))


PLACES = [(part, path) for part, rule in ALLOWED.items() for path in paths(rule)]


def strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)


def same(left: JsonValue, right: JsonValue) -> bool:
    """Equal in value and in type: 1, 1.0 and True are three things here."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


@given(place=st.sampled_from(PLACES), value=any_json)
@example(place=("list", ("downloads",)), value=10**400)
@example(place=("list", ("cardData", "language")), value={"no\u202e": SECRET})
@example(place=("list", ("cardData", "tags")), value=[{"a": float("nan")}])
@untimed(max_examples=1_000)
def test_any_value_of_any_field_is_kept_or_reported(
    place: tuple[str, tuple[str, ...]],
    value: JsonValue,
) -> None:
    part, path = place
    answer: JsonValue = value
    for name in reversed(path):
        answer = {name: answer}
    assert isinstance(answer, dict)
    try:
        kept, notes = filter_part(part, answer)
    except NegativeCount:
        return
    assert same(kept, answer) == (not notes), "whatever is not as it was given has a note"
    for text in strings(kept):
        assert clean_text(text) == (text, ())
        assert not holds_credential(text)
    record = Record("acme/one", "member", {part: kept}, {})
    assert read_record(to_line(record), "x:1") == record


@given(st.dictionaries(any_text.filter(lambda name: name not in ALLOWED["list"].fields), any_json))
@untimed()
def test_an_unknown_field_is_left_out_and_its_name_is_harmless(answer: JsonObject) -> None:
    kept, notes = filter_part("list", answer)
    assert kept == {}
    assert len(notes) == len(answer)
    for note in notes:
        assert clean_text(note.field) == (note.field, ())
        assert SECRET not in note.field


@given(st.lists(st.dictionaries(st.sampled_from(["id", "likes", "tags", "x"]), any_json), max_size=5))
@untimed()
def test_any_rows_are_records_or_one_sentence(given_rows: list[JsonObject]) -> None:
    rows = [Row(f"rows, row {number}", row) for number, row in enumerate(given_rows, 1)]
    for read in (partial(records_of_listing, rows), partial(records_of_export, rows, rows)):
        sentence = refusal(lambda read=read: list(read(Tally())))  # type: ignore[misc] # bound now
        assert clean_text(sentence) == (sentence, ())
        assert SECRET not in sentence


def encode(rows: list[JsonObject]) -> tuple[EncodedEvidence, Tally]:
    tally = Tally()
    made = records_of_listing([Row("rows", row) for row in rows], tally)
    pairs = ((record, [Observation(record.repo_id, "list", None, None)]) for record in made)
    return encode_evidence(pairs, [], records_per_shard=2), tally


@given(
    st.lists(repo_ids, unique=True, max_size=7).flatmap(
        lambda ids: st.tuples(st.just(ids), st.permutations(ids)),
    ),
)
@untimed()
def test_the_order_of_rows_does_not_matter(orders: tuple[list[str], list[str]]) -> None:
    (first, counted), (second, recounted) = (
        encode([{"id": repo_id, f"x{len(repo_id)}": 1, "tags": ["a\x00", 1]} for repo_id in order])
        for order in orders
    )
    assert first == second
    for kind in ("left_out", "dropped", "cleaned"):
        assert counted.report(kind) == recounted.report(kind)


@given(
    st.lists(st.tuples(repo_ids, st.lists(st.sampled_from("abc"), max_size=6)), unique_by=lambda it: it[0])
)
@untimed()
def test_no_note_is_lost_in_counting(noted: list[tuple[str, list[str]]]) -> None:
    tally = Tally()
    for repo_id, fields in noted:
        tally.add(repo_id, [Note("dropped", field, "why") for field in fields])
    report = tally.report("dropped")
    assert sum(note.values for note in report) == sum(len(fields) for _, fields in noted)
    assert sum(note.records for note in report) == sum(len(set(fields)) for _, fields in noted)
