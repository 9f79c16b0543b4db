"""Makes text from strangers safe to keep: invisible characters go, credential shapes are found.

Names, tags and licences are single lines. Characters that cannot be seen can hide an instruction
or turn a line around on the reader's screen, and a lone surrogate cannot be written as UTF-8.
"""

from __future__ import annotations

import re

_LINE_BREAKS = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
_INVISIBLE = {
    "control character": re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]"),
    "bidi control": re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"),
    "lone surrogate": re.compile("[\ud800-\udfff]"),
    "tag character": re.compile("[\U000e0000-\U000e007f]"),
}
_ANY_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\U000e0000-\U000e007f]",
)

# Each shape asks for the length of the real thing: `sk-` is also how Slovak models are named,
# and a rule that drops a model's name costs more than one that misses a malformed key.
_CREDENTIAL = re.compile(
    r"""
      hf_[A-Za-z0-9]{30,}                              # Hugging Face user token
    | api_org_[A-Za-z0-9]{30,}                         # Hugging Face organisation token
    | (?<![A-Za-z0-9])sk-[A-Za-z0-9]{32,}              # OpenAI and its imitators; not disk-, task-
    | (?<![A-Za-z0-9])sk-(?:proj|ant|svcacct|admin|or)-[A-Za-z0-9_-]{20,}
    | gh[pousr]_[A-Za-z0-9]{30,}                       # GitHub
    | github_pat_[A-Za-z0-9_]{30,}
    | glpat-[A-Za-z0-9_-]{20,}                         # GitLab
    | A(?:KIA|SIA)[0-9A-Z]{16}                         # Amazon
    | AIza[0-9A-Za-z_-]{35}                            # Google
    | xox[abeoprs]-[0-9A-Za-z-]{10,}                   # Slack
    | eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}         # JSON web token
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----
    | ://[^/\s:@]+:[^/\s@]+@                            # user and password inside a link
    """,
    re.VERBOSE,
)


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Remove what cannot be seen, and say which kinds were there.

    A run of line breaks or tabs becomes one space, so that the words around it stay apart.
    """
    if _ANY_INVISIBLE.search(text) is None:
        return text, ()
    found = tuple(kind for kind, pattern in _INVISIBLE.items() if pattern.search(text))
    return _ANY_INVISIBLE.sub("", _LINE_BREAKS.sub(" ", text)), found


def holds_credential(text: str) -> bool:
    """Whether some stretch of `text` has the shape of a token, key or password."""
    return _CREDENTIAL.search(text) is not None
