"""What publishing a date would do, as data: files to add, change and delete, branch, parent and tag.

Pure: a snapshot, what the dataset repository holds and the dates published so far give one plan
or one refusal. A plan for what is done already has nothing left to do, so that whoever carries it
out step by step, asking anew after each, ends there from wherever an earlier run stopped.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from builder.errors import PublishRefused
from builder.index import date_order, is_date
from builder.publish.state import CARD, MANIFEST, FileFacts, Published, Remote, Revision, Snapshot

MAIN: Final = "main"
"""Always holds the newest date: what `load_dataset` reads where no revision is named."""

DIFFERENCE_LINES: Final = 40
"""Lines of difference between two cards that a plan keeps: a screenful; the counts cover the rest."""


@dataclass(frozen=True)
class Change:
    """One file that a commit changes."""

    action: Literal["add", "update", "delete"]
    path: str
    bytes: int
    """Size of what is sent; 0 for a deletion."""

    sha256: str | None


@dataclass(frozen=True)
class CardChange:
    """How the card differs from the one that the branch shows now."""

    added: int
    removed: int
    lines: tuple[str, ...]
    """The first lines of a unified difference."""


@dataclass(frozen=True)
class Plan:
    """What is left to do for one date."""

    date: str
    repo_id: str
    branch: str
    starts_at: str | None
    """Commit at which the branch has to be made first; None where it exists."""

    parent: str
    """Commit that the new one must follow; any other head refuses it."""

    changes: tuple[Change, ...]
    card: CardChange
    commit: str | None
    """Commit that holds the date already; None where it has to be made."""

    tagged: bool
    summary: str
    description: str
    manifest_sha256: str

    @property
    def done(self) -> bool:
        """Whether the repository holds the date under its tag."""
        return self.commit is not None and self.tagged

    @property
    def bytes(self) -> int:
        """Size of the files that are sent."""
        return sum(change.bytes for change in self.changes)


def choose_branch(date: str, tags: Collection[str], published: Collection[str]) -> str:
    """`main` for the newest date; `date/<day>` for an older one and its corrections."""
    others = {tag for tag in tags if is_date(tag)} | set(published)
    newest = all(date_order(other) <= date_order(date) for other in others)
    return MAIN if newest else f"date/{date[:10]}"


def choose_start(date: str, tags: Mapping[str, str]) -> str | None:
    """Commit of the last published date before this one; None where there is none.

    So the branch of a correction begins at what it corrects, and its commit shows the difference.
    """
    earlier = [tag for tag in tags if is_date(tag) and date_order(tag) < date_order(date)]
    return tags[max(earlier, key=date_order)] if earlier else None


def plan_publish(snapshot: Snapshot, remote: Remote, published: Published) -> Plan:
    """What is left to do until the repository holds the snapshot under its tag.

    Args:
        snapshot: what is to be published, valid and committed.
        remote: the repository as it was read a moment ago.
        published: entries of the index for this repository.

    Raises:
        PublishRefused: the repository is not in a state that this project left it in.
    """
    date = snapshot.date
    branch = choose_branch(date, remote.tags, published)
    head = remote.branches.get(branch)
    at = remote.start if head is None else head
    if date in remote.tags:
        _refuse_other_tag(snapshot, remote)
        # It went to `main` if it has no branch of its own, whatever is the newest date by now.
        held = branch if head is not None else MAIN
        return _plan(snapshot, remote, held, remote.tags[date], commit=remote.tags[date], tagged=True)
    _refuse_moved_tags(date, remote, published)
    _refuse_overtaken(date, {*remote.tags, *published})
    if remote.revisions[at].holds(snapshot):
        return _plan(snapshot, remote, branch, at, commit=at)
    _refuse_edited(snapshot, remote, branch, remote.revisions[at], published)
    return _plan(snapshot, remote, branch, at)


def _plan(  # noqa: PLR0913 - where it happens, and what is done already
    snapshot: Snapshot,
    remote: Remote,
    branch: str,
    at: str,
    *,
    commit: str | None = None,
    tagged: bool = False,
) -> Plan:
    there = remote.revisions[at]
    return Plan(
        date=snapshot.date,
        repo_id=remote.repo_id,
        branch=branch,
        starts_at=None if commit or branch in remote.branches else at,
        parent=at,
        changes=list_changes(snapshot.files, there.files),
        card=_compare_cards(there.card, snapshot.card),
        commit=commit,
        tagged=tagged,
        summary=f"Publish {snapshot.date}",
        description="\n".join(
            [
                f"Snapshot {snapshot.date}, manifest sha256 {snapshot.manifest_sha256}.",
                *([f"Made by code commit {snapshot.code_commit}."] if snapshot.code_commit else []),
            ]
        ),
        manifest_sha256=snapshot.manifest_sha256,
    )


def list_changes(wanted: Mapping[str, FileFacts], there: Mapping[str, FileFacts]) -> tuple[Change, ...]:
    """What one commit has to change until `there` is what is wanted, by path."""
    sent = [
        Change("update" if path in there else "add", path, facts.bytes, facts.sha256)
        for path, facts in wanted.items()
        if there.get(path) != facts
    ]
    gone = [Change("delete", path, 0, None) for path in there if path not in wanted]
    return tuple(sorted([*sent, *gone], key=lambda change: change.path))


def _compare_cards(there: str, here: str) -> CardChange:
    lines = list(difflib.unified_diff(there.splitlines(), here.splitlines(), "there", "here", "", "", 0, ""))[
        2:
    ]
    changed = [line for line in lines if not line.startswith("@@")]
    return CardChange(
        added=sum(line.startswith("+") for line in changed),
        removed=sum(line.startswith("-") for line in changed),
        lines=tuple(lines[:DIFFERENCE_LINES]),
    )


def _refuse_other_tag(snapshot: Snapshot, remote: Remote) -> None:
    date, there = snapshot.date, remote.revisions[remote.tags[snapshot.date]]
    if there.holds(snapshot):
        return
    if _name_of(there) == date:
        raise PublishRefused(
            f"{remote.repo_id} has the tag {date} with other bytes ({_first_difference(snapshot, there)}), "
            "and a published date never changes; give a correction its own entry in snapshots/index.yaml, "
            f"`{_next_correction(date)}`"
        )
    raise PublishRefused(
        f"{remote.repo_id} has a tag {date} on commit {there.commit[:12]}, which does not hold that date; if "
        f"nobody cites it, delete it with `hf repos tag delete {remote.repo_id} {date} --type dataset`, then "
        "publish again"
    )


def _refuse_moved_tags(date: str, remote: Remote, published: Published) -> None:
    for other, entry in published.items():
        if entry.erased is not None or remote.tags.get(other) == entry.hub_commit:
            continue
        fate = "points elsewhere" if other in remote.tags else "is gone"
        raise PublishRefused(
            f"snapshots/index.yaml says that {other} is published in {remote.repo_id} on commit "
            f"{entry.hub_commit[:12]}, and its tag there {fate}; put the tag back before publishing {date}, "
            f"or say under {other} why its bytes were `erased`"
        )


def _refuse_overtaken(date: str, known: Collection[str]) -> None:
    later = [
        other
        for other in known
        if is_date(other) and other[:10] == date[:10] and date_order(other) > date_order(date)
    ]
    if later:
        last = max(later, key=date_order)
        raise PublishRefused(
            f"{last} is published already, which corrects {date}; make the next correction instead, "
            f"`{_next_correction(last)}`"
        )


def _refuse_edited(
    snapshot: Snapshot, remote: Remote, branch: str, there: Revision, published: Published
) -> None:
    """Demand that a commit holds what its own manifest announces, and that this manifest was published."""
    where = f"the branch {branch} of {remote.repo_id}"
    if set(there.files) <= {CARD}:
        return  # As the Hub makes a repository: empty, or with a first card.
    name, announced = _name_of(there), _announced(there.manifest)
    if MANIFEST not in there.files:
        raise PublishRefused(
            f"{where} holds {min(set(there.files) - {CARD})!a:.80} and no {MANIFEST}, so it was not "
            "published from here; publish to a repository of its own, or move these files away"
        )
    if name is None or announced is None:
        raise PublishRefused(
            f"{where} has a {MANIFEST} that was edited by hand; restore it from the tag of its date, then "
            "publish again"
        )
    for path in sorted({*announced, *there.files} - {MANIFEST}):
        if path not in announced:
            raise PublishRefused(
                f"{where} holds {path!a:.80}, which its manifest does not announce; move it out of the "
                "repository, then publish again"
            )
        if there.files.get(path) != announced[path]:
            fate = "was edited by hand" if path in there.files else "was deleted by hand"
            raise PublishRefused(
                f"{path!a:.80} {fate} on {where}; bring what is worth keeping into this project (the card is "
                f"made from dataset_card.md), restore the file from the tag {name}, then publish again"
            )
    _refuse_unfinished(snapshot, remote, where, there, published)


def _refuse_unfinished(
    snapshot: Snapshot, remote: Remote, where: str, there: Revision, published: Published
) -> None:
    name = str(_name_of(there))
    if name in published:
        if published[name].manifest_sha256 != there.files[MANIFEST].sha256:
            raise PublishRefused(
                f"{where} has another {MANIFEST} of {name} than was published; restore it from the tag "
                f"{name}, then publish again"
            )
    elif name == snapshot.date:
        raise PublishRefused(
            f"{where} holds {name} with other bytes, committed but not tagged yet, so another run is at work "
            "or was interrupted; finish that one from the code commit that its message names, then correct "
            f"it as `{_next_correction(name)}`"
        )
    elif name not in remote.tags:
        raise PublishRefused(
            f"{where} holds {name} without its tag, so publishing it was interrupted or is at work; finish "
            f"it with `builder publish {name} --repo-id {remote.repo_id} --execute`"
        )
    elif remote.tags[name] != there.commit:
        raise PublishRefused(
            f"{where} has commits after the tag {name} that did not come from here; set the branch back to "
            "that tag, or bring snapshots/index.yaml up to date if they did"
        )


def _announced(manifest: Mapping[str, Any] | None) -> dict[str, FileFacts] | None:
    files = manifest.get("files") if manifest is not None else None
    if not isinstance(files, Mapping):
        return None
    announced = {}
    for path, facts in files.items():
        if not isinstance(facts, Mapping):
            return None
        sha256, size = facts.get("sha256"), facts.get("bytes")
        if not isinstance(sha256, str) or type(size) is not int:
            return None
        announced[path] = FileFacts(sha256, size)
    return announced


def _name_of(revision: Revision) -> str | None:
    name = revision.manifest.get("name") if revision.manifest is not None else None
    return name if isinstance(name, str) and is_date(name) else None


def _first_difference(snapshot: Snapshot, there: Revision) -> str:
    paths = sorted({*snapshot.files, *there.files})
    path = next(path for path in paths if snapshot.files.get(path) != there.files.get(path))
    return f"{path!a:.80}"


def _next_correction(date: str) -> str:
    return f"{date[:10]}.{date_order(date)[1] + 1}"
