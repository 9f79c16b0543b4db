"""`models`: one row per Hub repository in scope."""

from __future__ import annotations

from dataclasses import replace

from schemas import vocabulary
from schemas.column import AtLeast, AtMost, Column, RowCheck
from schemas.counted import COUNT_CHECKS, COUNTED, PROVENANCE, PROVENANCE_CHECKS
from schemas.decided import DECIDED, JUDGEMENT_CHECKS, JUDGEMENTS
from schemas.shared import (
    DECISIONS,
    HUB_ID,
    REPO_ID,
    SHA,
    SHORTEST,
    SNAPSHOT_DATE,
    TAG,
    TOKEN,
    URL,
    audio_max_s,
    coded,
    context_length,
    count,
    downloads,
    instant,
    language,
    last_modified,
    license_,
    likes,
    number,
    observed_at,
    repo_id,
    required,
    text,
    texts,
    weight_formats,
)
from schemas.table import Reference, Table

_UNSEEN = ("not_captured",)
_UNSTATED = ("not_captured", "not_stated")
_CONFIG = ("config_absent", "not_captured", "not_stated")
_RUNNING = (*_CONFIG, "no_weights_in_repo")
_OF_WEIGHTS = (
    "weight_formats",
    "quantization",
    "bits_per_weight",
    "weights_bytes",
    *(column.name for column in COUNTED),
)
"""What can be said only of a repository that holds weights."""


def _gaps(column: Column, reasons: tuple[str, ...], *, tracked: bool = False) -> Column:
    return replace(column, gap_reasons=reasons, tracked=tracked)


MODELS = Table(
    name="models",
    title="Models",
    group="What people come for",
    description="One row per Hub repository in scope. Bases outside the scope are never rows here.",
    key=("snapshot_date", "repo_id"),
    columns=(
        SNAPSHOT_DATE,
        repo_id,
        _gaps(
            text("hub_id", "The Hub's own id, stable across renames.", "Hub: _id", HUB_ID),
            _UNSEEN,
            # Another id under the same name is another repository.
            tracked=True,
        ),
        text(
            "author",
            "User or organisation that owns the repository.",
            "Hub: author, or the id's owner",
            TOKEN,
            nullable=False,
        ),
        _gaps(
            text("sha", "Commit of the repository at observation.", "Hub: sha", SHA), _UNSEEN, tracked=True
        ),
        required(texts("scopes", "Queries of the capture that listed the repository.", "evidence", TOKEN)),
        required(observed_at),
        _gaps(
            text("pipeline_tag", "Task that the Hub files the repository under.", "Hub: pipeline_tag", TOKEN),
            _UNSTATED,
            tracked=True,
        ),
        _gaps(
            text("library_name", "Library that the card or the files name.", "Hub: library_name", TOKEN),
            _UNSTATED,
        ),
        _gaps(texts("architectures", "Model classes.", "Hub: config.architectures", TOKEN), _CONFIG),
        _gaps(
            text("model_type", "Model type of the configuration.", "Hub: config.model_type", TOKEN), _CONFIG
        ),
        _gaps(
            instant(
                "created_at",
                "Creation of the repository; 2022-03-02 where it is older, since when the Hub records it.",
                "Hub: createdAt",
            ),
            _UNSEEN,
        ),
        _gaps(last_modified, _UNSEEN, tracked=True),
        _gaps(downloads, _UNSEEN),
        _gaps(
            count("downloads_all_time", "Downloads since creation.", "Hub: downloadsAllTime", "downloads"),
            _UNSEEN,
        ),
        _gaps(likes, _UNSEEN),
        _gaps(
            number("trending_score", "The Hub's trending score.", "Hub: trendingScore", "score", AtLeast(0)),
            _UNSEEN,
        ),
        _gaps(
            coded("gated", "Whether files can be read without a grant.", "Hub: gated", vocabulary.GATED),
            _UNSEEN,
            tracked=True,
        ),
        _gaps(license_, _UNSTATED, tracked=True),
        _gaps(
            text(
                "license_name", "Name of a licence outside the Hub's list.", "Hub: cardData.license_name", TAG
            ),
            _UNSTATED,
        ),
        _gaps(text("license_link", "Link to that licence.", "Hub: cardData.license_link", URL), _UNSTATED),
        _gaps(language, _UNSTATED),
        _gaps(
            texts(
                "tags",
                "Tags, without languages, licences, bases and regions, which have columns of their own.",
                "Hub: tags",
                TAG,
            ),
            _UNSTATED,
        ),
        _gaps(
            count(
                "used_storage_bytes",
                "Storage over the whole git history and all branches: not a size to plan by.",
                "Hub: usedStorage",
                "bytes",
            ),
            _UNSEEN,
        ),
        _gaps(
            count(
                "used_storage_bytes_uncertainty",
                "Half width of the interval that holds the true `used_storage_bytes`; 0 is exact.",
                "rounding of the source",
                "bytes",
            ),
            _UNSEEN,
        ),
        *DECIDED,
        _gaps(weight_formats, ("no_weights_in_repo", "not_captured"), tracked=True),
        coded(
            "quantization",
            "Method of quantisation; a 16-bit GGUF is `none`.",
            DECISIONS,
            vocabulary.QUANTIZATION,
            gap_reasons=("no_weights_in_repo", "not_captured", "not_stated"),
        ),
        number(
            "bits_per_weight",
            "Bits per weight; null where the files differ.",
            "dtypes, names or file sizes",
            "bits",
            AtLeast(1),
            AtMost(64),
            gap_reasons=("no_weights_in_repo", "not_captured", "packing_ambiguous", "conflicting_sources"),
        ),
        count(
            "weights_bytes",
            "Size of the weight files of the current revision.",
            "table `files`",
            "bytes",
            minimum=1,
            gap_reasons=("no_weights_in_repo", "not_captured"),
        ),
        *COUNTED,
        _gaps(
            count(
                "hub_total_parameters",
                "The Hub's own number, kept for comparison.",
                "Hub: safetensors.total or gguf.total, or an earlier export of it",
                "parameters",
                minimum=1,
            ),
            ("no_weights_in_repo", "gated", "format_without_counts", "not_captured"),
        ),
        coded(
            "hub_total_disagreement",
            "Why the Hub's number differs from `runtime_parameters` by more than the limit in "
            "`params.yaml`; null "
            "where it does not, or where either number is null.",
            "comparison of the two",
            vocabulary.HUB_TOTAL_DISAGREEMENT,
        ),
        texts(
            "external_components",
            "Repositories that must be loaded too; null when there is none or none is known.",
            "table `lineage`",
            REPO_ID,
        ),
        _gaps(context_length, _RUNNING),
        count(
            "max_output_tokens",
            "Longest output.",
            "configuration, or curated per design where evidence holds none",
            "tokens",
            minimum=1,
            gap_reasons=_RUNNING,
        ),
        count(
            "audio_sampling_rate_hz",
            "Sampling rate of the input.",
            "configuration, or curated per design where evidence holds none",
            "Hz",
            minimum=1,
            gap_reasons=_RUNNING,
        ),
        number(
            "audio_window_s",
            "Audio that the encoder sees at once.",
            "configuration, or curated per design where evidence holds none",
            "seconds",
            SHORTEST,
            gap_reasons=_RUNNING,
        ),
        _gaps(audio_max_s, _RUNNING),
        number(
            "audio_tokens_per_s",
            "Tokens that a second of audio becomes.",
            "configuration, or curated per design where evidence holds none",
            "tokens per second",
            SHORTEST,
            gap_reasons=_RUNNING,
        ),
        count(
            "kv_cache_bytes_per_token",
            "Cache per token at 16 bits: 2 · layers · key-value heads · head size · 2 bytes.",
            "configuration of the language model, or curated where evidence holds none",
            "bytes per token",
            minimum=1,
            gap_reasons=_RUNNING,
        ),
        *JUDGEMENTS,
        *PROVENANCE,
    ),
    references=(
        Reference(
            ("unique_model_id",),
            "unique_models",
            ("unique_model_id",),
            "a model has its row in `unique_models`",
        ),
        Reference(("family_id",), "families", ("family_id",), "a model's family has its row in `families`"),
    ),
    row_checks=(
        *JUDGEMENT_CHECKS,
        *PROVENANCE_CHECKS,
        *COUNT_CHECKS,
        RowCheck(
            ("kind", "unique_model_id"),
            "(kind = 'placeholder') = (unique_model_id IS NULL)",
            "a placeholder, and nothing else, has no unique model",
        ),
        RowCheck(
            ("kind", "family_id"),
            "kind = 'placeholder' OR family_id IS NOT NULL",
            "every repository with weights has a family",
        ),
        RowCheck(
            ("kind", "repo_id", "unique_model_id"),
            "unique_model_id IS NULL "
            "OR (kind IN ('quantized', 'conversion', 'mirror')) = (unique_model_id <> repo_id)",
            "a copy stands for another repository, every other model for itself",
        ),
        RowCheck(
            ("kind", "audio_language_model"),
            "kind <> 'placeholder' OR audio_language_model = 'unknown'",
            "a placeholder is not known to be an audio-language model",
        ),
        RowCheck(
            ("kind", *_OF_WEIGHTS),
            "kind <> 'placeholder' OR (" + " AND ".join(f"{name} IS NULL" for name in _OF_WEIGHTS) + ")",
            "a placeholder has no weights to describe",
        ),
        RowCheck(
            ("used_storage_bytes", "used_storage_bytes_uncertainty"),
            "(used_storage_bytes IS NULL) = (used_storage_bytes_uncertainty IS NULL)",
            "storage has an uncertainty exactly where it has a value",
        ),
        RowCheck(
            ("hub_total_disagreement", "hub_total_parameters", "runtime_parameters"),
            "hub_total_disagreement IS NULL "
            "OR (hub_total_parameters IS NOT NULL AND runtime_parameters IS NOT NULL)",
            "a disagreement is between two numbers",
        ),
    ),
)
