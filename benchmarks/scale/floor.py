"""The floor: DuckDB's own reader turns the same evidence into typed Parquet once, and no rule is applied.

python -m benchmarks.scale.floor FOLDER OUTPUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

_LIST = (
    "STRUCT(_id VARCHAR, author VARCHAR, createdAt TIMESTAMPTZ, lastModified TIMESTAMPTZ, downloads BIGINT, "
    "downloadsAllTime BIGINT, likes BIGINT, gated VARCHAR, library_name VARCHAR, pipeline_tag VARCHAR, "
    "private BOOLEAN, sha VARCHAR, tags VARCHAR[], trendingScore DOUBLE, baseModels JSON, cardData JSON, "
    "config JSON, gguf JSON, safetensors JSON)"
)


def convert(evidence: Path, output: Path) -> int:
    """Write `output` from every shard in the folder; the number of rows."""
    with duckdb.connect() as connection:
        connection.execute(
            "SET memory_limit = '2GB'; SET preserve_insertion_order = false; SET TimeZone = 'UTC'"
        )
        rows = connection.execute(
            f"COPY (SELECT repo_id, role, unnest(parts.list) FROM read_json(?, format = 'newline_delimited', "  # noqa: S608 - our own text
            f"columns = {{repo_id: 'VARCHAR', role: 'VARCHAR', parts: 'STRUCT(list {_LIST})'}})) "
            "TO ? (FORMAT parquet, COMPRESSION zstd)",
            [sorted(map(str, evidence.glob("records-*.jsonl"))), str(output)],
        ).fetchone()
    return int(rows[0]) if rows else 0


if __name__ == "__main__":
    sys.stdout.write(f"{convert(Path(sys.argv[1]), Path(sys.argv[2]))}\n")
