"""Columns that say what a model is: each one decided by rules, with evidence and confidence."""

from __future__ import annotations

from dataclasses import replace

from schemas import vocabulary
from schemas.column import Column, OneOf, RowCheck
from schemas.shared import DECISIONS, coded, family_id, flag, modalities, presence, texts, unique_model_id

_GAPS = ("no_weights_in_repo", "not_stated", "conflicting_sources")

kind = coded(
    "kind",
    f"What the repository is. {vocabulary.meanings(vocabulary.KIND)}",
    DECISIONS,
    vocabulary.KIND,
    nullable=False,
    tracked=True,
)
audio_language_model = coded(
    "audio_language_model",
    "Whether the model takes audio and a text prompt and gives text.",
    DECISIONS,
    vocabulary.AUDIO_LANGUAGE_MODEL,
    nullable=False,
    tracked=True,
)
input_modalities = texts(
    "input_modalities", "What the model takes in.", DECISIONS, modalities, gap_reasons=_GAPS
)
output_modalities = texts(
    "output_modalities", "What the model gives out.", DECISIONS, modalities, gap_reasons=_GAPS
)
audio_domains = texts(
    "audio_domains",
    "Which audio the model was made for.",
    DECISIONS,
    OneOf(tuple(vocabulary.AUDIO_DOMAIN)),
    gap_reasons=_GAPS,
)
instruction_tuned = flag(
    "instruction_tuned",
    "Whether the model follows instructions (false: a base or pretrained checkpoint).",
    DECISIONS,
    gap_reasons=_GAPS,
)
DECIDED: tuple[Column, ...] = (
    kind,
    audio_language_model,
    input_modalities,
    output_modalities,
    audio_domains,
    instruction_tuned,
    # Tracked here only: in the tables that they are keys of, another value is another row.
    replace(unique_model_id, tracked=True),
    replace(family_id, tracked=True),
)


def judgement(column: Column) -> tuple[Column, Column]:
    """`_evidence` and `_confidence` beside a decided column."""
    return (
        coded(
            f"{column.name}_evidence",
            f"What `{column.name}` was decided by.",
            DECISIONS,
            vocabulary.EVIDENCE,
            nullable=column.nullable,
        ),
        coded(
            f"{column.name}_confidence",
            f"How sure `{column.name}` is; accuracy per level is measured and published.",
            DECISIONS,
            vocabulary.CONFIDENCE,
            nullable=column.nullable,
        ),
    )


JUDGEMENTS = tuple(companion for column in DECIDED for companion in judgement(column))
JUDGEMENT_CHECKS = tuple(
    RowCheck(
        (column.name, *(companion.name for companion in judgement(column))),
        presence(column, *judgement(column)),
        f"`{column.name}` has evidence and confidence exactly where it has a value",
    )
    for column in DECIDED
    if column.nullable
)
