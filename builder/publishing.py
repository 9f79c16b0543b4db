"""Publishes a date: checks it here, plans against the Hub, acts, reads back, and writes down what was done.

The order makes every interruption harmless. The Hub comes first (one commit, then its tag), since only
what was read back from the tag may be called published; the index comes next; the git tag last. Each
step looks whether it is done already, so the same command goes on from wherever it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from builder import project, reading, validation
from builder.errors import PublishRefused, describe_os_error
from builder.index import Index, Publication, read_index
from builder.layout import Layout
from builder.publish.act import Publisher
from builder.publish.entry import publish_entry
from builder.publish.hub import DatasetRepository
from builder.publish.plan import Plan
from builder.publish.state import CARD, MANIFEST, FileFacts, Snapshot
from builder.readiness import check_ready, tell_other_tag
from builder.snapshot import store
from builder.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL: Final = 2**20
"""Bytes up to which files are looked up in the repository by the hash that git gives them."""


@dataclass(frozen=True)
class Published:
    """What a run ended with."""

    date: str
    publication: Publication
    acted: bool
    """Whether this run changed anything, on the Hub or here."""


@dataclass(frozen=True)
class Prepared:
    """A date that may be published, and what that would do."""

    layout: Layout
    publisher: Publisher
    plan: Plan
    obstacle: PublishRefused | None
    """Why acting would be refused here and now; the plan can be read all the same."""


def prepare(layout: Layout, date: str, repo_id: str, progress: Callable[[str], None]) -> Prepared:
    """Check a date and plan its publication; nothing is changed anywhere.

    Raises:
        SnapshotRefused, SchemaViolation, CaptureRefused, EvidenceUnreadable: the date is not valid.
        PublishRefused: it is not meant for this repository, or the repository is not as expected.
    """
    index = read_index(layout.index)
    index.entry(date)
    repository = DatasetRepository(repo_id, _hash_small_files(layout, date))
    manifest = check_snapshot(layout, date, repo_id, index)
    published = {
        other: entry for other in index.published if (entry := index.publication(other)).repo_id == repo_id
    }
    source = Source(layout.root)
    commit = index.publication(date).code_commit if date in index.published else source.find_commit("HEAD")
    snapshot, files = _collect(layout, date, manifest, commit)
    publisher = Publisher(snapshot, files, published, repository, progress)
    plan = publisher.plan()
    try:
        if date not in index.published:
            check_ready(layout, date, manifest, index)
    except PublishRefused as obstacle:
        return Prepared(layout, publisher, plan, obstacle)
    return Prepared(layout, publisher, plan, None)


def check_snapshot(layout: Layout, date: str, repo_id: str, index: Index) -> dict[str, Any]:
    """Everything that must hold of a date before anybody plans to publish it; its manifest.

    Raises:
        SnapshotRefused, SchemaViolation, CaptureRefused, EvidenceUnreadable: the date is not valid.
        PublishRefused: the card sends its readers to another repository, or the date is published there.
    """
    validation.validate_snapshot(layout, date)
    manifest = reading.read_manifest(layout, date)
    if date in index.published and (there := index.publication(date).repo_id) != repo_id:
        raise PublishRefused(
            f"{date} is published in {there} and not in {repo_id}; a snapshot lives in one repository, so "
            "name that one"
        )
    if manifest.get("repository") != repo_id:
        raise PublishRefused(
            f"the card of {date} tells its readers to load {manifest.get('repository')}, not {repo_id}; name "
            f"that one, or set `repository: {repo_id}` in params.yaml, run `make snapshot` and commit"
        )
    return manifest


def publish(prepared: Prepared) -> Published:
    """Carry a plan out, and write down what was done.

    Raises:
        PublishRefused, SnapshotRefused: something is not ready, another was faster, or a step failed;
            the same command goes on from there.
    """
    layout, publisher, date = prepared.layout, prepared.publisher, prepared.plan.date
    if prepared.obstacle is not None:
        raise prepared.obstacle
    with store.hold_folder(layout.snapshot(date)):
        index = read_index(layout.index)
        if date in index.published:
            return _tag_code(layout, date, index.publication(date), acted=False)
        acted = not prepared.plan.done
        if acted:
            publisher.repository.check_writable()
        state = publisher.carry_out(prepared.plan)
        publisher.read_back()
        publication = Publication(
            repo_id=state.repo_id,
            branch=state.branch,
            tag=date,
            hub_commit=str(state.commit),
            code_commit=str(publisher.snapshot.code_commit),
            manifest_sha256=publisher.snapshot.manifest_sha256,
        )
        publisher.progress(f"moving {date} to `published:` in snapshots/index.yaml")
        with _refuse_disk_errors(date):
            content = publish_entry(project.read_text(layout.index), date, publication)
            store.write_file(layout.index, content.encode())
        return _tag_code(layout, date, publication, acted=True)


def _tag_code(layout: Layout, date: str, publication: Publication, *, acted: bool) -> Published:
    source = Source(layout.root)
    tagged = source.find_tag(date)
    if tagged is None:
        source.create_tag(
            date,
            publication.code_commit,
            f"Snapshot {date}\n\n"
            f"Dataset repository: {publication.repo_id}\n"
            f"Dataset commit: {publication.hub_commit}\n"
            f"Manifest sha256: {publication.manifest_sha256}\n",
        )
    elif tagged != publication.code_commit:
        raise tell_other_tag(date, tagged)
    return Published(date, publication, acted=acted or tagged is None)


def _collect(
    layout: Layout, date: str, manifest: Mapping[str, Any], commit: str | None
) -> tuple[Snapshot, dict[str, Path]]:
    facts = {**manifest["files"], MANIFEST: store.describe_file(layout.manifest(date))}
    folder = layout.snapshot(date)
    return (
        Snapshot(
            date=date,
            files={
                path: FileFacts(str(known["sha256"]), int(known["bytes"])) for path, known in facts.items()
            },
            card=project.read_text(folder / CARD),
            code_commit=commit,
        ),
        {path: folder / path for path in facts},
    )


def _hash_small_files(layout: Layout, date: str) -> dict[str, bytes]:
    """Contents by the hash of a git blob, so that what the Hub holds already need not be read from there."""
    known = {}
    for path in layout.snapshot(date).glob("*"):
        if path.is_file() and path.stat().st_size <= SMALL:
            content = path.read_bytes()
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
            known[blob.hexdigest()] = content
    return known


@contextmanager
def _refuse_disk_errors(date: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PublishRefused(
            f"{date} is on the Hub, but snapshots/index.yaml cannot be written ({describe_os_error(error)}); "
            "mend that and run the same command again, which sends nothing twice"
        ) from error
