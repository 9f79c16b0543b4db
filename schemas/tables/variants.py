"""`variants`: what can be loaded, and the memory it takes."""

from __future__ import annotations

import pyarrow as pa

from schemas import vocabulary
from schemas.column import Column, MaxLength, NotBlank, RowCheck
from schemas.shared import (
    PATH,
    SNAPSHOT_DATE,
    TOKEN,
    coded,
    count,
    described,
    flag,
    repo_id,
    runtimes,
    runtimes_experimental,
    text,
    texts,
)
from schemas.table import Reference, Table

_CACHE = (
    "Key-value cache for {minutes} minutes of audio at 16 bits: minutes · 60 · `audio_tokens_per_s` tokens "
    "of `kv_cache_bytes_per_token` each, where layers with a sliding window stop growing at its end; null "
    "where a factor is not known, or where that is more than `context_length` or `audio_max_s` (the shortest "
    "duration is cut to `audio_max_s` instead)."
)

VARIANTS = Table(
    name="variants",
    title="Loadable variants",
    group="What people come for",
    description="One row per way to load a repository: a file or set of files, or a precision where "
    "files are unknown.",
    key=("snapshot_date", "repo_id", "variant", "path_group"),
    columns=(
        SNAPSHOT_DATE,
        repo_id,
        text(
            "variant",
            "Label of a GGUF file, such as `Q4_K_M`, or a precision: `bf16`, `int8`, `int4`.",
            "file names, or the estimate",
            TOKEN,
            nullable=False,
        ),
        Column(
            "path_group",
            pa.string(),
            "Folder or stem that tells equal labels of one repository apart; `*` where nothing needs "
            "telling apart.",
            "table `files`",
            nullable=False,
            checks=(NotBlank(), MaxLength(256)),
        ),
        coded("basis", "What the sizes rest on.", "build", vocabulary.VARIANT_BASIS, nullable=False),
        texts("paths", "Files to load, with projector; null for an estimate.", "table `files`", PATH),
        count(
            "weights_bytes",
            "Weights with projector and external components: file sizes, or `runtime_parameters` · bits / 8 "
            "(bf16: 16 bits, int8: 8.5, int4: 4.5, the half bit for block scales as in llama.cpp's "
            "Q8_0 and Q4_0; copies that keep embeddings or encoders at 16 bits need more).",
            "table `files`, or `models.runtime_parameters`",
            "bytes",
            1,
            nullable=False,
        ),
        *(
            count(f"kv_cache_bytes_{minutes}min", _CACHE.format(minutes=minutes), "configuration", "bytes")
            for minutes in (3, 30, 60)
        ),
        count(
            "overhead_bytes",
            "Buffers beside weights and cache: 10 % of the weights, at least 512 MiB; an allowance, "
            "not a measurement.",
            "formula",
            "bytes",
            nullable=False,
        ),
        count(
            "min_memory_bytes",
            "Weights, overhead and, where known, the cache for 3 minutes of audio: VRAM or unified memory.",
            "sum of the columns before",
            "bytes",
            1,
            nullable=False,
        ),
        flag(
            "memory_complete",
            "False where the cache is not known, so that the minimum leaves it out.",
            "build",
            nullable=False,
        ),
        described(
            runtimes,
            "Programs that read this format and in which the design is documented to work, audio included; "
            "null where none is, or nobody says.",
            "table `runtimes`, and the format of the files",
        ),
        described(
            runtimes_experimental,
            "Programs that read this format and are documented to take the design with a warning.",
            "table `runtimes`, and the format of the files",
        ),
    ),
    references=(Reference(("repo_id",), "models", ("repo_id",), "a variant belongs to a listed repository"),),
    row_checks=(
        RowCheck(
            ("weights_bytes", "overhead_bytes", "kv_cache_bytes_3min", "min_memory_bytes"),
            "min_memory_bytes = weights_bytes + overhead_bytes + coalesce(kv_cache_bytes_3min, 0)",
            "the minimum is the sum of its parts",
        ),
        RowCheck(
            ("memory_complete", "kv_cache_bytes_3min"),
            "memory_complete = (kv_cache_bytes_3min IS NOT NULL)",
            "memory is complete exactly where the cache is known",
        ),
        RowCheck(
            ("kv_cache_bytes_3min", "kv_cache_bytes_30min", "kv_cache_bytes_60min"),
            "(kv_cache_bytes_30min IS NULL OR kv_cache_bytes_3min IS NOT NULL) "
            "AND (kv_cache_bytes_60min IS NULL OR kv_cache_bytes_30min IS NOT NULL) "
            "AND coalesce(kv_cache_bytes_3min <= kv_cache_bytes_30min, TRUE) "
            "AND coalesce(kv_cache_bytes_30min <= kv_cache_bytes_60min, TRUE)",
            "a cache that is known for some duration is known for shorter ones, and grows",
        ),
        RowCheck(
            ("basis", "paths"),
            "(basis = 'files') = (paths IS NOT NULL)",
            "files are named exactly where sizes rest on files",
        ),
    ),
)
