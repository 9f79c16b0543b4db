"""`capture.json`: the machine facts of one capture, and the hash that names it.

A capture's id is the sha256 over the lines `<sha256>  <file>` of its records (in order), observed
and counts files, so `sha256sum records-*.jsonl observed.jsonl counts.jsonl | sha256sum` inside the
folder gives it again without this project (with `departed.jsonl` at the end where there is one).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import orjson

from builder.capture.tally import FieldNote
from builder.errors import EvidenceUnreadable

SHAPE = 1
"""Version of the evidence's shape; a change of what a line means makes the next."""


@dataclass(frozen=True)
class Origin:
    """Where an imported export was published."""

    repository: str
    commit: str


@dataclass(frozen=True)
class InputFile:
    """A file an import read; the file itself is not kept."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Observed:
    """Between which times the Hub was read; the earlier one is unknown for an export."""

    not_before: str | None
    not_after: str


@dataclass(frozen=True)
class RecordCounts:
    """How many records, by role."""

    records: int
    members: int
    bases: int


@dataclass(frozen=True)
class EvidenceFile:
    """What one file of the capture must be when it is read again."""

    sha256: str
    bytes: int
    lines: int


@dataclass(frozen=True)
class ScopeRun:
    """One list as a capture read it.

    Attributes:
        depth: `full`, `audio` (models that take audio are kept) or `count`.
        listed, kept: models in the list, and those that became members.
        gaps: models that only one of two passes showed, each asked for by itself.
        odd: rows without a usable id.
    """

    name: str
    query: str
    depth: str
    listed: int
    kept: int
    gaps: int
    odd: int


@dataclass(frozen=True)
class Run:
    """What a capture asked for.

    Attributes:
        endpoint: host of the Hub.
        authenticated: whether it was asked with a token, which shows more.
        previous: date whose evidence was reused where commits had not changed.
        reused: records that were.
        fields_missing: fields that the Hub refused.
        bases_not_found: bases that it does not show.
        vanished: listed, but gone when asked for.
    """

    endpoint: str
    authenticated: bool
    scopes: tuple[ScopeRun, ...]
    previous: str | None
    reused: int
    fields_missing: tuple[str, ...]
    bases_not_found: tuple[str, ...]
    vanished: tuple[str, ...]


@dataclass(frozen=True)
class CaptureDescription:
    """Machine facts of one capture."""

    shape: int
    capture_id: str
    kind: Literal["import", "capture"]
    format: str
    date: str
    origin: Origin | None
    inputs: tuple[InputFile, ...]
    observed: Observed
    counts: RecordCounts
    files: Mapping[str, EvidenceFile]
    left_out: tuple[FieldNote, ...]
    dropped: tuple[FieldNote, ...]
    cleaned: tuple[FieldNote, ...]
    run: Run | None = None
    """None for an import, and in captures from before there were others."""


def compute_capture_id(files: Mapping[str, EvidenceFile]) -> str:
    """Name a capture by its evidence alone: how it was made is not part of what was seen."""
    records = sorted(name for name in files if name.startswith("records-"))
    names = [*records, "observed.jsonl", "counts.jsonl"]
    if "departed.jsonl" in files:
        names.append("departed.jsonl")
    listed = "".join(f"{files[name].sha256}  {name}\n" for name in names)
    return hashlib.sha256(listed.encode()).hexdigest()


def to_json(description: CaptureDescription) -> bytes:
    """The bytes of `capture.json`: indented and in a fixed order, for a person and for a diff."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    stated = {name: value for name, value in vars(description).items() if name != "run" or value is not None}
    return orjson.dumps(stated, option=options)


def read_description(content: bytes, where: str) -> CaptureDescription:
    """Read the bytes of `capture.json` back.

    Raises:
        EvidenceUnreadable: They are not a description of this shape.
    """
    try:
        return _read_shape(orjson.loads(content))
    except ValueError as error:
        raise EvidenceUnreadable(
            f"{where}: not the description of a capture ({error}); "
            "restore the file from version control or make the capture again"
        ) from error


def _read_shape(value: object) -> CaptureDescription:
    shape = value.get("shape") if isinstance(value, dict) else None
    if shape != SHAPE:
        raise ValueError(f"its `shape` is {shape!r:.20} and this version reads {SHAPE}")
    return cast("CaptureDescription", _build(CaptureDescription, value, "capture"))


def _build(kind: Any, value: object, name: str) -> object:  # noqa: ANN401 - a type is being walked
    """Rebuild a value of the declared type from plain JSON, or say which field is not of it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(value, dict):
        hints = get_type_hints(kind)
        known = {field.name for field in fields(kind)}
        needed = {field.name for field in fields(kind) if field.default is MISSING}
        if not needed <= value.keys() <= known:
            raise ValueError(f"`{name}` lacks a field or has one too many")
        return cast("Any", kind)(
            **{key: _build(hints[key], inner, f"{name}.{key}") for key, inner in value.items()},
        )
    if origin is tuple and isinstance(value, list):
        return tuple(_build(arguments[0], inner, f"{name}[]") for inner in value)
    if origin is Mapping and isinstance(value, dict):
        return {key: _build(arguments[1], inner, f"{name}.{key}") for key, inner in value.items()}
    if origin in (Union, UnionType):
        other = next(argument for argument in arguments if argument is not NoneType)
        return None if value is None else _build(other, value, name)
    if origin is Literal and value in arguments:
        return value
    if type(value) is kind:
        return value
    raise ValueError(f"`{name}` is not what it must be")
