"""`files`: the weight files of each repository."""

from __future__ import annotations

from schemas import vocabulary
from schemas.column import OneOf, RowCheck
from schemas.shared import PATH, SHA256, SNAPSHOT_DATE, TOKEN, coded, count, repo_id, text
from schemas.table import Reference, Table

FILES = Table(
    name="files",
    title="Weight files",
    group="Where it comes from",
    description="One row per file that is needed to load a repository.",
    key=("snapshot_date", "repo_id", "path"),
    empty_because="The evidence of this date holds no file lists: an earlier export did not record them.",
    columns=(
        SNAPSHOT_DATE,
        repo_id,
        text("path", "Path in the repository.", "Hub: siblings", PATH, nullable=False),
        count("size_bytes", "Size of the file.", "Hub: siblings with blobs", "bytes", nullable=False),
        text(
            "sha256",
            "SHA-256 of the content, for files in large-file storage.",
            "Hub: siblings with blobs",
            SHA256,
        ),
        coded("format", "Weight format.", "file name", vocabulary.WEIGHT_FORMAT),
        text("role", "What the file is for.", "file name", OneOf(vocabulary.FILE_ROLE), nullable=False),
        text("variant", "Label in the file name.", "file name", TOKEN),
        count("shard_index", "Position in a sharded set, from 1.", "file name", "shards", 1),
        count("shard_count", "Size of the sharded set.", "file name", "shards", 1),
    ),
    references=(Reference(("repo_id",), "models", ("repo_id",), "a file belongs to a listed repository"),),
    row_checks=(
        RowCheck(("shard_index", "shard_count"), "shard_index <= shard_count", "a shard is one of its set"),
        RowCheck(
            ("shard_index", "shard_count"),
            "(shard_index IS NULL) = (shard_count IS NULL)",
            "a shard has a position exactly where it has a set",
        ),
    ),
)
