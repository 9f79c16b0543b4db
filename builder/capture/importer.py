"""An earlier export becomes evidence: pure functions from rows to records.

Two formats are known. `export-2025` is one set of two files about the same repositories: the
*listing* (id, downloads, likes, tags; author and time always null) and the *details* (parameters
in billions and storage in GiB with two decimals, 0 or "" for unknown). `hub-listing` is one row
of the Hub's list call a line. Values stay as the export wrote them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from builder.capture.evidence import HUB_PARTS, Record, TaskCount, is_repo_id
from builder.capture.fields import filter_part
from builder.capture.rules import NegativeCount
from builder.capture.text import holds_credential
from builder.errors import EvidenceUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from builder.capture.evidence import JsonObject
    from builder.capture.inputs import Row
    from builder.capture.tally import Tally

EXPORT_TASK = "audio-text-to-text"
"""The task whose complete list the export of 2025 is."""

_NAMED_MAX = 5


def records_of_export(
    listing: Iterable[Row],
    details: Iterable[Row],
    tally: Tally,
) -> Iterator[Record]:
    """Join the two files of an `export-2025` by repo_id.

    Raises:
        EvidenceUnreadable: A row is unusable, or the two files are not about the same repositories.
    """
    by_id = _by_id(details)
    listed = _by_id(listing)
    _refuse_swapped(listed, by_id)
    _refuse_unpaired(listed, by_id)
    for repo_id, row in listed.items():
        detail = by_id[repo_id]
        answer: JsonObject = {"listing": row.fields, "details": detail.fields}
        where = {"export.listing": row.where, "export.details": detail.where}
        yield _record(repo_id, "export", answer, where, tally)


def count_of_export(records: int, not_after: str) -> TaskCount:
    """The export is the whole list of its task, so its length is the task's exact count."""
    return TaskCount(
        pipeline_tag=EXPORT_TASK,
        model_count=records,
        exact=True,
        counted_at=None,
        not_after=not_after,
        source="number of rows in the imported listing",
    )


def records_of_listing(rows: Iterable[Row], tally: Tally) -> Iterator[Record]:
    """One record for each row of the Hub's list call.

    Raises:
        EvidenceUnreadable: A row is unusable or repeats a repo_id.
    """
    seen: dict[str, str] = {}
    for row in rows:
        repo_id = _new_repo_id(row, seen)
        yield _record(repo_id, "list", row.fields, {"list": row.where}, tally)


def _record(
    repo_id: str,
    part: str,
    answer: JsonObject,
    where: Mapping[str, str],
    tally: Tally,
) -> Record:
    try:
        kept, notes = filter_part(part, answer)
    except NegativeCount as error:
        row = next(row for field, row in where.items() if error.field.startswith(f"{field}."))
        raise EvidenceUnreadable(
            f"{row} ({repo_id}): {error}; mend the row or leave the repository out"
        ) from error
    tally.add(repo_id, notes)
    absent = {name: "not_captured" for name in HUB_PARTS if name != part}
    return Record(repo_id=repo_id, role="member", parts={part: kept}, absent=absent)


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    seen: dict[str, str] = {}
    return {_new_repo_id(row, seen): row for row in rows}


def _new_repo_id(row: Row, seen: dict[str, str]) -> str:
    # Rows of 2022 have only `modelId`; where both stand they are the same.
    repo_id = row.fields.get("id", row.fields.get("modelId"))
    if repo_id is None:
        raise EvidenceUnreadable(f"{row.where}: the row has no `id`; every row must name its repository")
    if not isinstance(repo_id, str) or not is_repo_id(repo_id):
        raise EvidenceUnreadable(
            f"{row.where}: {_shown(repo_id)} is not an id of the Hub; mend the row so that `id` is owner/name"
        )
    if holds_credential(repo_id):
        raise EvidenceUnreadable(
            f"{row.where}: the `id` has the shape of a credential, which must not be passed on; "
            "leave the row out",
        )
    if repo_id in seen:
        raise EvidenceUnreadable(
            f"{row.where}: {repo_id} stands already in {seen[repo_id]}; leave one of the rows out"
        )
    seen[repo_id] = row.where
    return repo_id


def _shown(value: object) -> str:
    if not isinstance(value, str):
        return f"an `id` that is not a text ({type(value).__name__})"
    return "an `id` with the shape of a credential" if holds_credential(value) else f"{value!a:.80}"


def _refuse_swapped(listing: dict[str, Row], details: dict[str, Row]) -> None:
    if any("tags" in row.fields for row in details.values()) or any(
        "params_billions" in row.fields for row in listing.values()
    ):
        raise EvidenceUnreadable(
            "The two files of the export are the wrong way round: rows of the first have details "
            "or rows of the second have `tags`; give the listing first, then the details"
        )


def _refuse_unpaired(listing: dict[str, Row], details: dict[str, Row]) -> None:
    if only_listed := listing.keys() - details.keys():
        _refuse_missing(only_listed, "details", "listing")
    if only_detailed := details.keys() - listing.keys():
        _refuse_missing(only_detailed, "listing", "details")


def _refuse_missing(repo_ids: set[str], lacking: str, having: str) -> NoReturn:
    named = ", ".join(sorted(repo_ids)[:_NAMED_MAX])
    more = f" and {len(repo_ids) - _NAMED_MAX} more" if len(repo_ids) > _NAMED_MAX else ""
    raise EvidenceUnreadable(
        f"The {lacking} file lacks {named}{more}, which the {having} file has; "
        "give the two files of one and the same export"
    )
