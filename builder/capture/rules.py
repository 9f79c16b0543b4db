"""What a source may put in one place, declared as data, and the one function that enforces it.

A `Value` names, for each JSON type, what is kept; a type it does not name is dropped. Dropping,
cleaning and leaving out are never silent: each makes a `Note`, and a capture counts its notes.
Depth is bounded by the declaration itself: nothing below an undeclared name is ever looked at.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from builder.capture.text import clean_text, holds_credential

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.capture.evidence import JsonObject, JsonValue

NoteKind: TypeAlias = Literal["left_out", "dropped", "cleaned"]

COUNT_MAX = 10**15
"""A quadrillion: a thousand times the largest count of anything on the Hub."""

BYTES_MAX = 10**18
"""An exabyte: a thousand times the largest repository, and well inside 64 bits."""


@dataclass(frozen=True)
class Text:
    """A text of at most `max_length` characters, counted after cleaning."""

    max_length: int
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Number:
    """A finite number; only one that is `signed` may be below zero."""

    maximum: float
    whole: bool = True
    signed: bool = False


@dataclass(frozen=True)
class Items:
    """A list. With `together`, one bad item drops the list: a part of it would say another thing."""

    item: Value
    max_items: int
    together: bool = False


@dataclass(frozen=True)
class Named:
    """An object of which only the named fields are kept."""

    fields: Mapping[str, Value]


@dataclass(frozen=True)
class Keyed:
    """An object whose keys are data. With `together`, one bad entry drops the object."""

    key: Text
    value: Value
    max_items: int
    together: bool = False


@dataclass(frozen=True)
class Value:
    """What may stand in one place: one alternative per JSON type."""

    text: Text | None = None
    number: Number | None = None
    boolean: bool = False
    null: bool = True
    items: Items | None = None
    members: Named | Keyed | None = None


@dataclass(frozen=True)
class Note:
    """One thing that was not kept as the source gave it."""

    kind: NoteKind
    field: str
    reason: str


class _Missing(Enum):
    DROPPED = "dropped"


DROPPED: Final = _Missing.DROPPED
Kept: TypeAlias = "JsonValue | Literal[_Missing.DROPPED]"

NOT_LISTED = "not on the list of fields to keep"


class NegativeCount(ValueError):
    """A count below zero: whoever reads the source decides whether that refuses all of it."""

    def __init__(self, field: str, value: float) -> None:
        """Say which field, and how much below zero."""
        super().__init__(f"`{field}` is {value}, and a count cannot be negative")
        self.field = field


_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}")


def shown_name(name: str) -> str:
    """A field's name as it may stand in a report: odd names are free text and are not repeated."""
    if _PLAIN_NAME.fullmatch(name) and not holds_credential(name):
        return name
    return "(a name that is not shown)"


def keep(value: JsonValue, rule: Value, field: str, notes: list[Note]) -> Kept:
    """Keep of `value` what `rule` declares, and note everything else.

    Raises:
        NegativeCount: A number that counts something is below zero.
    """
    match value:
        case None:
            return None if rule.null else _drop(field, "null", notes)
        case bool():
            return value if rule.boolean else _drop(field, "a boolean", notes)
        case int() | float():
            return _keep_number(value, rule.number, field, notes)
        case str():
            return _keep_text(value, rule.text, field, notes)
        case list():
            return _keep_items(value, rule.items, field, notes)
        case _:
            return _keep_members(value, rule.members, field, notes)


def _drop(field: str, reason: str, notes: list[Note]) -> Literal[_Missing.DROPPED]:
    notes.append(Note("dropped", field, reason))
    return DROPPED


def _keep_number(value: float, rule: Number | None, field: str, notes: list[Note]) -> Kept:
    if rule is None:
        return _drop(field, "a number", notes)
    if not -math.inf < value < math.inf:
        return _drop(field, "not a finite number", notes)
    if value < 0 and not rule.signed:
        raise NegativeCount(field, value)
    if abs(value) > rule.maximum:
        return _drop(field, f"larger than {rule.maximum:g}", notes)
    if rule.whole and not isinstance(value, int):
        return _drop(field, "not written as a whole number", notes)
    return value


def _keep_text(value: str, rule: Text | None, field: str, notes: list[Note]) -> Kept:
    if rule is None:
        return _drop(field, "a text", notes)
    cleaned, found = clean_text(value)
    if len(cleaned) > rule.max_length:
        return _drop(field, f"longer than {rule.max_length} characters", notes)
    # Both readings: cleaning can join a credential that was cut in two, and can also glue a word
    # to the front of one, which hides it.
    if holds_credential(cleaned) or (found and holds_credential(value)):
        return _drop(field, "has the shape of a credential", notes)
    if rule.pattern is not None and rule.pattern.fullmatch(cleaned) is None:
        return _drop(field, "a text of another form", notes)
    notes.extend(Note("cleaned", field, kind) for kind in found)
    return cleaned


def _keep_items(value: list[JsonValue], rule: Items | None, field: str, notes: list[Note]) -> Kept:
    if rule is None:
        return _drop(field, "a list", notes)
    if len(value) > rule.max_items:
        return _drop(field, f"more than {rule.max_items} items", notes)
    items = [keep(item, rule.item, f"{field}[]", notes) for item in value]
    kept = [item for item in items if item is not DROPPED]
    if rule.together and len(kept) < len(items):
        return _drop(field, "one of its items was dropped", notes)
    return kept


def _keep_members(
    value: JsonObject,
    rule: Named | Keyed | None,
    field: str,
    notes: list[Note],
) -> Kept:
    match rule:
        case None:
            return _drop(field, "an object", notes)
        case Named():
            return keep_fields(value, rule, field, notes)
        case Keyed():
            return _keep_entries(value, rule, field, notes)


def keep_fields(value: JsonObject, rule: Named, field: str, notes: list[Note]) -> JsonObject:
    """Keep the named fields of an object; `field` is its own path, empty at the top."""
    kept: JsonObject = {}
    prefix = f"{field}." if field else ""
    for name, inner in value.items():
        declared = rule.fields.get(name)
        if declared is None:
            notes.append(Note("left_out", prefix + shown_name(name), NOT_LISTED))
            continue
        result = keep(inner, declared, prefix + name, notes)
        if result is not DROPPED:
            kept[name] = result
    return kept


def _keep_entries(value: JsonObject, rule: Keyed, field: str, notes: list[Note]) -> Kept:
    if len(value) > rule.max_items:
        return _drop(field, f"more than {rule.max_items} entries", notes)
    kept: JsonObject = {}
    for name, inner in value.items():
        result: Kept
        if _is_sound_key(name, rule.key):
            result = keep(inner, rule.value, f"{field}.*", notes)
        else:
            result = _drop(f"{field}.*", "a key of another form", notes)
        if result is not DROPPED:
            kept[name] = result
        elif rule.together:
            return _drop(field, "one of its entries was dropped", notes)
    return kept


def _is_sound_key(name: str, rule: Text) -> bool:
    """A key is kept as it is or not at all: two cleaned keys could become one."""
    return (
        len(name) <= rule.max_length
        and not clean_text(name)[1]
        and not holds_credential(name)
        and (rule.pattern is None or rule.pattern.fullmatch(name) is not None)
    )
