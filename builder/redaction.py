"""Takes repositories out of what is read, by the hash of their id, before any rule can see them.

A record of a redacted repository is skipped, and where another record mentions one, the mention is
masked: the mask is no legal id, so nothing can be resolved to it, and the edge to something unnamed
stays. The list holds hashes, so that reading it does not name whom it protects; whoever has a list of
all ids can still try them one by one, which no hash and no published salt prevents.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from builder.errors import EvidenceUnreadable
from builder.relations.columns import to_table
from builder.tables.entry import Entry

if TYPE_CHECKING:
    import pyarrow as pa

MASK: Final = "(redacted)"

SCOPES: Final = {
    "repository": "one repository",
    "owner": "every repository of one owner",
}
REASONS: Final = {
    "request": "whom it belongs to asked for it",
    "secret": "it gave away a secret",
    "legal": "a law demands it",
}

_WORD: Final = r"[A-Za-z0-9_.-]+"
_PATH: Final = re.compile(rf"{_WORD}(?:(?:/|%2[Ff]){_WORD})+")
"""Where an id may hide: a bare id, one in a tag, or two parts of an address."""

_SEPARATOR: Final = re.compile(r"(/|%2[Ff])")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@cache
def hash_id(name: str) -> str:
    """What stands in the list for an id or an owner; the Hub's ids do not differ by case."""
    return hashlib.sha256(name.lower().encode()).hexdigest()


@dataclass
class Redactor:
    """The list, and how often it struck since it was last started.

    Attributes:
        repositories, owners: hashes.
        rows: repositories in scope that were left out.
        mentions: places in other records where an id was masked.
    """

    repositories: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    rows: int = field(default=0)
    mentions: int = field(default=0)

    def start(self) -> None:
        """Count from zero."""
        self.rows = self.mentions = 0

    def count(self, rows: int, mentions: int) -> None:
        """Add what a copy of this list struck elsewhere."""
        self.rows += rows
        self.mentions += mentions

    @property
    def counts(self) -> dict[str, int]:
        """What the manifest says."""
        return {"rows": self.rows, "mentions": self.mentions}

    def hides(self, repo_id: str) -> bool:
        """Whether a repository must not be named."""
        if not self.repositories and not self.owners:
            return False
        return hash_id(repo_id) in self.repositories or hash_id(repo_id.partition("/")[0]) in self.owners

    def skip(self, repo_id: str, role: str) -> bool:
        """Whether a record is left out; those in scope are counted."""
        hidden = self.hides(repo_id)
        self.rows += hidden and role == "member"
        return hidden

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The same value with every mention masked."""
        if not self.repositories and not self.owners:
            return value
        if isinstance(value, str):
            return self._mask(value)
        if isinstance(value, list):
            return [self.clean(element) for element in value]
        if isinstance(value, Mapping):
            return {name: self.clean(element) for name, element in value.items()}
        return value

    def clean_rows(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows of a table: one that holds a hidden id as a value goes, other mentions are masked.

        The bare name of a hidden owner becomes null: a mask would be no name.
        """
        if not self.repositories and not self.owners:
            return rows
        kept = []
        for row in rows:
            hidden = {
                name for name, value in row.items() if isinstance(value, str) and self._is_hidden(value)
            }
            if any("/" in row[name] or name == "repo_id" for name in hidden):
                continue
            kept.append({name: None if name in hidden else self.clean(value) for name, value in row.items()})
        return kept

    def clean_table(self, rows: pa.Table) -> pa.Table:
        """The same for a table of an earlier date, so that it does not come back from there."""
        if not self.repositories and not self.owners:
            return rows
        kept = self.clean_rows(pl.DataFrame(rows).to_dicts())
        return to_table(rows.schema, [[row[name] for row in kept] for name in rows.schema.names])

    def _is_hidden(self, text: str) -> bool:
        return bool(re.fullmatch(rf"{_WORD}(/{_WORD})?", text)) and self.hides(text)

    def _mask(self, text: str) -> str:
        if self._is_hidden(text):
            self.mentions += 1
            return MASK
        return _PATH.sub(lambda found: self._mask_path(found[0]), text)

    def _mask_path(self, path: str) -> str:
        """Every two neighbours of a path may be owner and name."""
        parts = _SEPARATOR.split(path)
        for place in range(0, len(parts) - 2, 2):
            owner, name = parts[place], parts[place + 2]
            endings = {name, name.rstrip("."), name.lower().removesuffix(".git")}
            if any(self.hides(f"{owner}/{ending}") for ending in endings):
                self.mentions += 1
                parts[place : place + 3] = [MASK, "", ""]
        return "".join(parts)


def read_redactions(document: object) -> Redactor:
    """The list of the project.

    Args:
        document: `redactions.yaml`, parsed.

    Raises:
        EvidenceUnreadable: an entry is not as its comment says.
    """
    entries = document.get("redactions") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise EvidenceUnreadable(
            "curated/redactions.yaml: expected the section redactions as a list; restore it from the "
            "repository"
        )
    hashes: dict[str, set[str]] = {scope: set() for scope in SCOPES}
    for number, values in enumerate(entries, start=1):
        entry = Entry("redactions", str(number), values)
        sha256, scope, reason = entry.text("sha256"), entry.text("scope"), entry.text("reason")
        since = entry.text("since")
        entry.done()
        if not _SHA256.fullmatch(sha256):
            entry.refuse("sha256 is no hash; print the entry with `builder redact OWNER/NAME`")
        if scope not in SCOPES:
            entry.refuse(f"scope is none of {', '.join(SCOPES)}; correct it")
        if reason not in REASONS:
            entry.refuse(f"reason is none of {', '.join(REASONS)}; correct it")
        if not _is_day(since):
            entry.refuse("since is no day; write it in quotes, such as '2026-01-07'")
        hashes[scope].add(sha256)
    return Redactor(frozenset(hashes["repository"]), frozenset(hashes["owner"]))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def render_entry(name: str, reason: str, since: date) -> str:
    """The lines that redact a repository, or with a name without a slash all of an owner."""
    scope = "repository" if "/" in name else "owner"
    return (
        f"  - sha256: {hash_id(name)}\n"
        f"    scope: {scope}\n"
        f"    reason: {reason}\n"
        f'    since: "{since.isoformat()}"\n'
    )
