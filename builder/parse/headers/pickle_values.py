"""What the pickle of a torch archive can say: containers, names of functions, storages and tensors.

Sources: `torch/_utils.py` (arguments of `_rebuild_tensor_v2` and its relatives) and
`torch/serialization.py` (persistent ids of storages).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from builder.parse.headers.tensor import MAX_QUOTED, MAX_SIZE, Refuse, count_elements
from schemas.tables.parameters import SAFETENSORS_BITS

MAX_UNKNOWN: Final = 32
MAX_PATH_DEPTH: Final = 64
MAX_PATH_CHARACTERS: Final = 512

STORAGES: Final = {
    "DoubleStorage": "F64", "FloatStorage": "F32", "HalfStorage": "F16", "BFloat16Storage": "BF16",
    "LongStorage": "I64", "IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8",
    "ByteStorage": "U8", "BoolStorage": "BOOL", "ComplexFloatStorage": "C64", "QInt8Storage": "I8",
    "QUInt8Storage": "U8", "QInt32Storage": "I32", "UntypedStorage": "U8",
}  # fmt: skip
"""Class of a storage → data type as Safetensors names it."""

DTYPES: Final = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32",
    "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL", "complex64": "C64", "uint16": "U16",
    "uint32": "U32", "uint64": "U64", "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
    "float8_e4m3fnuz": "F8_E4M3FNUZ", "float8_e5m2fnuz": "F8_E5M2FNUZ", "float8_e8m0fnu": "F8_E8M0",
}  # fmt: skip
"""Data types that torch names beside an untyped storage (`_rebuild_tensor_v3`)."""

# How module pickles nest; a state dictionary of the same model does not have these words in its names.
_NESTING: Final = frozenset({"_modules", "_parameters", "_buffers"})
_TENSOR_CALLS: Final = frozenset(
    {"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_qtensor"}
)
_WRAPPER_CALLS: Final = frozenset({"_rebuild_parameter", "_rebuild_parameter_with_state"})
_DTYPE_ARGUMENT: Final = 6

refuse: Final = Refuse("Pickle of a torch archive", "leave the file uncounted, and do not load it")


@dataclass(frozen=True, slots=True)
class Global:
    """A function or class, as the two words that name it."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Storage:
    """The bytes that tensors are views of."""

    key: str
    dtype: str
    elements: int


@dataclass(frozen=True, slots=True)
class TorchTensor:
    """A view of a storage; dimensions that repeat the same elements have size 1."""

    storage: Storage
    dtype: str
    offset: int
    shape: tuple[int, ...]
    elements: int


class Container:
    """A list, set, dictionary or object: pairs of key and value, and which call made it if one did."""

    __slots__ = ("items", "made_by")

    def __init__(self, items: list[tuple[object, object]] | None = None, made_by: str = "") -> None:
        """`made_by` is empty for what pickle itself can make."""
        self.items = [] if items is None else items
        self.made_by = made_by


def read_storage(identity: object, at: int) -> Storage | None:
    """The storage that a persistent id names; None if it is of another kind."""
    match identity:
        case ("storage", Global(module=module, name=name), str(key), _, int(elements), *_):
            dtype = STORAGES.get(name)
            if dtype is None or module.split(".")[0] != "torch":
                raise refuse(at, f"the storage class {name[:MAX_QUOTED]!a} is not known")
            if not 0 <= elements <= MAX_SIZE:
                raise refuse(at, f"a storage claims {elements:#x} elements")
            return Storage(key, dtype, elements)
    return None


def call(function: object, arguments: object, at: int) -> object:
    """What a call stands for: a tensor, a plain container, or an opaque thing that keeps its arguments."""
    if not isinstance(function, Global):
        return Container([(None, arguments)], "?")
    values = arguments if isinstance(arguments, tuple) else ()
    if function.module == "torch._utils":
        if function.name in _TENSOR_CALLS:
            return _read_tensor(function.name, values, at)
        if function.name in _WRAPPER_CALLS and values:
            return values[0]
    if (function.module, function.name) == ("torch", "Size") and values:
        return values[0]
    if (function.module, function.name) == ("collections", "OrderedDict"):
        return Container([(None, arguments)] if values else None)
    return Container([(None, arguments)], f"{function.module}.{function.name}"[:MAX_QUOTED])


def _read_tensor(name: str, values: tuple[object, ...], at: int) -> TorchTensor:
    match values:
        case (Storage() as storage, int(offset), tuple(shape), tuple(strides), *_):
            pass
        case _:
            raise refuse(at, f"{name} is not called with storage, offset, shape and strides")
    sizes = [size for size in shape if type(size) is int and size >= 0]
    steps = [step for step in strides if type(step) is int and step >= 0]
    if offset < 0 or not len(shape) == len(strides) == len(sizes) == len(steps):
        raise refuse(at, f"{name} is called with an offset, shape or strides that are not whole numbers >= 0")
    dtype = storage.dtype
    if name == "_rebuild_tensor_v3":
        named = values[_DTYPE_ARGUMENT] if len(values) > _DTYPE_ARGUMENT else None
        if not isinstance(named, Global) or named.module != "torch" or named.name not in DTYPES:
            raise refuse(at, f"{name} names no known data type")
        dtype = DTYPES[named.name]
    stored = tuple(sizes)
    if count_elements(stored, refuse, at, name):
        stored = tuple(1 if step == 0 else size for size, step in zip(sizes, steps, strict=True))
    elements = count_elements(stored, refuse, at, name)
    last = offset + sum((size - 1) * step for size, step in zip(sizes, steps, strict=True))
    held = storage.elements * SAFETENSORS_BITS[storage.dtype] // SAFETENSORS_BITS[dtype]
    if elements and (last >= held or elements > held):
        raise refuse(at, f"{name} views elements up to {last} of a storage of {held}")
    return TorchTensor(storage, dtype, offset, stored, elements)


def name_tensors(roots: Iterable[object]) -> tuple[tuple[str, TorchTensor], ...]:
    """All tensors below some values, each with the keys that lead to it.

    Each container is entered once: pickles may share them and even run in circles.
    """
    found: dict[str, TorchTensor] = {}
    entered: set[int] = set()
    waiting: list[tuple[str, int, object, object]] = [("", 0, None, root) for root in roots]
    waiting.reverse()
    while waiting:
        prefix, depth, key, value = waiting.pop()
        if not isinstance(value, TorchTensor | Container | tuple) or id(value) in entered:
            continue
        path = _join(prefix, key)
        if isinstance(value, TorchTensor):
            if found.setdefault(path or "?", value) is not value:
                raise refuse(0, f"two tensors have the name {path[:MAX_QUOTED]!a}")
            continue
        if depth == MAX_PATH_DEPTH:
            raise refuse(0, f"the pickle nests its values deeper than {MAX_PATH_DEPTH}")
        entered.add(id(value))
        inner = value.items if isinstance(value, Container) else list(enumerate(value))
        waiting += [(path, depth + 1, inner_key, item) for inner_key, item in reversed(inner)]
    return tuple(found.items())


def _join(prefix: str, key: object) -> str:
    """The path to a value; what holds a thing's own contents (key None) adds nothing to it."""
    # Looked at by type first: hashing or printing a foreign value may take all of the C stack.
    word = key if isinstance(key, str | int) else "?"
    if key is None or word in _NESTING:
        return prefix
    path = f"{prefix}.{word}" if prefix else str(word)
    if len(path) > MAX_PATH_CHARACTERS:
        raise refuse(0, f"the keys that lead to a tensor are longer than {MAX_PATH_CHARACTERS} characters")
    return path
