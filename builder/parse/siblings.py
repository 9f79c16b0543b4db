"""File names of a repository: which of them hold weights, and in which format."""

from __future__ import annotations

import re
from typing import Final

# State of a training run, which looks like weights by its ending.
_NO_WEIGHTS: Final = re.compile(
    r"(?:training_args\.bin|(?:optimizer|scheduler|scaler|rng_state|random_states)[^/]*|optim_states\.pt"
    # Statistics that a quantisation is weighted by.
    r"|(?:^imatrix[^/]*|[-_.]imatrix)\.gguf)$",
    re.IGNORECASE,
)
_FORMATS: Final = tuple(
    (re.compile(rf"(?:{pattern})$", re.IGNORECASE), name)
    for pattern, name in (
        (r"\.safetensors", "safetensors"),
        (r"\.gguf(?:\.part\d+of\d+)?", "gguf"),
        # A graph above 2 GB keeps its weights in a file beside it.
        (r"\.onnx(?:[._]data(?:_\d+)?)?", "onnx"),
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


def find_format(path: str) -> str | None:
    """The weight format that the name of one file shows."""
    if _NO_WEIGHTS.search(path.rpartition("/")[2]):
        return None
    return next((name for pattern, name in _FORMATS if pattern.search(path)), None)


def find_formats(paths: list[str]) -> set[str]:
    """Weight formats that file names show.

    >>> sorted(find_formats(["model.safetensors", "onnx/model_q4.onnx", "training_args.bin"]))
    ['onnx', 'safetensors']
    """
    return {found for path in paths if (found := find_format(path)) is not None}


def find_weights(paths: list[str]) -> bool | None:
    """Whether any file holds weights; null where an archive may."""
    if find_formats(paths):
        return True
    return None if any(_ARCHIVE.search(path) for path in paths) else False
