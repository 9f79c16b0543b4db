"""A small project of its own for each test of the import, with the two files of an export beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder.capture.reader import read_evidence
from builder.capture.store import ImportRequest, import_evidence
from builder.layout import Layout

if TYPE_CHECKING:
    from builder.capture.evidence import JsonObject, JsonValue

DATE = "2025-12-07"
TIME = "2025-12-07T15:26:59Z"
REPO_IDS = ("acme/tiny-audio-7b", "acme/tiny-audio-7b-GGUF", "Zoo/listener", "gpt2")


def listing_row(repo_id: str) -> JsonObject:
    tags: list[JsonValue] = ["audio-text-to-text", "license:mit"]
    return {
        "id": repo_id,
        "downloads": 0,
        "likes": 3,
        "lastModified": None,
        "author": None,
        "tags": tags,
    }


def details_row(repo_id: str) -> JsonObject:
    return {
        "id": repo_id,
        "author": repo_id.split("/", maxsplit=1)[0],
        "downloads": 0,
        "likes": 3,
        "params_billions": 0.68,
        "tensor_types": "BF16",
        "storage_gb": 0,
        "architecture": "",
        "model_type": "",
        "library_name": "transformers",
        "gated": False,
        "lastModified": "2025-11-27T01:04:29.000Z",
    }


@dataclass
class House:
    """A project of its own with the inputs of one import beside it."""

    layout: Layout
    request: ImportRequest

    # In the order of the evidence, which is not the order they are given in.
    repo_ids = tuple(sorted(REPO_IDS))

    @property
    def snapshot(self) -> Path:
        return self.layout.snapshot(DATE)

    @property
    def capture(self) -> Path:
        return self.layout.capture(DATE)

    def listing(self, **changes: JsonValue) -> list[JsonObject]:
        return [listing_row(repo_id) | changes for repo_id in REPO_IDS]

    def details(self) -> list[JsonObject]:
        return [details_row(repo_id) for repo_id in reversed(REPO_IDS)]

    def give(self, listing: object, details: object) -> None:
        """Write the inputs, as JSON unless they are text already."""
        for path, content in zip(self.request.inputs, (listing, details), strict=True):
            path.write_text(content if isinstance(content, str) else json.dumps(content))

    def give_usual(self) -> None:
        """Give the inputs that every test starts with."""
        self.give(self.listing(), self.details())

    def give_other(self) -> None:
        """Give inputs that make other evidence: four likes instead of three."""
        self.give(self.listing(likes=4), self.details())

    def run(self, **changes: object) -> str:
        request = replace(self.request, **changes)  # type: ignore[arg-type] # the names are the fields'
        return import_evidence(self.layout, request).change

    def likes(self) -> object:
        """The value by which the two kinds of evidence can be told apart."""
        listing = next(read_evidence(self.capture))[2].parts["export"]["listing"]
        assert isinstance(listing, dict)
        return listing["likes"]

    def files(self) -> dict[str, bytes]:
        """Everything below snapshots/, hidden leftovers included."""
        snapshots = self.layout.root / "snapshots"
        found = sorted(path for path in snapshots.rglob("*") if path.is_file())
        return {str(path.relative_to(snapshots)): path.read_bytes() for path in found}


@pytest.fixture
def house(tmp_path: Path) -> House:
    layout = Layout(tmp_path / "project")
    layout.index.parent.mkdir(parents=True)
    layout.index.write_text(f'building:\n  "{DATE}": {{previous: snapshots/none.json}}\npublished: {{}}\n')
    inputs = (tmp_path / "listing.json", tmp_path / "details.json")
    request = ImportRequest("export-2025", inputs, DATE, TIME, "acme/exports", "d4bc983")
    made = House(layout, request)
    made.give_usual()
    return made
