"""`families`: one row per release line, as a person would say "Qwen2-Audio" or "Ultravox"."""

from __future__ import annotations

from schemas.column import RowCheck
from schemas.shared import (
    LEAST_MEMORY_CHECK,
    LEAST_MEMORY_REFERENCE,
    PLAIN,
    REPO_ID,
    SNAPSHOT_DATE,
    TOKEN,
    audio_max_s,
    count,
    described,
    downloads,
    family_id,
    first_created_at,
    kind_counts,
    kinds_add_up,
    language,
    last_modified,
    license_,
    likes,
    min_memory,
    parameters,
    quantizations,
    renamed,
    required,
    text,
    texts,
    weight_formats,
)
from schemas.table import Reference, Table

_SUM = "Sum over the family's repositories"

FAMILIES = Table(
    name="families",
    title="Families",
    group="What people come for",
    description="One row per release line. Every repository with weights has a family.",
    key=("snapshot_date", "family_id"),
    columns=(
        SNAPSHOT_DATE,
        required(family_id),
        text("title", "Name for people.", "curated titles, or the name of the root", PLAIN, nullable=False),
        texts(
            "authors",
            "Owners of the family's distinct models.",
            "`models.unique_model_id`",
            TOKEN,
            nullable=False,
        ),
        text(
            "root_repo_id",
            "The distinct model that the family is told by: its most downloaded original, or where no "
            "original is listed, its most downloaded model.",
            "`unique_models`",
            REPO_ID,
            nullable=False,
        ),
        count(
            "unique_models", "Distinct trained models.", "table `unique_models`", "models", 1, nullable=False
        ),
        count("repositories", "Rows of `models`.", "table `models`", "repositories", 1, nullable=False),
        count(
            "audio_language_models",
            "Distinct models that take audio and a text prompt and give text; the card and the "
            "scores use families "
            "where this is above 0.",
            "table `unique_models`",
            "models",
            nullable=False,
        ),
        *kind_counts("`models.kind`"),
        renamed(parameters, "runtime_parameters_min", "Smallest `runtime_parameters` of a distinct model."),
        renamed(parameters, "runtime_parameters_max", "Largest `runtime_parameters` of a distinct model."),
        license_,
        language,
        weight_formats,
        quantizations,
        texts("backbones", "Language models that the family's models stand on.", "table `lineage`", REPO_ID),
        *min_memory,
        audio_max_s,
        described(downloads, f"{_SUM}, last 30 days."),
        described(likes, f"{_SUM}."),
        first_created_at,
        last_modified,
    ),
    references=(
        Reference(
            ("root_repo_id",), "unique_models", ("unique_model_id",), "a family's root is a distinct model"
        ),
        LEAST_MEMORY_REFERENCE,
    ),
    row_checks=(
        RowCheck(
            ("unique_models", "audio_language_models", "repositories"),
            "audio_language_models <= unique_models AND unique_models <= repositories",
            "no more audio-language models than distinct models, nor more of these than repositories",
        ),
        RowCheck(
            ("runtime_parameters_min", "runtime_parameters_max"),
            "runtime_parameters_min <= runtime_parameters_max",
            "the smallest is not larger than the largest",
        ),
        LEAST_MEMORY_CHECK,
        kinds_add_up(),
    ),
)
