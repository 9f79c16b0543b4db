"""The allow-list: which fields of which part become evidence, with their types and bounds.

Everything else is left out and counted. A bound is about twice the largest value seen among 4,167
listing rows of May 2026 and the recorded answers of the model API, or the Hub's own limit where
it states one; the types are those seen there, oddities included, since interpreting them is the
work of `builder.parse`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.capture.evidence import REPO_ID_MAX_LENGTH
from builder.capture.file_fields import ARCHITECTURES, CONFIG, FILES, HEADERS, QUANTIZATION_CONFIG
from builder.capture.rules import (
    BYTES_MAX,
    COUNT_MAX,
    Items,
    Keyed,
    Named,
    Note,
    Number,
    Text,
    Value,
    keep_fields,
)

if TYPE_CHECKING:
    from builder.capture.evidence import JsonObject

_BOOLEAN = Value(boolean=True)
_COUNT = Value(number=Number(COUNT_MAX))
_BYTES = Value(number=Number(BYTES_MAX))
_WORD = Value(text=Text(120))
_LINE = Value(text=Text(300))
# The Hub's limit for a path inside a repository is not stated; file systems stop at 1,024.
_PATH = Value(text=Text(1024))
_LINK = Value(text=Text(1024))
_HUB_ID = Value(text=Text(24, re.compile("[0-9a-f]{24}")))
_SHA = Value(text=Text(40, re.compile("[0-9a-f]{40}")))
_TIME_FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z"
_TIME = Value(text=Text(40, re.compile(_TIME_FORM)))
# Longer than a legal id, since cards name bases by path or sentence; parse says which resolve.
_BASE = Text(2 * REPO_ID_MAX_LENGTH)

# A recogniser of more than 1,100 languages carries a tag for each of them.
_MANY = 10_000
# Sharded training checkpoints reach thousands of files; beyond this it is not a model.
_FILES_MAX = 100_000
# Cards of merges name dozens of bases (24 is the most seen).
_BASES_MAX = 1_000
_DTYPES_MAX = 100

_SMALL_MAP = Keyed(
    key=Text(120),
    value=Value(text=Text(120), number=Number(COUNT_MAX, whole=False, signed=True), boolean=True),
    max_items=50,
)
_WORDS = Items(Value(text=Text(120), null=False), _MANY)
# YAML 1.1 makes a boolean of `no`, and a map of `a: b`.
_CARD_WORDS = Items(Value(text=Text(120), boolean=True, members=_SMALL_MAP), _MANY)
_CARD_TAGS = Items(Value(text=Text(300), boolean=True, members=_SMALL_MAP), _MANY)
_TAGS = Value(items=Items(Value(text=Text(300), null=False), _MANY))

_SAFETENSORS = Value(
    members=Named(
        {
            "parameters": Value(
                members=Keyed(
                    key=Text(32, re.compile(r"[A-Za-z0-9_.-]+")),
                    value=Value(number=Number(COUNT_MAX), null=False),
                    max_items=_DTYPES_MAX,
                    together=True,
                ),
            ),
            "total": _COUNT,
        },
    ),
)

_GGUF = Value(
    members=Named(
        {
            "total": _COUNT,
            "architecture": _WORD,
            "context_length": _COUNT,
            "totalFileSize": _BYTES,
        },
    ),
)

_BASE_MODELS = Value(
    members=Named(
        {
            "relation": _WORD,
            "models": Value(
                items=Items(
                    Value(members=Named({"_id": _HUB_ID, "id": Value(text=_BASE)}), null=False),
                    _BASES_MAX,
                    together=True,
                ),
            ),
        },
    ),
)

# The Hub gives an object by relation; its client declares a number.
_CHILDREN = Value(
    number=Number(COUNT_MAX),
    members=Named(dict.fromkeys(("adapter", "merge", "quantized", "finetune"), _COUNT)),
)

_CONFIG = Value(
    members=Named(
        {
            "architectures": ARCHITECTURES,
            "model_type": _WORD,
            "quantization_config": QUANTIZATION_CONFIG,
        },
    ),
)

_CARD_DATA = Value(
    members=Named(
        {
            "license": Value(
                text=Text(120),
                items=Items(Value(text=Text(120)), 100, together=True),
            ),
            "license_name": _LINE,
            "license_link": _LINK,
            "language": Value(
                text=Text(300),
                boolean=True,
                items=_CARD_WORDS,
                members=_SMALL_MAP,
            ),
            "base_model": Value(
                text=_BASE,
                items=Items(Value(text=_BASE), _BASES_MAX, together=True),
            ),
            "base_model_relation": _WORD,
            "pipeline_tag": Value(text=Text(120), boolean=True, items=_WORDS),
            "library_name": Value(text=Text(120), items=_WORDS),
            "tags": Value(text=Text(300), items=_CARD_TAGS),
        },
    ),
)

_SCORE = {
    "dataset": Value(members=Named({"id": _WORD, "task_id": _WORD, "revision": _WORD})),
    "value": Value(number=Number(COUNT_MAX, whole=False, signed=True), text=Text(40)),
    "date": Value(text=Text(40)),
    "verified": _BOOLEAN,
    "source": Value(members=Named({"url": _LINK})),
}
# Results of benchmarks that owners or others filed beside the model; the Hub may wrap each in `data`.
_SCORES = Value(
    items=Items(Value(members=Named({**_SCORE, "data": Value(members=Named(_SCORE))}), null=False), 1_000),
)

_LIST = Named(
    {
        "_id": _HUB_ID,
        "id": Value(text=Text(REPO_ID_MAX_LENGTH), null=False),
        "modelId": Value(text=Text(REPO_ID_MAX_LENGTH)),
        "author": _WORD,
        "sha": _SHA,
        "lastModified": _TIME,
        "createdAt": _TIME,
        "private": _BOOLEAN,
        "disabled": _BOOLEAN,
        "gated": Value(text=Text(20), boolean=True),
        "pipeline_tag": _WORD,
        "library_name": _WORD,
        "tags": _TAGS,
        "downloads": _COUNT,
        "downloadsAllTime": _COUNT,
        "likes": _COUNT,
        "trendingScore": Value(number=Number(COUNT_MAX, whole=False, signed=True)),
        "siblings": Value(
            items=Items(Value(members=Named({"rfilename": _PATH}), null=False), _FILES_MAX),
        ),
        "usedStorage": _BYTES,
        "safetensors": _SAFETENSORS,
        "gguf": _GGUF,
        "baseModels": _BASE_MODELS,
        "childrenModelCount": _CHILDREN,
        "evalResults": _SCORES,
        "config": _CONFIG,
        "cardData": _CARD_DATA,
    },
)

_DETAIL = Named({name: value for name, value in _LIST.fields.items() if name != "siblings"})
"""A detail call gives what a list gives, and files, which are a part of their own."""

_SCOPES = Named(
    {
        "matched": Value(
            items=Items(
                Value(members=Named({"scope": Value(text=Text(96), null=False), "sign": _LINE}), null=False),
                100,
            ),
        ),
        "asked": Value(items=Items(Value(text=Text(REPO_ID_MAX_LENGTH), null=False), 1_000)),
    },
)

_EXPORT = Named(
    {
        "listing": Value(
            members=Named(
                {
                    "id": Value(text=Text(REPO_ID_MAX_LENGTH), null=False),
                    "downloads": _COUNT,
                    "likes": _COUNT,
                    "lastModified": _TIME,
                    "author": _WORD,
                    "tags": _TAGS,
                },
            ),
        ),
        "details": Value(
            members=Named(
                {
                    "id": Value(text=Text(REPO_ID_MAX_LENGTH), null=False),
                    "author": _WORD,
                    "downloads": _COUNT,
                    "likes": _COUNT,
                    "params_billions": Value(number=Number(COUNT_MAX / 1e9, whole=False)),
                    "tensor_types": _LINE,
                    "storage_gb": Value(number=Number(BYTES_MAX / 2**30, whole=False)),
                    "architecture": _WORD,
                    "model_type": _WORD,
                    "library_name": _WORD,
                    "gated": Value(text=Text(20), boolean=True),
                    # The export writes "" for unknown in every text field.
                    "lastModified": Value(text=Text(40, re.compile(f"|{_TIME_FORM}"))),
                },
            ),
        ),
    },
)

ALLOWED = {
    "export": _EXPORT,
    "scopes": _SCOPES,
    "list": _LIST,
    "detail": _DETAIL,
    "files": FILES,
    "config": CONFIG,
    "headers": HEADERS,
}
"""What is kept of each part."""


def filter_part(part: str, answer: JsonObject) -> tuple[JsonObject, list[Note]]:
    """Keep the allowed fields of one part's answer; the notes say what was not kept as given.

    Raises:
        NegativeCount: A count in the answer is below zero.
    """
    notes: list[Note] = []
    return keep_fields(answer, ALLOWED[part], part, notes), notes
