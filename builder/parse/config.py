"""The part `config`: named fields of a repository's configuration files, by file name.

`{"config.json": {…}, "preprocessor_config.json": {…}, …}`; a file that the repository does not have is
absent. What is read: classes and model type, how the weights are quantised, the repositories whose
weights are loaded too, and, by the formulas of `shapes` and `sound`, one row of `configuration`.
"""

from __future__ import annotations

from typing import Final

from builder.parse.facts import Base, Facts
from builder.parse.popping import Fields, Irregularities
from builder.parse.quantization import read_configuration
from builder.parse.shapes import Shape, read_mistral_shape, read_shape
from builder.parse.sound import Sound, read_encoder, read_extractor, read_mistral_sound
from builder.parse.stated import MAX_TOKENS, MAX_WIDTH, read_whole

RUNNING: Final = (
    *("context_length", "max_output_tokens", "audio_sampling_rate_hz", "audio_window_s", "audio_max_s"),
    *("audio_tokens_per_s", "kv_cache_bytes_per_token"),
)
"""Columns of `models` that a configuration may state."""

CAPTURED: Final = frozenset({"architectures", "model_type", *RUNNING})

_TEXT_PLACES: Final = ("text_config", "llm_config", "language_config")
_AUDIO_PLACES: Final = ("audio_config", "audio_encoder_config", "encoder_config")


def read_config(facts: Facts, part: Fields, irregular: Irregularities) -> None:
    """Fill the facts from the configuration files of one commit.

    Raises:
        EvidenceUnreadable: a field or file is not known.
    """
    del irregular  # The fields note for themselves what they hold.
    facts.captured |= CAPTURED
    facts.config_files = frozenset(part.names())
    shape, sound, tokens = Shape(), Sound(), None
    main = part.sub("config.json")
    if main is not None:
        shape, sound = _read_main(facts, main)
    for name in ("preprocessor_config.json", "processor_config.json"):
        extractor = part.sub(name)
        if extractor is not None:
            sound = sound.or_else(read_extractor(extractor))
    params = part.sub("params.json")
    if params is not None:
        multimodal = params.sub("multimodal")
        other = read_mistral_shape(params)
        params.done()
        # One file or the other: their fields are not mixed.
        shape = other if shape == Shape() else shape
        sound = sound.or_else(read_mistral_sound(multimodal))
    generation = part.sub("generation_config.json")
    if generation is not None:
        tokens = read_whole(generation, "max_new_tokens", MAX_TOKENS)
        generation.done()
    adapter = part.sub("adapter_config.json")
    if adapter is not None:
        _read_adapter(facts, adapter)
    part.done()
    facts.configuration = {**vars(shape), **sound.to_columns(), "max_output_tokens": tokens}


def _read_main(facts: Facts, config: Fields) -> tuple[Shape, Sound]:
    facts.architectures = set(config.texts("architectures")) or facts.architectures
    model_type = config.text("model_type")
    facts.model_type = model_type or facts.model_type
    quantization = config.sub("quantization_config")
    if quantization is not None:
        facts.configured = read_configuration(quantization)
    for name in ("text_model_id", "audio_model_id"):
        base = config.text(name)
        if base is not None:
            facts.bases.append(Base(base, None, "config"))
    joined = read_whole(config, "stack_factor", MAX_WIDTH)
    thinker = config.sub("thinker_config")
    places = [place for place in (thinker, config) if place is not None]
    texts = _subs(places, _TEXT_PLACES)
    encoders = [read_encoder(audio) for audio in _subs(places, _AUDIO_PLACES)]
    thinker_tied = None if thinker is None else thinker.flag("tie_word_embeddings")
    if thinker is not None:
        thinker.ignore("model_type")
        thinker.done()
    outer = read_shape(config, model_type)
    shapes = [read_shape(text, text.text("model_type"), thinker_tied, outer.tied) for text in texts]
    for text in texts:
        _ignore_rest(text)
    config.ignore("max_source_positions", "d_model")
    _ignore_rest(config)
    sound = Sound(joined=joined)
    for encoder in encoders:
        sound = sound.or_else(encoder)
    return [*shapes, outer][0], sound


def _subs(places: list[Fields], names: tuple[str, ...]) -> list[Fields]:
    found = (place.sub(name) for place in places for name in names)
    return [part for part in found if part is not None]


def _ignore_rest(config: Fields) -> None:
    config.ignore("torch_dtype", "dtype", "intermediate_size")
    config.done()


def _read_adapter(facts: Facts, adapter: Fields) -> None:
    base = adapter.text("base_model_name_or_path")
    if base is not None:
        facts.bases.append(Base(base, "adapter", "config"))
    facts.states_adapter = adapter.text("peft_type") is not None
    adapter.ignore("r")
    adapter.done()
