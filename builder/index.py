"""`snapshots/index.yaml`: which dates may still change, and which are published and never change again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as calendar_date
from pathlib import Path
from typing import Any, Final

import yaml

from builder.errors import EvidenceUnreadable, SnapshotRefused

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.[1-9]\d?)?")
_PREVIOUS: Final = re.compile(r"snapshots/(?:none\.json|(?P<date>[^/]+)/manifest\.json)")


@dataclass(frozen=True)
class Draft:
    """A date that is being built: `previous` is the file that DVC knows it to depend on."""

    previous: str
    reason: str | None = None

    @property
    def previous_date(self) -> str | None:
        """The date that it is compared with; None for a first date."""
        form = _PREVIOUS.fullmatch(self.previous)
        return form["date"] if form else None


@dataclass(frozen=True)
class Index:
    """All dates of the repository."""

    building: dict[str, Draft]
    published: dict[str, Any]

    def is_published(self, day: str) -> bool:
        """Whether a day, or a correction of it over the same capture, is published."""
        return any(date[:10] == day for date in self.published)

    def is_known(self, date: str) -> bool:
        """Whether a date is being built or published."""
        return date in self.building or date in self.published

    def draft(self, date: str) -> Draft:
        """The entry of a date that may be built.

        Raises:
            SnapshotRefused: the date is published, or nobody planned it.
        """
        if date in self.published:
            raise SnapshotRefused(
                f"{date} is published and never changes; give a correction its own entry, such as "
                f"`{date[:10]}.1`, in snapshots/index.yaml"
            )
        if date not in self.building:
            known = ", ".join(sorted(self.building)) or "none"
            raise SnapshotRefused(
                f"{date:.40} is not under `building:` in snapshots/index.yaml (there: {known}); "
                "add it with its `previous`"
            )
        return self.building[date]

    def newest(self) -> str:
        """The newest date being built.

        Raises:
            SnapshotRefused: there is none.
        """
        if not self.building:
            raise SnapshotRefused("snapshots/index.yaml has no date under `building:`; add or name one")
        return max(self.building)


def read_index(path: Path) -> Index:
    """Read the index.

    Raises:
        EvidenceUnreadable: the file is not what it must be.
    """
    try:
        document = yaml.safe_load(path.read_bytes())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise EvidenceUnreadable(_broken(path, "cannot be read as YAML")) from error
    if not isinstance(document, Mapping) or set(document) != {"building", "published"}:
        # A misspelt `published:` would open every published date to change.
        raise EvidenceUnreadable(_broken(path, "does not hold exactly `building:` and `published:`"))
    building, published = (_dates(path, document, section) for section in ("building", "published"))
    if both := sorted(building.keys() & published.keys()):
        raise EvidenceUnreadable(_broken(path, f"has {both[0]} under `building:` and under `published:`"))
    return Index(
        building={date: _draft(path, date, entry) for date, entry in building.items()},
        published=published,
    )


def _dates(path: Path, document: Mapping[str, Any], section: str) -> dict[str, Any]:
    entries = document[section] or {}
    if not isinstance(entries, dict):
        raise EvidenceUnreadable(_broken(path, f"has a `{section}:` that is not a mapping of dates"))
    for date in entries:
        if not isinstance(date, str) or not _is_date(date):
            raise EvidenceUnreadable(
                _broken(path, f"names {date!s:.40} under `{section}:`, which is not a quoted date")
            )
    return entries


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and bool(calendar_date.fromisoformat(text[:10]))
    except ValueError:
        return False


def _draft(path: Path, date: str, entry: object) -> Draft:
    if not isinstance(entry, dict) or not isinstance(entry.get("previous"), str):
        raise EvidenceUnreadable(_broken(path, f"gives {date} no `previous`"))
    if odd := sorted(str(name) for name in entry.keys() - {"previous", "reason"}):
        raise EvidenceUnreadable(_broken(path, f"gives {date} a field {odd[0]:.40}, which is not known"))
    form = _PREVIOUS.fullmatch(entry["previous"])
    if form is None or (form["date"] is not None and not _is_date(form["date"])):
        raise EvidenceUnreadable(
            _broken(
                path,
                f"gives {date} a `previous` that is neither snapshots/none.json nor "
                "snapshots/<date>/manifest.json",
            )
        )
    reason = entry.get("reason")
    if reason is not None and not isinstance(reason, str):
        raise EvidenceUnreadable(_broken(path, f"gives {date} a `reason` that is not text"))
    return Draft(entry["previous"], reason)


def _broken(path: Path, what: str) -> str:
    return f"{path.parent.name}/{path.name} {what}; correct it as its comment says"
