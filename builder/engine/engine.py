"""What a build asks of an engine, whichever it is: read relations, run steps, hand out tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from builder.tables.steps import Step

if TYPE_CHECKING:
    import pyarrow as pa

MAX_ROUNDS: Final = 64
"""Rounds of a repeated step: pointer jumping doubles its reach, so 64 would cover 2^64 rows."""

ROWS_PER_BATCH: Final = 65_536
"""Rows per batch of a stream: a few MB of the widest table."""


class Engine(Protocol):
    """Holds relations by name for one build."""

    def read(self, relations: Mapping[str, list[Path]]) -> None:
        """Make one relation per name over its Parquet files."""

    def read_rows(self, name: str, rows: pa.Table) -> None:
        """Make one relation from rows in memory."""

    def run(self, steps: Iterable[Step]) -> None:
        """Run steps in order; each makes one relation.

        Raises:
            RuntimeError: a repeated step does not come to rest.
        """

    def table(self, name: str, order_by: Iterable[str]) -> pa.Table:
        """All rows of a relation in the order of the given columns."""

    def stream(self, name: str, order_by: Iterable[str]) -> Iterable[pa.RecordBatch]:
        """The same rows in batches; nothing else may be asked of the engine before the last of them."""

    def settle(self, name: str, files: Iterable[Path]) -> None:
        """Take note that a relation has been written: its rows may be read from there from now on."""

    def rows_of(self, name: str, column: str, value: str) -> list[dict[str, Any]]:
        """The rows of a relation in which a column has a value."""
