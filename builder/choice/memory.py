"""Memory that a loadable variant needs at some length of audio, and the longest audio it can take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

SECONDS: Final = 60
_KNOWN_MINUTES: Final = (3, 30, 60)
"""Durations that `variants` states a cache for."""


@dataclass(frozen=True)
class Limit:
    """The longest audio in minutes, and what sets it; None where nothing is known to."""

    minutes: float | None
    set_by: str | None = None


def find_limit(
    audio_max_s: float | None,
    context_length: int | None,
    audio_tokens_per_s: float | None,
    runtime_max_s: float | None = None,
) -> Limit:
    """The smallest of the stated longest audio, what fills the context, and the runtime's own limit.

    The context holds the prompt and the answer too, so that a transcript of audio that fills it has no
    room: the figure is a bound, not a promise.
    """
    bounds = []
    if audio_max_s is not None:
        bounds.append((audio_max_s / SECONDS, "the model"))
    if context_length is not None and audio_tokens_per_s:
        bounds.append((context_length / audio_tokens_per_s / SECONDS, "its context"))
    if runtime_max_s is not None:
        bounds.append((runtime_max_s / SECONDS, "the runtime"))
    return Limit(*min(bounds)) if bounds else Limit(None)


def compute_cache(variant: Mapping[str, Any], minutes: float, audio_max_s: float | None = None) -> int | None:
    """Bytes of the key-value cache at some minutes of audio; None where the variant states none.

    Linear between zero, 3, 30 and 60 minutes, and beyond the last known one along the last stretch.
    The figure for 3 minutes is about `audio_max_s` where that is shorter, as `variants` says. Layers with
    a sliding window stop growing, so that the line beyond is at worst too high.
    """
    points: list[tuple[float, float]] = [(0.0, 0.0)]
    for known in _KNOWN_MINUTES:
        size = variant[f"kv_cache_bytes_{known}min"]
        if size is None:
            break
        at = float(known) if audio_max_s is None else min(known, audio_max_s / SECONDS)
        # Beyond the longest audio there is no second point; a row that states one repeats the first.
        if at > points[-1][0]:
            points.append((at, float(size)))
    if len(points) == 1:
        return None
    stretches = list(pairwise(points))
    (x0, y0), (x1, y1) = next((stretch for stretch in stretches if minutes <= stretch[1][0]), stretches[-1])
    return round(y0 + (y1 - y0) * (minutes - x0) / (x1 - x0))


def compute_memory(variant: Mapping[str, Any], cache: int | None) -> int:
    """Weights, overhead and, where it is known, the cache."""
    return int(variant["weights_bytes"]) + int(variant["overhead_bytes"]) + (cache or 0)
