"""The manifest: what a machine must know of one snapshot to trust, compare and rebuild it.

It names no commit, because no file can name the commit that contains it; `code_sha256` and the
locked versions stand in until publishing records the commit.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from schemas.version import SCHEMA_VERSION

_PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_EXAMPLES: Final = 20
"""Repositories named per irregularity: enough to look, short enough to read."""

MAKERS: Final = (
    "dvc",
    "duckdb",
    "datasets",
    "huggingface-hub",
    "jinja2",
    "matplotlib",
    "orjson",
    "pandera",
    "polars",
    "pyarrow",
    "pyyaml",
)
"""Packages whose version can change a value or a byte of a snapshot, or the way to build it."""


def hash_code(files: Mapping[str, bytes]) -> str:
    """One hash over relative paths and contents, the same on every machine."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return digest.hexdigest()


def hash_tables(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """One hash over the content hashes of all tables: what the rows of a date are told by."""
    lines = (f"{name} {tables[name]['content_sha256']}\n" for name in sorted(tables))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_versions(lock: str) -> dict[str, str]:
    """Locked versions of the packages that make a snapshot."""
    pinned = {name.lower().replace("_", "-"): version for name, version in _PINNED.findall(lock)}
    return {name: pinned[name] for name in MAKERS if name in pinned}


def count_irregularities(rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Irregularities by field and problem, with examples; positions in lists count as one field."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        field = re.sub(r"\[\d+\]", "[]", row["field"])
        found.setdefault((field, row["problem"]), set()).add(row["repo_id"])
    return [
        {"field": field, "problem": problem, "records": len(ids), "examples": sorted(ids)[:_EXAMPLES]}
        for (field, problem), ids in sorted(found.items())
    ]


def to_manifest(  # noqa: PLR0913 - one argument per source of facts
    *,
    name: str,
    repository: str,
    snapshot_date: date,
    previous: Mapping[str, Any] | None,
    made_from: Mapping[str, Any],
    code_sha256: str,
    versions: Mapping[str, str],
    drift: Mapping[str, Any] | None,
    drift_reason: str | None,
    tables: Mapping[str, Mapping[str, Any]],
    irregularities: list[dict[str, Any]],
    redacted: Mapping[str, int],
    accuracy: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Everything that is announced but the hashes of the files, which the card is one of."""
    return {
        "snapshot_date": snapshot_date.isoformat(),
        "name": name,
        "repository": repository,
        "schema_version": SCHEMA_VERSION,
        "made_from": dict(made_from),
        "code_sha256": code_sha256,
        "versions": dict(versions),
        "previous_snapshot_date": previous["snapshot_date"] if previous else None,
        "previous": dict(previous) if previous else None,
        "drift": dict(drift) if drift else None,
        "drift_reason": drift_reason,
        "tables": {name: dict(facts) for name, facts in tables.items()},
        "irregularities": irregularities,
        "redacted": dict(redacted),
        "accuracy": accuracy,
    }


def to_json(manifest: Mapping[str, Any]) -> bytes:
    """The manifest's bytes: order as built, two spaces, one newline at the end."""
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def describe_bytes(content: bytes) -> dict[str, str | int]:
    """Hash and size of bytes that are not on disk yet."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
