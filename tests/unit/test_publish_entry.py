"""A published date moves in the text of the index; everything else in it stays, to the letter."""

from __future__ import annotations

import pytest

from builder.errors import BuilderError, EvidenceUnreadable, SnapshotRefused
from builder.index import Publication, parse_index
from builder.publish.entry import publish_entry

DATE = "2025-12-07"
ENTRY = Publication("acme/data", "main", DATE, "a" * 40, "1" * 40, "2" * 64)
MOVED = f"""    repo_id: acme/data
    branch: main
    tag: "{DATE}"
    hub_commit: {"a" * 40}
    code_commit: "{"1" * 40}"
    manifest_sha256: "{"2" * 64}"
"""

CASES = {
    "the only date": (
        f"""# Head, kept.
#
building:
  "{DATE}":
    previous: snapshots/none.json

published: {{}}
""",
        f"""# Head, kept.
#
building: {{}}

published:
  "{DATE}":
    previous: snapshots/none.json
{MOVED}""",
    ),
    "between others, with comments and a long reason": (
        f"""building:
  # about the first
  '{DATE}':
    previous: snapshots/none.json  # beside
    # inside
    reason: >-
      a long

      # text: no comment
  # about the second
  "2026-01-07":
    previous: snapshots/{DATE}/manifest.json
# between
published: # dates of old
  "2025-11-07": {{previous: snapshots/none.json}}
  # about the last
  "2026-02-07":
    previous: snapshots/none.json
# end
""",
        f"""building:
  # about the second
  "2026-01-07":
    previous: snapshots/{DATE}/manifest.json
# between
published:
  "2025-11-07": {{previous: snapshots/none.json}}
  # about the first
  '{DATE}':
    previous: snapshots/none.json  # beside
    # inside
    reason: >-
      a long

      # text: no comment
{MOVED}  # about the last
  "2026-02-07":
    previous: snapshots/none.json
# end
""",
    ),
    "an entry on one line": (
        f'building:\n  "{DATE}": {{previous: snapshots/none.json, reason: "a: b"}}\npublished: {{}}\n',
        f"""building: {{}}
published:
  "{DATE}":
    previous: snapshots/none.json
    reason: "a: b"
{MOVED}""",
    ),
    "published first": (
        f'published: {{}}\nbuilding:\n  "{DATE}":\n    previous: snapshots/none.json\n',
        f'published:\n  "{DATE}":\n    previous: snapshots/none.json\n{MOVED}building: {{}}\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_a_date_moves_and_the_rest_stays(before: str, after: str) -> None:
    assert publish_entry(before, DATE, ENTRY) == after
    index = parse_index(after, "index")
    assert index.publication(DATE) == ENTRY
    assert index.entry(DATE) == parse_index(before, "index").building[DATE]


def test_dates_are_in_order_by_number() -> None:
    text = "building:\n" + "".join(
        f'  "{DATE}{number}":\n    previous: snapshots/none.json\n' for number in (".2", ".10", "")
    )
    text += "published: {}\n"
    for number in (".10", ".2", ""):
        text = publish_entry(text, f"{DATE}{number}", ENTRY)
    assert list(parse_index(text, "index").published) == [DATE, f"{DATE}.2", f"{DATE}.10"]


BROKEN = {
    "a date that nobody planned": (SnapshotRefused, "building: {}\npublished: {}\n"),
    "all dates on one line": (
        EvidenceUnreadable,
        f'building: {{"{DATE}": {{previous: snapshots/none.json}}}}\npublished: {{}}\n',
    ),
    "other indents": (
        EvidenceUnreadable,
        f'building:\n      "{DATE}":\n        previous: snapshots/none.json\npublished: {{}}\n',
    ),
    "one document on one line": (
        EvidenceUnreadable,
        f'{{building: {{"{DATE}": {{previous: a}}}}, published: {{}}}}\n',
    ),
}


@pytest.mark.parametrize(("error", "text"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_moved_is_refused(error: type[BuilderError], text: str) -> None:
    with pytest.raises(error, match="; "):
        publish_entry(text, DATE, ENTRY)
