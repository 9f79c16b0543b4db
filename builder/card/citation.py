"""What the dataset is called, and how one date of it is cited.

A date is told by its content hash: one SHA-256 over the content hashes of its tables, the same
whoever wrote the files. Once it is published, its tag and its commit on the Hub say where to get it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

TITLE = "Audio-supported multimodal models on the Hugging Face Hub"
ABSTRACT = (
    "Dated snapshots of the audio-supported multimodal models on the Hugging Face Hub: which distinct models "
    "stand behind the list of repositories, what each needs to run, and how far each number can be trusted."
)
KEYWORDS = (
    "audio",
    "multimodal",
    "audio-text-to-text",
    "large-language-models",
    "model-catalogue",
    "metadata",
)

DATASET = "audio-multimodal-models"
MAINTAINERS = f"The {DATASET} maintainers"

LICENSE = "ODC-By-1.0"
"""Of the tables as a collection, as SPDX names it."""
LICENSE_URL = "https://opendatacommons.org/licenses/by/1-0/"

_DATASETS = "https://huggingface.co/datasets/"


@dataclass(frozen=True)
class Place:
    """Where a published date lies on the Hub."""

    repository: str
    tag: str
    commit: str
    manifest_sha256: str

    @property
    def url(self) -> str:
        """Its page."""
        return f"{_DATASETS}{self.repository}/tree/{self.tag}"


@dataclass(frozen=True)
class Citation:
    """One date, as far as a citation speaks of it."""

    date: str
    """The day, or the numbered correction of one."""
    schema_version: str
    content_sha256: str
    place: Place | None
    """None for a date that is not published: it may still change."""


def render_bibtex(snapshot_date: str, schema_version: str, repository: str) -> str:
    """The BibTeX entry that a card prints: it cannot know the commit that will hold it."""
    where = f"Dataset on the Hugging Face Hub, {repository}, revision {snapshot_date}"
    return _bibtex(snapshot_date, f"Snapshot {snapshot_date}, schema version {schema_version}", where)


def cite_as_bibtex(citation: Citation) -> str:
    """The BibTeX entry of one date with its content hash and, where it is published, its commit."""
    note = f"Snapshot {citation.date}, schema version {citation.schema_version}, "
    note += f"content sha256:{citation.content_sha256}"
    if citation.place is None:
        return _bibtex(citation.date, f"{note}; a draft, which may still change", "Not published yet")
    place = citation.place
    where = (
        f"Dataset on the Hugging Face Hub, {place.repository}, revision {place.tag}, commit {place.commit}"
    )
    return _bibtex(citation.date, note, where, url=place.url)


def _bibtex(date: str, note: str, where: str, **more: str) -> str:
    """An entry of type `@misc`, since the classic styles know no `@dataset`."""
    key = date.replace("-", "").replace(".", "_")
    fields = {
        "author": f"{{{MAINTAINERS}}}",  # braces of its own, or BibTeX finds a first name in it
        "title": TITLE,
        "year": date[:4],
        "note": note,
        "howpublished": where,
        **more,
    }
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{audio_multimodal_models_{key},", *lines, "}"])


def cite_as_cff(citation: Citation) -> str:
    """A CITATION.cff (format 1.2.0) of one date."""
    place = citation.place
    hashes = {"Content hash of the tables": citation.content_sha256}
    if place is not None:
        hashes["SHA-256 of manifest.json, which holds that of every file"] = place.manifest_sha256
    identifiers = [
        {"type": "other", "value": f"sha256:{value}", "description": what} for what, value in hashes.items()
    ]
    message = "If you use this dataset, please cite it with the date of the snapshot that you used."
    document: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": message if place else f"Not published yet: this draft may still change. {message}",
        "type": "dataset",
        "title": TITLE,
        "abstract": ABSTRACT,
        "authors": [{"name": MAINTAINERS}],
        "version": citation.date,
        "date-released": citation.date[:10],
        "license": LICENSE,
        "keywords": list(KEYWORDS),
        "identifiers": identifiers,
    }
    if place is not None:
        document |= {"url": place.url, "repository": f"{_DATASETS}{place.repository}", "commit": place.commit}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
