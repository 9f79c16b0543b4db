"""Spark, where one machine is too small: the same steps over the same relations.

A relation that a step makes is written to Parquet and read back, so that the plan of a hundred steps stays
one step long and a lost worker costs one step. Needs the extra `spark`, and paths that every worker sees.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from builder.engine.engine import MAX_ROUNDS, ROWS_PER_BATCH
from builder.errors import SnapshotRefused, UsageError
from builder.tables.steps import Step

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SETTINGS: Final = {
    "spark.sql.session.timeZone": "UTC",
    # A cast or sum that does not fit is an error, as in DuckDB, and not null.
    "spark.sql.ansi.enabled": "true",
    "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
    "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
    # As Arrow writes them; the default is a form that only Spark reads.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # On the workers too, the import of pandera would make pyspark warn of the newest pandas.
    "spark.executorEnv.PYTHONWARNINGS": "ignore::FutureWarning",
    "spark.sql.sources.useV1SourceList": "parquet",
}
"""What must hold for equal results on every machine, and what a build without spectators can do without."""

PARTITIONS_PER_CORE: Final = 2
"""Of a local master: Spark's default of 200 is made for clusters, and small steps would be all overhead."""

LEAST_MEMORY: Final = 1_000_000_000
"""Bytes of a local master: Spark's own default, and with half of it, it refuses to start."""

_SPECIAL: Final = re.compile(r"[{}\[\]*?\\]")
"""What Spark takes for a pattern in a path that it reads."""


def start_session(master: str, memory_limit: int = LEAST_MEMORY) -> SparkSession:
    """A session on a master such as `local[4]` or `spark://host:7077`; settings of the host add to ours.

    Args:
        master: where Spark runs.
        memory_limit: bytes that a local master may take before it spills to disk; a cluster's memory is
            set where the cluster is.

    Raises:
        UsageError: Spark or Java is not installed, or the master cannot be reached.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(
            "the engine spark needs the package pyspark, which is not installed; install "
            "requirements-spark.lock into an environment of its own, as docs/scaling.md says"
        ) from error
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise UsageError(
            "the engine spark needs Java 17 or newer and finds none; install one, or name its folder in "
            "JAVA_HOME"
        )
    # Spoken by the import of pandera, which imports all of pyspark; nothing is handed over as pandas.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    # The workers on this machine run what this process runs.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("audio-multimodal-models")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    if master.startswith("local"):
        cores = master.removeprefix("local").strip("[]")
        count = int(cores) if cores.isdigit() else os.cpu_count() or 1
        builder = builder.config("spark.sql.shuffle.partitions", str(PARTITIONS_PER_CORE * count))
        megabytes = max(memory_limit, LEAST_MEMORY) // 2**20
        builder = builder.config("spark.driver.memory", f"{megabytes}m")
    try:
        session = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise UsageError(f"Spark does not start on {master!a:.80}; look at its own message above") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


@contextmanager
def refuse_lost_jobs(what: str) -> Iterator[None]:
    """Let a job that Spark gave up end in one sentence; a step that Spark cannot read is still a bug.

    Raises:
        SnapshotRefused: a worker was lost too often, or a disk is full.
    """
    from py4j.protocol import Py4JError

    try:
        yield
    except Py4JError as error:
        raise SnapshotRefused(
            f"Spark gave up on {what}: a worker was lost, or memory or disk ran out; its own message stands "
            "above or in the worker's log, and the same command can run again: nothing was changed"
        ) from error


class SparkEngine:
    """The relations of one build as temporary views of one session."""

    def __init__(self, session: SparkSession, work: Path) -> None:
        """Use a session; what steps make lies below `work`, which every worker must see."""
        self._session = session
        self._work = work
        self._names: set[str] = set()
        self._made = 0

    def __enter__(self) -> Self:
        """The engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget the views; the session is its owner's to stop."""
        for name in self._names:
            self._session.catalog.dropTempView(name)
        shutil.rmtree(self._work, ignore_errors=True)

    def read(self, relations: Mapping[str, list[Path]]) -> None:
        """Make one view per relation over its Parquet files."""
        for name, files in sorted(relations.items()):
            self._view(name, self._session.read.parquet(*map(_pattern, files)))

    def read_rows(self, name: str, rows: pa.Table) -> None:
        """Make one relation from rows in memory."""
        path = self._next_folder(name)
        path.mkdir(parents=True)
        pq.write_table(rows, path / "rows.parquet")
        self._view(name, self._session.read.parquet(_pattern(path)))

    def run(self, steps: Iterable[Step]) -> None:
        """Run the steps in order."""
        for step in steps:
            if step.is_view:
                self._view(step.relation, self._session.sql(step.sql))
            elif step.starts_from is None:
                self._view(step.relation, self._make(step.relation, step.sql))
            else:
                self._repeat(step)

    def table(self, name: str, order_by: Iterable[str]) -> pa.Table:
        """All rows of a relation in the order of the given columns."""
        path = self._write_in_order(name, order_by)
        schema = pq.read_schema(_parts(path)[0])
        return pa.Table.from_batches(_read_batches(path), schema=schema)

    def stream(self, name: str, order_by: Iterable[str]) -> Iterator[pa.RecordBatch]:
        """The same rows in batches."""
        return _read_batches(self._write_in_order(name, order_by))

    def settle(self, name: str, files: Iterable[Path]) -> None:
        """Nothing: the relation lies where all workers see it, which the written table need not."""

    def rows_of(self, name: str, column: str, value: str) -> list[dict[str, Any]]:
        """The rows of a relation in which a column has a value."""
        frame = self._session.table(name)
        with refuse_lost_jobs(name):
            found = frame.filter(frame[column] == value).toArrow()
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows

    def _view(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(name)
        self._names.add(name)

    def _make(self, name: str, sql: str) -> DataFrame:
        frame = self._session.sql(sql)
        path = self._next_folder(name)
        with refuse_lost_jobs(name):
            frame.write.parquet(_address(path))
        return self._session.read.schema(frame.schema).parquet(_pattern(path))

    def _repeat(self, step: Step) -> None:
        current = self._session.table(str(step.starts_from))
        self._view(step.relation, current)
        before = self._fingerprint(step.relation)
        for _ in range(MAX_ROUNDS):
            self._view(step.relation, self._make(step.relation, step.sql))
            after = self._fingerprint(step.relation)
            if after == before:
                return
            before = after
        msg = f"step {step.relation} still changes after {MAX_ROUNDS} rounds"
        raise RuntimeError(msg)

    def _fingerprint(self, name: str) -> tuple[Any, ...]:
        """Number of rows and two sums of their hashes: tells two sets apart without comparing row by row."""
        query = f"SELECT count(*), bit_xor(h), sum(CAST(h AS DECIMAL(38, 0))) FROM (SELECT xxhash64(*) AS h FROM {name})"  # noqa: S608, E501 - a name of our own
        with refuse_lost_jobs(name):
            return tuple(self._session.sql(query).collect()[0])

    def _next_folder(self, name: str) -> Path:
        self._made += 1
        return self._work / f"{self._made:04d}-{name}"

    def _write_in_order(self, name: str, order_by: Iterable[str]) -> Path:
        path = self._next_folder(f"{name}-in-order")
        frame = self._session.table(name)
        ordered = frame.orderBy(*(frame[column].asc_nulls_first() for column in order_by))
        with refuse_lost_jobs(name):
            ordered.write.parquet(_address(path))
        return path


def _address(path: Path) -> str:
    """A place to write to; Spark wants it as it is, not escaped as in other addresses."""
    return f"file://{path.absolute()}"


def _pattern(path: Path) -> str:
    """The same to read from, where Spark looks for patterns."""
    return _SPECIAL.sub(r"\\\g<0>", _address(path))


def _parts(folder: Path) -> list[Path]:
    """What Spark wrote, in the order of its partitions."""
    return sorted(folder.glob("part-*.parquet"))


def _read_batches(folder: Path) -> Iterator[pa.RecordBatch]:
    for path in _parts(folder):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(ROWS_PER_BATCH)
