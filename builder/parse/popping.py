"""Reading a record by taking fields out of it: what is left over at the end was not understood.

The value of each field is typed where it is taken. A value of a type that no source is known to
give becomes an irregularity and counts as absent; a field that nobody takes is an error, because
capture keeps only fields that parse knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from builder.errors import EvidenceUnreadable

MAX_TEXT = 256
_ABSENT = object()


@dataclass
class Irregularities:
    """What parse could not use of one record, as (field, problem)."""

    found: set[tuple[str, str]] = field(default_factory=set)

    def add(self, name: str, problem: str) -> None:
        """Note one value that could not be used."""
        self.found.add((name, problem))


class Fields:
    """One JSON object that is read by popping; `path` names it in messages."""

    def __init__(self, repo_id: str, path: str, values: Mapping[str, Any], irregular: Irregularities) -> None:
        """Work on a copy: evidence is immutable."""
        self._repo_id = repo_id
        self._path = path
        self._left = dict(values)
        self._irregular = irregular

    def _pop(self, name: str) -> Any:
        return self._left.pop(name, _ABSENT)

    def _strange(self, name: str, value: object, wanted: str) -> None:
        self._irregular.add(f"{self._path}.{name}", f"{type(value).__name__} where {wanted} is expected")

    def text(self, name: str) -> str | None:
        """A text, stripped; blank, absent and null are unknown."""
        value = self._pop(name)
        if value is _ABSENT or value is None:
            return None
        if not isinstance(value, str):
            self._strange(name, value, "text")
            return None
        value = " ".join(value.split())
        if len(value) > MAX_TEXT:
            self._irregular.add(f"{self._path}.{name}", f"text longer than {MAX_TEXT} characters")
            return None
        return value or None

    def whole(self, name: str) -> int | None:
        """A whole number of at least 0.

        Raises:
            EvidenceUnreadable: it is negative; no count of the Hub is.
        """
        value = self._pop(name)
        if value is _ABSENT or value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
                value = int(value)
            else:
                self._strange(name, value, "a whole number")
                return None
        if value < 0:
            msg = (
                f"record {self._repo_id}: {self._path}.{name} is {value}, but a count cannot be negative; "
                "correct the evidence or capture the record again"
            )
            raise EvidenceUnreadable(msg)
        if value >= 2**63:
            self._strange(name, value, "a number below 2^63")
            return None
        return value

    def real(self, name: str) -> float | None:
        """A finite number of at least 0.

        Raises:
            EvidenceUnreadable: it is negative.
        """
        value = self._pop(name)
        if value is _ABSENT or value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self._strange(name, value, "a number")
            return None
        if value < 0:
            msg = (
                f"record {self._repo_id}: {self._path}.{name} is {value}, but a count cannot be negative; "
                "correct the evidence or capture the record again"
            )
            raise EvidenceUnreadable(msg)
        return float(value)

    def instant(self, name: str) -> datetime | None:
        """A moment in RFC 3339, such as `2025-12-07T15:26:59.000Z`."""
        value = self.text(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self._irregular.add(f"{self._path}.{name}", "not a time in RFC 3339")
            return None
        if moment.tzinfo is None:
            self._irregular.add(f"{self._path}.{name}", "a time without zone")
            return None
        return moment.astimezone(UTC)

    def texts(self, name: str) -> list[str]:
        """A list of texts; one text counts as a list of one; everything else in it is irregular."""
        value = self._pop(name)
        if value is _ABSENT or value is None:
            return []
        if not isinstance(value, list):
            value = [value]
        good = []
        for element in value:
            if isinstance(element, str):
                element = " ".join(element.split())  # noqa: PLW2901 - the element as it is used
                if element and len(element) <= MAX_TEXT:
                    good.append(element)
                elif element:
                    self._irregular.add(f"{self._path}.{name}", f"element longer than {MAX_TEXT} characters")
                else:
                    self._irregular.add(f"{self._path}.{name}", "empty element")
            elif element is not None:
                self._strange(name, element, "text in a list")
        if not value:
            self._irregular.add(f"{self._path}.{name}", "empty list")
        return good

    def sub(self, name: str) -> Fields | None:
        """A nested object, to be read in the same way."""
        value = self._pop(name)
        if value is _ABSENT or value is None:
            return None
        if not isinstance(value, dict):
            self._strange(name, value, "an object")
            return None
        return Fields(self._repo_id, f"{self._path}.{name}", value, self._irregular)

    def subs(self, name: str) -> Iterator[Fields]:
        """A list of nested objects."""
        value = self._pop(name)
        if value is _ABSENT or value is None:
            return
        if not isinstance(value, list):
            self._strange(name, value, "a list")
            return
        for position, element in enumerate(value):
            if isinstance(element, dict):
                yield Fields(self._repo_id, f"{self._path}.{name}[{position}]", element, self._irregular)
            else:
                self._strange(name, element, "an object in a list")

    def raw(self, name: str) -> Any:
        """The value as it stands; None where it is absent."""
        value = self._pop(name)
        return None if value is _ABSENT else value

    def names(self) -> list[str]:
        """Fields not taken so far, for objects whose field names are data."""
        return sorted(self._left)

    def ignore(self, *names: str) -> None:
        """Take fields that carry nothing parse uses."""
        for name in names:
            self._left.pop(name, None)

    def done(self) -> None:
        """Demand that everything was taken.

        Raises:
            EvidenceUnreadable: a field is left over.
        """
        if self._left:
            msg = (
                f"record {self._repo_id}: parse does not know the field {self._path}.{min(self._left)}; "
                "teach it to builder/parse, or leave the field out of builder/capture/fields.py"
            )
            raise EvidenceUnreadable(msg)
