"""Weight files of any size for the loopback Hub: real headers, and data that does not exist.

`seed` stands for the values of the weights: files of the same shapes and another seed are other files,
with other hashes, as two trainings of one design are.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from tests.hub.content import Content, SparseFile
from tests.unit import header_bytes as write
from tests.unit.header_bytes import SAFETENSORS_BYTES, STORAGE_BYTES, Shapes

GGUF_STRING, GGUF_UINT32, GGUF_ARRAY = 8, 4, 9
ALIGNMENT = 32


@dataclass(frozen=True)
class GgufType:
    """A data type of GGUF: its number, and how many bytes hold a block of elements."""

    number: int
    block: int
    block_bytes: int


GGUF_TYPES = {
    "F32": GgufType(0, 1, 4),
    "F16": GgufType(1, 1, 2),
    "Q8_0": GgufType(8, 32, 34),
    "Q4_K": GgufType(12, 256, 144),
    "Q6_K": GgufType(14, 256, 210),
}

ZIP_LOCAL = struct.Struct("<4s5H3I2H")
ZIP_ENTRY = struct.Struct("<4s6H3I5H2I")
ZIP_END = struct.Struct("<4s4H2IH")
ZIP_LONGEST = 2**32 - 2


def shapes(parts: Mapping[str, int], dtype: str = "BF16", *, width: int = 1024) -> Shapes:
    """One tensor for each part of a model.

    Args:
        parts: name of the part's module → its weights, a multiple of `width`.
        dtype: as safetensors names it.
        width: length of a row.
    """
    return {f"{name}.weight": (dtype, (weights // width, width)) for name, weights in parts.items()}


def safetensors_file(
    tensors: Shapes, *, seed: str = "", metadata: Mapping[str, str] | None = None
) -> SparseFile:
    """A safetensors file of these tensors."""
    noted = {"__metadata__": dict(metadata)} if metadata else {}
    head = write.safetensors_header({**noted, **write.safetensors_entries(tensors)})
    held = sum(prod(shape) * SAFETENSORS_BYTES[dtype] for dtype, shape in tensors.values())
    return _sparse(head, held, seed)


def safetensors_shards(tensors: Shapes, count: int, *, seed: str = "") -> dict[str, Content]:
    """The same tensors dealt out over so many files, and the index that says where each lies."""
    files: dict[str, Content] = {}
    index: dict[str, str] = {}
    for number in range(count):
        name = f"model-{number + 1:05}-of-{count:05}.safetensors"
        dealt = dict(list(tensors.items())[number::count])
        files[name] = safetensors_file(dealt, seed=f"{seed} {number}")
        index |= dict.fromkeys(dealt, name)
    total = sum(prod(shape) * SAFETENSORS_BYTES[dtype] for dtype, shape in tensors.values())
    listing = {"metadata": {"total_size": total}, "weight_map": dict(sorted(index.items()))}
    return {**files, "model.safetensors.index.json": json.dumps(listing, indent=2).encode()}


def gguf_file(  # noqa: PLR0913 - each is a fact of the file
    parts: Mapping[str, int],
    *,
    dtype: str = "Q4_K",
    architecture: str = "llama",
    context_length: int = 8192,
    vocabulary: int = 0,
    seed: str = "",
) -> SparseFile:
    """A GGUF file with one tensor for each part, of rows of 1,024 weights.

    Args:
        parts: name of the part, as llama.cpp calls it → its weights, a multiple of 1,024.
        dtype: a name of `GGUF_TYPES`.
        architecture: value of `general.architecture`.
        context_length: tokens.
        vocabulary: words of the tokenizer, which make most of a real header.
        seed: stands for the weights.
    """
    kind = GGUF_TYPES[dtype]
    words = b"".join(write.gguf_text(f"token{number}") for number in range(vocabulary))
    pairs = [
        write.gguf_pair("general.architecture", GGUF_STRING, write.gguf_text(architecture)),
        write.gguf_pair(f"{architecture}.context_length", GGUF_UINT32, struct.pack("<I", context_length)),
    ]
    if vocabulary:
        listed = write.gguf_array(GGUF_STRING, vocabulary, words)
        pairs.append(write.gguf_pair("tokenizer.ggml.tokens", GGUF_ARRAY, listed))
    tensors, at = [], 0
    for name, weights in parts.items():
        tensors.append(write.gguf_tensor(f"{name}.weight", (1024, weights // 1024), kind.number, at))
        at += _aligned(weights // kind.block * kind.block_bytes)
    head = write.gguf_file(pairs, tensors)
    return _sparse(head.ljust(_aligned(len(head)), b"\0"), at, seed)


def torch_file(parts: Mapping[str, int], *, storage: str = "HalfStorage", seed: str = "") -> SparseFile:
    """A torch archive whose tensors lie one after another in one storage of less than 4 GiB.

    Raises:
        ValueError: it would need the 64-bit form of the archive.
    """
    total = sum(parts.values())
    held = total * STORAGE_BYTES[storage]
    if held > ZIP_LONGEST // 2:
        raise ValueError(f"a storage of {held} bytes needs an archive in 64 bits, which is not written here")
    pickled: dict[str, bytes] = {}
    offset = 0
    for name, weights in parts.items():
        tensor = write.pickle_tensor(
            (weights // 1024, 1024), elements=total, storage=storage, offset=offset
        )  # fmt: skip
        pickled[f"{name}.weight"] = tensor
        offset += weights
    before = {"data.pkl": write.pickle_file(write.pickle_dict(pickled)), "byteorder": b"little"}
    members = {f"model/{name}": len(data) for name, data in before.items()}
    head = b""
    offsets: dict[str, int] = {}
    for name, data in before.items():
        offsets[f"model/{name}"] = len(head)
        head += _zip_local(f"model/{name}", len(data)) + data
    offsets["model/data/0"] = len(head)
    head += _zip_local("model/data/0", held)
    members["model/data/0"] = held
    last = hashlib.sha256(seed.encode()).digest()
    offsets["model/version"] = len(head) + held
    members["model/version"] = 2
    tail = last + _zip_local("model/version", 2) + b"3\n"
    start = len(head) + held + len(tail) - len(last)
    directory = b"".join(_zip_entry(name, size, offsets[name]) for name, size in members.items())
    count = len(members)
    tail += directory + ZIP_END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return SparseFile(head, len(head) + held + len(tail) - len(last), tail)


def _sparse(head: bytes, held: int, seed: str) -> SparseFile:
    """A header and so many bytes of weights, the last of which come from the seed."""
    tail = hashlib.sha256(seed.encode()).digest()[: min(32, held)]
    return SparseFile(head, len(head) + held, tail)


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _zip_local(name: str, size: int) -> bytes:
    # A checksum over gigabytes of zeros would cost more than all tests; no reader here asks for it.
    return ZIP_LOCAL.pack(b"PK\x03\x04", 20, 0, 0, 0, 0, 0, size, size, len(name), 0) + name.encode()


def _zip_entry(name: str, size: int, offset: int) -> bytes:
    numbers = (20, 20, 0, 0, 0, 0, 0, size, size, len(name), 0, 0, 0, 0, 0, offset)
    return ZIP_ENTRY.pack(b"PK\x01\x02", *numbers) + name.encode()
