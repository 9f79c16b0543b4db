"""Carries out the parsing of shards on the workers of a Spark session: one task per shard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.errors import BuilderError
from builder.relations.shards import ParsedShard, Shard, parse_shard

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Cluster:
    """The workers of a session; they need this project in their environment, and the paths of the shards."""

    session: SparkSession

    def parse(self, shards: list[Shard]) -> Iterator[ParsedShard]:
        """Every shard parsed, in the order of the shards.

        Raises:
            EvidenceUnreadable, SchemaViolation, OSError: as `parse_shard` says, of the first that fails.
        """
        tasks = self.session.sparkContext.parallelize(shards, max(len(shards), 1))
        for outcome in tasks.map(_attempt).collect():
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
