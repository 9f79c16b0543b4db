"""A repository on the Hub: what reading and writing one needs, whatever kind it is.

Each method is one step, with one meaning after a failure. The token is the client's affair: it is in no
message and no log of ours.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Final, TypeVar

from builder.errors import PublishRefused, UsageError
from builder.publish.answers import AnswerLost, Doing, Kind, explains
from builder.publish.plan import MAIN
from builder.publish.state import FileFacts

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoFile

TIMEOUT_S: Final = 120.0
"""The client waits for ever by default. The Hub answers a commit of a thousand files within a minute."""

PAUSES_S: Final = (1, 2, 4)
"""Between tries of a request that changes nothing: a server that restarts is back by then."""

LARGEST_TREE: Final = 10_000
"""Files of a commit that are looked at; a snapshot has about twenty."""

LARGEST_TEXT: Final = 32 * 2**20
"""Bytes of a small file that is read: card and manifest of 2.5 million rows take about 2 MB."""

_REPO_ID: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)

Result = TypeVar("Result")


class HubRepository:
    """A repository on the Hub that `HF_ENDPOINT` names, with the token of `HF_TOKEN` or of a log-in.

    Args:
        repo_id: `OWNER/NAME`.
        known: contents by the hash of their git blob, which need not be downloaded to be looked at.

    Raises:
        UsageError: `repo_id` is not of the form `owner/name`.
    """

    kind: ClassVar[Kind]

    def __init__(self, repo_id: str, known: Mapping[str, bytes] | None = None) -> None:
        from huggingface_hub import HfApi, get_session
        from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined] # it is public

        if not _REPO_ID.fullmatch(repo_id):
            raise UsageError(f"{repo_id!a:.200} is no repository of the Hub; name it as OWNER/NAME")
        disable_progress_bars()
        get_session().timeout = TIMEOUT_S
        # Read now: the client reads it when it is imported, which may have been for something else.
        self.endpoint = os.environ.get("HF_ENDPOINT") or None
        self.repo_id = repo_id
        self._api = HfApi(endpoint=self.endpoint)
        self._known = dict(known or {})

    def check_writable(self) -> None:
        """Demand a token that may write here, before anything is sent.

        Raises:
            PublishRefused: there is no token, it may not write, or the repository is not there.
        """
        self.check_token()
        self._patiently(self._check_access, doing="write to")

    def check_token(self) -> None:
        """Demand a token, whatever it may.

        Raises:
            PublishRefused: there is none.
        """
        from huggingface_hub import get_token

        if get_token() is None:
            raise PublishRefused(
                f"there is no token to write to {self.repo_id} with; set HF_TOKEN to one with write access, "
                "or log in with `hf auth login`"
            )

    def remember(self, contents: Iterable[bytes]) -> None:
        """Take contents for known by the hashes that git and the large file storage give them."""
        for content in contents:
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
            self._known[blob.hexdigest()] = self._known[hashlib.sha256(content).hexdigest()] = content

    def _check_access(self) -> None:
        from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

        try:
            self._api.auth_check(self.repo_id, repo_type=self.kind, write=True)
        except RepositoryNotFoundError:
            raise
        except HfHubHTTPError as error:
            # A server without this check: the first request that writes will say the same.
            if error.response.status_code != HTTPStatus.NOT_FOUND:
                raise

    def list_paths(self, commit: str) -> list[str]:
        """Paths of all files of a commit."""
        return [file.path for file in self._list_files(commit)]

    def resolve(self, revision: str) -> str:
        """The commit that a tag, branch or abbreviated commit stands for.

        Raises:
            PublishRefused: there is no such revision.
        """
        info = self._patiently(
            lambda: self._api.repo_info(self.repo_id, repo_type=self.kind, revision=revision), revision
        )
        return str(info.sha)

    def _list_files(self, commit: str) -> list[RepoFile]:
        from huggingface_hub.hf_api import RepoFile

        def collect() -> list[RepoFile]:
            found: list[RepoFile] = []
            for entry in self._api.list_repo_tree(
                self.repo_id, repo_type=self.kind, revision=commit, recursive=True
            ):
                if isinstance(entry, RepoFile):
                    found.append(entry)
                if len(found) > LARGEST_TREE:
                    raise PublishRefused(
                        f"{self.repo_id} holds more than {LARGEST_TREE:,} files, more than anything made "
                        "here; publish to a repository of its own"
                    )
            return found

        return self._patiently(collect)

    def read_text(self, revision: str, path: str) -> bytes:
        """A small file."""
        stream = BytesIO()
        self.fetch(revision, path, stream, LARGEST_TEXT)
        return stream.getvalue()

    def fetch(self, revision: str, path: str, stream: BinaryIO | None, limit: int) -> FileFacts:
        """Download a file from the repository, never from a cache of this machine.

        Args:
            revision: tag, branch or commit.
            path: the file.
            stream: where its bytes go; None to look at them only.
            limit: bytes after which the rest is left where it is: one more than expected is enough to see.

        Raises:
            PublishRefused: it cannot be read.
        """
        from huggingface_hub import get_session, get_token, hf_hub_url, hf_raise_for_status

        url = hf_hub_url(self.repo_id, path, repo_type=self.kind, revision=revision, endpoint=self.endpoint)

        def download() -> FileFacts:
            if stream is not None:
                stream.seek(0)
                stream.truncate()
            digest, size = hashlib.sha256(), 0
            # What is asked for is bytes as they are stored: a compressed answer could grow without end.
            headers = {"Accept-Encoding": "identity"}
            if token := get_token():
                # The client of the session drops it where a redirect leads to another host.
                headers["Authorization"] = f"Bearer {token}"
            with get_session().stream("GET", url, headers=headers) as response:
                hf_raise_for_status(response)
                for block in response.iter_bytes(2**16):
                    digest.update(block)
                    size += len(block)
                    if stream is not None:
                        stream.write(block)
                    if size > limit:
                        break
            return FileFacts(digest.hexdigest(), size)

        return self._patiently(download, revision, path)

    def describe_file(self, commit: str, file: RepoFile, *, read: bool) -> tuple[FileFacts, bytes | None]:
        """A file by its content, and the content where it is known or was read to be described.

        Args:
            commit: the commit that holds it.
            file: how the Hub lists it.
            read: whether its content is wanted even where the Hub states its hash.
        """
        name = file.lfs.sha256 if file.lfs else file.blob_id
        content = self._known.get(name)
        if content is None and (read or not file.lfs) and file.size <= LARGEST_TEXT:
            content = self.read_text(commit, file.path)
            self._known[name] = content
        if content is None:
            return FileFacts(file.lfs.sha256 if file.lfs else "", file.size), None
        return FileFacts(hashlib.sha256(content).hexdigest(), len(content)), content

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say in one sentence why a request that changes something failed."""
        with explains(self.repo_id, "write to", kind=self.kind):
            yield

    def _patiently(
        self,
        request: Callable[[], Result],
        revision: str = MAIN,
        path: str = "files",
        *,
        doing: Doing = "read",
    ) -> Result:
        """A request that changes nothing, tried again while the Hub does not answer."""
        for pause in (*PAUSES_S, None):
            try:
                with explains(self.repo_id, doing, kind=self.kind, revision=revision, path=path):
                    return request()
            except AnswerLost as lost:
                if pause is None:
                    raise PublishRefused(
                        f"{self.repo_id} cannot be reached ({lost}); look at the connection and at "
                        "HF_ENDPOINT, then run the same command again"
                    ) from lost
                time.sleep(pause)
        raise AssertionError
