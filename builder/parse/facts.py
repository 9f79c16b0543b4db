"""The facts of one record, whoever gave them: every part of evidence is read into this one form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from builder.parse.quantization import Configured


@dataclass(frozen=True)
class Base:
    """One base that a card declares or the Hub computes."""

    text: str
    relation: str | None
    evidence: str


@dataclass(frozen=True)
class Count:
    """One count of stored elements; `dtype` is `mixed` or `unknown` where the source names none."""

    dtype: str
    stored_elements: int
    uncertainty: int
    source: str


@dataclass(frozen=True)
class HeaderCount:
    """One component in one data type, counted in the header of a weight file; `path` names the file."""

    path: str
    component: str
    dtype: str
    stored_elements: int
    logical_parameters: int | None
    stored_bytes: int | None
    source: str


@dataclass(frozen=True)
class WeightFile:
    """One file that is needed to load the repository, in the columns of the relation `weight_file`."""

    path: str
    size_bytes: int
    sha256: str | None
    format: str | None
    role: str
    variant: str | None
    shard_index: int | None
    shard_count: int | None
    path_group: str | None


@dataclass(frozen=True)
class Score:
    """One result of a benchmark that the Hub shows beside the model."""

    dataset_id: str
    value: float
    source_url: str


@dataclass(slots=True)
class Facts:
    """What a record says, typed; None and empty mean that it does not say."""

    repo_id: str
    role: str
    observed_at: datetime
    author: str | None = None
    hub_id: str | None = None
    sha: str | None = None
    scopes: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    """Names under which the Hub answered for this repository."""
    pipeline_tag: str | None = None
    library_name: str | None = None
    model_type: str | None = None
    architectures: set[str] = field(default_factory=set)
    created_at: datetime | None = None
    last_modified: datetime | None = None
    downloads: int | None = None
    downloads_all_time: int | None = None
    likes: int | None = None
    trending_score: float | None = None
    gated: str | None = None
    licenses: set[str] = field(default_factory=set)
    license_name: str | None = None
    license_link: str | None = None
    languages: set[str] = field(default_factory=set)
    tags: list[str] = field(default_factory=list)
    used_storage_bytes: int | None = None
    used_storage_uncertainty: int = 0
    hub_total: int | None = None
    hub_total_uncertainty: int = 0
    counts: list[Count] = field(default_factory=list)
    dtypes: list[str] = field(default_factory=list)
    bases: list[Base] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    configured: Configured | None = None
    """What the configuration says of quantisation."""
    file_formats: set[str] = field(default_factory=set)
    """Weight formats that file names show."""
    holds_weights: bool | None = None
    """What file names say of weights; None where they were not captured, or do not tell."""
    has_config: bool = False
    """Whether the evidence would hold fields of the configuration if the repository had one."""
    weight_files: list[WeightFile] | None = None
    """Files that are needed to load the repository; None where no list of files was captured."""
    configuration: dict[str, int | float | bool | None] | None = None
    """A row of the relation `configuration`; None where no configuration was captured."""
    config_files: frozenset[str] | None = None
    """Names of the configuration files that were read, likewise."""
    states_adapter: bool = False
    """Whether a configuration names a method of PEFT."""
    header_counts: list[HeaderCount] | None = None
    """What headers of weight files count; None where none were captured."""
    headers_sha: str | None = None
    """Commit at which they were read."""
    captured: set[str] = field(default_factory=set)
    """Columns of `models` that this evidence would hold if the Hub had a value."""
