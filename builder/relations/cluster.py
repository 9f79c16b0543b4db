"""Carries out the parsing of shards on the workers of a Spark session: one task per shard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.engine.spark import refuse_lost_jobs
from builder.errors import BuilderError
from builder.relations.shards import ParsedShard, Shard, parse_shard

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Cluster:
    """The workers of a session; they need this project in their environment, and the paths of the shards."""

    session: SparkSession
    tell: Callable[[str], None] = lambda _: None

    def parse(self, shards: list[Shard]) -> Iterator[ParsedShard]:
        """Every shard parsed, in the order of the shards.

        Raises:
            EvidenceUnreadable, SchemaViolation, OSError: as `parse_shard` says, of the first that fails.
            SnapshotRefused: a worker was lost.
        """
        self.tell(f"parsing evidence: {len(shards):,} shards on the workers of Spark")
        tasks = self.session.sparkContext.parallelize(shards, max(len(shards), 1))
        with refuse_lost_jobs("the parsing of evidence"):
            outcomes = tasks.map(_attempt).collect()
        for outcome in outcomes:
            if isinstance(outcome, ParsedShard):
                yield outcome
            else:
                raise outcome


def _attempt(shard: Shard) -> ParsedShard | BuilderError | OSError:
    """What is wrong with the input is a result: raised, Spark would try again and bury the message."""
    try:
        return parse_shard(shard)
    except (BuilderError, OSError) as error:
        return error
