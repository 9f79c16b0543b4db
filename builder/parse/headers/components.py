"""Which part of a model a tensor belongs to, told from the words in its name.

The names are those of the modules in transformers, of Mistral's consolidated files, of PEFT, and of
llama.cpp (`gguf-py/gguf/constants.py`, `tensor_mapping.py`). Only words that mean one thing in all of
them decide; a name without such a word belongs to `whole`, which is less precise and never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_WRAPPERS: Final = frozenset(
    {"base_model", "model", "model_state_dict", "module", "state_dict", "thinker", "_orig_mod"}
)
"""Modules that hold the model, and keys of checkpoints: they say nothing about the part inside."""

_WORDS: Final = {
    "audio_encoder": (
        "audio_tower audio_encoder audio_model sound_tower speech_encoder speech_tower apm beats "
        "whisper_encoder whisper_model audio_embed mm_whisper_embeddings mm_streams_embeddings perception "
        "hubert wav2vec2"
    ),
    "vision_encoder": "vision_tower vision_encoder vision_model visual vpm image_embed",
    "projector": (
        "multi_modal_projector mm_projector projector audio_projector speech_projector sound_mm_projector "
        "audio_projection audio_projection_layer audio_projection_for_vision audio_language_projection "
        "audio_modal_projector audio_adapter modality_adapter embed_audio embed_vision resampler "
        "speech_llama_proj speech_Qformer ln_speech mm img_projection"
    ),
    "audio_decoder": (
        "talker token2wav code2wav tts audio_decoder depformer depthformer depth_decoder vocoder"
    ),
    "language_model": "language_model llm llama_model lm_head blk token_embd output_norm tok_embeddings",
}
_COMPONENT_OF: Final = {word: component for component, words in _WORDS.items() for word in words.split()}
_TEXT_MODEL: Final = frozenset({"layers", "embed_tokens", "norm", "output"})
_ADAPTER: Final = re.compile(r"(?:^|\.)lora_[A-Za-z_]+(?:\.|$)")
_MMPROJ: Final = re.compile(r"([av])\.(?:blk|conv|patch|pos|post|pre|class)")
_MMPROJ_COMPONENT: Final = {"a": "audio_encoder", "v": "vision_encoder"}
_SEEING: Final = frozenset({"audio_encoder", "vision_encoder"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What all names together tell about words that mean different things in different models.

    Attributes:
        encoder: component of a bare `encoder`: it takes audio in Whisper and beside a language model
            with a projector, and text in translation models.
        decoder: component of a bare `decoder`.
        bare_layers: component of bare `layers`, `norm` and `output`, which Mistral and llama.cpp use.
    """

    encoder: str = "whole"
    decoder: str = "whole"
    bare_layers: str = "whole"


def read_setting(names: Iterable[str]) -> Setting:
    """Look for the names that settle the ambiguous words."""
    inner = {".".join(_unwrap(name)[0]) for name in names}
    first = {name.partition(".")[0] for name in inner}
    whisper = {"encoder.conv1.weight", "encoder.conv2.weight"} <= inner
    beside = {"encoder", "projector", "language_model"} <= first
    return Setting(
        encoder="audio_encoder" if whisper or beside else "whole",
        decoder="language_model" if whisper else "whole",
        bare_layers="language_model" if first & {"tok_embeddings", "token_embd"} else "whole",
    )


def find_component(name: str, setting: Setting) -> str:
    """The component of one tensor; `whole` if its name does not tell."""
    if _ADAPTER.search(name):
        return "adapter"
    if found := _MMPROJ.match(name):
        return _MMPROJ_COMPONENT[found[1]]
    words, wrapped = _unwrap(name)
    first = words[0]
    bare = {"encoder": setting.encoder, "decoder": setting.decoder, "proj_out": setting.decoder}
    if first in bare:
        return bare[first]
    if first in _TEXT_MODEL:
        return "language_model" if wrapped and first != "output" else setting.bare_layers
    known = [_COMPONENT_OF[word] for word in words[:-1] if word in _COMPONENT_OF]
    # A projector may be written inside of the encoder whose features it maps.
    inside = bool(known) and known[0] in _SEEING and "projector" in known
    return "projector" if inside else next(iter(known), "whole")


def _unwrap(name: str) -> tuple[list[str], bool]:
    """The words of a name without its wrappers, and whether one of these was `model`."""
    words = name.split(".")
    start = 0
    while start < len(words) - 1 and words[start] in _WRAPPERS:
        start += 1
    return words[start:], "model" in words[:start]
