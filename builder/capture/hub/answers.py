"""Keeps every answer as it arrives, so that a run that was killed goes on and asks nothing twice.

A body lies under its own sha256, an answer (status, headers, time, hash of its body) under the hash
of its request. Both are written beside their place and renamed into it; a body is compared with its
hash when it is read, so that what a failing disk left behind is asked for again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from typing import TYPE_CHECKING

import orjson

from builder.capture.hub.request import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from builder.capture.hub.request import Request


class AnswerStore:
    """Answers of one run, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Use the folder, which may hold the answers of an interrupted run."""
        self._answers = folder / "answers"
        self._bodies = folder / "bodies"
        for place in (self._answers, self._bodies):
            place.mkdir(parents=True, exist_ok=True)

    def read(self, request: Request) -> Answer | None:
        """The kept answer to a request; None where there is none, or it is damaged."""
        try:
            kept = orjson.loads((self._answers / request.key).read_bytes())
            body = (self._bodies / kept["body"]).read_bytes()
            if hashlib.sha256(body).hexdigest() != kept["body"] or kept["request"] != request.name:
                return None
            return Answer(int(kept["status"]), body, kept["observed_at"], kept["headers"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, request: Request, answer: Answer) -> None:
        """Keep an answer.

        Raises:
            OSError: the disk refuses.
        """
        digest = hashlib.sha256(answer.body).hexdigest()
        if not (self._bodies / digest).is_file():
            _write(self._bodies / digest, answer.body)
        kept = {
            "request": request.name,
            "status": answer.status,
            "headers": dict(answer.headers),
            "observed_at": answer.observed_at,
            "body": digest,
        }
        _write(self._answers / request.key, orjson.dumps(kept))


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
