"""What the Hub's refusals and silences mean to whoever publishes or reads, each in one sentence.

`AnswerLost` is the one outcome that is no refusal: a request was sent, and nobody knows whether it
took effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from json import JSONDecodeError
from typing import Final, Literal, NoReturn, TypeAlias

from builder.errors import PublishRefused, describe_os_error

Doing: TypeAlias = Literal["read", "write to"]
Kind: TypeAlias = Literal["dataset", "space"]
"""What a repository on the Hub is, in its own word."""

_UNAVAILABLE: Final = frozenset({408, 429, 500, 502, 503, 504})
"""What the client takes for passing, too."""

_SHOWN: Final = 200
"""Characters of the Hub's own words in a message."""


_NAMES: Final[Mapping[Kind, str]] = {"dataset": "dataset repository", "space": "Space"}
_FLAGS: Final[Mapping[Kind, str]] = {
    "dataset": "--type dataset",
    "space": "--type space --space-sdk static",
}


class AnswerLost(Exception):
    """A request was sent and no answer came: it may or may not have taken effect."""


class HeadMoved(Exception):
    """The branch is not where a commit was to be put on it."""


class NameTaken(Exception):
    """The tag or branch is there already."""


@contextmanager
def explains(
    repo_id: str, doing: Doing, *, kind: Kind = "dataset", revision: str = "main", path: str = "files"
) -> Iterator[None]:
    """Say in one sentence what the Hub, the way there or this machine refused.

    Raises:
        PublishRefused: something that a person has to mend.
        AnswerLost, HeadMoved, NameTaken: something that the caller has to look at.
    """
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        yield
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        _explain_http(repo_id, doing, error, kind=kind, revision=revision, path=path)
    except OfflineModeIsEnabled as error:
        raise PublishRefused(
            f"{repo_id} cannot be reached in offline mode; unset HF_HUB_OFFLINE and run the same command "
            "again"
        ) from error
    except (ConnectionError, TimeoutError) as error:
        # How the client's uploader speaks of the network.
        raise AnswerLost(type(error).__name__) from error
    except RuntimeError as error:
        # The client wraps what stopped an upload.
        if isinstance(error.__cause__, HfHubHTTPError | httpx2.HTTPError):
            _explain_http(repo_id, doing, error.__cause__, kind=kind, revision=revision, path=path)
        raise PublishRefused(
            f"the client stopped the attempt to {doing} {repo_id} ({_plain(str(error))}); run the same "
            "command again, which goes on where this one stopped"
        ) from error
    except OSError as error:
        raise PublishRefused(
            f"this machine stopped the attempt to {doing} {repo_id} ({describe_os_error(error)}); mend that "
            "and run the same command again"
        ) from error
    except JSONDecodeError as error:
        # A page of something in between, or half an answer.
        raise AnswerLost("an answer that is no JSON") from error
    except ValueError as error:
        raise PublishRefused(
            f"{repo_id} answered with something that the client does not take ({_plain(str(error))}); look "
            "at HF_ENDPOINT and at the card's YAML, then run the same command again"
        ) from error


def _explain_http(  # noqa: PLR0913 - what was asked, to be named
    repo_id: str, doing: Doing, error: Exception, *, kind: Kind, revision: str, path: str
) -> NoReturn:
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        raise PublishRefused(
            f"{repo_id} is gated and the account of this token has no access; ask its owner for access, or "
            "use a token of an account that has it"
        ) from error
    if isinstance(error, errors.RepositoryNotFoundError):
        raise PublishRefused(
            f"there is no {_NAMES[kind]} {repo_id} that this token may see; check the name and the "
            f"token, or make it once with `hf repos create {repo_id} {_FLAGS[kind]}`"
        ) from error
    if isinstance(error, errors.RevisionNotFoundError):
        raise PublishRefused(
            f"{repo_id} has no revision {revision!a:.{_SHOWN}}; its dates are the tags listed on its page on "
            "the Hub"
        ) from error
    if isinstance(error, errors.EntryNotFoundError):
        raise PublishRefused(
            f"{repo_id} holds no {path!a:.{_SHOWN}} at the revision {revision!a:.{_SHOWN}}; name a revision "
            "that this project published"
        ) from error
    _explain_status(repo_id, doing, error)


def _explain_status(repo_id: str, doing: Doing, error: Exception) -> NoReturn:
    response = getattr(error, "response", None)
    status = None if response is None else response.status_code
    if status is None or status in _UNAVAILABLE:
        raise AnswerLost(f"status {status}" if status else type(error).__name__) from error
    if status == HTTPStatus.PRECONDITION_FAILED:
        raise HeadMoved from error
    if status == HTTPStatus.CONFLICT:
        raise NameTaken from error
    said = _plain(getattr(error, "server_message", None) or "no reason given")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise PublishRefused(
            f"the token may not {doing} {repo_id} (status {status}: {said}); use one that may, made on the "
            "Hub under Settings, Access Tokens"
        ) from error
    raise PublishRefused(
        f"the Hub refused to {doing} {repo_id} with status {status} ({said}); mend that and run the same "
        "command again"
    ) from error


def _plain(text: str) -> str:
    """The Hub's words in one line, whatever they hold."""
    return "".join(c if c.isprintable() else " " for c in text)[:_SHOWN]
