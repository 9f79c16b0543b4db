"""What the dataset is called, and how one date of it is cited."""

from __future__ import annotations

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

LICENSE_URL = "https://opendatacommons.org/licenses/by/1-0/"
"""Of the tables as a collection: ODC-By 1.0."""


def render_bibtex(snapshot_date: str, schema_version: str, repository: str) -> str:
    """A BibTeX entry for one date; `@misc`, since the classic styles know no `@dataset`."""
    key = snapshot_date.replace("-", "").replace(".", "_")
    fields = {
        "author": f"{{{MAINTAINERS}}}",  # braces of its own, or BibTeX finds a first name in it
        "title": TITLE,
        "year": snapshot_date[:4],
        "note": f"Snapshot {snapshot_date}, schema version {schema_version}",
        "howpublished": f"Dataset on the Hugging Face Hub, {repository}, revision {snapshot_date}",
    }
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{audio_multimodal_models_{key},", *lines, "}"])
