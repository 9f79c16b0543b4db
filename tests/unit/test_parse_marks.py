"""What tags, data types, configuration and name show of how weights are stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from builder.parse.facts import Count, Facts
from builder.parse.marks import Marks, find_marks, speaks_of_audio
from builder.parse.names import parse_name
from builder.parse.popping import Fields, Irregularities
from builder.parse.quantization import Configured, read_configuration

CT = "compressed-tensors"
BNB = "bitsandbytes"


@dataclass(frozen=True)
class Given:
    """One record, as short as a test can say it."""

    name: str = "Echo-7B"
    tags: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    """Data type → elements; where data types come without counts, see `dtypes`."""
    dtypes: tuple[str, ...] = ()
    library: str | None = None
    configured: Configured | None = None


def facts_of(given: Given) -> Facts:
    facts = Facts(f"acme/{given.name}", "member", datetime(2025, 12, 7, tzinfo=UTC))
    facts.tags = list(given.tags)
    facts.library_name = given.library
    facts.configured = given.configured
    facts.counts = [Count(dtype, stored, 0, "safetensors_hub") for dtype, stored in given.counts.items()]
    facts.dtypes = [*given.counts, *given.dtypes]
    return facts


def marks_of(given: Given) -> Marks:
    facts = facts_of(given)
    return find_marks(facts, parse_name(facts.repo_id))


@pytest.mark.parametrize(
    ("given", "method", "evidence", "bits", "packed"),
    [
        # Floats are not quantised, whatever a label says.
        (Given(counts={"BF16": 8}), "none", "weights", 16.0, False),
        (Given(counts={"BF16": 8, "F32": 1}), "none", "weights", None, False),
        (Given(counts={"BF16": 8}, tags=("bitsandbytes", "4-bit")), "none", "weights", 16.0, False),
        (Given("Echo-FP8", counts={"BF16": 8}), "none", "weights", 16.0, False),
        (Given("Echo-mlx", counts={"BF16": 8}, tags=("mlx",)), "none", "weights", 16.0, False),
        # Masks and positions are no packed weights; beside them the floats have one width.
        (Given(counts={"F16": 95, "U8": 5}), "none", "weights", 16.0, False),
        (Given(counts={"F32": 95, "I64": 5, "BOOL": 1}), "none", "weights", 32.0, False),
        (Given(dtypes=("F16", "U8")), "none", "weights", 16.0, False),
        # Whole numbers that are most of all elements are packed by a method nobody names.
        (Given(counts={"F16": 30, "U8": 70}), None, None, None, True),
        # Each method with its data types.
        (Given(counts={"F16": 9, "U8": 90}, tags=("bitsandbytes", "4-bit")), "bnb", "weights", 4.0, True),
        (Given("Echo-4bit-bnb", dtypes=("F32", "U8")), "bnb", "weights", 4.0, True),
        (Given(counts={"F16": 9, "I8": 90}, tags=("bitsandbytes", "8-bit")), "bnb", "weights", 8.0, False),
        (Given(counts={"F16": 9, "I32": 90}, tags=("gptq", "4-bit")), "gptq", "weights", 4.0, True),
        (Given("Echo-w4a16-gptq", dtypes=("BF16", "I32", "I64")), "gptq", "weights", 4.0, True),
        (Given("Echo-AWQ", dtypes=("F16", "I32")), "awq", "weights", None, True),
        (Given(dtypes=("BF16", "I32"), tags=(CT,)), "compressed_tensors", "weights", None, True),
        (Given("Echo-w4a16", dtypes=("BF16", "I32"), tags=(CT,)), "int4", "weights", 4.0, True),
        (Given("Echo-mlx-4bit", counts={"BF16": 9, "U32": 90}, tags=("mlx",)), "mlx", "weights", 4.0, True),
        (Given(dtypes=("BF16", "I8")), "none", "weights", 16.0, False),
        (Given(counts={"BF16": 9, "I8": 90}), "int8", "weights", 8.0, False),
        # Eight-bit floats, with and without scales or masks of their own.
        (Given(counts={"BF16": 9, "F8_E4M3": 90}), "fp8", "weights", 8.0, False),
        (Given(counts={"BF16": 9, "F8_E4M3": 90, "U8": 3}), "fp8", "weights", 8.0, False),
        (Given(counts={"BF16": 9, "F8_E4M3": 90, "F8_E8M0": 3}), "fp8", "weights", 8.0, False),
        (Given("Echo-fp8", dtypes=("BF16", "F8_E4M3", "U8")), "fp8", "weights", 8.0, False),
        # Four-bit floats: packed into U8 beside their scales, or as a data type.
        (Given(counts={"BF16": 9, "U8": 80, "F8_E4M3": 10}), "nvfp4", "weights", 4.5, True),
        (Given("Echo-NVFP4A16", dtypes=("BF16", "F8_E4M3", "U8")), "nvfp4", "weights", 4.5, True),
        (Given(counts={"BF16": 2, "U8": 98}, tags=("mxfp4", "8-bit")), "mxfp4", "weights", 4.25, True),
        (Given(counts={"BF16": 2, "F4": 98, "F8_E8M0": 3}), "mxfp4", "weights", 4.25, False),
        (Given(counts={"BF16": 2, "F4": 98, "F8_E4M3": 6}), "nvfp4", "weights", 4.5, False),
        # Without data types the configuration speaks, then the name, then tags.
        (Given(configured=Configured("awq", 4.0), tags=("gptq",)), "awq", "config", 4.0, None),
        (Given("Echo-FP8"), "fp8", "name", 8.0, None),
        (Given("Echo-AWQ", tags=("4-bit",)), "awq", "name", 4.0, None),
        (Given(tags=("GPTQ", "4-bit")), "gptq", "hub", 4.0, None),
        (Given(tags=("8-bit",)), "int8", "hub", 8.0, None),
        (Given("Echo-int4"), "int4", "name", 4.0, None),
        (Given(tags=("pytorch",)), None, None, None, None),
        # MLX is a format: only a width makes it a quantisation.
        (Given(tags=("mlx",)), None, None, None, None),
        (Given("Echo-bf16", tags=("mlx",)), "none", "name", 16.0, None),
        (Given("Echo-3bit", tags=("mlx",)), "mlx", "name", 3.0, None),
        (Given(tags=("mlx", "4-bit")), "mlx", "hub", 4.0, None),
        (Given(tags=("mlx",), configured=Configured(None, 6.0)), "mlx", "config", 6.0, None),
        # GGUF: the label of the name, or only that it is one; full precision is none.
        (Given("Echo-GGUF", tags=("gguf",)), "gguf", "hub", None, None),
        (Given(tags=("gguf",)), "gguf", "hub", None, None),
        (Given("Echo-Q4_K_M-GGUF", tags=("gguf",)), "gguf_k", "name", None, None),
        (Given("Echo-q4_0", tags=("gguf",)), "gguf_k", "name", 4.5, None),
        (Given("Echo-F16-GGUF", tags=("gguf",)), "none", "name", 16.0, None),
        # A GGUF file beside full weights makes no quantised repository.
        (Given(tags=("gguf", "safetensors"), counts={"BF16": 8}), "none", "weights", 16.0, False),
        (Given("Echo-GGUF", tags=("gguf", "safetensors"), counts={"F16": 8}), "gguf", "name", None, False),
        (Given("Echo-ONNX", tags=("onnx",)), None, None, None, None),
        (Given("Echo-ONNX-int8", tags=("onnx",)), "onnx_q", "name", 8.0, None),
    ],
)
def test_method_evidence_width_and_packing(
    given: Given, method: str | None, evidence: str | None, bits: float | None, *, packed: bool | None
) -> None:
    found = marks_of(given).quantized
    assert (found.method, found.evidence, found.bits, found.packed) == (method, evidence, bits, packed)


def test_only_the_packed_data_types_of_a_method_pack() -> None:
    found = marks_of(Given(counts={"BF16": 9, "U8": 80, "F8_E4M3": 10, "I64": 1})).quantized
    assert [dtype for dtype in ("BF16", "U8", "F8_E4M3", "mixed") if found.packs(dtype)] == [
        "U8",
        "F8_E4M3",
        "mixed",
    ]


def test_nothing_packs_where_nothing_is_packed() -> None:
    found = marks_of(Given(counts={"F16": 95, "U8": 5})).quantized
    assert not any(found.packs(dtype) for dtype in ("F16", "U8", "mixed", "unknown"))
    assert found.buffers == {"U8"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"quant_method": "gptq", "bits": 4, "group_size": -1}, Configured("gptq", 4.0)),
        ({"quant_method": "AWQ", "bits": 4}, Configured("awq", 4.0)),
        ({"quant_method": BNB, "load_in_4bit": True, "load_in_8bit": False}, Configured("bnb", 4.0)),
        ({"quant_method": BNB, "load_in_8bit": True}, Configured("bnb", 8.0)),
        ({"bnb_4bit_quant_type": "nf4"}, Configured("bnb", None)),
        ({"quant_method": "fbgemm_fp8"}, Configured("fp8", None)),
        ({"quant_method": "mxfp4"}, Configured("mxfp4", None)),
        ({"quant_method": "exl3", "bits": 5.0}, Configured("exl", 5.0)),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, Configured("nvfp4", None)),
        ({"quant_method": CT, "format": "float-quantized"}, Configured("fp8", None)),
        ({"quant_method": CT, "format": "int-quantized"}, Configured("int8", None)),
        ({"quant_method": CT, "format": "pack-quantized"}, Configured("compressed_tensors", None)),
        ({"quantization_status": "compressed"}, Configured("compressed_tensors", None)),
        ({"quant_method": "auto-round", "bits": 4}, Configured("int4", 4.0)),
        ({"bits": 6}, Configured(None, 6.0)),
        ({"bits": 16}, Configured(None, None)),
        ({"bits": -1}, Configured(None, None)),
        ({}, Configured(None, None)),
    ],
)
def test_a_configuration_names_method_and_width(written: dict[str, object], read: Configured) -> None:
    assert read_configuration(Fields("acme/echo", "config", written, Irregularities())) == read


@pytest.mark.parametrize(
    ("given", "formats", "ported"),
    [
        (Given(counts={"BF16": 8}), ("safetensors",), False),
        (Given(tags=("Safetensors", "gguf")), ("gguf", "safetensors"), False),
        (Given(tags=("tf", "jax", "pytorch")), ("flax", "pytorch", "tensorflow"), False),
        (Given(tags=("gguf",)), ("gguf",), False),
        (Given("Echo-F16-GGUF", tags=("gguf",)), ("gguf",), True),
        (Given(tags=("onnx",), library="transformers.js"), ("onnx",), True),
        (Given(tags=("onnx",)), ("onnx",), True),
        # An export beside the weights that it was made from makes no port.
        (Given(tags=("onnx", "safetensors")), ("onnx", "safetensors"), False),
        (Given(tags=("openvino", "pytorch")), ("openvino", "pytorch"), False),
        (Given(tags=("mlx", "safetensors")), ("mlx", "safetensors"), True),
        (Given("Echo-hf", counts={"BF16": 8}), ("safetensors",), True),
        (Given("Echo.axera"), ("axera",), True),
        (Given(library="Keras"), ("tensorflow",), False),
        (Given(), (), False),
    ],
)
def test_formats_and_ports(given: Given, formats: tuple[str, ...], *, ported: bool) -> None:
    found = marks_of(given)
    assert (found.weight_formats, found.ported) == (formats, ported)


@pytest.mark.parametrize(
    ("tags", "speaks"),
    [
        (("automatic-speech-recognition",), True),
        (("ASR",), True),
        (("sound language model",), True),
        (("dataset:acme/speech",), False),
        (("soundness", "audiology"), False),
        ((), False),
    ],
)
def test_a_tag_may_speak_of_audio(tags: tuple[str, ...], *, speaks: bool) -> None:
    assert speaks_of_audio(facts_of(Given(tags=tags))) is speaks


def test_the_task_itself_is_no_such_tag() -> None:
    facts = Facts("acme/echo", "member", datetime(2025, 12, 7, tzinfo=UTC))
    facts.pipeline_tag = "audio-text-to-text"
    facts.tags = ["audio-text-to-text"]
    assert not speaks_of_audio(facts)


@pytest.mark.parametrize(
    ("given", "marked"),
    [
        (Given(tags=("lora",)), True),
        (Given(library="peft"), True),
        (Given(library="adapter-transformers"), True),
        (Given(tags=("exploration",), library="transformers"), False),
    ],
)
def test_library_or_tags_say_adapter(given: Given, *, marked: bool) -> None:
    assert marks_of(given).adapter_mark is marked


def test_the_widest_float_counts_and_a_name_only_without_data_types() -> None:
    assert marks_of(Given("Echo-bf16", counts={"F32": 1, "BF16": 9})).float_bits == 32
    assert marks_of(Given("Echo-bf16")).float_bits == 16
    assert marks_of(Given()).float_bits is None
