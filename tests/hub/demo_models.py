"""The models of the invented demo Hub: one repository per case that a snapshot must tell apart.

Owners, models and numbers are invented; names of architectures are real, since the curated files know no
others. Every size is about that of a real model of the kind.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.hub.catalogue import Repository
from tests.hub.demo_copies import copies, descendants
from tests.hub.demo_parts import (
    BROOK,
    ECHO,
    ECHO_PARTS,
    HUSH,
    LISTEN,
    LLAMA_SHAPE,
    MINI,
    MINI_PARTS,
    SMALL_PARTS,
    TASK,
    WHISPER,
    counted,
    described,
    echo_files,
    full_weights,
    to_file,
)
from tests.hub.weights import safetensors_file, shapes, torch_file


def originals() -> Sequence[Repository]:
    """Models that were trained, in every way in which the Hub files them."""
    echo = full_weights(
        ECHO,
        echo_files(),
        ECHO_PARTS,
        pipeline_tag=TASK,
        card_data={"license": "apache-2.0", "language": ["en", "zh"], "pipeline_tag": TASK},
        downloads=41_000,
        downloads_all_time=390_000,
        likes=512,
        trending_score=14,
        renamed_from=("demo-labs/Echo-Seven",),
        eval_results=({"dataset": {"id": "demo-data/listen"}, "value": 71.5},),
    )
    small = Repository(
        "demo-labs/Echo-500M",
        {**echo_files(), "pytorch_model.bin": torch_file(SMALL_PARTS, seed="small")},
        pipeline_tag=TASK,
        library_name="transformers",
        card_data={"license": "mit", "language": "en"},
        downloads=730,
        likes=9,
    )
    ultravox = Repository(
        "demo-voices/ultravox-brook-3b",
        {
            **described("ultravox", "UltravoxModel", text_model_id=BROOK, audio_model_id=LISTEN),
            "model.safetensors": safetensors_file(
                shapes({"multi_modal_projector.linear_1": 40_000 * 1024}), seed="ultravox"
            ),
        },
        pipeline_tag=TASK,
        library_name="transformers",
        card_data={"license": "mit", "base_model": [BROOK]},
        base_models=(BROOK,),
        relation="finetune",
        safetensors=counted(BF16=40_000 * 1024),
        downloads=2_600,
        likes=31,
    )
    hush = full_weights(
        HUSH,
        described("voxtral", "VoxtralForConditionalGeneration", {**LLAMA_SHAPE, "num_hidden_layers": 40}),
        {
            "language_model.model.layers.0.mlp.gate_proj": 23_000_000 * 1024,
            "audio_tower.layers.0.fc1": 622_000 * 1024,
        },
        pipeline_tag=TASK,
        card_data={"license": "other", "license_name": "demo-research", "language": ["en", "fr", "de"]},
        gated="manual",
        downloads=9_800,
        likes=230,
    )
    mini = full_weights(
        MINI,
        described("voxtral", "VoxtralForConditionalGeneration", LLAMA_SHAPE),
        MINI_PARTS,
        pipeline_tag="automatic-speech-recognition",
        card_data={"license": "apache-2.0", "language": ["en", "es"]},
        downloads=15_300,
        likes=140,
    )
    gem = full_weights(
        "demo-labs/Gem-4B",
        described("gemma3n", "Gemma3nForConditionalGeneration", LLAMA_SHAPE),
        {
            "model.language_model.layers.0.mlp.gate_proj": 6_500_000 * 1024,
            "model.audio_tower.conformer.0": 660_000 * 1024,
        },
        pipeline_tag="image-text-to-text",
        card_data={"license": "gemma", "language": []},
        gated="auto",
        downloads=5_100,
        likes=77,
    )
    return (echo, small, ultravox, hush, mini, gem)


def any_to_any() -> Sequence[Repository]:
    """Two models for everything, of which one listens."""
    omni = full_weights(
        "demo-omni/Omni-7B",
        described("qwen2_5_omni", "Qwen2_5OmniModel", thinker_config={"model_type": "qwen2_5_omni_thinker"}),
        {
            "thinker.model.layers.0.mlp.gate_proj": 7_600_000 * 1024,
            "thinker.audio_tower.layers.0.fc1": 622_000 * 1024,
            "talker.model.layers.0.mlp.gate_proj": 1_300_000 * 1024,
        },
        pipeline_tag="any-to-any",
        tags=("multimodal",),
        card_data={"license": "other", "language": "en"},
        downloads=8_900,
        likes=310,
    )
    pictures = full_weights(
        "demo-omni/Pictures-8B",
        {
            "config.json": to_file(
                {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3"}
            )
        },
        {"model.vision_tower.encoder.0": 400_000 * 1024, "model.language_model.layers.0": 7_400_000 * 1024},
        pipeline_tag="any-to-any",
        tags=("image-text-to-text",),
        card_data={"license": "mit"},
        downloads=1_200,
        likes=18,
    )
    return (omni, pictures)


def odd_ones() -> Sequence[Repository]:
    """What is filed under the task and is something else, and bases that lie outside of it."""
    return (
        Repository("demo-labs/Echo-14B", pipeline_tag=TASK, card_data={"license": "apache-2.0"}, likes=4),
        full_weights(
            "demo-speech/mumble-large",
            described("wav2vec2", "Wav2Vec2ForCTC"),
            {"wav2vec2.encoder.layers.0.feed_forward": 307_000 * 1024},
            pipeline_tag=TASK,
            card_data={"license": "mit", "language": ["en"]},
            downloads=190,
            likes=1,
        ),
        Repository("echo-nano", {}, pipeline_tag=TASK, library_name="transformers", downloads=3),
        full_weights(
            BROOK,
            {
                "config.json": to_file(
                    {"architectures": ["LlamaForCausalLM"], "model_type": "llama", **LLAMA_SHAPE}
                )
            },
            {"model.layers.0.mlp.gate_proj": 2_800_000 * 1024, "lm_head": 128_256 * 3072},
            pipeline_tag="text-generation",
            card_data={"license": "llama3.2"},
            downloads=120_000,
            likes=800,
        ),
        full_weights(
            LISTEN,
            {"config.json": to_file({"architectures": ["WhisperForConditionalGeneration"], **WHISPER})},
            {"model.encoder.layers.0.fc1": 622_000 * 1024, "model.decoder.layers.0.fc1": 880_000 * 1024},
            pipeline_tag="automatic-speech-recognition",
            card_data={"license": "apache-2.0", "language": ["en", "de", "fr"]},
            downloads=510_000,
            likes=1_900,
        ),
    )


def demo_models() -> list[Repository]:
    """All of them."""
    made = (originals(), any_to_any(), copies(), descendants(), odd_ones())
    return [repo for some in made for repo in some]
