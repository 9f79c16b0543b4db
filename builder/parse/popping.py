"""Reading a record by taking fields out of it: what is left over at the end was not understood.

The value of each field is typed where it is taken. A value of a type that no source is known to
give becomes an irregularity and counts as absent; a field that nobody takes is an error, because
capture keeps only fields that parse knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NoReturn

from builder.errors import EvidenceUnreadable
from schemas.shared import MAX_TEXT

MAX_NUMBER: Final = 2**53
"""Whole numbers up to here are exact as floating point, in which sums are taken; the largest count
on the Hub (bytes of its largest repository) is far below."""

_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
# Named here, since `int | float` makes a new object wherever it stands.
_NUMBERS: Final = (int, float)
_GATE_TYPES: Final = (bool, str)
_GATES: Final = {False: "false", "auto": "auto", "manual": "manual"}


@lru_cache(4096)
def _spell(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else ascii(name)[:80]


def _are_plain(elements: list[Any]) -> bool:
    """Whether all are texts without a break or a space, as nearly all are; asked of all of them at once."""
    if set(map(type, elements)) != {str}:
        return False
    together = "".join(elements)
    return together.isprintable() and " " not in together and all(elements) and len(together) <= MAX_TEXT


@dataclass
class Irregularities:
    """What parse could not use of one record, as (field, problem)."""

    found: set[tuple[str, str]] = field(default_factory=set)

    def add(self, name: str, problem: str) -> None:
        """Note one value that could not be used."""
        self.found.add((name[:MAX_TEXT], problem[:MAX_TEXT]))


class Fields:
    """One JSON object that is read by popping; `path` names it in messages."""

    def __init__(self, repo_id: str, path: str, values: object, irregular: Irregularities) -> None:
        """Work on a copy: evidence is immutable.

        Raises:
            EvidenceUnreadable: the value is no object.
        """
        if not isinstance(values, dict) and not isinstance(values, Mapping):
            raise EvidenceUnreadable(
                f"record {repo_id}: {path} is no JSON object; restore the evidence or capture it again"
            )
        self._repo_id = repo_id
        self._path = path
        self._left: dict[str, Any] = dict(values)
        self._irregular = irregular

    def text(self, name: str) -> str | None:
        """A text, stripped; blank, absent and null are unknown."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, str):
            self._strange(name, value, "text")
            return None
        if " " in value or not value.isprintable():
            value = " ".join(value.split())
        if len(value) > MAX_TEXT:
            self.refuse(name, f"text longer than {MAX_TEXT} characters")
            return None
        return value or None

    def whole(self, name: str) -> int | None:
        """A whole number of at least 0.

        Raises:
            EvidenceUnreadable: it is negative; no count of the Hub is.
        """
        value = self._number(name)
        if value is not None and value < 0:
            self._refuse_negative(name, value)
        if isinstance(value, float) and not value.is_integer():
            self._strange(name, value, "a whole number")
            return None
        return None if value is None else int(value)

    def real(self, name: str) -> float | None:
        """A finite number of at least 0.

        Raises:
            EvidenceUnreadable: it is negative.
        """
        value = self._number(name)
        if value is not None and value < 0:
            self._refuse_negative(name, value)
        return None if value is None else float(value)

    def signed(self, name: str) -> float | None:
        """A finite number."""
        value = self._number(name)
        return None if value is None else float(value)

    def decimal(self, name: str) -> float | None:
        """A finite number, also where it is written as a text."""
        value = self._left.get(name)
        if isinstance(value, str):
            try:
                self._left[name] = float(value)
            except ValueError:
                self._strange(name, self._left.pop(name), "a number")
                return None
        return self.signed(name)

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self._left.pop(name, None)
        if value is None or isinstance(value, bool):
            return value
        self._strange(name, value, "true or false")
        return None

    def gate(self, name: str) -> str | None:
        """The Hub's `gated`: false, `auto` or `manual`, never true."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        gate = _GATES.get(value) if isinstance(value, _GATE_TYPES) else None
        if gate is None:
            self.refuse(name, "neither false, auto nor manual")
        return gate

    def instant(self, name: str) -> datetime | None:
        """A moment in RFC 3339, such as `2025-12-07T15:26:59.000Z`."""
        value = self.text(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is UTC and not moment.microsecond % 1000:
                return moment
            if moment.tzinfo is not None:
                moment = moment.astimezone(UTC)
                # To the millisecond, as the Hub writes it and the tables hold it.
                return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        except (ValueError, OverflowError):
            self.refuse(name, "not a time in RFC 3339")
            return None
        self.refuse(name, "a time without zone")
        return None

    def texts(self, name: str, *, false_is: str | None = None) -> list[str]:
        """A list of texts; one text counts as a list of one; everything else in it is irregular.

        Args:
            name: the field.
            false_is: the text that YAML 1.1 reads as false, where the field may hold it (`no`).
        """
        value = self._left.pop(name, None)
        if value is None:
            return []
        elements = value if isinstance(value, list) else [value]
        if not elements:
            self.refuse(name, "empty list")
        if _are_plain(elements):
            return list(elements)
        texts = [self._element(name, element, false_is) for element in elements]
        return [text for text in texts if text is not None]

    def sub(self, name: str) -> Fields | None:
        """A nested object, to be read in the same way."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._strange(name, value, "an object")
            return None
        return Fields(self._repo_id, self._at(name), value, self._irregular)

    def subs(self, name: str) -> Iterator[Fields]:
        """A list of nested objects."""
        value = self._left.pop(name, None)
        if value is None:
            return
        if not isinstance(value, list):
            self._strange(name, value, "a list")
            return
        for element in value:
            if isinstance(element, dict):
                yield Fields(self._repo_id, f"{self._at(name)}[]", element, self._irregular)
            else:
                self._strange(name, element, "an object in a list")

    def names(self) -> list[str]:
        """Fields not taken so far, for objects whose field names are data."""
        return sorted(self._left)

    def ignore(self, *names: str) -> None:
        """Take fields that carry nothing parse uses."""
        for name in names:
            self._left.pop(name, None)

    def refuse(self, name: str, problem: str) -> None:
        """Note that a value of this object cannot be used."""
        self._irregular.add(self._at(name), problem)

    def done(self) -> None:
        """Demand that everything was taken.

        Raises:
            EvidenceUnreadable: a field is left over.
        """
        if self._left:
            raise EvidenceUnreadable(
                f"record {self._repo_id}: parse does not know the field {self._at(min(self._left))}; "
                "teach it to builder/parse, or leave the field out of builder/capture/fields.py"
            )

    def _at(self, name: str) -> str:
        """The path of a field; a name that is data may hold anything, line breaks included."""
        return f"{self._path}.{_spell(name)}"

    def _strange(self, name: str, value: object, wanted: str) -> None:
        self.refuse(name, f"{type(value).__name__} where {wanted} is expected")

    def _number(self, name: str) -> int | float | None:
        value = self._left.pop(name, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, _NUMBERS):
            self._strange(name, value, "a number")
            return None
        # The bound first: a whole number of any size compares, but need not convert.
        if not abs(value) <= MAX_NUMBER:
            self.refuse(name, "not a number up to 2^53")
            return None
        return value

    def _refuse_negative(self, name: str, value: float) -> NoReturn:
        raise EvidenceUnreadable(
            f"record {self._repo_id}: {self._at(name)} is {value}, but a count cannot be negative; "
            "correct the evidence or capture the record again"
        )

    def _element(self, name: str, element: object, false_is: str | None) -> str | None:
        if element is None:
            self.refuse(name, "null in a list")
            return None
        if element is False and false_is is not None:
            self.refuse(name, f"false, read as `{false_is}`")
            return false_is
        if not isinstance(element, str):
            self._strange(name, element, "text")
            return None
        text = " ".join(element.split())
        if not text:
            self.refuse(name, "empty text")
        elif len(text) > MAX_TEXT:
            self.refuse(name, f"text longer than {MAX_TEXT} characters")
        else:
            return text
        return None
