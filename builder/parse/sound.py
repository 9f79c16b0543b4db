"""What a model does with sound, from its configuration: rate, window, longest audio, tokens a second.

Field names are those of `preprocessor_config.json` and `config.json` in transformers, and of Mistral's
`params.json`. Formulas (transformers: WhisperFeatureExtractor, WhisperEncoder, UltravoxModel's
StackAudioFrames, VoxtralForConditionalGeneration, Qwen2_5OmniAudioEncoder):

- frames of the spectrum a second = sampling rate / `hop_length`; the two convolutions at the start of a
  Whisper encoder make one position of two frames, so positions a second = frames / 2.
- window = 2 · `n_window` frames (Qwen-Omni), 2 · `max_source_positions` frames (Whisper), or `chunk_length`
  seconds (= `n_samples` / sampling rate) where no encoder is described.
- longest audio = `max_audio_len` seconds, or `chunk_length` where that is more than one window: the feature
  extractor cuts there.
- tokens a second = positions a second / positions that are joined: `stack_factor` (Ultravox),
  `downsample_factor` (Mistral), or `intermediate_size` / `hidden_size` of the encoder (Voxtral).

What a configuration leaves to its library's defaults is not stated, and null.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from builder.parse.popping import Fields
from builder.parse.shapes import divide
from builder.parse.stated import (
    MAX_RATE_HZ,
    MAX_TOKENS,
    MAX_WIDTH,
    first,
    keep_small,
    read_seconds,
    read_whole,
)

_FRAMES_PER_POSITION: Final = 2


@dataclass(frozen=True)
class Sound:
    """What the files of one configuration state, together."""

    rate_hz: int | None = None
    hop: int | None = None
    chunk_s: float | None = None
    longest_s: float | None = None
    window_frames: int | None = None
    joined: int | None = None
    """Positions of the encoder that become one token."""

    def or_else(self, other: Sound) -> Sound:
        """Each fact from here, or from there where it is not known here."""
        return replace(other, **{name: value for name, value in vars(self).items() if value is not None})

    def to_columns(self) -> dict[str, float | None]:
        """The columns of `configuration` about sound."""
        frames = None if self.rate_hz is None or self.hop is None else self.rate_hz / self.hop
        window = None if frames is None or self.window_frames is None else self.window_frames / frames
        longest = self.longest_s
        if longest is None and window is not None and self.chunk_s is not None and self.chunk_s > window:
            longest = self.chunk_s
        described = self.window_frames is not None
        tokens = (
            None if frames is None or self.joined is None else frames / _FRAMES_PER_POSITION / self.joined
        )
        return {
            "audio_sampling_rate_hz": self.rate_hz,
            "audio_window_s": keep_small(window if described else self.chunk_s),
            "audio_max_s": keep_small(longest),
            "audio_tokens_per_s": keep_small(tokens),
        }


def read_encoder(audio: Fields) -> Sound:
    """Read the part of `config.json` that describes the encoder."""
    is_voxtral = (audio.text("model_type") or "").startswith("voxtral")
    block = read_whole(audio, "n_window", MAX_TOKENS)
    positions = read_whole(audio, "max_source_positions", MAX_TOKENS)
    inner, width = (read_whole(audio, name, MAX_WIDTH) for name in ("intermediate_size", "hidden_size"))
    audio.ignore("d_model", "num_hidden_layers", "encoder_layers", "num_mel_bins")
    audio.done()
    half = block if block is not None else positions
    return Sound(
        window_frames=None if half is None else _FRAMES_PER_POSITION * half,
        joined=divide(inner, width) if is_voxtral else None,
    )


def read_extractor(part: Fields) -> Sound:
    """Read `preprocessor_config.json`, or `processor_config.json`, which may hold it."""
    inner = part.sub("feature_extractor")
    filters = part.sub("melspec_kwargs")
    rate = read_whole(part, "sampling_rate", MAX_RATE_HZ)
    hop = read_whole(part, "hop_length", MAX_TOKENS)
    if filters is not None:
        rate = rate or read_whole(filters, "sample_rate", MAX_RATE_HZ)
        hop = hop or read_whole(filters, "hop_length", MAX_TOKENS)
        filters.ignore("sample_rate", "hop_length")
        filters.done()
    samples = read_whole(part, "n_samples", MAX_TOKENS)
    from_samples = None if samples is None or rate is None else samples / rate
    sound = Sound(
        rate_hz=rate,
        hop=hop,
        chunk_s=first(read_seconds(part, "chunk_length"), keep_small(from_samples)),
        longest_s=read_seconds(part, "max_audio_len"),
    )
    part.ignore("feature_size", "nb_max_frames", "audio_token", "feature_extractor_type", "processor_class")
    part.done()
    return sound if inner is None else sound.or_else(read_extractor(inner))


def read_mistral_sound(multimodal: Fields | None) -> Sound:
    """Read `multimodal` of `params.json`."""
    model = None if multimodal is None else multimodal.sub("whisper_model_args")
    if multimodal is not None:
        multimodal.done()
    if model is None:
        return Sound()
    encoder, joining = model.sub("encoder_args"), model.sub("downsample_args")
    model.done()
    joined = None if joining is None else read_whole(joining, "downsample_factor", MAX_WIDTH)
    if joining is not None:
        joining.done()
    if encoder is None:
        return Sound(joined=joined)
    positions = read_whole(encoder, "max_source_positions", MAX_TOKENS)
    coding = encoder.sub("audio_encoding_args")
    encoder.ignore("dim", "n_layers")
    encoder.done()
    sound = Sound(
        joined=joined, window_frames=None if positions is None else _FRAMES_PER_POSITION * positions
    )
    if coding is None:
        return sound
    rate, hop = read_whole(coding, "sampling_rate", MAX_RATE_HZ), read_whole(coding, "hop_length", MAX_TOKENS)
    seconds = read_seconds(coding, "chunk_length_s")
    coding.ignore("num_mel_bins")
    coding.done()
    return replace(sound, rate_hz=rate, hop=hop, chunk_s=seconds)
