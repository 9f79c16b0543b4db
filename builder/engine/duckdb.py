"""DuckDB inside the process: reads relations from Parquet, runs the steps, hands out tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb

from builder.engine.engine import MAX_ROUNDS, ROWS_PER_BATCH
from builder.errors import SnapshotRefused
from builder.tables.steps import Step

if TYPE_CHECKING:
    import pyarrow as pa


class DuckdbEngine:
    """One in-memory database for one build."""

    def __init__(
        self, *, spill: Path | None = None, threads: int | None = None, memory_limit: int | None = None
    ) -> None:
        """Open a database that never touches the network; what exceeds memory goes into `spill`."""
        config: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            # Every result is sorted by key in the end, and keeping order on the way takes memory.
            "preserve_insertion_order": "false",
            # Joins run in the order in which a step writes them. DuckDB's own order rests on estimates that
            # differ from run to run, and has compared every model with every other.
            "disabled_optimizers": "join_order",
        }
        if spill is not None:
            config["temp_directory"] = str(spill)
        if threads is not None:
            config["threads"] = str(threads)
        if memory_limit is not None:
            config["memory_limit"] = f"{memory_limit}B"
        self._connection = duckdb.connect(config=config)

    def __enter__(self) -> Self:
        """The engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database.

        Raises:
            SnapshotRefused: what ended the work was that it needed more memory than it may take.
        """
        self._connection.close()
        if isinstance(error, duckdb.OutOfMemoryException):
            raise SnapshotRefused(
                "the tables need more memory at once than `--memory-limit` grants; run the same command with "
                "a higher one: nothing was changed"
            ) from error

    def read(self, relations: Mapping[str, list[Path]]) -> None:
        """Make one view per relation over its Parquet files."""
        for name, files in sorted(relations.items()):
            self._connection.read_parquet([str(file) for file in files]).create_view(name)

    def read_rows(self, name: str, rows: pa.Table) -> None:
        """Make one relation from rows in memory."""
        self._connection.register(f"{name}_rows", rows)
        self._connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_rows")  # noqa: S608 - a name of our own
        self._connection.unregister(f"{name}_rows")

    def run(self, steps: Iterable[Step]) -> None:
        """Run the steps in order."""
        for step in steps:
            for relation in step.done_with:
                self._connection.execute(f"DROP TABLE {relation}")
            if step.is_view or step.is_written:
                self._connection.execute(f"CREATE OR REPLACE VIEW {step.relation} AS {step.sql}")
            elif step.starts_from is None:
                self._make(step.relation, step.sql)
            else:
                self._repeat(step)

    def table(self, name: str, order_by: Iterable[str]) -> pa.Table:
        """All rows of a relation in the order of the given columns."""
        rows: pa.Table = self._connection.sql(_in_order(name, order_by)).to_arrow_table()
        return rows

    def stream(self, name: str, order_by: Iterable[str]) -> Iterable[pa.RecordBatch]:
        """The same rows in batches; nothing else may be asked of the engine before the last of them."""
        batches: Iterable[pa.RecordBatch] = self._connection.sql(_in_order(name, order_by)).to_arrow_reader(
            ROWS_PER_BATCH
        )
        return batches

    def settle(self, name: str, files: Iterable[Path]) -> None:
        """Read the rows of a written relation from Parquet files from now on, and no longer make them."""
        self.read({name: list(files)})

    def rows_of(self, name: str, column: str, value: str) -> list[dict[str, Any]]:
        """The rows of a relation in which a column has a value."""
        found = self._connection.sql(f"SELECT * FROM {name} WHERE {column} = $1", params=[value])  # noqa: S608 - as above
        rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
        return rows

    def _make(self, relation: str, sql: str) -> None:
        self._connection.execute(f"CREATE OR REPLACE TABLE {relation} AS {sql}")

    def _repeat(self, step: Step) -> None:
        self._make(step.relation, f"SELECT * FROM {step.starts_from}")  # noqa: S608 - a name of our own
        following = f"{step.relation}_next"
        before = self._fingerprint(step.relation)
        for _ in range(MAX_ROUNDS):
            self._make(following, step.sql)
            self._connection.execute(f"DROP TABLE {step.relation}")
            self._connection.execute(f"ALTER TABLE {following} RENAME TO {step.relation}")
            after = self._fingerprint(step.relation)
            if after == before:
                return
            before = after
        msg = f"step {step.relation} still changes after {MAX_ROUNDS} rounds"
        raise RuntimeError(msg)

    def _fingerprint(self, relation: str) -> tuple[Any, ...] | None:
        """Number of rows and two sums of their hashes: tells two sets apart without comparing row by row."""
        query = f"SELECT count(*), bit_xor(hash(r)), sum(hash(r)) FROM {relation} r"  # noqa: S608 - a name of our own
        return self._connection.execute(query).fetchone()


def _in_order(name: str, order_by: Iterable[str]) -> str:
    order = ", ".join(f"{column} ASC NULLS FIRST" for column in order_by)
    return f"SELECT * FROM {name} ORDER BY {order}"  # noqa: S608 - names of our own
