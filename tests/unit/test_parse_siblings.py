"""File names show which formats of weights a repository holds, or that it holds none."""

from __future__ import annotations

import pytest

from builder.parse.siblings import find_formats, find_weights


@pytest.mark.parametrize(
    ("path", "formats"),
    [
        ("model-00001-of-00002.safetensors", {"safetensors"}),
        ("Echo-7B.Q4_K_M.gguf", {"gguf"}),
        ("onnx/decoder_q4.onnx", {"onnx"}),
        ("openvino_model.bin", {"openvino"}),
        ("int8/openvino_model.xml", {"openvino"}),
        ("echo.axmodel", {"axera"}),
        ("tf_model.h5", {"tensorflow"}),
        ("flax_model.msgpack", {"flax"}),
        ("pytorch_model.bin", {"pytorch"}),
        ("checkpoints/last.ckpt", {"pytorch"}),
        ("echo.NEMO", {"other"}),
        ("coreml/Echo.mlpackage/Data/weights/weight", {"other"}),
        # No weights, whatever the ending.
        ("training_args.bin", set()),
        ("checkpoint-10/optimizer.pt", set()),
        ("rng_state_0.pth", set()),
        ("config.json", set()),
        ("README.md", set()),
        ("safetensors.md", set()),
    ],
)
def test_the_ending_shows_the_format(path: str, formats: set[str]) -> None:
    assert find_formats([path]) == formats


def test_a_list_without_weights_says_so() -> None:
    assert find_weights([".gitattributes", "README.md"]) is False
    assert find_weights(["README.md", "model.safetensors"]) is True


def test_an_archive_may_hold_weights() -> None:
    assert find_weights(["README.md", "echo.tar.gz"]) is None
