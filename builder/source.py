"""Asks git about the project, and marks in it what was published: commits, tags, worktrees.

The project and the git repository need not share their root: every path is relative to the project's.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from builder.errors import SnapshotRefused

_SHOWN: Final = 200
"""Characters of git's own words in a message."""

_OTHERS: Final = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"}
)
"""What a hook or another git command sets for a repository of its own."""


@dataclass(frozen=True)
class Source:
    """The git repository that a project lies in."""

    root: Path
    """The project's, not the repository's."""

    def head(self) -> str:
        """The commit that is checked out.

        Raises:
            SnapshotRefused: this is no git repository, or it has no commit.
        """
        commit = self.find_commit("HEAD")
        if commit is None:
            raise SnapshotRefused(
                "this project is in no git repository with a commit, so nothing can say which code made a "
                "date; work in a clone"
            )
        return commit

    def find_commit(self, name: str) -> str | None:
        """The commit that a name stands for; None where there is none."""
        done = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return done.stdout.strip() if done.returncode == 0 else None

    def find_tag(self, name: str) -> str | None:
        """The commit of a tag; None where there is none."""
        return self.find_commit(f"refs/tags/{name}")

    def list_changes(self, *places: str) -> list[str]:
        """Paths whose content is not committed; of the whole project, or of some places in it."""
        status = self._tell(
            "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *(places or (".",))
        )
        prefix = self._tell("rev-parse", "--show-prefix").strip()
        return [entry[3:].removeprefix(prefix) for entry in status.split("\0") if entry]

    def list_uncommitted(self, commit: str, paths: Collection[str]) -> list[str]:
        """Files whose bytes on disk are not those of a commit, unlike `git status` without any conversion."""
        listed = self._tell("ls-tree", "-r", "-z", "--full-name", commit, "--", ".")
        prefix = self._tell("rev-parse", "--show-prefix").strip()
        blobs = {}
        for line in filter(None, listed.split("\0")):
            facts, _, path = line.partition("\t")
            blobs[path.removeprefix(prefix)] = facts.split()[2]
        wanted = sorted(paths)
        made = self._tell("hash-object", "--no-filters", "--", *wanted).split() if wanted else []
        return [path for path, blob in zip(wanted, made, strict=True) if blobs.get(path) != blob]

    def read(self, commit: str, path: str) -> str | None:
        """A text as a commit holds it; None where it does not."""
        done = self._ask("cat-file", "blob", f"{commit}:./{path}")
        return done.stdout if done.returncode == 0 else None

    def check_identity(self) -> None:
        """Demand a name for the tagger, before anything depends on it.

        Raises:
            SnapshotRefused: git knows none.
        """
        if self._ask("var", "GIT_COMMITTER_IDENT").returncode:
            raise SnapshotRefused(
                "git does not know who tags; set `git config user.name` and `git config user.email`, then "
                "run the same command again"
            )

    def create_tag(self, name: str, commit: str, message: str) -> None:
        """An annotated tag.

        Raises:
            SnapshotRefused: git refused.
        """
        self._tell("tag", "--annotate", "--message", message, name, commit)

    @contextmanager
    def worktree(self, folder: Path, commit: str) -> Iterator[Path]:
        """The project as a commit holds it, in a folder that is not there yet and goes afterwards."""
        # Runs that were killed leave an entry whose folder is gone.
        self._tell("worktree", "prune")
        self._tell("worktree", "add", "--quiet", "--detach", str(folder), commit)
        try:
            yield folder / self._tell("rev-parse", "--show-prefix").strip()
        finally:
            self._ask("worktree", "remove", "--force", str(folder))

    def _tell(self, *arguments: str) -> str:
        done = self._ask(*arguments)
        if done.returncode:
            said = " ".join(done.stderr.split())[:_SHOWN]
            raise SnapshotRefused(
                f"`git {arguments[0]}` failed ({said}); mend that and run the same command again"
            )
        return done.stdout

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name not in _OTHERS}
        try:
            return subprocess.run(  # noqa: S603 - arguments are ours, names and dates are checked
                ["git", *arguments],  # noqa: S607 - git as the user has it
                cwd=self.root,
                env=environment,
                capture_output=True,
                encoding="utf-8",
                errors="surrogateescape",
                check=False,
            )
        except OSError as error:
            raise SnapshotRefused(
                "git cannot be run, and it knows which code made a date; install it and run the same command "
                "again"
            ) from error
