"""One entry of a curated file: its fields are taken one by one, and what is left at the end is an error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar

from builder.errors import EvidenceUnreadable

_Value = TypeVar("_Value")


class Entry:
    """One entry of a curated file, read by taking its fields; what is left at the end is an error."""

    def __init__(self, file: str, label: str, values: object) -> None:
        """Demand that the entry is a mapping.

        Raises:
            EvidenceUnreadable: it is not.
        """
        self._where = f"curated/{file}.yaml, entry {label}"
        if not isinstance(values, Mapping):
            raise EvidenceUnreadable(
                f"{self._where}: expected fields, found {type(values).__name__}; write it as `name: value`"
            )
        self._left: dict[Any, Any] = dict(values)

    def text(self, name: str) -> str:
        """A text that must be there."""
        return self._require(name, self.optional_text(name))

    def optional_text(self, name: str) -> str | None:
        """A text, or nothing."""
        value = self._take(name, str)
        if value is not None and not value.strip():
            self._refuse(name, "must not be blank; correct it or leave it out")
        return value

    def whole(self, name: str) -> int:
        """A whole number that must be there."""
        return self._require(name, self.optional_whole(name))

    def optional_whole(self, name: str) -> int | None:
        """A whole number, or nothing."""
        value = self._take(name, int)
        if value is not None and value < 0:
            self._refuse(name, f"is {value}, and a count cannot be negative; correct it")
        return value

    def optional_real(self, name: str) -> float | None:
        """A number above zero, or nothing; a whole one is a number too."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if type(value) not in {int, float} or value <= 0:
            self._refuse(name, f"must be a number above 0, found {value!r:.80}; correct it")
        return float(value)

    def flag(self, name: str) -> bool | None:
        """True or false, or nothing."""
        return self._take(name, bool)

    def mapping(self, name: str) -> dict[str, str]:
        """Names with texts; nothing is an empty mapping."""
        values: dict[Any, Any] = self._take(name, dict) or {}
        if not all(isinstance(key, str) and isinstance(value, str) for key, value in values.items()):
            self._refuse(name, "must map names to texts; correct it")
        return values

    def texts(self, name: str) -> list[str]:
        """A list of texts without repetition; nothing is an empty one."""
        values: list[Any] = self._take(name, list) or []
        if not all(isinstance(value, str) and value.strip() for value in values):
            self._refuse(name, "must be a list of texts; correct it")
        if len(set(values)) < len(values):
            self._refuse(name, "names something twice; take one away")
        return values

    def instant(self, name: str) -> datetime:
        """A moment with its zone that must be there."""
        text = self.text(name)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self._refuse(name, f"must be a time such as 2025-12-08T00:00:00Z, found {text!r}; correct it")
        if moment.tzinfo is None:
            self._refuse(name, f"must have a zone, found {text!r}; correct it")
        return moment.astimezone(UTC)

    def day(self, name: str) -> date:
        """A day that must be there, in quotes or without."""
        value = self._left.pop(name, None)
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value) if isinstance(value, str) else self._require(name, None)
        except ValueError:
            self._refuse(name, f"must be a day such as 2026-11-27, found {value!r:.80}; correct it")

    def refuse(self, problem: str) -> NoReturn:
        """Say what is wrong with the entry as a whole.

        Raises:
            EvidenceUnreadable: always.
        """
        raise EvidenceUnreadable(f"{self._where}: {problem}")

    def done(self) -> None:
        """Demand that every field was known.

        Raises:
            EvidenceUnreadable: one was not.
        """
        if self._left:
            unknown = min(map(str, self._left))
            self._refuse(unknown, "is not known; remove it or teach it to builder/tables/curation.py")

    def _take(self, name: str, kind: type[_Value]) -> _Value | None:
        value = self._left.pop(name, None)
        if value is None:
            return None
        # Exactly: to Python a boolean is a whole number too.
        if type(value) is not kind:
            self._refuse(name, f"must be {kind.__name__}, found {value!r:.80}; correct it")
        return value

    def _require(self, name: str, value: _Value | None) -> _Value:
        if value is None:
            self._refuse(name, "is missing; add it")
        return value

    def _refuse(self, name: str, problem: str) -> NoReturn:
        self.refuse(f"the field {name} {problem}")
