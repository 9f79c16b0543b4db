"""Whether a git tag would mark exactly the code and the evidence that made a date's bytes.

Otherwise nobody could make them again, and a published date would be a claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from builder import project
from builder.errors import PublishRefused, SnapshotRefused
from builder.index import Index, Publication, parse_index
from builder.layout import Layout
from builder.publish.entry import publish_entry
from builder.snapshot import manifest as manifests
from builder.source import Source

_INDEX: Final = "snapshots/index.yaml"


def check_ready(layout: Layout, date: str, manifest: Mapping[str, Any], index: Index) -> None:
    """Demand that the commit that is checked out holds a date as it lies here, and the code that made it.

    Raises:
        PublishRefused: something is not committed, or was made by something else.
    """
    source = Source(layout.root)
    try:
        commit = source.head()
        source.check_identity()
        changes = [path for path in source.list_changes() if path != _INDEX]
        tagged = source.find_tag(date)
    except SnapshotRefused as error:
        raise PublishRefused(str(error)) from error
    if changes:
        more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
        raise PublishRefused(
            f"{changes[0]}{more} is not committed, and a published date names the commit that made it; "
            "commit it, or take away what is not part of it"
        )
    _check_bytes(layout, date, source, commit)
    if manifest["code_sha256"] != project.hash_code(layout):
        raise PublishRefused(
            f"{date} was made by other code than is checked out; run `make snapshot` and commit what changes"
        )
    if manifest["versions"] != manifests.read_versions(project.read_text(layout.lock)):
        raise PublishRefused(
            f"{date} was made with other versions than are locked; run `make snapshot` and commit what "
            "changes"
        )
    _check_entry(layout, date, source.read(commit, _INDEX) or "", index)
    if tagged not in {None, commit}:
        raise tell_other_tag(date, str(tagged))


def _check_bytes(layout: Layout, date: str, source: Source, commit: str) -> None:
    folder = layout.snapshot(date)
    files = [path.relative_to(layout.root).as_posix() for path in folder.rglob("*") if path.is_file()]
    if other := source.list_uncommitted(commit, files):
        raise PublishRefused(
            f"{other[0]} does not have its bytes in the commit {commit[:12]}; commit it as it is, without "
            "any conversion of line ends"
        )


def _check_entry(layout: Layout, date: str, committed: str, index: Index) -> None:
    """The index may change meanwhile, by dates that were just published; the entry of this date may not."""
    if parse_index(committed, _INDEX).building.get(date) != index.draft(date):
        raise PublishRefused(f"{_INDEX} is committed with another entry of {date}; commit it as it is")
    # The Hub must not be asked for anything that cannot be written down afterwards.
    nobody = Publication("owner/name", "main", date, "0" * 40, "0" * 40, "0" * 64)
    publish_entry(project.read_text(layout.index), date, nobody)


def tell_other_tag(date: str, commit: str) -> PublishRefused:
    """Git has the tag already, for something else."""
    return PublishRefused(
        f"git has a tag {date} on commit {commit[:12]}, which is not the one that made the date; delete it "
        f"with `git tag --delete {date}` if nothing refers to it, then run the same command again"
    )
