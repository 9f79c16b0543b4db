"""What the parts of a repository's name say, and where a word is only a word."""

from __future__ import annotations

import pytest

from builder.parse.names import adds_words, parse_name, to_line, to_stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Echo-7B", "echo 7 b"),
        ("Echo-7B-GGUF", "echo 7 b"),
        ("Echo-7B-gguf", "echo 7 b"),
        ("Echo-7B-i1-GGUF", "echo 7 b"),
        ("Echo-7B-Q4_K_M-GGUF", "echo 7 b"),
        ("Echo-7B-UD-IQ2_XXS-GGUF", "echo 7 b ud"),
        ("Echo-7B.Q8_0.gguf", "echo 7 b"),
        ("Echo-7B-GGML", "echo 7 b"),
        ("Echo-7B-llamafile", "echo 7 b"),
        ("Echo-7B-AWQ", "echo 7 b"),
        ("Echo-7B-AWQ-INT4", "echo 7 b"),
        ("Echo-7B-GPTQ-Int4", "echo 7 b"),
        ("Echo-7B-GPTQ-4bit-128g", "echo 7 b"),
        ("Echo-7B-w4a16-gptq", "echo 7 b"),
        ("Echo-7B-quantized.w8a8", "echo 7 b"),
        ("Echo-7B-FP8", "echo 7 b"),
        ("Echo-7B-FP8-dynamic", "echo 7 b"),
        ("Echo-7B-dynamic-fp8", "echo 7 b"),
        ("Echo-7B-4bit-bnb", "echo 7 b"),
        ("Echo-7B-bnb-4bit", "echo 7 b"),
        ("Echo-7B-unsloth-bnb-4bit", "echo 7 b"),
        ("Echo-7B-bnb-8bit-smashed", "echo 7 b"),
        ("Echo-7B-NVFP4", "echo 7 b"),
        ("Echo-7B-NVFP4A16", "echo 7 b"),
        ("Echo-7B-MXFP4_MOE-GGUF", "echo 7 b"),
        ("Echo-7B-4bit", "echo 7 b"),
        ("Echo-7B-6bit", "echo 7 b"),
        ("Echo-7B-MLX-4bit", "echo 7 b"),
        ("Echo-7B-mlx", "echo 7 b"),
        ("Echo-7B-4bit-DWQ", "echo 7 b"),
        ("Echo-7B-HQQ-4bit", "echo 7 b"),
        ("Echo-7B-int4-AutoRound", "echo 7 b"),
        ("Echo-7B-exl2-4.0bpw", "echo 7 b"),
        ("Echo-7B-ONNX", "echo 7 b"),
        ("Echo-7B-onnx-webgpu", "echo 7 b"),
        ("Echo-7B-int8-ov", "echo 7 b"),
        ("Echo-7B-q4f16_1-MLC", "echo 7 b"),
        ("Echo-7B-transformers", "echo 7 b"),
        ("Echo-7b-hf", "echo 7 b"),
        ("Echo-7B-bf16", "echo 7 b"),
        ("Echo_7B_fp16", "echo 7 b"),
        # Checkpoints, tunings and sizes name other weights: they stay.
        ("Echo-7B-2507-FP8", "echo 7 b 2507"),
        ("Echo-7B-0804-4bit-bnb", "echo 7 b 0804"),
        ("Echo-7B-Instruct-GGUF", "echo 7 b instruct"),
        ("Echo-7B-Base", "echo 7 b base"),
        ("Echo-7B-qat-q4_0-gguf", "echo 7 b qat"),
        ("Echo-v0_5-llama-3_2-1b-GGUF", "echo v 0 5 llama 3 2 1 b"),
        # Copies.
        ("Echo-7B-copy", "echo 7 b"),
        ("Echo-7B-GGUF-backup", "echo 7 b"),
        ("Echo-7B-tempfix", "echo 7 b"),
        ("Echo-7B-fix-config", "echo 7 b"),
        ("Echo-7B-reuploaded", "echo 7 b"),
        ("Echo-7B-re-upload-2", "echo 7 b"),
        ("Echo-7B-incase-it-goes-away", "echo 7 b"),
        ("Echo-7B-in-case-it-goes-away", "echo 7 b"),
        ("Echo-7B-zipped", "echo 7 b"),
        # One part is all there is: it is the name.
        ("GGUF", "gguf"),
        ("copy", "copy"),
        ("...", "..."),
    ],
)
def test_format_and_copy_parts_leave_the_stem(name: str, stem: str) -> None:
    assert parse_name(f"acme/{name}").stem == stem


@pytest.mark.parametrize(
    "name",
    [
        "Echo-GGUF-notes",  # in the middle
        "Echo-4bit-vortex-v1",
        "Echo-awqward",  # inside another word
        "Echo-bf1600",
        "Echo-mlxtend",
        "Echohf",
        "Echo-half",
        "fp8echo",
        "Echo-copywriter",
        "Echo-copy-editing-7B",
        "Echo-fixture",
        "Echo-zipformer",
        "Echo-voice-clone",
        "Echo-mirror-lake",
        "in-case-study",
    ],
)
def test_a_word_inside_another_or_in_the_middle_is_no_part(name: str) -> None:
    parsed = parse_name(f"acme/{name}")
    assert parsed.title == name
    assert (parsed.quantization, parsed.bits, parsed.ported, parsed.copy_word) == (None, None, False, False)


@pytest.mark.parametrize(
    ("name", "method", "bits"),
    [
        ("Echo-GGUF", "gguf", None),
        ("Echo-i1-GGUF", "gguf", None),
        ("Echo-Q4_K_M-GGUF", "gguf_k", None),
        ("Echo-q4_0", "gguf_k", 4.5),
        ("Echo-Q8_0-GGUF", "gguf_k", 8.5),
        ("Echo-IQ3_XS-GGUF", "gguf_i", None),
        ("Echo-F16-GGUF", "none", None),
        ("Echo-GGUF-bf16", "none", None),
        ("Echo-AWQ", "awq", None),
        ("Echo-AWQ-4bit", "awq", 4.0),
        ("Echo-w4a16-gptq", "gptq", 4.0),
        ("Echo-gptq-w4a16", "gptq", 4.0),
        ("Echo-fp8", "fp8", 8.0),
        ("Echo-FP8-dynamic", "fp8", 8.0),
        ("Echo-4bit-bnb", "bnb", 4.0),
        ("Echo-unsloth-bnb-4bit", "bnb", 4.0),
        ("Echo-NVFP4A16", "nvfp4", 4.5),
        ("Echo-mxfp4", "mxfp4", 4.25),
        ("Echo-w8a8", "int8", 8.0),
        ("Echo-4bit", "int4", 4.0),
        ("Echo-3bit", None, 3.0),
        ("Echo-mlx-3bit", "mlx", 3.0),
        ("Echo-4bit-mlx", "mlx", 4.0),
        ("Echo-mlx", None, None),
        ("Echo-mlx-bf16", None, None),
        ("Echo-mlx-mxfp4", "mxfp4", 4.25),
        ("Echo-ONNX", None, None),
        ("Echo-ONNX-int8", "onnx_q", 8.0),
        ("Echo-onnx-q4", "onnx_q", None),
        ("Echo-exl2", "exl", None),
        ("Echo-bf16", None, None),
        ("Echo", None, None),
    ],
)
def test_format_parts_state_method_and_width(name: str, method: str | None, bits: float | None) -> None:
    parsed = parse_name(f"acme/{name}")
    assert (parsed.quantization, parsed.bits) == (method, bits)


def test_the_widest_precision_of_a_name_counts() -> None:
    assert parse_name("acme/Echo-fp32").float_bits == 32
    assert parse_name("acme/Echo-bf16").float_bits == 16
    assert parse_name("acme/Echo-fp32-GGUF-f16").float_bits == 32
    assert parse_name("acme/Echo").float_bits is None


@pytest.mark.parametrize("part", ["ONNX", "transformers", "hf", "mlx", "ov", "safetensors", "F16-GGUF"])
def test_a_part_of_another_library_is_a_port(part: str) -> None:
    assert parse_name(f"acme/Echo-{part}").ported


@pytest.mark.parametrize("part", ["GGUF", "AWQ", "fp8", "bf16", "copy"])
def test_other_parts_are_no_port(part: str) -> None:
    assert not parse_name(f"acme/Echo-{part}").ported


@pytest.mark.parametrize(
    ("name", "owner", "stem", "line"),
    [
        ("maker_Echo-Mini-3B-GGUF", "maker", "echo mini 3 b", "echo"),
        ("meta-maker_-_Echo-3.2-1B-gguf", "meta-maker", "echo 3 2 1 b", "echo"),
        ("maker__Echo-7B-AWQ", "maker", "echo 7 b", "echo"),
        ("mistralai_Mistral-7B", "mistralai", "mistral 7 b", "mistral"),
    ],
)
def test_an_owner_may_stand_before_the_name(name: str, owner: str, stem: str, line: str) -> None:
    parsed = parse_name(f"copier/{name}")
    assert (parsed.prefix_owner, parsed.prefix_stem, parsed.prefix_line) == (owner, stem, line)


@pytest.mark.parametrize(
    "name", ["Echo_v1.1", "echo_mini_7b", "Echo_3.2_1b", "Echo-7B", "Echo_Base", "_Echo", "Echo_", "Echo_7B"]
)
def test_a_version_size_or_tuning_after_a_line_is_no_owner(name: str) -> None:
    parsed = parse_name(f"acme/{name}")
    assert (parsed.prefix_owner, parsed.prefix_stem, parsed.prefix_line) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "training", "asr", "instruct", "base"),
    [
        ("Echo-7B-Instruct", False, False, True, False),
        ("Echo-7B-Base", False, False, False, True),
        ("Echo-Base-3.8B-Instruct", False, False, True, True),
        ("echo-3-4b-it", False, False, True, False),
        ("echo-2-2b-jpn-it", False, False, True, False),
        ("echo-3n-E2B-it-audio", False, False, True, False),
        ("echo-3-4b-pt", False, False, False, True),
        # Without a size before them they are Italian and Portuguese.
        ("echo-small-it", False, False, False, False),
        ("echo-medium-pt", False, False, False, False),
        ("Echo-7B-Chat", False, False, True, False),
        ("Echo-finetuned", True, False, False, False),
        ("Echo-fine-tuned-v1", True, False, False, False),
        ("echo_reasoning_finetuning", True, False, True, False),
        ("Echo-7B-LoRA", True, False, False, False),
        ("Echo-SFT-DPO", True, False, False, False),
        ("Echo-7B-abliterated", True, False, False, False),
        ("wolof-asr", False, True, False, False),
        ("OpenASR", False, True, False, False),
        ("EchoSTT-v2", False, True, False, False),
        ("echo-whisper", False, True, False, False),
        ("audio_transcription", False, True, False, False),
        # Words inside words.
        ("Chatty-7B", False, False, False, False),
        ("Loralei-7B", False, False, False, False),
        ("Basement-7B", False, False, False, False),
        ("QUASAR-7B", False, False, False, False),
        ("Echo-ASRock", False, False, False, False),
        ("instructor-xl", False, False, False, False),
        ("whisperer", False, False, False, False),
    ],
)
def test_words_of_the_title(name: str, training: bool, asr: bool, instruct: bool, base: bool) -> None:  # noqa: FBT001 - columns of the table
    parsed = parse_name(f"acme/{name}")
    found = (parsed.training_word, parsed.asr_word, parsed.instruct_word, parsed.base_word)
    assert found == (training, asr, instruct, base)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Echo-Mini-3B-2507", "echo"),
        ("Echo-Audio-7B-Instruct", "echo-audio"),
        ("Echo2-Audio-7B", "echo2-audio"),
        ("echo-v0_5-llama-3_2-1b", "echo"),
        ("echo-gemma-2-2b-jpn-it", "echo"),
        ("Echo-Qwen3-4B-Instruct-2507", "echo"),
        # A bare number belongs to the name, a version does not.
        ("echo-flamingo-3", "echo-flamingo-3"),
        ("echo-flamingo-2-0.5B", "echo-flamingo-2"),
        ("echo-flamingo-v3", "echo-flamingo"),
        ("mini-Echo-llama3.2-3B-s-base", "echo"),
        ("mini-omni", "mini-omni"),
        ("tiny-audio-7B", "tiny-audio"),
        ("Llama-3.2-1B-Instruct", "llama-3.2"),
        ("Meta-Llama-3.1-8B", "llama-3.1"),
        ("gemma-2-2b", "gemma-2"),
        ("gemma-3n-E4B-it", "gemma-3n"),
        # A size is no version, in whatever place.
        ("gemma-2b", "gemma"),
        ("Mistral-7B-Instruct-v0.1", "mistral"),
        ("bloom-7b1", "bloom"),
        ("mixtral-8x7B", "mixtral"),
        ("Echo-30B-A3B", "echo"),
        ("7B-echo", "7b-echo"),
        ("___", "unnamed"),
    ],
)
def test_the_line_ends_at_size_version_date_tuning_or_backbone(title: str, line: str) -> None:
    assert to_line(title) == line


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("Echo-7B", 7.0),
        ("Echo-3.8b-Instruct", 3.8),
        ("Echo-30B-A3B", 30.0),
        ("echo-v0_5-llama-3_2-1b", 1.0),
        ("Echo_3.1_8b", 8.0),
        ("echo-355b-GGUF", 355.0),
        # A fraction or not, two sizes, experts, active weights, zero: no statement.
        ("echo-0_5b", None),
        ("Echo-7B-to-3B", None),
        ("Echo-8x7B", None),
        ("Echo-E2B", None),
        ("Echo-0B", None),
        ("Echo-4bit", None),
        ("Echo-600M", None),
    ],
)
def test_a_size_is_stated_where_one_part_says_so(name: str, billions: float | None) -> None:
    assert parse_name(f"acme/{name}").stated_billions == billions


def test_spelling_makes_no_other_stem() -> None:
    assert len({to_stem(title) for title in ("Echo2-Audio-7B", "echo-2_audio.7b", "ECHO 2 Audio 7B")}) == 1


def test_dates_and_versions_do() -> None:
    assert to_stem("Echo-7B-0804") != to_stem("Echo-7B-1021")
    assert to_stem("Echo-3_1-70B") != to_stem("Echo-3_3-70B")
    assert to_stem("Echo-3-18B") != to_stem("Echo-31-8B")


def test_an_old_id_has_no_owner() -> None:
    parsed = parse_name("gpt2")
    assert (parsed.owner, parsed.title, parsed.lower_id) == (None, "gpt2", "gpt2")


@pytest.mark.parametrize(
    ("name", "base", "more"),
    [
        ("me/Echo-7B-GGUF", "acme/Echo-7B", False),
        ("me/Echo-Instruct-fp8", "acme/Echo-7B-Instruct", False),
        ("me/acme_Echo-7B-GGUF", "acme/Echo-7B", False),
        ("me/Echo-7B-Medical-GGUF", "acme/Echo-7B", True),
        ("me/Echo-7B-Instruct-GGUF", "acme/Echo-7B", True),
    ],
)
def test_a_name_may_add_words_to_its_base(name: str, base: str, more: bool) -> None:  # noqa: FBT001 - a column of the table
    assert adds_words(name, base) is more


def test_a_name_of_sizes_only_is_its_own_line() -> None:
    assert to_line("base-7b") == "base-7b"
