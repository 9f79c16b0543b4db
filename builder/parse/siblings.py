"""File names of a repository: which of them hold weights, and in which format."""

from __future__ import annotations

import re
from typing import Final

# State of a training run, which looks like weights by its ending.
_NO_WEIGHTS: Final = re.compile(
    r"(?:training_args\.bin|(?:optimizer|scheduler|scaler|rng_state|random_states)[^/]*)$", re.IGNORECASE
)
_FORMATS: Final = tuple(
    (re.compile(rf"(?:{pattern})$", re.IGNORECASE), name)
    for pattern, name in (
        (r"\.safetensors", "safetensors"),
        (r"\.gguf", "gguf"),
        (r"\.onnx", "onnx"),
        (r"(?:^|/)openvino_[^/]*\.(?:xml|bin)", "openvino"),
        (r"\.axmodel", "axera"),
        (r"\.(?:h5|keras|pb)", "tensorflow"),
        (r"\.msgpack", "flax"),
        (r"\.(?:pth?|ckpt|bin)", "pytorch"),
        (r"\.(?:nemo|tflite|litertlm|mlmodel|engine|rknn|mnn|pte|ot|llamafile)", "other"),
        (r"\.mlpackage/.*", "other"),
    )
)
_ARCHIVE: Final = re.compile(r"\.(?:zip|rar|7z|tar|tgz|gz|xz|zst|part\d*)$", re.IGNORECASE)


def find_formats(paths: list[str]) -> set[str]:
    """Weight formats that file names show.

    >>> sorted(find_formats(["model.safetensors", "onnx/model_q4.onnx", "training_args.bin"]))
    ['onnx', 'safetensors']
    """
    formats = set()
    for path in paths:
        if _NO_WEIGHTS.search(path.rpartition("/")[2]):
            continue
        name = next((name for pattern, name in _FORMATS if pattern.search(path)), None)
        if name is not None:
            formats.add(name)
    return formats


def find_weights(paths: list[str]) -> bool | None:
    """Whether any file holds weights; null where an archive may."""
    if find_formats(paths):
        return True
    return None if any(_ARCHIVE.search(path) for path in paths) else False
