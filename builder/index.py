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
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


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
class Publication:
    """Where a published date lies, and what it was made by."""

    repo_id: str
    branch: str
    tag: str
    hub_commit: str
    code_commit: str
    """Commit of this repository that holds evidence, code and tables of the date."""

    manifest_sha256: str
    erased: str | None = None
    """Why its bytes are no longer on the Hub; None where they are."""


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

    def entry(self, date: str) -> Draft:
        """What a date is compared with and why it may differ, whether it is published or being built.

        Raises:
            SnapshotRefused: nobody planned the date.
            EvidenceUnreadable: the entry of a published date is not what it must be.
        """
        if date in self.published:
            return _read_draft("snapshots/index.yaml", date, self.published[date])
        if date not in self.building:
            known = ", ".join(sorted({*self.building, *self.published}, key=date_order)) or "none"
            raise SnapshotRefused(
                f"{date:.40} stands neither under `building:` nor under `published:` in snapshots/index.yaml "
                f"(there: {known}); name one of these, or add it with its `previous`"
            )
        return self.building[date]

    def publication(self, date: str) -> Publication:
        """The entry of a published date.

        Raises:
            SnapshotRefused: the date is not published.
            EvidenceUnreadable: the entry is not what it must be.
        """
        if date not in self.published:
            raise SnapshotRefused(
                f"{date:.40} is not published; `builder publish {date:.40} --repo-id OWNER/NAME` shows what "
                "publishing it would do"
            )
        return _read_publication("snapshots/index.yaml", date, self.published[date])

    def newest(self) -> str:
        """The newest date, whether it is published or being built.

        Raises:
            SnapshotRefused: there is none.
        """
        dates = {*self.building, *self.published}
        if not dates:
            raise SnapshotRefused("snapshots/index.yaml has no date; add one under `building:`")
        return max(dates, key=date_order)


def is_date(text: str) -> bool:
    """Whether a text is a day, or the numbered correction of one (`2025-12-07.1`)."""
    try:
        return bool(_DATE.fullmatch(text)) and bool(calendar_date.fromisoformat(text[:10]))
    except ValueError:
        return False


def date_order(date: str) -> tuple[str, int]:
    """By day, then by number: a correction comes after what it corrects, the tenth after the second."""
    return date[:10], int(date[11:] or 0)


def read_index(path: Path) -> Index:
    """Read the index.

    Raises:
        EvidenceUnreadable: the file is not what it must be.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceUnreadable(_broken(name, "cannot be read as UTF-8 text")) from error
    return parse_index(content, name)


def parse_index(content: str, name: str) -> Index:
    """Read the text of an index; `name` is how a message calls it.

    Raises:
        EvidenceUnreadable: the text is not what it must be.
    """
    try:
        document = yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise EvidenceUnreadable(_broken(name, "cannot be read as YAML")) from error
    if not isinstance(document, Mapping) or set(document) != {"building", "published"}:
        # A misspelt `published:` would open every published date to change.
        raise EvidenceUnreadable(_broken(name, "does not hold exactly `building:` and `published:`"))
    building, published = (_dates(name, document, section) for section in ("building", "published"))
    if both := sorted(building.keys() & published.keys()):
        raise EvidenceUnreadable(_broken(name, f"has {both[0]} under `building:` and under `published:`"))
    return Index(
        building={date: _draft(name, date, entry) for date, entry in building.items()},
        published=published,
    )


def _dates(name: str, document: Mapping[str, Any], section: str) -> dict[str, Any]:
    entries = document[section] or {}
    if not isinstance(entries, dict):
        raise EvidenceUnreadable(_broken(name, f"has a `{section}:` that is not a mapping of dates"))
    for date in entries:
        if not isinstance(date, str) or not is_date(date):
            raise EvidenceUnreadable(
                _broken(name, f"names {date!s:.40} under `{section}:`, which is not a quoted date")
            )
    return entries


def _draft(name: str, date: str, entry: Any) -> Draft:  # noqa: ANN401 - whatever YAML gave
    draft = _read_draft(name, date, entry)
    if odd := sorted(map(str, set(entry) - {"previous", "reason"})):
        raise EvidenceUnreadable(_broken(name, f"gives {date} a field {odd[0]:.40}, which is not known"))
    return draft


def _read_draft(name: str, date: str, entry: object) -> Draft:
    if not isinstance(entry, dict) or not isinstance(entry.get("previous"), str):
        raise EvidenceUnreadable(_broken(name, f"gives {date} no `previous`"))
    form = _PREVIOUS.fullmatch(entry["previous"])
    if form is None or (form["date"] is not None and not is_date(form["date"])):
        raise EvidenceUnreadable(
            _broken(
                name,
                f"gives {date} a `previous` that is neither snapshots/none.json nor "
                "snapshots/<date>/manifest.json",
            )
        )
    reason = entry.get("reason")
    if reason is not None and not isinstance(reason, str):
        raise EvidenceUnreadable(_broken(name, f"gives {date} a `reason` that is not text"))
    return Draft(entry["previous"], reason)


_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "repo_id": re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}"),
    "branch": re.compile(r"main|date/\d{4}-\d{2}-\d{2}"),
    "tag": _DATE,
    "hub_commit": _COMMIT,
    "code_commit": _COMMIT,
    "manifest_sha256": _SHA256,
}
"""Fields of a published date, and what each must look like."""


def _read_publication(name: str, date: str, entry: object) -> Publication:
    fields = entry if isinstance(entry, dict) else {}
    for field, form in _FORMS.items():
        if not isinstance(fields.get(field), str) or not form.fullmatch(fields[field]):
            raise EvidenceUnreadable(_broken(name, f"gives the published {date} no proper `{field}`"))
    erased = fields.get("erased")
    if erased is not None and not isinstance(erased, str):
        raise EvidenceUnreadable(_broken(name, f"gives the published {date} an `erased` that is no reason"))
    return Publication(**{field: fields[field] for field in _FORMS}, erased=erased)


def _broken(name: str, what: str) -> str:
    return f"{name} {what}; correct it as its comment says"


def add_draft(content: str, date: str) -> str:
    """The text of the index with one more date under `building:`, compared with the newest date before it.

    Comments stay as they are: only lines are added.

    Raises:
        EvidenceUnreadable: the text is no index.
        SnapshotRefused: the date is there already, or is none.
    """
    index = parse_index(content, "snapshots/index.yaml")
    if not is_date(date):
        raise SnapshotRefused(f"{date!a:.40} is no date; write it as 2025-12-07")
    if index.is_known(date):
        raise SnapshotRefused(f"{date} stands in snapshots/index.yaml already; build it with `dvc repro`")
    earlier = [known for known in (*index.building, *index.published) if known[:10] < date[:10]]
    newest = max(earlier, key=date_order, default=None)
    previous = "snapshots/none.json" if newest is None else f"snapshots/{newest}/manifest.json"
    lines = []
    for line in content.splitlines(keepends=True):
        if line.startswith("building:"):
            lines.append(f'building:\n  "{date}":\n    previous: {previous}\n')
        else:
            lines.append(line)
    return "".join(lines)
