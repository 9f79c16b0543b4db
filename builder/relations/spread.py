"""Relations that only spread out what a batch of records says elsewhere: made for a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from builder.parse.names import parse_name
from builder.relations.columns import to_table
from schemas.parsed import LISTED
from schemas.relations import NAME, RECORD_VALUE
from schemas.to_arrow import to_arrow_schema

_NAME_SCHEMA: Final = to_arrow_schema(NAME)
_VALUE_SCHEMA: Final = to_arrow_schema(RECORD_VALUE)


def spread_names(records: Sequence[Mapping[str, Any]], bases: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of `name`: every repository that a record is or builds on, with what its name says.

    Args:
        records: rows of `record`.
        bases: rows of `base_reference` of the same records.
    """
    own = ((row["repo_id"], row["repo_id"]) for row in records)
    other = ((row["base_id"], row["repo_id"]) for row in bases if row["base_id"] is not None)
    mentions = list(dict.fromkeys((*own, *other)))
    names = zip(*(parse_name(name) for name, _ in mentions), strict=True)
    columns = [*names, tuple(seen_in for _, seen_in in mentions)]
    return to_table(_NAME_SCHEMA, columns)


def spread_values(lists: pa.Table) -> pa.Table:
    """Rows of `record_value`: every element of the lists of `record_list`.

    Args:
        lists: rows of `record_list`.
    """
    repo_ids = lists["repo_id"].combine_chunks()
    parts = []
    for column in sorted(LISTED):
        elements = lists[column].combine_chunks()
        values = pc.list_flatten(elements)
        parts.append(
            pa.Table.from_arrays(
                [
                    repo_ids.take(pc.list_parent_indices(elements)),
                    pl.repeat(column, len(values), dtype=pl.String, eager=True).to_arrow().cast(pa.string()),
                    values,
                ],
                schema=_VALUE_SCHEMA,
            )
        )
    return pa.concat_tables(parts)
