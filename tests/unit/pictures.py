"""Facts to draw, made by hand: ordinary ones, and such as a date may have at its edges."""

from __future__ import annotations

from dataclasses import replace

from builder.card.figures.facts import Collapse, Dot, Field, Memories, Missed, Pair, Pictures
from builder.card.population import TaskLine, Totals

GB = 10**9
HOSTILE = "$x_{$\u202e<script>alert(1)</script>&]]>-->\x00\ufffe 🎉שלום مرحبا " + "long " * 60
"""Formula, markup, what XML cannot hold, what the font does not have, right to left, and no end."""


def ordinary(text: str | None = None) -> Pictures:
    """All pictures of a small field; every name in them is `text` where it is given."""
    dots = tuple(
        Dot(text or f"model-{at}", f"acme/model-{at}", (2 + at) * GB, 10**at, [True, False, None][at % 3])
        for at in range(5, -1, -1)
    )
    own = TaskLine("audio-text-to-text", "Multimodal", 20, exact=True, source="a count")
    speech = TaskLine("automatic-speech-recognition", "Audio", 27_000, exact=False, source="a count")
    other = TaskLine(text or "text-to-speech", "Audio", 3_000, exact=True, source="a count")
    return Pictures(
        collapse=Collapse(
            scopes=(text or "audio-text-to-text",),
            totals=_totals(),
            families=((text or "Echo", 6), (text or "Alpha", 3)),
            other_families=2,
            other_models=2,
        ),
        memories=Memories(dots, 6, 3, (8, 24, 80), tier_gb=8, fitting=6, share=1.0),
        missed=Missed(
            repositories=14,
            agreeing=6,
            uncounted=2,
            unknown=1,
            causes=(("backbone_elsewhere", 4), ("packed_elements", 1)),
            pairs=(
                Pair(text or "delta", "backbone_elsewhere", 50_000_000, 70 * GB, 4),
                Pair(text or "packed", "packed_elements", 2 * GB, 8 * GB, 1),
                Pair(text or "plain", None, 8 * GB, 8 * GB, 6),
                Pair(text or "blank", None, None, 7 * GB, 2),
            ),
        ),
        field=Field((speech, other, own), own, speech, 11),
    )


def _totals() -> Totals:
    return Totals(
        repositories=20,
        own=10,
        copies=4,
        placeholders=3,
        mistagged=2,
        undecided=1,
        distinct=11,
        unlisted=1,
        other_distinct=2,
        families=4,
        other_families=1,
    )


def crowded() -> Pictures:
    """Everything in one spot, numbers of all sizes, as many names as there can be."""
    plain = ordinary("a-name-of-a-common-length-7b-instruct")
    assert plain.collapse
    assert plain.memories
    assert plain.missed
    assert plain.field
    dots = tuple(
        Dot(f"a-name-of-a-common-length-{at}b", f"acme/{at}", 5 * GB + at * 10**6, 40_000 - at, None)
        for at in range(300)
    )
    causes = (
        *("backbone_elsewhere", "encoder_elsewhere", "packed_elements", "tied_head_twice"),
        *("buffers_counted", "total_not_sum", "unexplained"),
    )
    pairs = tuple(
        Pair(f"a-name-of-a-common-length-{at}b", cause, 5 * GB + at * 10**7, 8 * GB, 90)
        for at, cause in enumerate(causes * 6)
    )
    tasks = tuple(TaskLine(f"task-number-{at}", "Audio", 10**6 - at, True, "a count") for at in range(12))  # noqa: FBT003
    return Pictures(
        collapse=replace(
            plain.collapse,
            totals=replace(_totals(), repositories=2_500_000, own=2_499_990),
            families=tuple((f"A rather long family title {at}", 1) for at in range(7)),
            other_families=123_456,
            other_models=234_567,
        ),
        memories=replace(plain.memories, dots=dots, models=2_000_000, unsized=1_234_567),
        missed=replace(
            plain.missed,
            repositories=2_000_000,
            agreeing=1_500_000,
            uncounted=300_000,
            unknown=200_000,
            causes=tuple((cause, 123_456) for cause in causes),
            pairs=pairs,
        ),
        field=replace(plain.field, tasks=(*tasks, plain.field.own), distinct=1_000_000),
    )


def sparse() -> Pictures:
    """As little as a picture can show: one of each, one download, equal sizes."""
    plain = ordinary()
    assert plain.collapse
    assert plain.missed
    assert plain.field
    none = dict.fromkeys(("copies", "placeholders", "mistagged", "undecided", "unlisted"), 0)
    one = replace(_totals(), **none, repositories=1, own=1, distinct=1, families=1)
    dots = tuple(Dot("model", f"acme/{at}", 8 * GB, at, gated=False) for at in (1, 0))
    own = replace(plain.field.own, model_count=1)
    other = replace(own, pipeline_tag="text-to-speech", model_count=0)
    return Pictures(
        collapse=Collapse(("audio-text-to-text",), one, (("Echo", 1),), 0, 0),
        memories=Memories(dots, 2, 0, (8,), tier_gb=8, fitting=2, share=1.0),
        missed=Missed(1, 0, 0, 0, (("unexplained", 1),), (Pair("model", "unexplained", 1, 2, 1),)),
        field=Field((own, other), own, None, 0),
    )
