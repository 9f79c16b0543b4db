"""Carries out the parsing of shards: in this process where there is one, in a pool of processes else."""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from builder.errors import SnapshotRefused
from builder.relations.shards import ParsedShard, Shard, parse_shard


@dataclass(frozen=True)
class Workers:
    """How many processes parse, and whom they tell how far they are."""

    processes: int | None = None
    """None for as many as the machine lets this process use."""
    tell: Callable[[str], None] = lambda _: None
    records: int = 0
    """Records of all shards together, for the time to go; 0 where it is not known."""

    def parse(self, shards: list[Shard]) -> Iterator[ParsedShard]:
        """Every shard parsed, in the order in which they are done.

        Raises:
            EvidenceUnreadable, SchemaViolation, OSError: as `parse_shard` says, of the first that fails.
            SnapshotRefused: a process was killed.
        """
        processes = min(self.processes or count_processors(), len(shards))
        began, done = time.monotonic(), 0
        for parsed in (
            (parse_shard(shard) for shard in shards) if processes <= 1 else _pool(shards, processes)
        ):
            done += parsed.records
            self._tell(done, time.monotonic() - began)
            yield parsed

    def _tell(self, done: int, seconds: float) -> None:
        if not done or done == self.records:
            return
        rate = done / max(seconds, 1e-9)
        to_go = f", about {(self.records - done) / rate:.0f} s to go" if self.records else ""
        self.tell(f"parsing evidence: {done:,} of {self.records:,} records, {rate:,.0f} a second{to_go}")


def count_processors() -> int:
    """Processors that this process may use, which in a container can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pool(shards: list[Shard], processes: int) -> Iterator[ParsedShard]:
    # Spawned, not forked: threads of polars and Arrow do not survive a fork. Parse makes no circles of
    # objects, so that looking for them finds nothing and takes a tenth of the time.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=gc.disable) as pool:
        tasks: dict[Future[ParsedShard], Shard] = {}
        try:
            for shard in shards:
                tasks[pool.submit(parse_shard, shard)] = shard
            for task in as_completed(tasks):
                yield task.result()
        except BrokenProcessPool as error:
            # One that was started while the pool broke is waited for by it, and never told to end.
            for process in multiprocessing.active_children():
                process.kill()
            # Every task that was not done breaks with the pool; those that were begun are the first of them.
            parsed = {shard.records for task, shard in tasks.items() if not task.exception()}
            broken = [shard.records.name for shard in shards if shard.records not in parsed][:processes]
            raise SnapshotRefused(
                f"a process that parsed {' or '.join(broken)} was killed, perhaps for want of memory; run "
                "the same command again, with fewer `--workers` if it happens twice: nothing was changed"
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
