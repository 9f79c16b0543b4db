"""The loopback Hub's weight files are what real readers take them for."""

from __future__ import annotations

import json
from collections import Counter
from math import prod

import pytest

from builder.parse.headers.gguf import parse_gguf
from builder.parse.headers.safetensors import parse_safetensors
from builder.parse.headers.tensor import NeedBytes, TensorTable
from builder.parse.headers.torch_zip import FIRST_BYTES, parse_archive, parse_torch
from tests.hub.content import Blob, SparseFile
from tests.hub.weights import gguf_file, safetensors_file, safetensors_shards, shapes, torch_file

PARTS = {"language_model.layers.0": 7_000_064_000, "audio_tower": 640_000_000 // 1024 * 1024}


def part(file: SparseFile, start: int, stop: int) -> bytes:
    return b"".join(file.read(start, stop))


def elements(table: TensorTable | NeedBytes) -> dict[str, int]:
    assert isinstance(table, TensorTable)
    return {tensor.name: tensor.elements for tensor in table.tensors}


def test_a_safetensors_file_of_gigabytes_is_read_from_its_head() -> None:
    parts = {name: weights // 1024 * 1024 for name, weights in PARTS.items()}
    file = safetensors_file(shapes(parts), metadata={"format": "pt"})
    table = parse_safetensors(part(file, 0, 100_000), file.size)
    assert elements(table) == {f"{name}.weight": weights for name, weights in parts.items()}
    assert file.size == len(file.head) + 2 * sum(parts.values())


def test_shards_hold_every_tensor_once() -> None:
    tensors = shapes({f"model.layers.{number}": 1024 * (number + 1) for number in range(5)})
    files = safetensors_shards(tensors, 2)
    index = json.loads(bytes(files.pop("model.safetensors.index.json")))  # type: ignore[arg-type] # not sparse
    found: Counter[str] = Counter()
    for name, file in files.items():
        assert isinstance(file, SparseFile)
        held = elements(parse_safetensors(file.head, file.size))
        assert {index["weight_map"][tensor] for tensor in held} == {name}
        found.update(held)
    assert found == {name: prod(shape) for name, (_, shape) in tensors.items()}
    assert index["metadata"]["total_size"] == 2 * found.total()


@pytest.mark.parametrize("dtype", ["F32", "F16", "Q8_0", "Q4_K", "Q6_K"])
def test_a_gguf_file_is_read_from_its_head(dtype: str) -> None:
    parts = {"blk.0.attn_q": 1024 * 1000, "output": 1024 * 333}
    file = gguf_file(parts, dtype=dtype, architecture="qwen2", context_length=4096, vocabulary=300)
    table = parse_gguf(file.head, file.size)
    assert elements(table) == {f"{name}.weight": weights for name, weights in parts.items()}
    assert isinstance(table, TensorTable)
    assert table.metadata["general.architecture"] == "qwen2"
    assert table.metadata["qwen2.context_length"] == 4096


def test_a_torch_archive_is_read_from_its_ends() -> None:
    parts = {"encoder.layers.0": 1024 * 500_000, "decoder.layers.0": 1024 * 300_000}
    file = torch_file(parts)
    assert file.size > 1_600_000_000
    archive = parse_archive(part(file, 0, FIRST_BYTES), part(file, file.size - 70_000, file.size), file.size)
    assert not isinstance(archive, NeedBytes)
    wanted = archive.pickle_bytes
    table = parse_torch(archive, part(file, wanted.start, wanted.stop))
    assert elements(table) == {f"{name}.weight": weights for name, weights in parts.items()}
    with pytest.raises(ValueError, match="64 bits"):
        torch_file({"too.large": 2**31})


def test_another_seed_is_another_file_of_the_same_shapes() -> None:
    tensors = shapes({"model.layers.0": 10_240})
    first, again, other = (safetensors_file(tensors, seed=seed) for seed in ("a", "a", "b"))
    assert first == again
    assert first.head == other.head
    assert first.sha256 != other.sha256
    assert part(first, 0, first.size) != part(other, 0, other.size)
    one, two = Blob.of("model.safetensors", first), Blob.of("model.safetensors", other)
    assert (one.size, one.oid != two.oid) == (two.size, True)
