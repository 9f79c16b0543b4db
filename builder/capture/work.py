"""The work folder of a capture: held by one process, with a place of its own for each question."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from huggingface_hub import constants, get_token

from builder.errors import CaptureRefused, describe_os_error

if TYPE_CHECKING:
    from builder.capture.crawl.previous import Previous
    from builder.capture.crawl.scopes import Scope


@contextmanager
def hold_work(folder: Path) -> Iterator[Path]:
    """The work folder of a date, for one process at a time."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise CaptureRefused(
            f"the work folder cannot be made: {describe_os_error(error)}; mend that"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    except BlockingIOError as error:
        raise CaptureRefused(
            f"another process is capturing {folder.name}; wait until it is done, or stop it"
        ) from error
    finally:
        os.close(handle)


def name_run(scopes: Sequence[Scope], previous: Previous) -> str:
    """A folder name for runs that ask the same: answers to other questions are not mixed in."""
    asked = [[scope.name, dict(scope.query), scope.depth] for scope in scopes]
    previous_id = None if previous.description is None else previous.description.capture_id
    # Whether there is a token, not which: it changes what is shown, and must not be written anywhere.
    named = json.dumps([constants.ENDPOINT, get_token() is not None, asked, previous_id])
    return hashlib.sha256(named.encode()).hexdigest()[:16]
