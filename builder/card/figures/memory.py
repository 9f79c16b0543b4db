"""Picture: how much memory each distinct audio-language model needs at least, against its downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.card.figures.axes import LogAxis, fit_axis, write_tick
from builder.card.figures.canvas import MARGIN, NOTE, TOP, WIDTH
from builder.card.figures.labels import Box, Label, around, place_labels
from builder.card.figures.lettering import fit, measure
from builder.card.figures.palette import BLUE, GREY, INK, LINE, MUTED, ORANGE, Colour
from builder.card.phrasing import GIGABYTE, count_things

if TYPE_CHECKING:
    from builder.card.figures.canvas import Canvas, Marker
    from builder.card.figures.facts import Dot, Memories

_LEFT, _RIGHT = 74, WIDTH - MARGIN
_PLOT_TOP, _PLOT_BOTTOM = TOP + 40, TOP + 370
_ZERO = _PLOT_BOTTOM + 24
"""Where dots without a download lie: zero has no place on a logarithmic axis."""

_NAMED = 14
"""Dots that are named as far as there is room, the most downloaded first, and the largest ones."""
_LARGEST = 2

_NAME_WIDTH = 190
_RADIUS = 4.5

_SIGNS: dict[bool | None, tuple[Colour, Marker, str]] = {
    False: (BLUE, "o", "open"),
    True: (ORANGE, "D", "access on request"),
    None: (GREY, "s", "not known"),
}
"""Colour, mark and words by whether the model, or something to load beside it, is gated."""


def draw(facts: Memories, canvas: Canvas) -> float:
    """Draw, and say how high the picture is."""
    sizes = [dot.memory_bytes / GIGABYTE for dot in facts.dots]
    across = fit_axis(min(*sizes, facts.tiers_gb[0]), max(*sizes, facts.tiers_gb[-1]), _LEFT + 8, _RIGHT - 12)
    up = fit_axis(1, max(10, *(dot.downloads for dot in facts.dots)), _PLOT_BOTTOM, _PLOT_TOP)
    zeros = [dot for dot in facts.dots if not dot.downloads]
    places = {
        dot: (across.place(dot.memory_bytes / GIGABYTE), up.place(dot.downloads) if dot.downloads else _ZERO)
        for dot in facts.dots
    }
    _draw_scales(facts, canvas, across, up, zeros=bool(zeros))
    for gated, (colour, marker, _) in _SIGNS.items():
        size = 2 * _RADIUS * (0.85 if marker == "D" else 1)
        canvas.dots(
            [place for dot, place in places.items() if dot.gated is gated], colour, marker=marker, size=size
        )
    _draw_names(canvas, places)
    return _draw_feet(facts, canvas)


def _draw_scales(facts: Memories, canvas: Canvas, across: LogAxis, up: LogAxis, *, zeros: bool) -> None:
    canvas.text(MARGIN, TOP + 6, "downloads in 30 days", size=NOTE, colour=MUTED)
    for number in up.ticks():
        y = up.place(number)
        canvas.line([(_LEFT, y), (_RIGHT, y)], LINE, width=0.7)
        canvas.text(_LEFT - 8, y + 4, write_tick(number), size=NOTE, colour=MUTED, anchor="right")
    if zeros:
        canvas.line([(_LEFT, _ZERO), (_RIGHT, _ZERO)], LINE, width=0.7)
        canvas.text(_LEFT - 8, _ZERO + 4, "none", size=NOTE, colour=MUTED, anchor="right")
    for number in across.ticks(fewest=4):
        canvas.text(
            across.place(number),
            _ZERO + 22,
            f"{write_tick(number)} GB",
            size=NOTE,
            colour=MUTED,
            anchor="center",
        )
    taken = 0.0
    for tier in facts.tiers_gb:
        x = across.place(tier)
        chosen = tier == facts.tier_gb
        canvas.line([(x, TOP + 28), (x, _ZERO + 6)], INK if chosen else MUTED, dashed=not chosen)
        words, weight = (f"{tier} GB", "bold") if chosen else (f"{tier}", "normal")
        half = measure(words, NOTE, weight) / 2
        if x - half > taken:
            canvas.text(x, TOP + 23, words, size=NOTE, weight=weight, anchor="center")
            taken = x + half + 3


def _draw_names(canvas: Canvas, places: dict[Dot, tuple[float, float]]) -> None:
    dots = list(places)
    largest = sorted(dots, key=lambda dot: (-dot.memory_bytes, -dot.downloads, dot.unique_model_id))[
        :_LARGEST
    ]
    wanted = list(dict.fromkeys([*dots[:_NAMED], *largest]))
    names = {dot: fit(dot.title, _NAME_WIDTH, NOTE) for dot in wanted}
    labels = [Label(*places[dot], measure(name, NOTE), NOTE) for dot, name in names.items()]
    obstacles = [around(x, y, _RADIUS) for x, y in places.values()]
    inside = Box(_LEFT, TOP + 30, _RIGHT, _PLOT_BOTTOM)
    for (dot, name), found in zip(names.items(), place_labels(labels, obstacles, inside), strict=True):
        if found is None:
            continue
        box, led = found
        x, y = places[dot]
        if led:
            end = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
            canvas.line([(x, y), end], MUTED, width=0.7)
        canvas.text(box.left, box.bottom - 2.5, name, size=NOTE, clear=True)


def _draw_feet(facts: Memories, canvas: Canvas) -> float:
    y = _ZERO + 42
    words = "least memory to run it; lines are sizes of single cards"
    canvas.text((_LEFT + _RIGHT) / 2, y, words, size=NOTE, colour=MUTED, anchor="center")
    x, y = float(_LEFT), y + 26
    for gated, (colour, marker, words) in _SIGNS.items():
        if any(dot.gated is gated for dot in facts.dots):
            canvas.dots([(x + 4, y - 4)], colour, marker=marker, size=2 * _RADIUS)
            canvas.text(x + 14, y, words, size=NOTE)
            x += 14 + measure(words, NOTE) + 18
    left_out = []
    if facts.unsized:
        left_out.append(f"{count_things(facts.unsized, 'model')} of unknown size or downloads")
    if facts.models > len(facts.dots):
        left_out.append(f"{facts.models - len(facts.dots):,} less downloaded ones")
    if left_out:
        y += 20
        canvas.text(_LEFT, y, f"not shown: {', '.join(left_out)}", size=NOTE, colour=MUTED)
    return y + MARGIN
