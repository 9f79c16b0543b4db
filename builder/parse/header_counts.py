"""The part `headers`: what capture counted in the headers of weight files, with `builder.parse.headers`.

`{"sha": commit, "files": [{"path", "format", "counts": […], "metadata": {…}}, …]}`. One entry is one set
of weights that is loaded together, counted together, since scales may lie in another shard than the
weights they belong to; `path` is its file, or the first of its shards, as in the part `files`. `format`
is `safetensors`, `gguf` or `torch`. A count holds `component`, `dtype`, `stored_elements`,
`logical_parameters` (null where packing cannot be told) and `stored_bytes`, as `counts.Count` does;
`metadata` holds named numbers of a GGUF file, without the name of its architecture in front. The bytes
of the headers are no evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from builder.parse.facts import Facts, HeaderCount
from builder.parse.popping import Fields, Irregularities
from builder.parse.shapes import read_gguf_shape
from builder.parse.sound import Sound
from schemas import vocabulary
from schemas.shared import PATH, SHA, TOKEN
from schemas.tables.parameters import BITS_OF_DTYPE

GGUF: Final = "gguf_header"
SOURCES: Final = {"safetensors": "safetensors_header", "gguf": GGUF, "torch": "torch_pickle"}
"""Format of a header → source of its counts."""

MOST_WEIGHTS_PER_ELEMENT: Final = 64
"""An element of 64 bits holds no more than 64 weights, whatever the packing."""

_PROJECTOR_ARCHITECTURE: Final = "clip"
"""What llama.cpp calls every file of encoders and projector."""

_PATH: Final = re.compile(PATH.pattern)
_SHA: Final = re.compile(SHA.pattern)
_TOKEN: Final = re.compile(TOKEN.pattern)


def read_headers(facts: Facts, part: Fields, irregular: Irregularities) -> None:
    """Fill the facts from the counts of one commit.

    Raises:
        EvidenceUnreadable: a count is negative, or a field is not known.
    """
    sha = part.text("sha")
    if sha is not None and not _SHA.fullmatch(sha):
        part.refuse("sha", "not hexadecimal of the right length")
        sha = None
    facts.headers_sha = sha or facts.sha
    found: dict[tuple[str, str, str, str], HeaderCount] = {}
    for entry in part.subs("files"):
        path, form = entry.text("path"), entry.text("format") or ""
        counts = [_read_count(count, path, SOURCES.get(form)) for count in entry.subs("counts")]
        _read_metadata(facts, entry.sub("metadata"))
        entry.done()
        for count in counts:
            if count is None:
                continue
            key = (count.path, count.component, count.dtype, count.source)
            if key in found:
                irregular.add("headers.files", "one count twice, of which the first is kept")
            found.setdefault(key, count)
    part.done()
    facts.header_counts = [found[key] for key in sorted(found)]


def _read_count(fields: Fields, path: str | None, source: str | None) -> HeaderCount | None:
    component, dtype = fields.text("component"), fields.text("dtype")
    stored, size_bytes = fields.whole("stored_elements"), fields.whole("stored_bytes")
    logical = fields.whole("logical_parameters")
    fields.done()
    if path is None or not _PATH.fullmatch(path) or source is None:
        fields.refuse("path", "a count of no file, or of a format without a reader")
        return None
    if component not in vocabulary.COMPONENT or dtype is None or not _TOKEN.fullmatch(dtype):
        fields.refuse("component", "a component or data type that is none")
        return None
    if not stored:
        return None
    if logical == 0:
        fields.refuse("logical_parameters", f"{dtype} holds masks or scales, not weights")
        return None
    if logical is not None and logical > stored * MOST_WEIGHTS_PER_ELEMENT:
        fields.refuse("logical_parameters", "more weights than the elements can hold")
        return None
    if size_bytes is not None and size_bytes * 8 > stored * BITS_OF_DTYPE.get(dtype, float("inf")):
        fields.refuse("stored_bytes", "more bytes than the elements take")
        size_bytes = None
    return HeaderCount(path, component, dtype, stored, logical, size_bytes or None, source)


def _read_metadata(facts: Facts, metadata: Fields | None) -> None:
    """The shape of the language model, where no configuration states it."""
    if metadata is None:
        return
    architecture = metadata.text("architecture")
    shape = read_gguf_shape(metadata)
    metadata.done()
    known = facts.configuration or {}
    if architecture != _PROJECTOR_ARCHITECTURE and all(known.get(name) is None for name in vars(shape)):
        facts.configuration = Sound().to_columns() | {"max_output_tokens": None} | known | vars(shape)


def sum_elements(facts: Facts) -> int | None:
    """Elements of the largest set of tensors by name: others are the same weights in another file."""
    sums: Counter[str] = Counter()
    for count in facts.header_counts or ():
        if count.source != GGUF:
            sums[count.path] += count.stored_elements
    groups: Counter[str] = Counter()
    group_of = {file.path: file.path_group for file in facts.weight_files or ()}
    for path, elements in sums.items():
        groups[group_of.get(path) or path] += elements
    return max(groups.values(), default=None)


def to_count_rows(facts: Facts) -> list[dict[str, Any]]:
    """Rows of the relation `parameter_count`."""
    return [
        {
            "repo_id": facts.repo_id,
            "component": count.component,
            "weights_repo_id": facts.repo_id,
            "source_path": count.path,
            "dtype": count.dtype,
            "weights_sha": facts.headers_sha,
            "stored_elements": count.stored_elements,
            "logical_parameters": count.logical_parameters,
            "stored_bytes": count.stored_bytes,
            "uncertainty": 0,
            "source": count.source,
            "confidence": "high",
            "observed_at": facts.observed_at,
        }
        for count in facts.header_counts or ()
    ]
