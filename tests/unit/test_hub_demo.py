"""The invented demo Hub holds one repository per case, and moves between its two dates."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain

import pytest

from builder.parse.headers.gguf import parse_gguf
from builder.parse.headers.safetensors import parse_safetensors
from builder.parse.headers.tensor import TensorTable
from tests.hub.catalogue import Repository
from tests.hub.content import SparseFile
from tests.hub.demo_catalogue import CATALOGUES, FIRST, SECOND, first_catalogue, second_catalogue

READERS = {"safetensors": parse_safetensors, "gguf": parse_gguf}
BOTH = pytest.mark.parametrize("date", CATALOGUES)


def models(date: str) -> list[Repository]:
    """Without the field beside them."""
    return [repo for repo in CATALOGUES[date]() if not repo.repo_id.startswith("demo-field/")]


@BOTH
def test_every_repository_is_a_case_of_its_own(date: str) -> None:
    catalogue = CATALOGUES[date]()
    for key in (lambda repo: repo.repo_id.lower(), lambda repo: repo.hub_id):
        assert max(Counter(map(key, catalogue)).values()) == 1
    tasks = Counter(repo.pipeline_tag for repo in catalogue)
    assert tasks["automatic-speech-recognition"] > 2300
    assert tasks["any-to-any"] == 2
    assert 15 <= tasks["audio-text-to-text"] <= 25
    assert {repo.gated for repo in catalogue} == {False, "auto", "manual"}
    assert sum("/" not in repo.repo_id for repo in catalogue) == 1
    assert all(repo.created_at <= repo.last_modified < f"{date}T" for repo in catalogue)


@BOTH
def test_every_header_is_one_that_can_be_read(date: str) -> None:
    read = 0
    for repo in models(date):
        for path, file in repo.files.items():
            reader = READERS.get(path.rpartition(".")[2])
            if reader and isinstance(file, SparseFile):
                assert isinstance(reader(file.head, file.size), TensorTable), (repo.repo_id, path)
                read += 1
            elif path.endswith(".json"):
                assert isinstance(file, bytes)
                assert isinstance(json.loads(file), dict)
    assert read > 30


def test_the_hub_counted_what_the_files_hold() -> None:
    for repo in models(FIRST):
        if repo.safetensors:
            held = [
                table
                for path, file in repo.files.items()
                if path.endswith(".safetensors") and isinstance(file, SparseFile)
                if isinstance(table := parse_safetensors(file.head, file.size), TensorTable)
            ]
            elements = sum(tensor.elements for tensor in chain.from_iterable(file.tensors for file in held))
            assert elements == repo.safetensors["total"], repo.repo_id


def test_between_the_dates_one_came_one_went_one_was_renamed_and_one_changed() -> None:
    before = {repo.hub_id: repo for repo in first_catalogue(3)}
    after = {repo.hub_id: repo for repo in second_catalogue(3)}
    assert [repo.repo_id for hub_id, repo in after.items() if hub_id not in before] == [
        "demo-labs/Echo-2-7B-Instruct",
    ]
    assert [repo.repo_id for hub_id, repo in before.items() if hub_id not in after] == [
        "demo-merges/Echo-Blend-7B",
    ]
    pairs = [(before[hub_id], after[hub_id]) for hub_id in before.keys() & after.keys()]
    assert [(old.repo_id, new.repo_id) for old, new in pairs if old.repo_id != new.repo_id] == [
        ("demo-quants/Echo-7B-AWQ", "demo-quants/Echo-7B-Instruct-AWQ"),
    ]
    (changed,) = (pair for pair in pairs if pair[0].head != pair[1].head)
    assert set(changed[0].files) < set(changed[1].files)
    assert sum(old.downloads != new.downloads for old, new in pairs) > 10
    assert sum(old.likes != new.likes for old, new in pairs) > 10


def test_a_copy_of_the_files_has_their_hashes() -> None:
    by_id = {repo.repo_id: repo for repo in models(SECOND)}
    mirror, original = by_id["demo-mirror/Echo-7B-Instruct"], by_id["demo-labs/Echo-7B-Instruct"]
    assert [blob.sha256 for blob in mirror.blobs.values() if blob.lfs] == [
        blob.sha256 for blob in original.blobs.values() if blob.lfs
    ]
    tuned = by_id["demo-adapters/Echo-7B-Singing"]
    assert not {blob.sha256 for blob in tuned.blobs.values() if blob.lfs} & {
        blob.sha256 for blob in original.blobs.values()
    }
