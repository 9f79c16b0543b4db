"""Python's values become Arrow columns: what is not there and what is empty stay apart."""

from __future__ import annotations

import pyarrow as pa
import pytest

from builder.relations.columns import to_table

LISTS = pa.schema([pa.field("names", pa.list_(pa.string()))])


@pytest.mark.parametrize("values", [[], [None], [[]], [None, [], ["a", "b"], ["a"], None]])
def test_no_list_is_no_empty_list(values: list[list[str] | None]) -> None:
    made = to_table(LISTS, [values])
    assert made.schema == LISTS
    assert made["names"].to_pylist() == values


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError):
        to_table(pa.schema([pa.field("downloads", pa.int64())]), [[1, "two"]])
