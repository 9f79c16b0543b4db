"""What the loopback Hub holds: repositories as plain frozen data, from which every answer is made.

A fact is written down once: tags, card, README, siblings and hashes that the real Hub derives from other
facts are derived here as well, unless a test says otherwise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Literal

import yaml

from tests.hub.content import Blob, Content, SparseFile

__all__ = ["WRITABLE", "Kind", "Repository", "SparseFile", "read_card"]

Json = Any
"""A value as JSON has it; the Hub's own fields are as wild as their authors."""

Kind = Literal["model", "dataset", "space"]

WRITABLE: frozenset[Kind] = frozenset({"dataset", "space"})
"""Kinds whose repositories clients can write to here; each of these has a history."""

FORMAT_TAGS = {
    ".safetensors": "safetensors",
    ".gguf": "gguf",
    ".onnx": "onnx",
    ".bin": "pytorch",
    ".pt": "pytorch",
    ".pth": "pytorch",
    ".h5": "tf",
    ".msgpack": "jax",
}
"""Suffix of a file → the tag that the Hub gives a repository that holds one."""

CONFIG_FIELDS = ("architectures", "model_type", "auto_map", "quantization_config", "processor_config")
"""The part of `config.json` that the Hub shows as `config`."""


@dataclass(frozen=True)
class Repository:
    """One repository of the Hub at one time.

    Attributes:
        repo_id: with or without an owner.
        files: path → content; `.gitattributes` is always there, `README.md` where there is a card.
        kind: models are read-only here; datasets and Spaces can be written to.
        hub_id: 24 hex digits, the Hub's `_id`; made from creation time and first name where it is not given.
        sha: commit of the revision; made from the files where it is not given, so that other files are
            another commit.
        created_at, last_modified: ISO 8601 with milliseconds and `Z`.
        tags: what stands beside the tags that the Hub derives itself.
        exact_tags: all tags as they are; nothing is derived.
        card_data: front matter of the card; None where there is no card.
        config: the Hub's part of config.json; from the file where it is not given, absent without either.
        safetensors, gguf: as the Hub would state them; absent if None.
        base_models: as the card declares them.
        relation: of the base models; None leaves the tag without a relation, as before September 2024.
        used_storage: bytes of the whole history; the sum of the files where it is not given.
        children_model_count: per relation; counted over the catalogue where it is not given.
        renamed_from: old ids, which are answered with a redirect.
        extra: further fields of the detail answer (or other values for known ones); a value of `...`
            takes a field away.
    """

    repo_id: str
    files: Mapping[str, Content] = field(default_factory=dict)
    kind: Kind = "model"
    hub_id: str = ""
    sha: str = ""
    created_at: str = "2025-06-01T00:00:00.000Z"
    last_modified: str = "2025-11-27T01:04:29.000Z"
    pipeline_tag: str | None = None
    library_name: str | None = None
    tags: tuple[str, ...] = ()
    exact_tags: tuple[str, ...] | None = None
    card_data: Mapping[str, Json] | None = None
    config: Mapping[str, Json] | None = None
    safetensors: Mapping[str, Json] | None = None
    gguf: Mapping[str, Json] | None = None
    base_models: tuple[str, ...] = ()
    relation: str | None = None
    downloads: int = 0
    downloads_all_time: int = 0
    likes: int = 0
    trending_score: int = 0
    gated: Literal[False, "auto", "manual"] = False
    private: bool = False
    disabled: bool = False
    used_storage: int | None = None
    eval_results: tuple[Json, ...] | None = None
    children_model_count: Mapping[str, int] | None = None
    renamed_from: tuple[str, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.hub_id:
            created = int(datetime.fromisoformat(self.created_at).timestamp())
            rest = hashlib.sha256(f"{self.kind} {self.repo_id}".encode()).hexdigest()[:16]
            object.__setattr__(self, "hub_id", f"{created:08x}{rest}")

    @property
    def author(self) -> str | None:
        """The owner; None for the few repositories without one."""
        return self.repo_id.split("/")[0] if "/" in self.repo_id else None

    @cached_property
    def card(self) -> Mapping[str, Json] | None:
        """Front matter with the declared base models."""
        if self.card_data is None or not self.base_models or "base_model" in self.card_data:
            return self.card_data
        declared = self.base_models[0] if len(self.base_models) == 1 else list(self.base_models)
        return {**self.card_data, "base_model": declared}

    @cached_property
    def blobs(self) -> Mapping[str, Blob]:
        """Every file of the revision, by path in order."""
        made: dict[str, Content] = {".gitattributes": b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n"}
        if self.card is not None:
            lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in self.card.items()]
            # Nothing in it names the repository: a rename is no commit.
            made["README.md"] = f"---\n{''.join(lines)}---\n\n# Card\n".encode()
        held = {**made, **self.files}
        return {path: Blob.of(path, held[path]) for path in sorted(held)}

    @cached_property
    def head(self) -> str:
        """The commit that this revision is."""
        if self.sha:
            return self.sha
        listing = "".join(f"{path} {blob.oid}\n" for path, blob in self.blobs.items())
        return hashlib.sha1(f"{self.hub_id}\n{listing}".encode()).hexdigest()  # noqa: S324 - git's hash

    @cached_property
    def shown_config(self) -> Mapping[str, Json] | None:
        """The Hub's `config`."""
        if self.config is not None:
            return self.config
        written = self.files.get("config.json")
        try:
            read = json.loads(written) if isinstance(written, bytes) else None
        except ValueError:
            return None
        return {key: read[key] for key in CONFIG_FIELDS if key in read} if isinstance(read, dict) else None

    @cached_property
    def shown_tags(self) -> tuple[str, ...]:
        """All tags as the Hub shows them."""
        if self.exact_tags is not None:
            return self.exact_tags
        formats = {FORMAT_TAGS.get(PurePosixPath(path).suffix) for path in self.files}
        card = self.card_data or {}
        config = self.shown_config or {}
        language = card.get("language")
        languages = language if isinstance(language, list) else [language]
        related = [f"base_model:{self.relation}:{base}" for base in self.base_models if self.relation]
        tags = (
            self.library_name,
            *sorted(tag for tag in formats if tag),
            config.get("model_type"),
            *self.tags,
            self.pipeline_tag,
            *(name for name in languages if isinstance(name, str)),
            *(f"base_model:{base}" for base in self.base_models),
            *related,
            f"license:{card['license']}" if isinstance(card.get("license"), str) else None,
            "region:us",
        )
        return tuple(dict.fromkeys(tag for tag in tags if isinstance(tag, str)))

    @property
    def storage(self) -> int:
        """`usedStorage`, in bytes."""
        return (
            sum(blob.size for blob in self.blobs.values()) if self.used_storage is None else self.used_storage
        )

    def renamed(self, repo_id: str) -> Repository:
        """The same repository under another name, the old one remembered."""
        return replace(self, repo_id=repo_id, renamed_from=(*self.renamed_from, self.repo_id))


def read_card(readme: Blob | None) -> Mapping[str, Json] | None:
    """The front matter of a card as the Hub reads it; None where there is none that can be read."""
    text = readme.content.decode(errors="replace") if readme and isinstance(readme.content, bytes) else ""
    if not text.startswith("---\n"):
        return None
    try:
        read = yaml.safe_load(text.split("---\n")[1])
    except yaml.YAMLError:
        return None
    return read if isinstance(read, dict) else None
