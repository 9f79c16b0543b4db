"""The copies and descendants of the invented demo Hub: the same weights again, or trained further."""

from __future__ import annotations

from collections.abc import Sequence

from tests.hub.catalogue import Json, Repository
from tests.hub.demo_parts import (
    ECHO,
    ECHO_PARTS,
    LLAMA_SHAPE,
    MINI,
    TASK,
    counted,
    described,
    echo_files,
    full_weights,
    to_file,
)
from tests.hub.weights import gguf_file, safetensors_file, safetensors_shards, shapes


def copies() -> Sequence[Repository]:
    """The same trained weights again: quantised, converted, mirrored."""
    gguf_parts = {"blk.0.ffn_gate": 7_000_000 * 1024, "output": 156_032 * 4096}
    projector = {"a.blk.0.ffn_up": 622_000 * 1024, "mm.0": 5120 * 1024}
    gguf = Repository(
        "demo-quants/Echo-7B-Instruct-GGUF",
        {
            **{
                f"Echo-7B-Instruct-{name}.gguf": gguf_file(
                    gguf_parts, dtype=dtype, architecture="qwen2", vocabulary=2_000, seed=name
                )
                for name, dtype in (("Q4_K_M", "Q4_K"), ("Q8_0", "Q8_0"))
            },
            "mmproj-Echo-7B-Instruct-F16.gguf": gguf_file(projector, dtype="F16", architecture="clip"),
        },
        pipeline_tag=TASK,
        card_data={"license": "apache-2.0", "base_model_relation": "quantized"},
        base_models=(ECHO,),
        relation="quantized",
        gguf={"total": sum(gguf_parts.values()), "architecture": "qwen2", "context_length": 8192},
        downloads=22_000,
        likes=64,
    )
    packed = {"model.layers.0.mlp.gate_proj": 1_000_000 * 1024}
    kept = {"language_model.lm_head": 156_032 * 4096, "audio_tower.layers.0.fc1": 622_000 * 1024}
    quantization = {"quant_method": "awq", "bits": 4, "group_size": 128}
    awq_tensors = {
        **{f"{name}.qweight": ("I32", (weights // 1024, 1024)) for name, weights in packed.items()},
        **{f"{name}.scales": ("F16", (weights * 8 // 128 // 1024, 1024)) for name, weights in packed.items()},
        **shapes(kept, "F16"),
    }
    awq = Repository(
        "demo-quants/Echo-7B-AWQ",
        {
            **described(
                "qwen2_audio",
                "Qwen2AudioForConditionalGeneration",
                LLAMA_SHAPE,
                quantization_config=quantization,
            ),
            "model.safetensors": safetensors_file(awq_tensors, seed="awq"),
        },
        pipeline_tag=TASK,
        library_name="transformers",
        tags=("4-bit", "awq"),
        card_data={"license": "apache-2.0"},
        base_models=(ECHO,),
        relation="quantized",
        safetensors=counted(
            I32=sum(packed.values()), F16=sum(kept.values()) + sum(packed.values()) * 8 // 128
        ),
        downloads=3_100,
        likes=12,
    )
    onnx = Repository(
        "demo-ports/Echo-7B-Instruct-ONNX",
        {**echo_files(), "onnx/model.onnx": safetensors_file(shapes({"onnx": 1024 * 1024}), seed="onnx")},
        pipeline_tag=TASK,
        library_name="transformers.js",
        card_data={"license": "apache-2.0"},
        base_models=(ECHO,),
        relation="quantized",
        downloads=410,
        likes=3,
    )
    mirror = Repository(
        "demo-mirror/Echo-7B-Instruct",
        {**echo_files(), **safetensors_shards(shapes(ECHO_PARTS), 2, seed=ECHO)},
        pipeline_tag=TASK,
        library_name="transformers",
        safetensors=counted(BF16=sum(ECHO_PARTS.values())),
        downloads=60,
    )
    mini_gguf = Repository(
        "demo-quants/Voice-Mini-3B-GGUF",
        {"Voice-Mini-3B-Q4_K_M.gguf": gguf_file({"blk.0.ffn_gate": 3_900_000 * 1024}, seed="mini")},
        pipeline_tag=TASK,
        card_data={"license": "apache-2.0"},
        base_models=(MINI,),
        relation="quantized",
        gguf={"total": 3_900_000 * 1024, "architecture": "llama", "context_length": 8192},
        downloads=6_400,
        likes=25,
    )
    return (gguf, awq, onnx, mirror, mini_gguf)


def descendants() -> Sequence[Repository]:
    """Models trained further, with the ways in which cards name what they come from."""

    def adapter(repo_id: str, base: str, **more: Json) -> Repository:
        layers = {"base_model.model.language_model.model.layers.0.self_attn.q_proj.lora_A": 10_000 * 1024}
        return Repository(
            repo_id,
            {
                "adapter_config.json": to_file(
                    {"peft_type": "LORA", "r": 16, "base_model_name_or_path": base}
                ),
                "adapter_model.safetensors": safetensors_file(shapes(layers, "F32"), seed=repo_id),
            },
            pipeline_tag=TASK,
            library_name="peft",
            base_models=(base,),
            relation="adapter",
            **more,
        )

    return (
        adapter("demo-adapters/Echo-7B-Hindi-LoRA", ECHO, card_data={"license": "mit", "language": "hi"}),
        adapter("demo-adapters/Echo-7B-Clinic-LoRA", ECHO.upper(), card_data={"license": "cc-by-nc-4.0"}),
        full_weights(
            "demo-adapters/Echo-7B-Singing",
            echo_files(),
            ECHO_PARTS,
            pipeline_tag=TASK,
            card_data={"license": "apache-2.0", "language": ["en"]},
            base_models=(ECHO,),
            relation="finetune",
            downloads=880,
            likes=11,
        ),
        full_weights(
            # Its card still names the base as it was called before.
            "demo-voices/Echo-7B-Arabic",
            echo_files(),
            ECHO_PARTS,
            pipeline_tag=TASK,
            card_data={"license": "apache-2.0", "language": ["ar"]},
            base_models=("demo-labs/Echo-Seven",),
            relation="finetune",
            downloads=1_500,
            likes=22,
        ),
        full_weights(
            "demo-merges/Echo-Blend-7B",
            echo_files(),
            ECHO_PARTS,
            pipeline_tag=TASK,
            card_data={"license": "apache-2.0"},
            base_models=("demo-adapters/Echo-7B-Singing", "demo-voices/Echo-7B-Arabic"),
            relation="merge",
            downloads=35,
            likes=2,
        ),
        full_weights(
            "demo-voices/Chatter-7B",
            echo_files(),
            ECHO_PARTS,
            pipeline_tag="text-generation",
            card_data={"license": "apache-2.0", "language": ["en"]},
            base_models=(ECHO,),
            relation="finetune",
            downloads=270,
            likes=5,
        ),
    )
