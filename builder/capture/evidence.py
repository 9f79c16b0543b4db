"""The shape of evidence: one record per repository, whoever took it, one canonical JSON line each.

A record holds *parts*, each the answer of one source (`list`, `detail`, `config`, `headers`,
`files` of the Hub, or `export` of an earlier export), with values as the source gave them. A
part of the Hub that a capture did not get stands in `absent` with its reason, so that a missing
value and a missing answer stay two things. The part `scopes` is the capture's own: which lists named
a member, or under which names a base was asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

import orjson

from builder.errors import EvidenceUnreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
JsonObject: TypeAlias = dict[str, JsonValue]

Role: TypeAlias = Literal["member", "base"]
"""`member`: in scope, a row of `models`; `base`: fetched only because a member builds on it."""

HUB_PARTS = ("list", "detail", "config", "headers", "files")
"""Every record of a capture has each of these in `parts` or in `absent`."""

PARTS = frozenset({*HUB_PARTS, "export", "scopes"})
"""Besides what the Hub gives: rows of an earlier export, and which lists of a capture named a repository."""

ABSENT_REASONS = {
    "not_captured": "this capture did not ask for it",
    "gated": "the Hub gives it only to accounts that the owner let in",
    "not_found": "the Hub has no such repository or file, or it is private",
    "disabled": "the Hub has disabled the repository",
}
"""Why a part is absent: a closed set, since `gaps` is derived from it."""

REPO_ID_MAX_LENGTH = 200
"""Two names of 96 characters, the Hub's limit for each, and a slash fit."""

_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?"
_REPO_ID = re.compile(rf"(?:{_NAME}/)?{_NAME}")
_ROLES = get_args(Role)
_RECORD_KEYS = {"repo_id", "role", "parts", "absent"}
_MEND = "restore the file from version control or make the capture again"


@dataclass(frozen=True)
class Record:
    """One repository as a capture saw it."""

    repo_id: str
    role: Role
    parts: Mapping[str, JsonObject]
    absent: Mapping[str, str]


@dataclass(frozen=True)
class Observation:
    """When one part of one record was read: at a known time, or not after one."""

    repo_id: str
    part: str
    observed_at: str | None
    not_after: str | None


@dataclass(frozen=True)
class TaskCount:
    """How many models the Hub listed under one task."""

    pipeline_tag: str
    model_count: int
    exact: bool
    counted_at: str | None
    not_after: str | None
    source: str


DepartureReason: TypeAlias = Literal["deleted_or_private", "retagged", "renamed"]


@dataclass(frozen=True)
class Departure:
    """Why a member of the previous date is in no list any more, as one detail call says."""

    repo_id: str
    reason: DepartureReason
    renamed_to: str | None


def is_repo_id(text: str) -> bool:
    """Whether the Hub would accept `text` as the id of a repository.

    The owner may be missing: ids older than owners, such as `gpt2`, are still answered.
    """
    return (
        _REPO_ID.fullmatch(text) is not None
        and "--" not in text
        and ".." not in text
        and not text.endswith(".git")
    )


def to_line(item: Record | Observation | TaskCount | Departure) -> bytes:
    """The one JSON line of an item: sorted keys, no spaces, UTF-8, a newline at the end."""
    # As a dictionary, since orjson sorts the keys of dictionaries only. The newline is added by
    # hand: that makes a copy of the right size, while orjson's own result holds on to a buffer
    # of several times its length, and a capture may hold millions of lines.
    return orjson.dumps(vars(item), option=orjson.OPT_SORT_KEYS) + b"\n"


def read_record(line: bytes, where: str) -> Record:
    """Read a line of `records-*.jsonl` back.

    Args:
        line: One line, with or without its newline.
        where: File and line number, for the message.

    Raises:
        EvidenceUnreadable: The line is not a record of the one shape.
    """
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise EvidenceUnreadable(f"{where}: the line is not JSON ({error}); {_MEND}") from error
    if not isinstance(fields, dict):
        raise EvidenceUnreadable(f"{where}: the line is not a JSON object; {_MEND}")
    fault = _fault(fields)
    if fault:
        named = fields.get("repo_id")
        record = f" ({named})" if isinstance(named, str) and is_repo_id(named) else ""
        raise EvidenceUnreadable(f"{where}{record}: {fault}; {_MEND}")
    return Record(
        repo_id=fields["repo_id"],
        role=cast("Role", fields["role"]),
        parts=fields["parts"],
        absent=fields["absent"],
    )


def _fault(fields: JsonObject) -> str | None:
    """What keeps these fields from being a record, or nothing."""
    if fields.keys() != _RECORD_KEYS:
        missing = sorted(_RECORD_KEYS - fields.keys())
        if missing:
            return f"the record has no `{missing[0]}`"
        return f"the record has {len(fields) - len(_RECORD_KEYS)} fields that are not of its shape"
    repo_id = fields["repo_id"]
    if not isinstance(repo_id, str) or not is_repo_id(repo_id):
        return "`repo_id` is not an id of the Hub"
    if fields["role"] not in _ROLES:
        return "`role` is neither `member` nor `base`"
    return _fault_of_parts(fields["parts"], fields["absent"])


def _fault_of_parts(parts: JsonValue, absent: JsonValue) -> str | None:
    if not isinstance(parts, dict) or not isinstance(absent, dict):
        return "`parts` and `absent` must be objects"
    unknown = (parts.keys() | absent.keys()) - PARTS
    if unknown:
        return f"a part is named {min(unknown)!r:.60}, and only {', '.join(sorted(PARTS))} are known"
    both = parts.keys() & absent.keys()
    if both:
        return f"the part `{min(both)}` stands both in `parts` and in `absent`"
    no_objects = [name for name, part in parts.items() if not isinstance(part, dict)]
    if no_objects:
        return f"the part `{min(no_objects)}` is not an object"
    unexplained = [name for name, reason in absent.items() if not _is_reason(reason)]
    if unexplained:
        return (
            f"the part `{min(unexplained)}` is absent for a reason that is not one of "
            f"{', '.join(ABSENT_REASONS)}"
        )
    return None


def _is_reason(reason: JsonValue) -> bool:
    return isinstance(reason, str) and reason in ABSENT_REASONS
