"""A column and its checks: the frozen declarations that every projection reads.

A check is data that can describe itself and say, as a polars expression, which values pass.
A null always passes a check: nullability is the column's own property, as in SQL constraints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import polars as pl
import pyarrow as pa

NO_UNIT = "no unit"


class Check(Protocol):
    """What every value of a column, or every row of a table, must satisfy."""

    def describe(self) -> str:
        """One clause that completes the sentence "the value must …"."""
        ...

    def passes(self, value: pl.Expr) -> pl.Expr:
        """True, per row, where `value` satisfies the check (null where it is null)."""
        ...


@dataclass(frozen=True)
class AtLeast:
    """A number has a lowest legal value."""

    minimum: float

    def describe(self) -> str:
        """The bound in words."""
        return f"be at least {self.minimum:g}"

    def passes(self, value: pl.Expr) -> pl.Expr:
        """Compare with the bound; nobody measured NaN or infinity, so they fail."""
        number = value.cast(pl.Float64)
        return (number >= self.minimum) & number.is_finite()


@dataclass(frozen=True)
class AtMost:
    """A number has a highest legal value."""

    maximum: float

    def describe(self) -> str:
        """The bound in words."""
        return f"be at most {self.maximum:g}"

    def passes(self, value: pl.Expr) -> pl.Expr:
        """Compare with the bound; nobody measured NaN or infinity, so they fail."""
        number = value.cast(pl.Float64)
        return (number <= self.maximum) & number.is_finite()


@dataclass(frozen=True)
class OneOf:
    """A text comes from a closed set."""

    values: tuple[str, ...]

    def describe(self) -> str:
        """The set, spelt out while it is short enough to read."""
        if len(self.values) > 24:  # noqa: PLR2004 - a longer list is no longer read in a sentence
            return f"be one of {len(self.values)} known values ({', '.join(self.values[:3])}, …)"
        return "be one of " + ", ".join(f"`{value}`" for value in self.values)

    def passes(self, value: pl.Expr) -> pl.Expr:
        """Membership."""
        return value.is_in(self.values)


@dataclass(frozen=True)
class Matches:
    """A text has a stated form; the pattern must match all of it."""

    pattern: str
    form: str

    def describe(self) -> str:
        """The form in words."""
        return f"be {self.form}"

    def passes(self, value: pl.Expr) -> pl.Expr:
        """Anchored match in the Rust regex dialect of polars."""
        return value.str.contains(rf"\A(?:{self.pattern})\z")


@dataclass(frozen=True)
class MaxLength:
    """A text is bounded, in characters: what comes from the Hub has no bound of its own."""

    characters: int

    def describe(self) -> str:
        """The bound in words."""
        return f"have at most {self.characters} characters"

    def passes(self, value: pl.Expr) -> pl.Expr:
        """Compare the length."""
        return value.str.len_chars() <= self.characters


@dataclass(frozen=True)
class NotBlank:
    """A text says something: unknown is null, never an empty string."""

    def describe(self) -> str:
        """The rule in words."""
        return "not be empty or only white space"

    def passes(self, value: pl.Expr) -> pl.Expr:
        """Something is left when white space is taken away."""
        return value.str.strip_chars().str.len_chars() > 0


@dataclass(frozen=True)
class Each:
    """Every element of a list satisfies a check; a null element never does."""

    check: Check

    def describe(self) -> str:
        """The element's check, said of all elements."""
        return f"in each element {self.check.describe()}"

    def passes(self, value: pl.Expr) -> pl.Expr:
        """All elements pass; an empty list has none that fails."""
        return value.list.eval(self.check.passes(pl.element()).fill_null(value=False)).list.all()


@dataclass(frozen=True)
class SortedSet:
    """A list is not empty, has no element twice, and is sorted: one value has one spelling."""

    def describe(self) -> str:
        """The rule in words."""
        return "be a non-empty list, sorted, without repetition"

    def passes(self, value: pl.Expr) -> pl.Expr:
        """Equal to its own sorted set, and longer than zero."""
        return value.map_batches(_are_sorted_sets, return_dtype=pl.Boolean, is_elementwise=True)


def _are_sorted_sets(lists: pl.Series) -> pl.Series:
    """Whether each list is not empty and equal to its own sorted set; null where it is null."""
    lengths = lists.list.len()
    # As a rule all are: then each element is greater than the one before it, but for the first of each list.
    elements = lists.explode(empty_as_null=False, keep_nulls=False)
    filled = lengths.filter(lengths > 0)
    rises = (elements > elements.shift()).scatter(filled.cum_sum() - filled, values=True)
    if rises.all(ignore_nulls=False):
        return lengths > 0
    as_text = lists.list.eval(pl.element().cast(pl.String))
    return (lengths > 0) & (as_text == as_text.list.unique().list.sort())


@dataclass(frozen=True)
class RowCheck:
    """Columns of one row agree; `holds` is SQL over the row, and null counts as holding."""

    columns: tuple[str, ...]
    holds: str
    meaning: str

    def describe(self) -> str:
        """The rule, which is a sentence of its own."""
        return f"keep the rule that {self.meaning}"

    def expression(self) -> pl.Expr:
        """True, per row, where the rule holds or cannot be decided."""
        return pl.sql_expr(self.holds).fill_null(value=True)


@dataclass(frozen=True)
class Column:
    """One column of a table or relation.

    `source` says where the values come from, in words a reader of the card can follow. A column
    with `gap_reasons` is *accounted for*: each of its nulls has one row in the table `gaps`.
    """

    name: str
    arrow: pa.DataType
    description: str
    source: str
    unit: str = NO_UNIT
    nullable: bool = True
    checks: tuple[Check, ...] = field(default=())
    gap_reasons: tuple[str, ...] = field(default=())
    tracked: bool = False
    """Whether the table `changes` reports differences of this column between two dates."""

    @property
    def is_list(self) -> bool:
        """Whether a value is a list of elements."""
        return bool(pa.types.is_list(self.arrow))


def all_checks(columns: tuple[Column, ...]) -> list[tuple[Column, Check]]:
    """Every declared check with its column, for tests that each check can fail."""
    return [(column, check) for column in columns for check in column.checks]
