r"""Text that others wrote, made safe to stand in Markdown: it is read as it is, and does nothing.

Everything that a template prints passes `to_markdown`, which escapes whatever is not of the type
`Markdown`. Forgetting to escape is therefore visible (an entity on the page) and never dangerous.

Escaping writes numeric character references and not backslashes: a reference is plain text to
CommonMark, to tables, to the autolinks of GitHub and to the Hub, which reads `\\(` as a formula.
"""

from __future__ import annotations

import re
import string
import unicodedata
from urllib.parse import quote

from schemas.shared import PATH, REPO_ID

HUB = "https://huggingface.co/"

_DIGITS = frozenset(string.digits)
_ALPHANUMERIC = _DIGITS | frozenset(string.ascii_letters)
_INSIDE_WORDS = frozenset("-/_")
"""Plain between two letters or digits (`Qwen2-7B`, `owner/name`), where they can start nothing."""

_AFTER_WORDS = frozenset(".,;()'%+")
"""Plain anywhere but at the start, unless they make a list of the line or a link of the word."""

_LIST_OR_LINK = re.compile(r"\d+[.)]|.*www\.", re.IGNORECASE)

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories that show nothing but may turn, hide or break what stands around them."""

_REPO_ID = re.compile(REPO_ID.pattern)
_PATH = re.compile(PATH.pattern)
_TERM = re.compile(r"[A-Za-z0-9*][A-Za-z0-9_.*+-]*")


class Markdown(str):
    """Text that is Markdown already: by the project's own hand, or made by a function of this file."""

    __slots__ = ()


def visible(text: str) -> str:
    """One line of the same words: white space becomes one space, what cannot be seen becomes U+FFFD."""
    line = " ".join(text.split())
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _UNSEEN else c for c in line)


def escape_markdown(text: str) -> Markdown:
    """The text as one line of Markdown that renders as exactly `visible(text)`."""
    line = visible(text)
    return Markdown("".join(c if _is_plain(line, at) else f"&#{ord(c)};" for at, c in enumerate(line)))


def _is_plain(line: str, at: int) -> bool:
    character, before, after = line[at], line[:at], line[at + 1 : at + 2]
    if character in _ALPHANUMERIC or character == " " or not character.isascii():
        return True
    if character in _INSIDE_WORDS:
        return before[-1:] in _ALPHANUMERIC and after in _ALPHANUMERIC
    if character == ":":
        is_clock = before[-1:] in _DIGITS and after in _DIGITS
        return bool(before) and (after == " " or is_clock)
    return character in _AFTER_WORDS and bool(before) and not _LIST_OR_LINK.fullmatch(before + character)


def link_repository(repo_id: str, text: str | None = None) -> Markdown:
    """A link to a model on the Hub; escaped text alone where the id is not one that the Hub can have."""
    label = escape_markdown(repo_id if text is None else text)
    if _climbs(repo_id) or not _REPO_ID.fullmatch(repo_id):
        return label
    return Markdown(f"[{label}]({HUB}{quote(repo_id)})")


def link_file(repo_id: str, path: str, text: str) -> Markdown:
    """A link to one file of a model; escaped text alone where id or path is not one that the Hub can have."""
    unsafe = _climbs(repo_id) or _climbs(path)
    if unsafe or not _REPO_ID.fullmatch(repo_id) or not _PATH.fullmatch(path):
        return escape_markdown(text)
    return Markdown(f"[{escape_markdown(text)}]({HUB}{quote(repo_id)}/blob/main/{quote(path)})")


def _climbs(path: str) -> bool:
    """Whether a part of a path is empty or made of dots: a browser would resolve it to another page."""
    return any(not part.strip(".") for part in path.split("/"))


def write_term(word: str) -> Markdown:
    """A word of a closed vocabulary or a hash as a code span; escaped where it holds anything else."""
    return Markdown(f"`{word}`") if _TERM.fullmatch(word) else escape_markdown(word)


def to_markdown(value: object) -> Markdown:
    """What a template prints, whatever it is given.

    Raises:
        TypeError: a type whose reading is not decided here. `None` is one: the template has to say
            what a missing value means where it stands.
    """
    if isinstance(value, Markdown):
        return value
    if isinstance(value, str):
        return escape_markdown(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Markdown(f"{value:,}")
    msg = f"a card cannot print {type(value).__name__}: say in the template how it reads"
    raise TypeError(msg)
