"""A snapshot small enough to count by hand: six repositories, four distinct models, four families.

`acme/alpha-7b` is the audio-language model that `someone/alpha-7b-GGUF` copies; `acme/beta-70b` is a
larger one without a known licence; `hobby/whisper-nl` is mis-tagged; `hobby/soon` is a placeholder;
of `lab/gamma-3b` only the copy `mirror/gamma-3b` is listed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pyarrow as pa

from schemas import vocabulary
from schemas.tables import TABLES, table
from schemas.to_arrow import to_arrow_schema

DAY = date(2025, 12, 7)
SEEN = datetime(2025, 12, 7, 12, tzinfo=UTC)
DECIDED = (
    "kind",
    "audio_language_model",
    "input_modalities",
    "output_modalities",
    "audio_domains",
    "instruction_tuned",
    "unique_model_id",
    "family_id",
)
PARAMS = {"memory_tiers_gb": [8, 16, 48]}


def _model(
    repo_id: str, kind: str, audio: str, unique: str | None, family: str | None, **more: object
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "repo_id": repo_id,
        "author": repo_id.partition("/")[0],
        "scopes": ["audio-text-to-text"],
        "observed_at": SEEN,
        "kind": kind,
        "audio_language_model": audio,
        "unique_model_id": unique,
        "family_id": family,
        **more,
    }
    for name in DECIDED:
        if row.get(name) is not None:
            row |= {f"{name}_evidence": "name", f"{name}_confidence": "high" if name == "kind" else "low"}
    if row.get("runtime_parameters") is not None:
        row |= {
            "runtime_parameters_uncertainty": 5_000_000,
            "runtime_parameters_source": "export_rounded",
            "runtime_parameters_confidence": "medium",
        }
    return row


def _kinds(**counts: int) -> dict[str, int]:
    return {f"{kind}_count": counts.get(kind, 0) for kind in vocabulary.KIND}


def _models() -> list[dict[str, Any]]:
    return [
        _model(
            "acme/alpha-7b",
            "original",
            "yes",
            "acme/alpha-7b",
            "alpha",
            runtime_parameters=7_000_000_000,
            hub_total_parameters=7_000_000_000,
            license=["mit"],
            downloads=900,
        ),
        _model(
            "acme/beta-70b",
            "original",
            "yes",
            "acme/beta-70b",
            "beta",
            runtime_parameters=70_600_000_000,
            hub_total_parameters=50_000_000,
            hub_total_disagreement="backbone_elsewhere",
            downloads=50,
        ),
        _model("hobby/soon", "placeholder", "unknown", None, None),
        _model("hobby/whisper-nl", "finetune", "no", "hobby/whisper-nl", "whisper", downloads=3),
        _model(
            "mirror/gamma-3b",
            "mirror",
            "yes",
            "lab/gamma-3b",
            "gamma",
            runtime_parameters=3_000_000_000,
            downloads=10,
        ),
        _model(
            "someone/alpha-7b-GGUF",
            "quantized",
            "yes",
            "acme/alpha-7b",
            "alpha",
            quantization="gguf",
            downloads=100,
        ),
    ]


def _least(repo_id: str) -> dict[str, Any]:
    least = min(
        (row for row in _variants() if row["repo_id"] == repo_id), key=lambda row: row["min_memory_bytes"]
    )
    return {f"min_memory_{name}": least[name] for name in ("repo_id", "variant")} | {
        "min_memory_bytes": least["min_memory_bytes"]
    }


def _unique_models() -> list[dict[str, Any]]:
    def unique(name: str, family: str, audio: str, **more: object) -> dict[str, Any]:
        owner, title = name.split("/")
        return {
            "unique_model_id": name,
            "title": title,
            "family_id": family,
            "authors": [owner],
            "in_snapshot": True,
            "audio_language_model": audio,
            "repositories": 1,
            **_kinds(original=1),
            **more,
        }

    return [
        unique(
            "acme/alpha-7b",
            "alpha",
            "yes",
            repositories=2,
            runtime_parameters=7_000_000_000,
            license=["mit"],
            downloads=1000,
            **_least("acme/alpha-7b"),
            **_kinds(original=1, quantized=1),
        ),
        unique(
            "acme/beta-70b",
            "beta",
            "yes",
            runtime_parameters=70_600_000_000,
            downloads=50,
            **_least("acme/beta-70b"),
        ),
        unique("hobby/whisper-nl", "whisper", "no", downloads=3, **_kinds(finetune=1)),
        unique(
            "lab/gamma-3b",
            "gamma",
            "yes",
            in_snapshot=False,
            runtime_parameters=3_000_000_000,
            downloads=10,
            **_least("mirror/gamma-3b"),
            **_kinds(mirror=1),
        ),
    ]


def _families() -> list[dict[str, Any]]:
    def family(name: str, root: str, models: int, repositories: int, **more: object) -> dict[str, Any]:
        return {
            "family_id": name,
            "title": name.capitalize(),
            "authors": [root.partition("/")[0]],
            "root_repo_id": root,
            "unique_models": 1,
            "repositories": repositories,
            "audio_language_models": models,
            **_kinds(original=repositories),
            **more,
        }

    billion = 10**9
    return [
        family(
            "alpha",
            "acme/alpha-7b",
            1,
            2,
            license=["mit"],
            downloads=1000,
            runtime_parameters_min=7 * billion,
            runtime_parameters_max=7 * billion,
        ),
        family("beta", "acme/beta-70b", 1, 1, downloads=50),
        family(
            "gamma",
            "lab/gamma-3b",
            1,
            1,
            downloads=10,
            runtime_parameters_min=3 * billion,
            runtime_parameters_max=4 * billion,
        ),
        family("whisper", "hobby/whisper-nl", 0, 1, downloads=3),
    ]


def _variants() -> list[dict[str, Any]]:
    rows = []
    for name, parameters in (("acme/alpha-7b", 7), ("acme/beta-70b", 70.6), ("mirror/gamma-3b", 3)):
        for variant, bits in (("bf16", 16), ("int8", 8.5), ("int4", 4.5)):
            weights = int(parameters * bits / 8 * 10**9)
            overhead = max(weights // 10, 512 * 2**20)
            rows.append(
                {
                    "repo_id": name,
                    "variant": variant,
                    "path_group": "*",
                    "basis": "estimate",
                    "weights_bytes": weights,
                    "overhead_bytes": overhead,
                    "min_memory_bytes": weights + overhead,
                    "memory_complete": False,
                }
            )
    return rows


def _gaps(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    accounted = [column for column in table("models").columns if column.gap_reasons]
    return [
        {
            "repo_id": row["repo_id"],
            "column_name": column.name,
            "reason": "not_captured" if "not_captured" in column.gap_reasons else column.gap_reasons[0],
        }
        for row in models
        for column in accounted
        if row.get(column.name) is None
    ]


def _tasks() -> list[dict[str, Any]]:
    def task(tag: str, category: str, number: int, *, exact: bool) -> dict[str, Any]:
        return {
            "pipeline_tag": tag,
            "category": category,
            "model_count": number,
            "exact": exact,
            "counted_at": SEEN,
            "source": "a count for tests",
        }

    return [
        task("audio-text-to-text", "Multimodal", 6, exact=True),
        task("automatic-speech-recognition", "Audio", 27_000, exact=False),
    ]


def tiny_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows by table, without `snapshot_date`; a table that is not named has none."""
    models = _models()
    return {
        "models": models,
        "unique_models": _unique_models(),
        "families": _families(),
        "variants": _variants(),
        "gaps": sorted(_gaps(models), key=lambda row: (row["repo_id"], row["column_name"])),
        "tasks": _tasks(),
    }


def to_frames(rows: dict[str, list[dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    """Every published table, typed as declared; columns that a row leaves out are null."""
    frames = {}
    for declared in TABLES:
        dated = [{"snapshot_date": DAY, **row} for row in rows.get(declared.name, [])]
        frame = pl.from_arrow(pa.Table.from_pylist(dated, schema=to_arrow_schema(declared)))
        assert isinstance(frame, pl.DataFrame)
        frames[declared.name] = frame
    return frames


def to_manifest(frames: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """The manifest that a build would write beside these tables."""
    return {
        "snapshot_date": "2025-12-07",
        "name": "2025-12-07",
        "repository": "acme/audio-multimodal-models",
        "schema_version": "1.0",
        "made_from": {
            "kind": "import",
            "reconstructed": True,
            "format": "export-2025",
            "repository": "acme/listing",
            "commit": "d4bc983",
            "observed_not_after": "2025-12-07T15:26:59Z",
            "capture_id": "a" * 64,
        },
        "code_sha256": "b" * 64,
        "versions": {"polars": "2.1.0"},
        "previous_snapshot_date": None,
        "tables": {name: _entry(name, frame) for name, frame in frames.items()},
        "irregularities": [
            {"field": "gated", "problem": "no true or false", "records": 1, "examples": ["acme/alpha-7b"]}
        ],
        "drift_reason": None,
        "redacted": {"rows": 0, "mentions": 0},
    }


def _entry(name: str, frame: pl.DataFrame) -> dict[str, Any]:
    rows = frame.height
    counts = {column: frame[column].count() for column in frame.columns}
    return {
        "rows": rows,
        "bytes": 1000 + rows,
        "arrow_bytes": 2000 + rows,
        "content_sha256": "c" * 64,
        "empty_because": "" if rows else f"The evidence says nothing for {name}.",
        "columns": {
            column: {"non_null": count, "fill_rate": count / max(rows, 1)} for column, count in counts.items()
        },
    }
