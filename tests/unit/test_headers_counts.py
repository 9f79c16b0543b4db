"""Counts: each way of packing weights, what is left out, tied heads, and the component of a name."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import pytest

from builder.errors import HeaderUnreadable
from builder.parse.headers.components import find_component, read_setting
from builder.parse.headers.counts import Count, count_tensors
from builder.parse.headers.packing import StorageHints
from builder.parse.headers.tensor import Tensor
from schemas.tables.parameters import BITS_OF_DTYPE
from schemas.vocabulary import COMPONENT

Spec = tuple[str, str, Sequence[int]]
IN, OUT = 256, 512
WEIGHTS = IN * OUT


def make(*specs: Spec) -> list[Tensor]:
    return [
        Tensor(name, dtype, tuple(shape), prod(shape), int(prod(shape) * BITS_OF_DTYPE.get(dtype, 8) / 8))
        for name, dtype, shape in specs
    ]


def logical(tensors: list[Tensor], hints: StorageHints | None = None) -> int | None:
    counts = count_tensors(tensors, hints)
    known = [count.logical_parameters for count in counts if count.logical_parameters is not None]
    return sum(known) if len(known) == len(counts) else None


def readings(tensors: list[Tensor], hints: StorageHints | None = None) -> set[str]:
    return {reading for count in count_tensors(tensors, hints) for reading, _ in count.readings}


def gptq(bits: int, *leaves: str) -> list[Tensor]:
    specs = {
        "qweight": ("I32", (IN * bits // 32, OUT)),
        "qzeros": ("I32", (2, OUT * bits // 32)),
        "scales": ("F16", (2, OUT)),
        "g_idx": ("I32", (IN,)),
        "bias": ("F16", (OUT,)),
    }
    return make(*((f"l.q.{leaf}", *specs[leaf]) for leaf in leaves))


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_gptq_is_unpacked_by_its_order_or_its_zeros(bits: int) -> None:
    whole = gptq(bits, "qweight", "qzeros", "scales", "g_idx", "bias")
    assert logical(whole) == WEIGHTS + OUT
    assert readings(whole) == {f"gptq_{bits}bit", "scales", "as_stored"}
    assert logical(gptq(bits, "qweight", "qzeros", "scales")) == WEIGHTS
    assert logical(gptq(bits, "qweight", "scales"), StorageHints("gptq", bits)) == WEIGHTS
    assert logical(gptq(bits, "qweight", "scales")) is None
    assert logical(gptq(bits, "qweight"), StorageHints("gptq", bits)) == WEIGHTS


def test_awq_is_told_from_gptq_by_its_shapes() -> None:
    tensors = make(
        ("l.q.qweight", "I32", (IN, OUT // 8)),
        ("l.q.qzeros", "I32", (2, OUT // 8)),
        ("l.q.scales", "F16", (2, OUT)),
    )
    assert logical(tensors) == WEIGHTS
    assert "awq_4bit" in readings(tensors)


def test_compressed_tensors_take_bits_from_order_group_hint_or_norm() -> None:
    packed = make(
        ("model.layers.0.self_attn.q_proj.weight_packed", "I32", (OUT, IN // 8)),
        ("model.layers.0.self_attn.q_proj.weight_scale", "BF16", (OUT, IN // 128)),
        ("model.layers.0.self_attn.q_proj.weight_shape", "I64", (2,)),
    )
    order = make(("model.layers.0.self_attn.q_proj.weight_g_idx", "I32", (IN,)))
    norm = make(("model.layers.0.input_layernorm.weight", "BF16", (IN,)))
    assert logical(packed) is None
    assert logical(packed + order) == WEIGHTS
    assert logical(packed + norm) == WEIGHTS + IN
    assert logical(packed, StorageHints(group_size=128)) == WEIGHTS
    assert logical(packed, StorageHints(bits=4)) == WEIGHTS
    assert readings(packed, StorageHints(bits=4)) == {"compressed_tensors_4bit", "scales"}


@pytest.mark.parametrize(
    ("specs", "reading"),
    [
        ([("l.weight", "U8", (OUT, IN // 2)), ("l.weight_scale", "F8_E4M3", (OUT, IN // 16)),
          ("l.weight_scale_2", "F32", ()), ("l.input_scale", "F32", ())], "nvfp4"),
        ([("l.weight_packed", "U8", (OUT, IN // 2)), ("l.weight_scale", "F8_E4M3", (OUT, IN // 16)),
          ("l.weight_global_scale", "F32", (1,)), ("l.input_global_scale", "F32", (1,))], "nvfp4"),
        ([("l.up_blocks", "U8", (4, OUT // 4, IN // 32, 16)), ("l.up_scales", "U8", (4, OUT // 4, IN // 32))],
         "mxfp4"),
        ([("l.weight_packed", "U8", (OUT, IN // 2)), ("l.weight_scale", "U8", (OUT, IN // 32))], "mxfp4"),
        ([("l.weight", "U8", (WEIGHTS // 2, 1)), ("l.weight.absmax", "U8", (WEIGHTS // 64,)),
          ("l.weight.quant_map", "F32", (16,)), ("l.weight.nested_absmax", "F32", (8,)),
          ("l.weight.nested_quant_map", "F32", (256,)),
          ("l.weight.quant_state.bitsandbytes__nf4", "U8", (100,))], "bnb_4bit"),
        ([("l.weight", "I8", (OUT, IN)), ("l.SCB", "F32", (OUT,)), ("l.weight_format", "U8", ())],
         "as_stored"),
        ([("l.weight", "F8_E4M3", (OUT, IN)), ("l.weight_scale", "BF16", (OUT, 1))], "as_stored"),
        ([("l.weight", "F8_E4M3", (OUT, IN)), ("l.weight_scale_inv", "F32", (4, 2)),
          ("l.k_scale", "F32", (1,)), ("l.v_scale", "F32", ())], "as_stored"),
        ([("l.weight", "I8", (OUT, IN)), ("l.weight_scale", "BF16", (OUT, 1)),
          ("l.weight_zero_point", "I8", (OUT, 1))], "as_stored"),
        ([("l.weight", "F4", (OUT, IN)), ("l.weight_scale", "F8_E8M0", (OUT, IN // 32))], "as_stored"),
        ([("l.weight", "U32", (OUT, IN // 8)), ("l.scales", "U8", (OUT, IN // 32))], "mlx_4bit"),
    ],
)  # fmt: skip
def test_scales_are_left_out_and_pairs_are_counted_twice(specs: list[Spec], reading: str) -> None:
    tensors = make(*specs)
    assert logical(tensors) == WEIGHTS
    assert readings(tensors) == {reading, "scales"}


def mlx(bits: int, group: int, module: str = "model.layers.0.self_attn.q_proj") -> list[Tensor]:
    return make(
        (f"{module}.weight", "U32", (OUT, IN * bits // 32)),
        (f"{module}.scales", "BF16", (OUT, IN // group)),
        (f"{module}.biases", "BF16", (OUT, IN // group)),
    )


@pytest.mark.parametrize("group", [32, 64, 128])
@pytest.mark.parametrize("bits", [2, 3, 4, 5, 6, 8])
def test_mlx_bits_come_from_the_shapes(bits: int, group: int) -> None:
    norm = make(("model.layers.0.input_layernorm.weight", "BF16", (IN,)))
    assert logical(mlx(bits, group) + norm) == WEIGHTS + IN
    # The group size of one matrix holds for all, so a second one may have other bits.
    mixed = mlx(bits, group) + norm + mlx(8, group, "model.layers.0.mlp.down_proj")
    assert logical(mixed) == 2 * WEIGHTS + IN
    assert logical(mlx(bits, group), StorageHints(group_size=group)) == WEIGHTS
    assert logical(mlx(bits, group), StorageHints(bits=bits)) == WEIGHTS
    assert logical(mlx(bits, group)) is None
    # 256 bits per group of 60 would be four and a bit.
    assert logical(mlx(4, 64), StorageHints(group_size=60)) is None


def test_masks_positions_and_counters_are_buffers() -> None:
    tensors = make(
        ("h.0.attn.bias", "U8", (1, 1, 1024, 1024)),
        ("h.1.attn.bias", "F32", (1, 1, 1024, 1024)),
        ("h.0.attn.masked_bias", "F32", ()),
        ("h.0.rotary_emb.inv_freq", "F32", (64,)),
        ("embeddings.position_ids", "I64", (1, 512)),
        ("audio_tower.mask", "BOOL", (10, 10)),
        ("bn.num_batches_tracked", "I64", ()),
        ("h.0.attn.weight", "BF16", (4, 4)),
        ("h.0.attn.c.bias", "BF16", (4,)),
    )
    assert logical(tensors) == 20
    assert readings(tensors) == {"buffers", "as_stored"}


def test_what_cannot_be_told_is_none_and_not_a_guess() -> None:
    assert logical(make(("l.weight", "U8", (4, 4)))) is None
    assert logical(make(("l.W_q", "U8", (4, 4)))) is None
    assert logical(make(("l.qweight", "I32", (4, 4)))) is None
    assert logical(make(("l.weight", "U8", (4, 64)), ("l.weight_scale", "F8_E4M3", (1,)))) is None
    assert logical(make(("l.codes_of_mine", "I32", (4, 4)))) == 0
    assert logical(make(("l.codes_of_mine", "I32", (4, 4))), StorageHints("aqlm")) is None
    assert logical(make(("l.weight", "miku", (4, 4)))) is None
    assert readings(make(("l.weight", "miku", (4, 4)))) == {"dtype_unknown"}


def test_gguf_blocks_are_counted_as_elements() -> None:
    counts = count_tensors(
        make(("blk.0.ffn_up.weight", "Q4_K", (2, 256)), ("token_embd.weight", "Q6_K", (1, 256)))
    )
    assert [(count.dtype, count.stored_bytes, count.logical_parameters) for count in counts] == [
        ("Q4_K", 288, 512),
        ("Q6_K", 210, 256),
    ]


def test_a_tied_head_is_counted_once_if_the_configuration_ties_it() -> None:
    embedding, head = ("model.embed_tokens.weight", "BF16", (100, 8)), ("lm_head.weight", "BF16", (100, 8))
    tied = StorageHints(tied_head=True)
    assert logical(make(embedding, head)) == 1600
    assert logical(make(embedding, head), tied) == 800
    assert readings(make(embedding, head), tied) == {"as_stored", "tied_head"}
    assert logical(make(embedding, ("lm_head.weight", "BF16", (101, 8))), tied) == 1608
    # One embedding excuses one head.
    assert logical(make(embedding, head, ("talker.lm_head.weight", "BF16", (100, 8))), tied) == 1600
    packed = [*make(embedding), *mlx(4, 64, "lm_head")]
    assert logical(packed, StorageHints(group_size=64, tied_head=True)) == 800 + WEIGHTS
    fitting = [*make(("model.embed_tokens.weight", "BF16", (OUT, IN))), *mlx(4, 64, "lm_head")]
    assert logical(fitting, StorageHints(group_size=64, tied_head=True)) == WEIGHTS


def test_optimizer_states_are_stored_but_no_weights() -> None:
    tensors = make(("model.w", "F32", (4,)), ("optimizer.state.0.exp_avg", "F32", (4,)))
    (count,) = count_tensors(tensors)
    assert (count.stored_elements, count.logical_parameters) == (8, 4)


def test_counts_are_rows_by_component_and_type() -> None:
    tensors = make(
        ("audio_tower.conv1.weight", "BF16", (8, 4)),
        ("multi_modal_projector.linear.weight", "BF16", (4, 4)),
        ("language_model.model.layers.0.w", "BF16", (3,)),
        ("language_model.model.layers.0.mask", "BOOL", (2, 2)),
        ("something.else", "F32", (5,)),
    )
    assert count_tensors(reversed(tensors)) == (
        Count("audio_encoder", "BF16", 1, 32, 64, 32, (("as_stored", 32),)),
        Count("language_model", "BF16", 1, 3, 6, 3, (("as_stored", 3),)),
        Count("language_model", "BOOL", 1, 4, 4, 0, (("buffers", 4),)),
        Count("projector", "BF16", 1, 16, 32, 16, (("as_stored", 16),)),
        Count("whole", "F32", 1, 5, 20, 5, (("as_stored", 5),)),
    )
    assert count_tensors([]) == ()


def test_a_name_in_two_files_and_too_many_bytes_are_refused() -> None:
    with pytest.raises(HeaderUnreadable, match="'a' stands in two of its files"):
        count_tensors(make(("a", "F32", (1,)), ("a", "F32", (1,))))
    with pytest.raises(HeaderUnreadable, match="'a' takes 5 bytes, more than 1 elements of F32"):
        count_tensors([Tensor("a", "F32", (1,), 1, 5)])


NAMES = {
    "audio_tower.layers.0.fc1.weight": "audio_encoder",
    "model.audio_tower.conformer.0.w": "audio_encoder",
    "thinker.audio_tower.proj.weight": "audio_encoder",
    "apm.layers.0.w": "audio_encoder",
    "model.embed_tokens_extend.audio_embed.encoder.0.w": "audio_encoder",
    "mm_whisper_embeddings.whisper_encoder.conv.w": "audio_encoder",
    "a.blk.0.attn_q.weight": "audio_encoder",
    "model.embed_tokens_extend.audio_embed.audio_projection.speech.0.weight": "projector",
    "mm_whisper_embeddings.audio_language_projection.0.weight": "projector",
    "multi_modal_projector.linear_1.weight": "projector",
    "model.embed_audio.embedding.weight": "projector",
    "mm.a.mlp.1.weight": "projector",
    "visual.blocks.0.w": "vision_encoder",
    "v.blk.0.attn_q.weight": "vision_encoder",
    "talker.model.layers.0.w": "audio_decoder",
    "talker.lm_head.weight": "audio_decoder",
    "language_model.model.layers.0.w": "language_model",
    "llm.model.embed_tokens.weight": "language_model",
    "model.layers.0.self_attn.q_proj.weight": "language_model",
    "model.language_model.layers.0.w": "language_model",
    "thinker.model.norm.weight": "language_model",
    "lm_head.weight": "language_model",
    "blk.0.ffn_up.weight": "language_model",
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight": "adapter",
    "model.layers.0.qkv_proj.lora_B.speech.weight": "adapter",
    "encoder.layers.0.w": "whole",
    "layers.0.w": "whole",
    "output.weight": "whole",
    "weight": "whole",
    "lm_head": "whole",
    "": "whole",
}


@pytest.mark.parametrize(("name", "component"), NAMES.items())
def test_a_name_tells_its_component(name: str, component: str) -> None:
    assert find_component(name, read_setting([name])) == component
    assert component in COMPONENT


@pytest.mark.parametrize(
    ("beside", "name", "component"),
    [
        (
            ("model.encoder.conv1.weight", "model.encoder.conv2.weight"),
            "model.encoder.layers.0.w",
            "audio_encoder",
        ),
        (("encoder.conv1.weight", "encoder.conv2.weight"), "decoder.blocks.0.w", "language_model"),
        (("encoder.conv1.weight", "encoder.conv2.weight"), "proj_out.weight", "language_model"),
        (("projector.query", "language_model.norm.weight"), "encoder.layers.0.w", "audio_encoder"),
        (("tok_embeddings.weight",), "layers.0.attention.wq.weight", "language_model"),
        (("token_embd.weight",), "output.weight", "language_model"),
        (("decoder.conv1.weight",), "encoder.layers.0.w", "whole"),
    ],
)
def test_ambiguous_words_are_settled_by_the_names_beside(
    beside: tuple[str, ...], name: str, component: str
) -> None:
    assert find_component(name, read_setting([*beside, name])) == component
