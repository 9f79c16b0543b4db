"""The path of a file says what it is for, how it is labelled, and with which others it is loaded."""

from __future__ import annotations

import pytest

from builder.parse.labels import cut_gguf_label, cut_onnx_label, find_gguf_bits, find_gguf_method
from builder.parse.paths import parse_path


@pytest.mark.parametrize(
    ("path", "role", "form"),
    [
        ("model.safetensors", "weights", "safetensors"),
        ("consolidated.00.pth", "weights", "pytorch"),
        ("Echo-7B-Q4_K_M.gguf", "weights", "gguf"),
        ("onnx/decoder_model_merged_q4.onnx_data", "weights", "onnx"),
        ("Echo.mlpackage/Data/weights/weight", "weights", "other"),
        ("mmproj-Echo-7B-F16.gguf", "projector", "gguf"),
        ("Echo-7B-mmproj-f16.gguf", "projector", "gguf"),
        ("mm_projector.bin", "projector", "pytorch"),
        ("sound_mm_projector/model.safetensors", "projector", "safetensors"),
        ("projector-study/llm/model.safetensors", "weights", "safetensors"),
        ("adapter_model.safetensors", "adapter", "safetensors"),
        ("speech-lora/adapter_model.bin", "adapter", "pytorch"),
        ("adapters.safetensors", "adapter", "safetensors"),
        ("model.safetensors.index.json", "index", None),
        ("pytorch_model.bin.index.json", "index", None),
        ("config.json", "config", None),
        ("llm/config.json", "config", None),
        ("params.json", "config", None),
        ("preprocessor_config.json", "config", None),
        ("adapter_config.json", "config", None),
    ],
)
def test_role_and_format(path: str, role: str, form: str | None) -> None:
    parsed = parse_path(path)
    assert parsed is not None
    assert (parsed.role, parsed.format) == (role, form)


@pytest.mark.parametrize(
    "path",
    [
        *("README.md", "tekken.json", "my_config.json", "docs.index.json", "index.json", ".gitattributes"),
        *("optimizer.pt", "training_args.bin", "global_step9/zero_pp_rank_0_optim_states.pt"),
        *("imatrix_unsloth.gguf", "Echo-7B.imatrix.gguf", ""),
    ],
)
def test_loading_does_not_need_it(path: str) -> None:
    assert parse_path(path) is None


@pytest.mark.parametrize(
    ("path", "variant"),
    [
        ("Echo-7B-Q4_K_M.gguf", "Q4_K_M"),
        ("echo-7b.q4_k_m.gguf", "Q4_K_M"),
        ("Echo-7B.i1-IQ3_XXS.gguf", "IQ3_XXS"),
        ("Echo-7B-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
        ("Echo-7B-TQ1_0.gguf", "TQ1_0"),
        ("Echo-7B-Q4_0_4_8.gguf", "Q4_0_4_8"),
        ("Echo-7B-mxfp4-moe.gguf", "MXFP4_MOE"),
        ("Echo-7B-F16.gguf", "F16"),
        ("Echo-7B-fp16.gguf", "F16"),
        ("Echo-7B-bf16.gguf", "BF16"),
        ("Echo-7B-float32.gguf", "F32"),
        ("Q8_0.gguf", "Q8_0"),
        ("Q8_0/Echo-7B-00001-of-00002.gguf", "Q8_0"),
        ("Q8_0-Echo-7B.gguf", "Q8_0"),
        ("mmproj-f16.gguf", "F16"),
        # The end is nearer to the truth than the middle of a name.
        ("Echo-Q4-distilled-Q8_0.gguf", "Q8_0"),
        ("Echo-7B.gguf", None),
        ("Echo-q4ever.gguf", None),
        ("onnx/model_q4.onnx", "q4"),
        ("onnx/model_q4f16.onnx", "q4f16"),
        ("onnx/encoder_model_fp16.onnx", "fp16"),
        ("onnx/model_quantized.onnx", "quantized"),
        ("encoder.int8.onnx", "int8"),
        ("onnx/model_uint8.onnx_data", "uint8"),
        ("onnx/model_bnb4.onnx", "bnb4"),
        ("onnx/decoder_model_merged.onnx", None),
        # Safetensors of another precision are a set of their own instead.
        ("model.fp16.safetensors", None),
    ],
)
def test_label(path: str, variant: str | None) -> None:
    parsed = parse_path(path)
    assert parsed is not None
    assert parsed.variant == variant


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("model-00001-of-00005.safetensors", (1, 5)),
        ("model.safetensors-00002-of-00003.safetensors", (2, 3)),
        ("model-00002-of-00003.fp16.safetensors", (2, 3)),
        ("Q4_K_M/Echo-Q4_K_M-00003-of-00003.gguf", (3, 3)),
        ("Echo.Q8_0.gguf.part1of2", (1, 2)),
        ("pytorch_model_1_of_2.bin", (1, 2)),
        ("model.safetensors", (None, None)),
        ("best-of-3.safetensors", (None, None)),
        ("consolidated.00.pth", (None, None)),
        # What counts from 0, or beyond its set, has no position.
        ("pytorch_model-00000-of-00002.bin", (None, None)),
        ("model-00009-of-00005.safetensors", (None, None)),
        ("model-1234567-of-9999999.safetensors", (None, None)),
    ],
)
def test_shard(path: str, position: tuple[int | None, int | None]) -> None:
    parsed = parse_path(path)
    assert parsed is not None
    assert (parsed.shard_index, parsed.shard_count) == position


@pytest.mark.parametrize(
    ("group", "paths"),
    [
        ("*", ("model.safetensors", "model-00001-of-00002.safetensors", "model.safetensors.index.json")),
        # Parts of the model in folders of their own are one model.
        ("*", ("llm/model-00001-of-00004.safetensors", "sound_tower/model.safetensors")),
        ("consolidated.safetensors", ("consolidated.safetensors",)),
        ("original/consolidated.pth", ("original/consolidated.00.pth", "original/consolidated.01.pth")),
        ("pytorch_model.bin", ("pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json")),
        ("pytorch_model.bin", ("pytorch_model-00000-of-00002.bin",)),
        ("model.fp16.safetensors", ("model.fp16.safetensors",)),
        ("speech-lora/adapter_model.safetensors", ("speech-lora/adapter_model.safetensors",)),
        ("Echo-7B.gguf", ("Echo-7B-Q4_K_M.gguf", "Echo-7B.F16.gguf", "mmproj-Echo-7B-F16.gguf")),
        ("Echo-7B.gguf", ("UD-Q2_K/Echo-7B-UD-Q2_K-00001-of-00002.gguf", "Echo-7B-Q8_0/Echo-7B-Q8_0.gguf")),
        ("Echo-7B.gguf", ("Echo-7B-mmproj-F16.gguf", "Echo-7B.Q8_0.gguf.part1of2")),
        ("Echo-7B.i1.gguf", ("Echo-7B.i1-Q4_K_M.gguf",)),
        ("*.gguf", ("Q4_K_M.gguf", "mmproj-F16.gguf", "mmproj-model-f16.gguf")),
        ("old/Echo.gguf", ("old/Echo-Q4_0.gguf",)),
        ("onnx/*.onnx", ("onnx/encoder_model_q4.onnx", "onnx/embed_tokens.onnx_data")),
        ("*.openvino", ("openvino_encoder_model.xml", "openvino_encoder_model.bin")),
        ("*.axera", ("echo_l0.axmodel", "echo_post.axmodel")),
        ("Echo.mlpackage", ("Echo.mlpackage/Data/weights/weight.bin", "Echo.mlpackage/Manifest")),
    ],
)
def test_what_is_loaded_together_has_one_group(group: str, paths: tuple[str, ...]) -> None:
    parsed = [parse_path(path) for path in paths]
    assert [None if path is None else path.group for path in parsed] == [group] * len(paths)


@pytest.mark.parametrize(
    ("labels", "method", "bits"),
    [
        (set(), None, None),
        ({"F16"}, "none", 16.0),
        ({"BF16"}, "none", 16.0),
        ({"F32"}, "none", 32.0),
        ({"BF16", "F32"}, "none", None),
        ({"Q8_0"}, "gguf_k", 8.5),
        ({"Q4_0"}, "gguf_k", 4.5),
        # A mixture of types, whose width depends on the model.
        ({"Q4_K_M"}, "gguf_k", None),
        ({"Q8_0", "F16"}, "gguf_k", None),
        ({"IQ3_XXS", "IQ4_NL", "BF16"}, "gguf_i", None),
        ({"IQ3_XXS", "Q4_K_M"}, "gguf_k", None),
        ({"UD-IQ2_M"}, "gguf_i", None),
        # Types of the tensors of one file, where no name has a label.
        ({"F32", "Q4_K", "Q6_K"}, "gguf_k", None),
    ],
)
def test_labels_together_name_a_method(labels: set[str], method: str | None, bits: float | None) -> None:
    assert (find_gguf_method(labels), find_gguf_bits(labels)) == (method, bits)


def test_a_stem_without_a_label_is_left_alone() -> None:
    assert cut_gguf_label("Echo-7B") == ("Echo-7B", None)
    assert cut_onnx_label("decoder_model") == ("decoder_model", None)
    assert cut_onnx_label("q4") == ("", "q4")
