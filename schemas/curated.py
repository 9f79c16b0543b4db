"""Relations of hand-kept facts, each with its source."""

from __future__ import annotations

import pyarrow as pa

from schemas import vocabulary
from schemas.column import AtLeast, Column, NotBlank
from schemas.parsed import free
from schemas.shared import (
    REPO_ID,
    TOKEN,
    coded,
    count,
    flag,
    instant,
    number,
    text,
)
from schemas.table import Table

ARCHITECTURE = Table(
    name="architecture",
    title="Architectures",
    description="What a model type takes in and gives out.",
    key=("model_type",),
    columns=(
        free("model_type", "Model type, as `config.json` spells it.", "curated", nullable=False),
        free("family", "Name shared by model types of one design.", "curated", nullable=False),
        flag("takes_audio", "Whether audio goes in.", "curated", nullable=False),
        flag("takes_text", "Whether a text prompt goes in.", "curated", nullable=False),
        flag("gives_text", "Whether text comes out.", "curated", nullable=False),
        flag("dense", "False for a mixture of experts; null where it depends.", "curated"),
        flag(
            "delta",
            "Whether the design stores a projector and lets the language model live elsewhere.",
            "curated",
            nullable=False,
        ),
        free("line", "Release line that the design is known by.", "curated"),
        free("owner", "Who releases the weights of this design; null where anybody does.", "curated"),
        free("source", "Where that is written.", "curated", nullable=False),
    ),
)

ARCHITECTURE_VALUE = Table(
    name="architecture_value",
    title="Modalities of architectures",
    description="One row per modality or audio domain of an architecture.",
    key=("model_type", "column_name", "value"),
    columns=(
        free("model_type", "Model type.", "curated", nullable=False),
        text(
            "column_name",
            "`input_modalities`, `output_modalities` or `audio_domains`.",
            "curated",
            TOKEN,
            nullable=False,
        ),
        free("value", "The element.", "curated", nullable=False),
    ),
)

ARCHITECTURE_ALIAS = Table(
    name="architecture_alias",
    title="Names of architectures",
    description="Class names of a model type, and release lines whose models have it.",
    key=("alias_kind", "alias"),
    columns=(
        text("alias_kind", "`class` or `line`.", "curated", TOKEN, nullable=False),
        free("alias", "The name.", "curated", nullable=False),
        free("model_type", "Model type.", "curated", nullable=False),
    ),
)

BACKBONE = Table(
    name="backbone",
    title="Backbones",
    description="Language models and encoders outside the snapshot, with their sizes.",
    key=("repo_id", "component"),
    columns=(
        text("repo_id", "The backbone.", "curated", REPO_ID, nullable=False),
        coded("component", "What it serves as.", "curated", vocabulary.COMPONENT, nullable=False),
        free("model_type", "Its model type.", "curated", nullable=False),
        count("logical_parameters", "Its weights; null where not known.", "curated", "parameters", 1),
        count(
            "active_parameters",
            "Weights active per token, for a mixture of experts.",
            "curated",
            "parameters",
            1,
        ),
        count(
            "uncertainty",
            "Half width of the interval of the true value.",
            "curated",
            "parameters",
            nullable=False,
        ),
        count(
            "tied_head",
            "Vocabulary times width, where output head and input embedding are one.",
            "curated",
            "parameters",
            1,
        ),
        coded("count_source", "How it was counted.", "curated", vocabulary.PARAMETER_SOURCE),
        instant("observed_at", "When it was read.", "curated", nullable=False),
        free("license", "Its licence.", "curated"),
        coded("gated", "Whether it is gated.", "curated", vocabulary.GATED),
        free("source", "Where that is written.", "curated", nullable=False),
    ),
)

BACKBONE_ALIAS = Table(
    name="backbone_alias",
    title="Names of backbones",
    description="Words in the name of a delta that name its backbone or encoder.",
    key=("model_type", "alias", "component"),
    columns=(
        free("model_type", "Model type of the delta.", "curated", nullable=False),
        free("alias", "Words in the delta's name, between spaces.", "curated", nullable=False),
        coded("component", "What the target serves as.", "curated", vocabulary.COMPONENT, nullable=False),
        text("repo_id", "The backbone that the words mean.", "curated", REPO_ID, nullable=False),
        count("words", "How many words; the longest match wins.", "curated", "words", 1, nullable=False),
    ),
)

DESIGN_PART = Table(
    name="design_part",
    title="Parts of designs",
    description="Language model and encoder of designs whose models all stand on the same ones.",
    key=("model_type", "component"),
    columns=(
        free("model_type", "Model type of the design.", "curated", nullable=False),
        coded("component", "What the part serves as.", "curated", vocabulary.COMPONENT, nullable=False),
        text("repo_id", "The part.", "curated", REPO_ID, nullable=False),
        free("source", "Where that is written.", "curated", nullable=False),
    ),
)

_SCOPE = ("unique_model_id", "line", "model_type", "repo_id")
_scope = coded("scope", "What `name` names.", "curated", _SCOPE, nullable=False)
_scoped = free("name", "A distinct model, release line, model type or repository.", "curated", nullable=False)

AUDIO_FACT = Table(
    name="audio_fact",
    title="Audio facts",
    description="What a design or line does with sound, for evidence that holds no configuration.",
    key=("scope", "name"),
    columns=(
        _scope,
        _scoped,
        count("audio_sampling_rate_hz", "Sampling rate of the input.", "curated", "Hz", 1),
        number("audio_window_s", "Seconds that the encoder sees at once.", "curated", "seconds", AtLeast(0)),
        number(
            "audio_tokens_per_s", "Tokens that a second becomes.", "curated", "tokens per second", AtLeast(0)
        ),
        number("audio_max_s", "Longest audio stated.", "curated", "seconds", AtLeast(0)),
        count("max_output_tokens", "Longest output.", "curated", "tokens", 1),
        Column(
            "source", pa.string(), "Where that is written.", "curated", nullable=False, checks=(NotBlank(),)
        ),
    ),
)

LANGUAGE_MODEL = Table(
    name="language_model",
    title="Shapes of language models",
    description="What the key-value cache is computed from.",
    key=("scope", "name"),
    columns=(
        _scope,
        _scoped,
        count("layers", "Layers that keep keys and values of their own.", "curated", "layers", 1),
        count("kv_heads", "Key-value heads.", "curated", "heads", 1),
        count("head_size", "Size of a head.", "curated", "elements", 1),
        count("context_length", "Longest input and output together.", "curated", "tokens", 1),
        count("sliding_layers", "Those of the layers that keep the last tokens only.", "curated", "layers"),
        count("sliding_window", "How many tokens these keep.", "curated", "tokens", 1),
        Column(
            "source", pa.string(), "Where that is written.", "curated", nullable=False, checks=(NotBlank(),)
        ),
    ),
)

FAMILY_TITLE = Table(
    name="family_title",
    title="Titles of families",
    description="How people write a release line.",
    key=("family_id",),
    columns=(
        free("family_id", "Release line.", "curated", nullable=False),
        free("title", "Its title.", "curated", nullable=False),
    ),
)

CORRECTION = Table(
    name="correction",
    title="Corrections",
    description="What no rule can know, with reason and source.",
    key=("repo_id", "column_name"),
    columns=(
        text("repo_id", "Repository.", "curated", REPO_ID, nullable=False),
        text("column_name", "Column of `models`.", "curated", TOKEN, nullable=False),
        free("value", "The right value.", "curated", nullable=False),
        Column(
            "target",
            pa.string(),
            "Repository that the value refers to; empty where it refers to none.",
            "curated",
            nullable=False,
        ),
        free("reason", "Why no rule can know.", "curated", nullable=False),
        free("source", "Where the truth is written.", "curated", nullable=False),
    ),
)

TASK_CATEGORY = Table(
    name="task_category",
    title="Sections of tasks",
    description="The Hub's section of each task.",
    key=("pipeline_tag",),
    columns=(
        free("pipeline_tag", "Task.", "curated", nullable=False),
        coded("category", "Section.", "curated", vocabulary.TASK_CATEGORY, nullable=False),
    ),
)
