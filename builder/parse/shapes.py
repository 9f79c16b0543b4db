"""The shape of a language model, from its configuration: what its cache and its tied head are computed from.

Field names are those of `config.json` in transformers, and of Mistral's `params.json`. Formulas:

- layers that keep keys and values of their own = `num_hidden_layers` - `num_kv_shared_layers` (Gemma 3n: the
  last layers read the cache of earlier ones), without layers of linear attention (`layer_types`).
- head size = `head_dim`, or else `hidden_size` / `num_attention_heads`.
- sliding layers = those of the type `sliding_attention`; without `layer_types`, all but every n-th by
  `sliding_window_pattern` (Gemma 2 and 3), those from `max_window_layers` on (Qwen2), or all (Mistral). A
  window that is not smaller than the context never slides.
- tied head = `vocab_size` · `hidden_size`, where `tie_word_embeddings` is true.

What a configuration leaves to its library's defaults is not stated, and null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from builder.parse.popping import Fields
from builder.parse.stated import MAX_HEADS, MAX_LAYERS, MAX_TOKENS, MAX_WIDTH, MAX_WORDS, read_whole

_SLIDING: Final = "sliding_attention"
_KEEPING: Final = frozenset({"full_attention", "chunked_attention", _SLIDING})
"""Types of layers with a cache that grows with the sequence, or up to a window."""

_ALL_SLIDE: Final = frozenset({"mistral"})
"""Model types of which every layer slides where a window is stated."""


@dataclass(frozen=True)
class Shape:
    """What one configuration states of its language model, in the columns of `configuration`."""

    context_length: int | None = None
    layers: int | None = None
    kv_heads: int | None = None
    head_size: int | None = None
    sliding_layers: int | None = None
    sliding_window: int | None = None
    tied: bool | None = None
    tied_head: int | None = None
    experts: int | None = None
    active_experts: int | None = None


def read_shape(config: Fields, model_type: str | None, *outer_ties: bool | None) -> Shape:
    """Read the fields of a text model from `config.json`, or from the part of it that describes one.

    Args:
        config: the fields, of which those of the shape are taken.
        model_type: what they describe.
        outer_ties: `tie_word_embeddings` of what the part stands in, from the inside out.
    """
    layers = read_whole(config, "num_hidden_layers", MAX_LAYERS)
    heads = read_whole(config, "num_attention_heads", MAX_HEADS)
    kv_heads = read_whole(config, "num_key_value_heads", MAX_HEADS)
    width = read_whole(config, "hidden_size", MAX_WIDTH)
    head_size = read_whole(config, "head_dim", MAX_WIDTH) or divide(width, heads)
    context = read_whole(config, "max_position_embeddings", MAX_TOKENS)
    words = read_whole(config, "vocab_size", MAX_WORDS)
    shared = read_whole(config, "num_kv_shared_layers", MAX_LAYERS, least=0) or 0
    own = layers - shared if layers is not None and layers > shared else None
    types = _read_types(config, layers)
    sliding, window = _read_sliding(config, model_type, context, own, types[:own])
    # Global layers of another width, or a compressed cache, do not follow the formula.
    others = [
        config.signed(name) for name in ("kv_lora_rank", "global_head_dim", "num_global_key_value_heads")
    ]
    is_plain = all(value is None for value in others)
    if types and own is not None:
        own = sum(kind in _KEEPING for kind in types[:own]) or None
    tied = next((tie for tie in (config.flag("tie_word_embeddings"), *outer_ties) if tie is not None), None)
    experts = [
        read_whole(config, name, MAX_WIDTH)
        for name in ("num_experts", "num_local_experts", "n_routed_experts")
    ]
    return Shape(
        context_length=context,
        layers=own,
        kv_heads=kv_heads if is_plain else None,
        head_size=head_size if is_plain else None,
        sliding_layers=sliding,
        sliding_window=window,
        tied=tied,
        tied_head=multiply(words, width) if tied else None,
        experts=next((number for number in experts if number is not None), None),
        active_experts=read_whole(config, "num_experts_per_tok", MAX_WIDTH),
    )


def read_gguf_shape(metadata: Fields) -> Shape:
    """Read the same from the metadata of a GGUF file, without the name of the architecture in front."""
    heads = read_whole(metadata, "attention.head_count", MAX_HEADS)
    width = read_whole(metadata, "embedding_length", MAX_WIDTH)
    return Shape(
        context_length=read_whole(metadata, "context_length", MAX_TOKENS),
        layers=read_whole(metadata, "block_count", MAX_LAYERS),
        kv_heads=read_whole(metadata, "attention.head_count_kv", MAX_HEADS),
        head_size=read_whole(metadata, "attention.key_length", MAX_WIDTH) or divide(width, heads),
    )


def read_mistral_shape(params: Fields) -> Shape:
    """Read the same from `params.json`, which names fields in its own way."""
    heads, width = read_whole(params, "n_heads", MAX_HEADS), read_whole(params, "dim", MAX_WIDTH)
    lengths = [read_whole(params, name, MAX_TOKENS) for name in ("max_position_embeddings", "max_seq_len")]
    context = next((length for length in lengths if length is not None), None)
    layers = read_whole(params, "n_layers", MAX_LAYERS)
    sliding, window = _read_sliding(params, "mistral", context, layers, [])
    tied = params.flag("tied_embeddings")
    words = read_whole(params, "vocab_size", MAX_WORDS)
    moe = params.sub("moe")
    shape = Shape(
        context_length=context,
        layers=layers,
        kv_heads=read_whole(params, "n_kv_heads", MAX_HEADS),
        head_size=read_whole(params, "head_dim", MAX_WIDTH) or divide(width, heads),
        sliding_layers=sliding,
        sliding_window=window,
        tied=tied,
        tied_head=multiply(words, width) if tied else None,
        experts=None if moe is None else read_whole(moe, "num_experts", MAX_WIDTH),
        active_experts=None if moe is None else read_whole(moe, "num_experts_per_tok", MAX_WIDTH),
    )
    if moe is not None:
        moe.done()
    return shape


def _read_types(config: Fields, layers: int | None) -> list[str]:
    types = config.texts("layer_types")
    if types and len(types) != layers:
        config.refuse("layer_types", "not one type for each layer")
        return []
    return types


def _read_sliding(
    config: Fields, model_type: str | None, context: int | None, layers: int | None, types: list[str]
) -> tuple[int | None, int | None]:
    """Layers that slide, of those with a cache of their own, and their window."""
    window = read_whole(config, "sliding_window", MAX_TOKENS)
    is_used = config.flag("use_sliding_window")
    start = read_whole(config, "max_window_layers", MAX_LAYERS, least=0)
    patterns = [
        read_whole(config, name, MAX_LAYERS) for name in ("sliding_window_pattern", "_sliding_window_pattern")
    ]
    pattern = next((number for number in patterns if number is not None), None)
    if layers is None:
        return None, window
    if is_used is False or (window is not None and context is not None and window >= context):
        return 0, None
    if window is None and not types:
        return None, None
    sliding = None
    if types:
        sliding = types.count(_SLIDING)
    elif pattern is not None:
        sliding = layers - layers // pattern
    elif is_used and start is not None:
        sliding = max(layers - start, 0)
    elif model_type in _ALL_SLIDE:
        sliding = layers
    return sliding, window if sliding != 0 else None


def divide(one: int | None, other: int | None) -> int | None:
    """A quotient without rest of two known numbers."""
    if one is None or other is None or one % other:
        return None
    return one // other


def multiply(one: int | None, other: int | None) -> int | None:
    """A product of two known numbers."""
    return None if one is None or other is None else one * other
