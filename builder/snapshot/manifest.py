"""The manifest: what a machine must know of one snapshot to trust, compare and rebuild it.

It names no commit, because no file can name the commit that contains it; `code_sha256` and the
locked versions stand in until publishing records the commit.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_EXAMPLES: Final = 20
"""Repositories named per irregularity: enough to look, short enough to read."""

MAKERS: Final = ("dvc", "duckdb", "datasets", "huggingface-hub", "jinja2", "orjson", "pandera", "polars", "pyarrow", "pyyaml")
"""Packages whose version can change a value or a byte of a snapshot, or the way to build it."""


def hash_code(files: Mapping[str, bytes]) -> str:
    """One hash over relative paths and contents, the same on every machine."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return digest.hexdigest()


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


def to_json(manifest: Mapping[str, Any]) -> bytes:
    """The manifest's bytes: order as built, two spaces, one newline at the end."""
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def hash_bytes(content: bytes) -> str:
    """SHA-256 of bytes that are not on disk yet."""
    return hashlib.sha256(content).hexdigest()
