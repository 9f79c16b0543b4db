"""What was not kept is counted, whatever the order of the records and however many there are."""

from __future__ import annotations

from builder.capture.rules import Note
from builder.capture.tally import ENTRIES_MAX, EXAMPLES_MAX, FURTHER, FieldNote, Tally

LEFT_OUT = Note("left_out", "list.spaces", "why")


def test_values_and_records_are_counted_apart() -> None:
    tally = Tally()
    tally.add("acme/one", [LEFT_OUT, LEFT_OUT])
    tally.add("acme/two", [LEFT_OUT])
    assert tally.report("left_out") == (FieldNote("list.spaces", "why", 3, 2, ("acme/one", "acme/two")),)


def test_kinds_and_reasons_are_reported_apart() -> None:
    tally = Tally()
    tally.add("acme/one", [Note("dropped", "f", "x"), Note("dropped", "f", "a"), Note("cleaned", "f", "x")])
    assert [(note.field, note.reason) for note in tally.report("dropped")] == [("f", "a"), ("f", "x")]
    assert len(tally.report("cleaned")) == 1
    assert tally.report("left_out") == ()


def test_examples_are_few_the_count_is_full_and_the_order_does_not_show() -> None:
    repo_ids = [f"acme/{number:03d}" for number in range(EXAMPLES_MAX + 10)]
    tally = Tally()
    for repo_id in repo_ids[::2] + repo_ids[::-2]:
        tally.add(repo_id, [LEFT_OUT])
    (note,) = tally.report("left_out")
    assert note.records == EXAMPLES_MAX + 10
    assert note.repo_ids == tuple(sorted(repo_ids)[:EXAMPLES_MAX])


def test_invented_names_cannot_make_the_report_endless() -> None:
    tally = Tally()
    for number in range(ENTRIES_MAX + 5):
        tally.add(f"acme/{number:04d}", [Note("left_out", f"list.x{number:04d}", "why")])
    tally.add("acme/last", [Note("left_out", "list.x0000", "why")])
    report = tally.report("left_out")
    assert len(report) == ENTRIES_MAX + 1
    assert report[0].records == 2, "the most frequent are shown"
    assert (report[-1].field, report[-1].records, len(report[-1].repo_ids)) == (FURTHER, 5, 5)
