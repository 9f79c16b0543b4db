"""One repository on its way from answers to a record: its parts, times, and what could not be kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from builder.capture.evidence import JsonObject
    from builder.capture.rules import Note

REUSED_PARTS: Final = ("detail", "files", "config", "headers")
"""Parts that only a new commit changes."""


@dataclass(frozen=True)
class Row:
    """A row of a list, and the lists that named it: scope → the sign that was needed to keep it, if any."""

    fields: JsonObject
    observed_at: str
    matched: dict[str, str | None] = field(default_factory=dict)

    def to_part(self) -> JsonObject:
        """The part `scopes` of a member."""
        return {"matched": [{"scope": name, "sign": sign} for name, sign in sorted(self.matched.items())]}


@dataclass
class Fetched:
    """What was fetched of one repository, before it is filtered.

    Attributes:
        repo_id: as the Hub spells it now.
        parts: part → answer, in the shape of evidence.
        absent: part → reason of `ABSENT_REASONS`.
        times: part → when it was read.
        notes: what could not be kept, besides what filtering finds.
    """

    repo_id: str
    parts: dict[str, JsonObject] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def sha(self) -> str | None:
        """The commit whose files are listed."""
        sha = self.parts.get("files", {}).get("sha")
        return sha if isinstance(sha, str) else None

    @property
    def paths(self) -> list[str]:
        """Paths of its files."""
        files = self.parts.get("files", {}).get("files")
        entries = [entry for entry in files if isinstance(entry, dict)] if isinstance(files, list) else []
        return sorted(str(entry.get("path")) for entry in entries)

    @property
    def scopes(self) -> set[str]:
        """Lists that named a member."""
        matched = self.parts.get("scopes", {}).get("matched")
        entries = [entry for entry in matched if isinstance(entry, dict)] if isinstance(matched, list) else []
        return {str(entry.get("scope")) for entry in entries}

    @property
    def asked(self) -> set[str]:
        """Names under which a base was asked for."""
        names = self.parts.get("scopes", {}).get("asked")
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()

    def add_asked(self, name: str) -> None:
        """Another name that leads to this base."""
        self.parts["scopes"] = {"asked": [*sorted(self.asked | {name})]}
