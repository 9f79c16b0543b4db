"""Small weight files for tests and benchmarks, written byte by byte as the format texts say.

The writers know nothing of the readers; they check nothing, so that wrong files can be made as well.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from math import prod

SAFETENSORS_BYTES = {
    "F32": 4,
    "BF16": 2,
    "F16": 2,
    "I64": 8,
    "I32": 4,
    "U32": 4,
    "U8": 1,
    "I8": 1,
    "F8_E4M3": 1,
}
STORAGE_BYTES = {
    "FloatStorage": 4,
    "HalfStorage": 2,
    "BFloat16Storage": 2,
    "LongStorage": 8,
    "ByteStorage": 1,
}
Shapes = Mapping[str, tuple[str, Sequence[int]]]


def safetensors_entries(tensors: Shapes) -> dict[str, object]:
    """Header entries of tensors that lie one after another."""
    entries: dict[str, object] = {}
    at = 0
    for name, (dtype, shape) in tensors.items():
        stop = at + prod(shape) * SAFETENSORS_BYTES[dtype]
        entries[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, stop]}
        at = stop
    return entries


def safetensors_header(header: object) -> bytes:
    """Length and header; text and bytes are taken as they are, anything else is written as JSON."""
    written = header if isinstance(header, str | bytes) else json.dumps(header)
    body = written.encode() if isinstance(written, str) else written
    return struct.pack("<Q", len(body)) + body


def gguf_text(text: str | bytes) -> bytes:
    """A text with its length."""
    body = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(body)) + body


def gguf_pair(key: str, kind: int, value: bytes) -> bytes:
    """A metadata pair whose value is written already."""
    return gguf_text(key) + struct.pack("<I", kind) + value


def gguf_array(kind: int, length: int, body: bytes) -> bytes:
    """An array that claims a length of its own."""
    return struct.pack("<IQ", kind, length) + body


def gguf_tensor(name: str, shape: Sequence[int], number: int, offset: int) -> bytes:
    """A tensor's entry; `shape` as in the file, fastest first."""
    sizes = b"".join(struct.pack("<Q", size) for size in shape)
    return gguf_text(name) + struct.pack("<I", len(shape)) + sizes + struct.pack("<IQ", number, offset)


def gguf_file(
    pairs: Sequence[bytes] = (),
    tensors: Sequence[bytes] = (),
    *,
    version: int = 3,
    counts: tuple[int, int] | None = None,
) -> bytes:
    """A header without data; `counts` overrides the true numbers of tensors and pairs."""
    tensor_count, pair_count = counts or (len(tensors), len(pairs))
    return b"GGUF" + struct.pack("<IQQ", version, tensor_count, pair_count) + b"".join([*pairs, *tensors])


def pickle_text(text: str) -> bytes:
    """BINUNICODE."""
    body = text.encode()
    return b"X" + struct.pack("<I", len(body)) + body


def pickle_int(value: int) -> bytes:
    """LONG1, which holds every size."""
    body = value.to_bytes(9, "little", signed=True)
    return b"\x8a" + bytes([len(body)]) + body


def pickle_ints(values: Sequence[int]) -> bytes:
    """A tuple of integers."""
    return b"(" + b"".join(map(pickle_int, values)) + b"t"


def pickle_storage(key: str, elements: int, storage: str = "FloatStorage") -> bytes:
    """The persistent id of a storage."""
    parts = (
        pickle_text("storage")
        + b"ctorch\n"
        + storage.encode()
        + b"\n"
        + pickle_text(key)
        + pickle_text("cpu")
    )
    return b"(" + parts + pickle_int(elements) + b"tQ"


def pickle_tensor(  # noqa: PLR0913 - as many as torch itself writes
    shape: Sequence[int],
    key: str = "0",
    *,
    elements: int | None = None,
    storage: str = "FloatStorage",
    offset: int = 0,
    strides: Sequence[int] | None = None,
) -> bytes:
    """A call of `_rebuild_tensor_v2` as torch writes it, without memo."""
    held = prod(shape) if elements is None else elements
    if strides is None:
        strides = [prod(shape[place + 1 :]) for place in range(len(shape))]
    arguments = (
        pickle_storage(key, held, storage) + pickle_int(offset) + pickle_ints(shape) + pickle_ints(strides)
    )
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + arguments + b"\x89ccollections\nOrderedDict\n)RtR"


def pickle_dict(items: Mapping[str, bytes]) -> bytes:
    """A dictionary whose values are written already."""
    return b"}(" + b"".join(pickle_text(key) + value for key, value in items.items()) + b"u"


def pickle_file(root: bytes) -> bytes:
    """A pickle of protocol 2."""
    return b"\x80\x02" + root + b"."


def torch_file(
    pickled: bytes, storages: Mapping[str, int], *, root: str = "archive", deflated: bool = False
) -> bytes:
    """An archive with zeros for the data of each storage."""
    target = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr(f"{root}/data.pkl", pickled)
        archive.writestr(f"{root}/byteorder", "little")
        for key, size in storages.items():
            archive.writestr(f"{root}/data/{key}", bytes(size))
        archive.writestr(f"{root}/version", "3\n")
    return target.getvalue()
