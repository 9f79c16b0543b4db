"""The path of a file taken apart: role, format, label, shard, and the set it is loaded with.

The names are those that the libraries write: `model-00001-of-00005.safetensors` and its index by
transformers, `consolidated.00.pth` by Meta and Mistral, `mmproj-*.gguf` and shards after the label by
llama.cpp, `adapter_model.*` by PEFT, graphs with a suffix by Optimum, a folder for each part of the
model by VILA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from builder.parse.headers.components import Setting, find_component
from builder.parse.labels import cut_gguf_label, cut_onnx_label
from builder.parse.siblings import find_format

ROOT: Final = "*"
"""The set that a loader takes when nothing else is said."""

GRAPHS: Final = frozenset({"onnx", "openvino", "axera"})
"""Formats that split a model into graphs: all of one folder and label belong together."""

_CONFIGS: Final = frozenset(
    {
        *("config.json", "preprocessor_config.json", "processor_config.json", "adapter_config.json"),
        *("params.json", "generation_config.json", "quantize_config.json", "hf_quant_config.json"),
        *("genai_config.json", "model_index.json"),
    }
)
_INDEX: Final = ".index.json"
_ADAPTER: Final = re.compile(r"(?:adapter_model\.|adapters\.safetensors$)", re.IGNORECASE)
_PROJECTOR: Final = re.compile(r"mmproj|projector", re.IGNORECASE)
_PROJECTOR_WORD: Final = re.compile(
    r"(?:^|(?<=[-_. ]))mmproj(?:[-_. ]+model(?=$|[-_. ]))?[-_. ]*", re.IGNORECASE
)
_SHARD: Final = re.compile(
    r"(?:[-_]|\.part)(?P<index>\d{1,6})-?_?of-?_?(?P<count>\d{1,6})(?=$|\.)", re.IGNORECASE
)
_RANK: Final = re.compile(r"\.\d{2}$")
_ENDING: Final = re.compile(r"\.[^.]*$")
_GRAPH_ENDING: Final = re.compile(r"\.(?:onnx(?:[._]data(?:_\d+)?)?|xml|bin|axmodel)$", re.IGNORECASE)
_PACKAGE: Final = re.compile(r"^(.*\.mlpackage)/.*$", re.IGNORECASE)
_TRAINING: Final = re.compile(r"(?:^|/)(?:checkpoint-\d+|global_step\d+)/", re.IGNORECASE)


@dataclass(frozen=True)
class ParsedPath:
    """What a path says; `stem` is the name without ending, label and shard."""

    path: str
    role: str
    folder: str
    stem: str
    format: str | None = None
    variant: str | None = None
    shard_index: int | None = None
    shard_count: int | None = None
    group: str | None = None


def is_of_training(path: str) -> bool:
    """Whether the file lies in a folder that a training run wrote on its way."""
    return _TRAINING.search(path) is not None


def parse_path(path: str) -> ParsedPath | None:
    """What the path says; None for a file that loading does not need.

    >>> parse_path("Q4_K_M/Echo-7B-Q4_K_M-00001-of-00002.gguf").group
    'Echo-7B.gguf'
    """
    folder, _, name = path.rpartition("/")
    if name in _CONFIGS:
        return ParsedPath(path, "config", folder, name)
    if name.endswith(_INDEX):
        indexed = parse_path(path.removesuffix(_INDEX))
        if indexed is None or indexed.format is None:
            return None
        return ParsedPath(path, "index", folder, indexed.stem, None, indexed.variant, group=indexed.group)
    found = find_format(path)
    return None if found is None else _parse_weights(path, folder, name, found)


def _parse_weights(path: str, folder: str, name: str, form: str) -> ParsedPath:
    # Only the file and its own folder: a whole repository may be called after projectors.
    is_projector = _PROJECTOR.search(name) or _PROJECTOR.search(folder.rpartition("/")[2])
    role = "adapter" if _ADAPTER.match(name) else "projector" if is_projector else "weights"
    cut = _SHARD.search(name)
    stem = name if cut is None else name[: cut.start()] + name[cut.end() :]
    ending = (_GRAPH_ENDING if form in GRAPHS else _ENDING).search(stem)
    stem = stem[: ending.start()] if ending else stem
    variant = None
    if form == "gguf":
        stem, variant, folder = _parse_gguf(stem, folder)
    elif form == "onnx":
        stem, variant = cut_onnx_label(stem)
    else:
        stem = _RANK.sub("", stem)
    index, count = (int(cut["index"]), int(cut["count"])) if cut else (0, 0)
    # Sets that are numbered from 0 stay together, without a position.
    is_position = 1 <= index <= count
    return ParsedPath(
        path,
        role,
        folder,
        stem,
        form,
        variant,
        shard_index=index if is_position else None,
        shard_count=count if is_position else None,
        group=_group(path, folder, stem, form, ending[0].lower() if ending else ""),
    )


def _parse_gguf(stem: str, folder: str) -> tuple[str, str | None, str]:
    """Stem, label and folder, where folders that only repeat stem or label are passed over."""
    stem, variant = cut_gguf_label(stem)
    stem = _PROJECTOR_WORD.sub("", stem).rstrip("-_. ")
    while folder:
        above, _, own = folder.rpartition("/")
        rest, label = cut_gguf_label(own)
        if label is None or rest not in {"", stem}:
            break
        variant, folder = variant or label, above
    return stem, variant, folder


def _group(path: str, folder: str, stem: str, form: str, ending: str) -> str:
    if form in GRAPHS:
        return _join(folder, f"*.{form}")
    package = _PACKAGE.match(path)
    if package is not None:
        return package[1]
    if form != "gguf":
        folder = _leave_components(folder)
        if not folder and (stem, form) == ("model", "safetensors"):
            return ROOT
    return _join(folder, (stem or "*") + ending)


def _leave_components(folder: str) -> str:
    """The folder above those that are named for one part of a model: the parts are loaded together."""
    while folder:
        above, _, own = folder.rpartition("/")
        if find_component(f"{own}.weight", Setting()) == "whole":
            break
        folder = above
    return folder


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
