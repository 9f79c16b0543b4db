"""Every error a user can meet, in one tree; each leaf has one exit code.

    BuilderError
    ├── UsageError              2   the command cannot mean what was typed
    ├── CaptureRefused         10   a capture is incomplete, stale or shrank
    ├── SchemaViolation        11   a value breaks a declared check
    ├── DriftBeyondLimit       12   a date differs too much from the one before
    ├── SnapshotRefused        13   a snapshot is missing, or published with other bytes
    ├── CardStale              14   the card on disk is not the one its data make
    ├── PublishRefused         15   the dataset repository is not as the plan expects
    └── EvidenceUnreadable     16   a file of evidence or curated facts is not what it must be
        └── HeaderUnreadable   16   a weight file's header is damaged, hostile or of a refused kind

A message is one sentence that says what is wrong, in which record or file, and what to do.
Exit code 1 is left for bugs: anything that is not a `BuilderError`.
"""

from __future__ import annotations

import os
from pathlib import Path


class BuilderError(Exception):
    """Base of all errors that are the input's or the user's to mend."""

    exit_code = 1


class UsageError(BuilderError):
    """The command line is well-formed but cannot be carried out as typed."""

    exit_code = 2


class CaptureRefused(BuilderError):
    """A capture that must not become a snapshot."""

    exit_code = 10


class SchemaViolation(BuilderError):
    """Tables or relations that break their declared schema."""

    exit_code = 11


class DriftBeyondLimit(BuilderError):
    """A snapshot that differs from the previous one by more than a stated limit."""

    exit_code = 12


class SnapshotRefused(BuilderError):
    """A snapshot that is missing, or one whose published bytes would change."""

    exit_code = 13


class CardStale(BuilderError):
    """A card that is not the one its snapshot makes."""

    exit_code = 14


class PublishRefused(BuilderError):
    """A dataset repository on the Hub that is not in the state the plan needs."""

    exit_code = 15


class EvidenceUnreadable(BuilderError):
    """Evidence or curated facts that cannot be read as what they claim to be."""

    exit_code = 16


class HeaderUnreadable(EvidenceUnreadable):
    """Bytes of a weight file that do not describe its tensors, or not in a way that can be trusted."""


def describe_os_error(error: OSError) -> str:
    """What the system refused, and the name of the file: libraries put whole paths into their texts."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"{reason} ({Path(os.fsdecode(error.filename)).name})" if error.filename else reason
