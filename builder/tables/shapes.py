"""Curated facts of sound and of language models' shapes: entries of `audio.yaml` become rows.

They stand in for fields of configurations on dates whose evidence holds none.
"""

from __future__ import annotations

from typing import Any, Final

from builder.tables.entry import Entry

SCOPES: Final = ("unique_model_id", "line", "model_type", "repo_id")
"""What a fact can be about, the narrowest first."""


def _scope(entry: Entry) -> dict[str, Any]:
    named = {scope: entry.optional_text(scope) for scope in SCOPES}
    given = {scope: name for scope, name in named.items() if name is not None}
    if len(given) != 1:
        entry.refuse(f"it must name one of {', '.join(SCOPES)}; name exactly one")
    ((scope, name),) = given.items()
    return {"scope": scope, "name": name}


def to_audio_fact(entry: Entry) -> dict[str, Any]:
    """What a design or line does with sound.

    Raises:
        EvidenceUnreadable: the entry is not as declared.
    """
    row = {
        **_scope(entry),
        "audio_sampling_rate_hz": entry.optional_whole("audio_sampling_rate_hz"),
        "audio_window_s": entry.optional_real("audio_window_s"),
        "audio_tokens_per_s": entry.optional_real("audio_tokens_per_s"),
        "audio_max_s": entry.optional_real("audio_max_s"),
        "max_output_tokens": entry.optional_whole("max_output_tokens"),
        "source": entry.text("source"),
    }
    more = entry.mapping("sources")
    others = (f"{column}: {source}" for column, source in sorted(more.items()))
    row["source"] = "; ".join([str(row["source"]), *others])
    entry.done()
    return row


def to_language_model(entry: Entry) -> dict[str, Any]:
    """The shape of a language model; layers, heads and head size stand together or not at all.

    Raises:
        EvidenceUnreadable: the entry is not as declared.
    """
    layers, cached = entry.optional_whole("layers"), entry.optional_whole("cached_layers")
    row = {
        **_scope(entry),
        "layers": cached or layers,
        "kv_heads": entry.optional_whole("kv_heads"),
        "head_size": entry.optional_whole("head_size"),
        "context_length": entry.optional_whole("context_length"),
        "sliding_layers": entry.optional_whole("sliding_layers"),
        "sliding_window": entry.optional_whole("sliding_window"),
        "source": entry.text("source"),
    }
    shape = [row[name] is None for name in ("layers", "kv_heads", "head_size")]
    if any(shape) and not all(shape):
        entry.refuse("layers, kv_heads and head_size stand together; add what is missing")
    if (row["sliding_layers"] is None) != (row["sliding_window"] is None):
        entry.refuse("sliding_layers and sliding_window stand together; add what is missing")
    entry.done()
    return row
