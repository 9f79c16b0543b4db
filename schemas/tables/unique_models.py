"""`unique_models`: one row per distinct trained model, the table people open first."""

from __future__ import annotations

from schemas.column import RowCheck
from schemas.counted import active_parameters
from schemas.decided import (
    audio_domains,
    audio_language_model,
    input_modalities,
    instruction_tuned,
    output_modalities,
)
from schemas.shared import (
    LEAST_MEMORY_CHECK,
    LEAST_MEMORY_REFERENCE,
    PLAIN,
    REPO_ID,
    SNAPSHOT_DATE,
    TOKEN,
    audio_max_s,
    context_length,
    count,
    described,
    downloads,
    family_id,
    first_created_at,
    flag,
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
    runtimes,
    runtimes_experimental,
    text,
    texts,
    unaccounted,
    unique_model_id,
    weight_formats,
)
from schemas.table import Reference, Table

_SUM = "Sum over the copies and the original"

UNIQUE_MODELS = Table(
    name="unique_models",
    title="Distinct models",
    group="What people come for",
    description="One row per distinct trained model; quantisations, conversions and mirrors are "
    "counted, not listed.",
    key=("snapshot_date", "unique_model_id"),
    columns=(
        SNAPSHOT_DATE,
        described(required(unique_model_id), "The original repository."),
        text("title", "Name for people.", "name of the original repository", PLAIN, nullable=False),
        required(family_id),
        texts("authors", "Owner of the original repository.", "`unique_model_id`", TOKEN, nullable=False),
        flag(
            "in_snapshot",
            "Whether the original repository is a row of `models`; false where only copies of it are listed.",
            "table `models`",
            nullable=False,
        ),
        unaccounted(audio_language_model),
        unaccounted(input_modalities),
        unaccounted(output_modalities),
        unaccounted(audio_domains),
        unaccounted(instruction_tuned),
        parameters,
        unaccounted(active_parameters),
        texts(
            "external_components",
            "Repositories that must be loaded too; null when there is none or none is known.",
            "table `lineage`",
            REPO_ID,
        ),
        count(
            "repositories",
            "Rows of `models` that hold these weights.",
            "table `models`",
            "repositories",
            1,
            nullable=False,
        ),
        *kind_counts("`models.kind`"),
        weight_formats,
        quantizations,
        *min_memory,
        audio_max_s,
        context_length,
        language,
        license_,
        texts(
            "required_licenses",
            "Licences of the model and of everything that must be loaded with it (an MIT delta on a "
            "gated Llama is "
            "not free); `unknown` stands for a component whose licence is not known.",
            "`license` of the model and of its external components",
            TOKEN,
        ),
        flag(
            "required_gated",
            "Whether the model or something that must be loaded with it is gated; null where that is "
            "not known.",
            "`gated` of the model and of its external components",
        ),
        described(downloads, f"{_SUM}, last 30 days."),
        renamed(downloads, "downloads_root", "Downloads of the original repository alone, last 30 days."),
        described(likes, f"{_SUM}."),
        first_created_at,
        last_modified,
        runtimes,
        runtimes_experimental,
    ),
    references=(
        Reference(
            ("family_id",), "families", ("family_id",), "a distinct model's family has its row in `families`"
        ),
        LEAST_MEMORY_REFERENCE,
    ),
    row_checks=(
        LEAST_MEMORY_CHECK,
        kinds_add_up(),
        RowCheck(
            ("in_snapshot", "downloads_root"),
            "in_snapshot OR downloads_root IS NULL",
            "downloads of the original are known only where it is listed",
        ),
        RowCheck(
            ("downloads", "downloads_root"),
            "downloads_root <= downloads",
            "the original's downloads are part of the sum",
        ),
    ),
)
