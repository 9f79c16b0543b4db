"""`snapshots/index.yaml`: which dates may still change, and which are published and never change again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from builder.errors import EvidenceUnreadable, SnapshotRefused

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.[1-9]\d?)?")


@dataclass(frozen=True)
class Draft:
    """A date that is being built: `previous` is the manifest it is compared with."""

    previous: str
    reason: str | None = None


@dataclass(frozen=True)
class Index:
    """All dates of the repository."""

    building: dict[str, Draft]
    published: dict[str, Mapping[str, Any]]

    def draft(self, date: str) -> Draft:
        """The entry of a date that may be built.

        Raises:
            SnapshotRefused: the date is published, or nobody planned it.
        """
        if date in self.published:
            msg = f"{date} is published and never changes; give a correction its own entry `{date}.1` in snapshots/index.yaml"
            raise SnapshotRefused(msg)
        if date not in self.building:
            known = ", ".join(sorted(self.building)) or "none"
            msg = f"{date} is not under `building:` in snapshots/index.yaml (there: {known}); add it with its `previous`"
            raise SnapshotRefused(msg)
        return self.building[date]


def read_index(path: Path) -> Index:
    """Read the index.

    Raises:
        EvidenceUnreadable: the file is not what it must be.
    """
    try:
        document = yaml.safe_load(path.read_bytes())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise EvidenceUnreadable(_broken(path, "cannot be read as YAML")) from error
    if not isinstance(document, Mapping):
        raise EvidenceUnreadable(_broken(path, "holds no `building:` and `published:`"))
    return Index(
        building={date: _draft(path, date, entry) for date, entry in _dates(path, document, "building").items()},
        published=dict(_dates(path, document, "published")),
    )


def _dates(path: Path, document: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    entries = document.get(section) or {}
    if not isinstance(entries, Mapping):
        raise EvidenceUnreadable(_broken(path, f"has a `{section}:` that is not a mapping of dates"))
    for date in entries:
        if not isinstance(date, str) or not _DATE.fullmatch(date):
            raise EvidenceUnreadable(_broken(path, f"names {date!s} under `{section}:`, which is not a quoted date"))
    return entries


def _draft(path: Path, date: str, entry: Any) -> Draft:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("previous"), str):
        raise EvidenceUnreadable(_broken(path, f"gives {date} no `previous`"))
    reason = entry.get("reason")
    if reason is not None and not isinstance(reason, str):
        raise EvidenceUnreadable(_broken(path, f"gives {date} a `reason` that is not text"))
    return Draft(entry["previous"], reason)


def _broken(path: Path, what: str) -> str:
    return f"{path.parent.name}/{path.name} {what}; correct it as its comment says"
