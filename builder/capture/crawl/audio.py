"""Whether a model takes audio, for lists that hold others too: by configuration, design or tags.

The answer decides only what is captured. What a model takes in as a fact is decided later, from all
evidence; so a doubt keeps the model, with the sign that spoke for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from builder.capture.evidence import JsonObject, JsonValue

_FIELDS: Final = (
    *("audio_config", "audio_encoder_config", "audio_model_id", "audio_token_id", "audio_token_index"),
    *("audio_processor", "speech_config", "speech_encoder", "sound_tower_cfg", "mm_audio_tower"),
)
"""Fields of `config.json` that only a model with an audio input has, in the places below."""

_PLACES: Final = ("thinker_config", "embd_layer")


@dataclass(frozen=True)
class AudioSigns:
    """Designs that are known to take audio, and tags whose owners say so."""

    types: Collection[str]
    classes: Collection[str]
    tags: Collection[str]


def find_audio_sign(row: JsonObject, config: JsonObject | None, signs: AudioSigns) -> str | None:
    """The first sign that a model takes audio, the firmest first; None where there is none.

    Args:
        row: its row of a list.
        config: its `config.json`, if it was read.
        signs: what is known of designs and tags.
    """
    for place, fields in _places(config):
        if found := next((name for name in _FIELDS if fields.get(name) is not None), None):
            return f"config {place}{found}"
    stated = row.get("config")
    for source in (stated, config):
        if not isinstance(source, dict):
            continue
        if source.get("model_type") in signs.types:
            return f"model type {source['model_type']}"
        if found := next(
            (name for name in _words(source.get("architectures")) if name in signs.classes), None
        ):
            return f"class {found}"
    found = next((tag for tag in sorted(_words(row.get("tags"))) if tag in signs.tags), None)
    return f"tag {found}" if found else None


def _places(config: JsonObject | None) -> Iterator[tuple[str, JsonObject]]:
    if config is None:
        return
    yield "", config
    for name in _PLACES:
        inner = config.get(name)
        if isinstance(inner, dict):
            yield f"{name}.", inner


def _words(value: JsonValue) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
