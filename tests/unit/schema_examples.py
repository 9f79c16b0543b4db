"""Good and bad values for every declared form: what the tests of `schemas` are made from.

A form, a check class or a row check without an entry here fails the suite, so that a check
cannot be declared without a value that breaks it.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from schemas import vocabulary
from schemas.column import AtLeast, AtMost, Check, Each, Matches, MaxLength, NotBlank, OneOf, SortedSet
from schemas.counted import COUNTED, provenance
from schemas.decided import DECIDED, judgement
from schemas.relations import RELATIONS
from schemas.shared import HUB_ID, LINK, PATH, PLAIN, REPO_ID, SHA, SHA256, SLUG, TAG, TOKEN, URL
from schemas.tables import TABLES
from schemas.tables.changes import COLUMN_NAME
from schemas.tables.evaluations import DATASET_ID
from schemas.to_polars import to_polars_type

if TYPE_CHECKING:
    from schemas.column import Column
    from schemas.table import Table

Row = dict[str, Any]

ALL_TABLES = (*TABLES, *RELATIONS)

NOT_A_TOKEN = ("-q4", "q4|k", "q" * 97, "q4\n")
NOT_PLAIN = ("a|b", "<b>", "`code`", "[link]", "a\nb", "a\x7fb", "a\x85b", "t" * 257)

FORMS: dict[Matches, tuple[tuple[str, ...], tuple[str, ...]]] = {
    REPO_ID: (
        ("acme/voice-7b", "acme/voice-7b-GGUF", "gpt2"),
        ("acme/", "/voice", "a/b/c", "acme/vo ice", "-acme/voice", "acme/voice\n", "a" * 97, "a/" + "v" * 97),
    ),
    SHA: (("0" * 40, "a1" * 20), ("A1" * 20, "a" * 39, "a" * 41, "g" * 40)),
    SHA256: (("0" * 64, "a1" * 32), ("A1" * 32, "a" * 63, "a" * 65, "g" * 64)),
    HUB_ID: (("0" * 24, "a1" * 12), ("A1" * 12, "a" * 23, "a" * 25, "g" * 24)),
    SLUG: (("voice", "voice-2.5", "v"), ("Voice", "-voice", "voice-", "vo ice", "v" * 97)),
    PATH: (("a/model.safetensors", "b (1).gguf"), ("/model.bin", "a\nb", "a\x00", "a\x85b", "p" * 256)),
    URL: (
        ("LICENSE.md", "https://example.org/licence?v=1"),
        ("http://example.org", "javascript:alert(1)", "https://a b", 'https://a"b', "https://a<b", "u" * 241),
    ),
    LINK: (
        ("https://example.org/page?v=1#part",),
        (
            "LICENSE.md",
            "http://example.org",
            "javascript:alert(1)",
            "https://a b",
            "https://a<b",
            "https://" + "u" * 241,
        ),
    ),
    DATASET_ID: (
        ("acme/speech", "acme/speech/de/test", "acme/speech/average"),
        ("speech", "acme/", "acme//test", "a/b/c/d/e", "acme/sp eech", "acme/-x", "acme/speech\n"),
    ),
    TAG: (("a tag: ü/ö", "audio"), NOT_PLAIN),
    PLAIN: (("A title, for people (7B)", "Voice"), NOT_PLAIN),
    TOKEN: (("Q4_K_M", "a-z.0 +"), NOT_A_TOKEN),
    COLUMN_NAME: (("*", "license"), ("License", "2nd", "a-b", "**", "a" * 64)),
}

MISSPELT = "quantised"
"""In no closed set of the project, though one letter away from being in three."""

SINGLE: dict[pa.DataType, Any] = {
    pa.string(): "voice",
    pa.int64(): 1,
    pa.float64(): 1.0,
    pa.bool_(): True,
    pa.date32(): dt.date(2025, 12, 7),
    pa.timestamp("ms", tz="UTC"): dt.datetime(2025, 12, 7, 15, 26, tzinfo=dt.UTC),
}
"""A value of each type, where no check asks for more."""

WRONG_TYPES: dict[pa.DataType, pl.Series] = {
    pa.string(): pl.Series([7]),
    pa.int64(): pl.Series([7.5]),
    pa.float64(): pl.Series(["7.5"]),
    pa.bool_(): pl.Series(["true"]),
    pa.date32(): pl.Series(["2025-12-07"]),
    pa.timestamp("ms", tz="UTC"): pl.Series([dt.datetime(2025, 12, 7)]),  # noqa: DTZ001 - naive is the point
    pa.list_(pa.string()): pl.Series([["a"]], dtype=pl.List(pl.Categorical)),
}

_NO_KINDS = {f"{kind}_count": 0 for kind in vocabulary.KIND}
_ONE_ORIGINAL = {**_NO_KINDS, "original_count": 1}

VALID: dict[str, Row] = {
    "unique_models": {**_ONE_ORIGINAL, "repositories": 1},
    "models": {"kind": "original"},
    "families": {**_ONE_ORIGINAL, "repositories": 1},
    "variants": {"basis": "files", "weights_bytes": 8, "overhead_bytes": 2, "min_memory_bytes": 11},
    "parameters": {"dtype": "BF16", "stored_bytes": 2},
    "lineage": {"base_model": "acme/base", "resolved_base_model": "acme/base", "status": "followed"},
    "changes": {
        "change": "changed",
        "column_name": "license",
        "before": "1",
        "after": "2",
        "reason": None,
        "previous_snapshot_date": dt.date(2025, 11, 7),
    },
    "parameter_count": {"dtype": "BF16", "stored_bytes": 2},
    "departed": {"reason": "renamed"},
    "evaluations": {"metric": "wer", "unit": "percent"},
}
"""Values that row checks tie together, by table."""

BROKEN: dict[str, tuple[Row, ...]] = {
    **{
        f"`{column.name}` has evidence and confidence exactly where it has a value": tuple(
            {companion.name: None} for companion in judgement(column)
        )
        for column in DECIDED
        if column.nullable
    },
    **{
        f"`{column.name}` has uncertainty, source and confidence exactly where it has a value": tuple(
            {companion.name: None} for companion in provenance(column)
        )
        for column in COUNTED
    },
    "what must be loaded is at least what the repository holds": (
        {
            "logical_parameters": 12,
            "logical_parameters_uncertainty": 1,
            "runtime_parameters": 9,
            "runtime_parameters_uncertainty": 1,
        },
    ),
    "no more weights are active than are loaded": (
        {
            "active_parameters": 12,
            "active_parameters_uncertainty": 1,
            "runtime_parameters": 9,
            "runtime_parameters_uncertainty": 1,
        },
    ),
    "a placeholder, and nothing else, has no unique model": (
        {"kind": "placeholder"},
        {"unique_model_id": None},
    ),
    "every repository with weights has a family": ({"family_id": None},),
    "a copy stands for another repository, every other model for itself": (
        {"kind": "quantized"},
        {"unique_model_id": "acme/other"},
    ),
    "a placeholder is not known to be an audio-language model": (
        {"kind": "placeholder", "audio_language_model": "yes"},
    ),
    "a placeholder has no weights to describe": ({"kind": "placeholder"},),
    "storage has an uncertainty exactly where it has a value": (
        {"used_storage_bytes": None},
        {"used_storage_bytes_uncertainty": None},
    ),
    "a disagreement is between two numbers": ({"hub_total_parameters": None}, {"runtime_parameters": None}),
    "a least memory names the variant that needs it": (
        {"min_memory_bytes": None},
        {"min_memory_repo_id": None},
        {"min_memory_variant": None},
    ),
    "every repository is counted under one kind": ({"original_count": 2}, {"repositories": 3}),
    "downloads of the original are known only where it is listed": ({"in_snapshot": False},),
    "the original's downloads are part of the sum": ({"downloads_root": 2},),
    "no more audio-language models than distinct models, nor more of these than repositories": (
        {"audio_language_models": 2},
        {"unique_models": 2},
    ),
    "the smallest is not larger than the largest": ({"runtime_parameters_min": 2},),
    "the minimum is the sum of its parts": ({"min_memory_bytes": 10}, {"kv_cache_bytes_3min": 0}),
    "memory is complete exactly where the cache is known": (
        {"memory_complete": False},
        {"kv_cache_bytes_3min": None},
    ),
    "a cache that is known for some duration is known for shorter ones, and grows": (
        {"kv_cache_bytes_30min": None},
        {"kv_cache_bytes_30min": 0},
        {"kv_cache_bytes_60min": 0},
    ),
    "a metric has its own unit": ({"unit": "not stated"}, {"metric": "rtfx"}),
    "what happens past a length is stated with the length": ({"audio_max_s": None},),
    "files are named exactly where sizes rest on files": ({"basis": "estimate"}, {"paths": None}),
    "an element takes no more bits than its data type has": (
        {"stored_bytes": 3},
        {"dtype": "Q4_K", "stored_elements": 256, "stored_bytes": 145},
    ),
    "an addend has a value": ({"logical_parameters": None},),
    "a base is unresolved exactly where it has no resolved id": (
        {"status": "unresolved"},
        {"resolved_base_model": None},
    ),
    "a repository that is its own base is cut": ({"resolved_base_model": "acme/voice-7b"},),
    "a shard is one of its set": ({"shard_index": 2},),
    "a shard has a position exactly where it has a set": ({"shard_index": None}, {"shard_count": None}),
    "a change of a whole row names no column, a change of a value names one": (
        {"change": "added"},
        {"column_name": "*"},
    ),
    "a departure names another name exactly where it is a rename": (
        {"reason": "retagged"},
        {"renamed_to": None},
    ),
    "only a removal has a reason": ({"reason": "retagged"},),
    "a changed value differs from what it was": ({"after": "1"}, {"before": "null", "after": None}),
    "a value that is first observed was not known and is": (
        {"change": "first_observed"},
        {"change": "first_observed", "before": None, "after": None},
    ),
    "what is renamed has an old name and a new one": (
        {"change": "renamed", "column_name": "*", "before": None},
        {"change": "renamed", "column_name": "*", "after": None},
    ),
    "the date compared with is earlier": ({"previous_snapshot_date": dt.date(2025, 12, 7)},),
}
"""By meaning of the row check: rows that it must refuse, as differences to the valid row."""


def valid_row(table: Table) -> Row:
    """A row without a violation, every column filled."""
    return {column.name: good_values(column)[0] for column in table.columns} | VALID.get(table.name, {})


def frame(table: Table, *rows: Row) -> pl.LazyFrame:
    """Rows of a table under its declared types."""
    types = {column.name: to_polars_type(column) for column in table.columns}
    return pl.DataFrame(list(rows), schema=types).lazy()


def good_values(column: Column) -> list[Any]:
    """At least one value that passes all checks; at least two for a column of text."""
    if column.is_list:
        element = next(check.check for check in column.checks if isinstance(check, Each))
        first, second, *_ = sorted(_good_texts(element))
        return [[first, second], [first]]
    for check in column.checks:
        if isinstance(check, Matches | OneOf):
            return _good_texts(check)
    if column.arrow == pa.string():
        return ["voice", "other"]
    return [SINGLE[column.arrow]]


def _good_texts(check: Check) -> list[str]:
    if isinstance(check, OneOf):
        return list(check.values)
    assert isinstance(check, Matches), f"what does {check} let pass? say it in schema_examples.py"
    return list(_form(check)[0])


def _form(check: Matches) -> tuple[tuple[str, ...], tuple[str, ...]]:
    assert check in FORMS, f"no good and bad values for '{check.form}': add them to schema_examples.py"
    return FORMS[check]


def bad_values(check: Check, column: Column) -> list[Any]:
    """Values that the check must refuse."""
    match check:
        case AtLeast(minimum):
            bad = _beyond(column, minimum - 1)
        case AtMost(maximum):
            bad = _beyond(column, maximum + 1)
        case OneOf():
            bad = [MISSPELT, "", check.values[0] + " "]
        case Matches():
            bad = list(_form(check)[1])
        case MaxLength(characters):
            bad = ["x" * (characters + 1), "ü" * (characters + 1)]
        case NotBlank():
            bad = ["", " ", "\t\n", "\u00a0"]
        case SortedSet():
            first, second = good_values(column)[0]
            bad = [[], [second, first], [first, first], [first, second, first]]
        case Each(within):
            good = good_values(column)[0][0]
            bad = [[good, value] for value in bad_values(within, column)] + [[None], [good, None]]
        case _:
            message = f"no bad value for {check!r}: add its class to schema_examples.py"
            raise AssertionError(message)
    return bad


def _beyond(column: Column, number: float) -> list[Any]:
    return [int(number)] if column.arrow == pa.int64() else [number, math.nan, math.inf, -math.inf]
