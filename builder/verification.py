"""Checks every promise of a snapshot: the one that lies here, or a revision of a dataset repository.

A revision is checked without trust in anything it says: what it holds is downloaded and compared with
its manifest, the rows are hashed anew, the card is loaded as `datasets` loads it; and where the index
knows the date, the manifest is the one that was published.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from builder import reading, validation
from builder.errors import PublishRefused, SnapshotRefused, UsageError, describe_os_error
from builder.index import is_date, read_index
from builder.layout import Layout, find_files
from builder.publish.hub import DatasetRepository
from builder.publish.state import CARD, KEPT, MANIFEST
from builder.snapshot import store
from builder.snapshot.parquet import hash_content

LARGEST_FILE: Final = 4 * 2**30
"""Bytes of one file that are downloaded; the tables of 2.5 million rows take 0.2 GB together."""

_PATH: Final = re.compile(r"(?:[\w-][\w.-]*/){0,3}[\w-][\w.-]*", re.ASCII)
"""A path that a manifest may announce: it stays below the folder that it is written to."""


@dataclass(frozen=True)
class Verified:
    """What was checked, all of it good."""

    what: str
    date: str
    files: int
    tables: int
    manifest_sha256: str
    commit: str | None
    """Commit of the dataset repository; None for what lies here."""

    index: str
    """What the index says: `published`, `building`, or `unknown` where it does not know the date there."""


def verify_date(layout: Layout, date: str) -> Verified:
    """Check a date that lies here: evidence, schema, every file, every table's content, and the index.

    Raises:
        SnapshotRefused, SchemaViolation, CaptureRefused, EvidenceUnreadable: something is not as promised.
    """
    files = validation.validate_snapshot(layout, date)
    manifest = reading.read_manifest(layout, date)
    with store.refuse_disk_errors(f"snapshots/{date}"):
        for name, facts in manifest["tables"].items():
            if hash_content(layout.table_files(date, name)) != facts["content_sha256"]:
                raise SnapshotRefused(
                    f"snapshots/{date}/data/{name}.parquet has other rows than the manifest's content hash "
                    f"says; restore it from git, or build {date} again"
                )
        manifest_sha256 = str(store.describe_file(layout.manifest(date))["sha256"])
    published = date in read_index(layout.index).published
    return Verified(
        what=f"snapshots/{date}",
        date=date,
        files=files + 1,
        tables=len(manifest["tables"]),
        manifest_sha256=manifest_sha256,
        commit=None,
        index="published" if published else "building",
    )


def verify_revision(layout: Layout, name: str, progress: Callable[[str], None]) -> Verified:
    """Check `OWNER/NAME@REVISION` on the Hub; a fresh download, not a cache.

    Raises:
        UsageError: the name is not of that form.
        PublishRefused: the revision is not there, or not what its manifest or the index says.
    """
    repo_id, _, revision = name.partition("@")
    if not revision:
        raise UsageError(f"{name!a:.200} names no revision; write it as {repo_id}@2025-12-07, or @main")
    repository = DatasetRepository(repo_id)
    commit = repository.resolve(revision)
    content = repository.read_text(commit, MANIFEST)
    manifest = _read_manifest(content, name)
    announced: dict[str, Any] = manifest["files"]
    if odd := sorted((set(repository.list_paths(commit)) - KEPT) ^ {*announced, MANIFEST}):
        raise _differs(name, odd[0], "is missing, or not announced by the manifest")
    try:
        with tempfile.TemporaryDirectory() as folder:
            progress(f"downloading {len(announced)} files of {commit[:12]}")
            for path, facts in announced.items():
                target = Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb+") as stream:
                    found = repository.fetch(commit, path, stream, min(facts["bytes"], LARGEST_FILE))
                if (found.sha256, found.bytes) != (facts["sha256"], facts["bytes"]):
                    raise _differs(name, path, "has other bytes than the manifest says")
            _check_tables(Path(folder), manifest, name)
            _check_card(Path(folder), manifest, name)
    except OSError as error:
        raise PublishRefused(
            f"{name} cannot be checked on this machine ({describe_os_error(error)}); mend that and run "
            "the same command again"
        ) from error
    sha256 = hashlib.sha256(content).hexdigest()
    return Verified(
        what=name,
        date=str(manifest["name"]),
        files=len(announced) + 1,
        tables=len(manifest["tables"]),
        manifest_sha256=sha256,
        commit=commit,
        index=_compare_with_index(layout, repo_id, str(manifest["name"]), sha256, name),
    )


def _read_manifest(content: bytes, name: str) -> dict[str, Any]:
    broken = PublishRefused(
        f"{MANIFEST} of {name} is no manifest of this project; name a revision that was published by it"
    )
    try:
        manifest = json.loads(content)
        good = (
            is_date(manifest["name"])
            and all(_PATH.fullmatch(path) for path in manifest["files"])
            and all(
                isinstance(facts["sha256"], str) and type(facts["bytes"]) is int
                for facts in manifest["files"].values()
            )
            and all(
                isinstance(facts["content_sha256"], str) and find_files(table, manifest["files"])
                for table, facts in manifest["tables"].items()
            )
            and CARD in manifest["files"]
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise broken from error
    if not good:
        raise broken
    return dict(manifest)


def _check_tables(folder: Path, manifest: Mapping[str, Any], name: str) -> None:
    import pyarrow as pa

    for table, facts in manifest["tables"].items():
        files = find_files(table, manifest["files"])
        path = files[0]
        try:
            content = hash_content([folder / name for name in files])
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise _differs(name, path, "cannot be read as Parquet") from error
        if content != facts["content_sha256"]:
            raise _differs(name, path, "has other rows than the manifest's content hash says")


def _check_card(folder: Path, manifest: Mapping[str, Any], name: str) -> None:
    """Load the front matter as `datasets` does, and demand that it describes the files that lie beside it."""
    import datasets
    import pyarrow.parquet as pq
    from datasets.info import DatasetInfosDict
    from datasets.utils.metadata import MetadataConfigs
    from huggingface_hub import DatasetCard

    try:
        card = DatasetCard((folder / CARD).read_text(encoding="utf-8"))
        infos = DatasetInfosDict.from_dataset_card_data(card.data)
        configs = MetadataConfigs.from_dataset_card_data(card.data)
    except (ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError) as error:
        raise _differs(name, CARD, "has front matter that does not load") from error
    filled = {table for table, facts in manifest["tables"].items() if facts["rows"]}
    if {*infos} != filled or {*configs} != filled:
        raise _differs(name, CARD, "has other configs than there are tables with rows")
    for table in sorted(filled):
        there = datasets.Features.from_arrow_schema(
            pq.read_schema(folder / find_files(table, manifest["files"])[0])
        )
        if infos[table].features != there:
            raise _differs(name, CARD, f"gives `{table}` other columns or types than its file has")


def _compare_with_index(layout: Layout, repo_id: str, date: str, sha256: str, name: str) -> str:
    index = read_index(layout.index)
    if date not in index.published or index.publication(date).repo_id != repo_id:
        return "unknown"
    if index.publication(date).manifest_sha256 != sha256:
        raise _differs(name, MANIFEST, f"is not the one that snapshots/index.yaml published as {date}")
    return "published"


def _differs(name: str, path: str, what: str) -> PublishRefused:
    return PublishRefused(
        f"{path!a:.80} of {name} {what}; do not use it, and tell whoever keeps the repository, which its "
        "history can restore"
    )
