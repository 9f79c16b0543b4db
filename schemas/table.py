"""A table: its key, its columns, what they refer to, and how a reader meets it."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.column import Column, RowCheck


@dataclass(frozen=True)
class Reference:
    """Values of `columns` must occur as `target_columns` of another table (null refers to nothing)."""

    columns: tuple[str, ...]
    table: str
    target_columns: tuple[str, ...]
    meaning: str


@dataclass(frozen=True)
class Table:
    """One relation between parse and tables, or one published Parquet file.

    `group` orders the card: tables people come for, where the numbers come from, the field and
    its movement; relations have none. `empty_because` is the reason published when a date has
    no rows of this table.
    """

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    group: str = ""
    references: tuple[Reference, ...] = field(default=())
    row_checks: tuple[RowCheck, ...] = field(default=())
    empty_because: str = ""

    def __post_init__(self) -> None:
        """Refuse a declaration that contradicts itself.

        Raises:
            ValueError: a column twice, a key that is no column or may be null, reasons for nulls
                of a column that has none, or a reference or row check over unknown columns.
        """
        names = self.column_names
        if len(set(names)) != len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            msg = f"table {self.name} declares a column twice: {', '.join(twice)}"
            raise ValueError(msg)
        for name in self.key:
            if name not in names or self.column(name).nullable:
                msg = f"table {self.name}: key column {name} must be declared and not nullable"
                raise ValueError(msg)
        for column in self.columns:
            if column.gap_reasons and not column.nullable:
                msg = f"table {self.name}: column {column.name} has reasons for nulls but no nulls"
                raise ValueError(msg)
        for reference in self.references:
            unknown = set(reference.columns) - set(names)
            if unknown or len(reference.columns) != len(reference.target_columns):
                msg = f"table {self.name}: a reference to {reference.table} does not pair declared columns"
                raise ValueError(msg)
        for check in self.row_checks:
            unknown = set(check.columns) - set(names)
            if unknown:
                msg = f"table {self.name}: a row check names unknown columns {sorted(unknown)}"
                raise ValueError(msg)

    @property
    def column_names(self) -> list[str]:
        """Names in the order of the file."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        msg = f"table {self.name} has no column {name}"
        raise KeyError(msg)
