"""Picture: the Hub's own parameter count of each repository against what must really be loaded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from builder.card.figures.axes import LogAxis, fit_axis
from builder.card.figures.canvas import MARGIN, NOTE, TOP, WIDTH
from builder.card.figures.labels import Box, Label, around, place_labels
from builder.card.figures.lettering import fit, measure
from builder.card.figures.palette import BLUE, GREEN, GREY, INK, LINE, MUTED, ORANGE, PURPLE, Colour
from builder.card.phrasing import write_billions

if TYPE_CHECKING:
    from builder.card.figures.canvas import Canvas, Marker
    from builder.card.figures.facts import Missed, Pair

_UNCOUNTED = 84
"""Where repositories without a count on the Hub stand, left of the axis."""
_LEFT, _RIGHT = 134, WIDTH - MARGIN
_LEGEND_LINE = 20
_TALL = 330
_NAME_WIDTH = 200
_NAMED, _APART = 8, 45
"""Names at most, and pixels between two dots that are named."""

_RADIUS, _LARGEST_RADIUS = 4.0, 12.0


class _Sign(NamedTuple):
    colour: Colour
    marker: Marker
    words: str


_SIGNS = {
    None: _Sign(BLUE, "o", "the same, or nearly"),
    "backbone_elsewhere": _Sign(ORANGE, "D", "language model in another repository"),
    "encoder_elsewhere": _Sign(PURPLE, "^", "encoder in another repository"),
    "packed_elements": _Sign(GREEN, "s", "packed weights counted as stored"),
    "tied_head_twice": _Sign(PURPLE, "v", "output head counted twice"),
    "buffers_counted": _Sign(GREEN, "P", "buffers counted as weights"),
    "total_not_sum": _Sign(INK, "s", "total is not the sum of its parts"),
    "unexplained": _Sign(INK, "X", "cause not known"),
}
"""Colour, mark and words of each cause; none means that the two numbers agree."""

_NO_COUNT = _Sign(GREY, "o", "no count on the Hub")


def draw(facts: Missed, canvas: Canvas) -> float:
    """Draw, and say how high the picture is."""
    legend = [(_SIGNS[None], facts.agreeing), (_NO_COUNT, facts.uncounted)]
    legend += [(_sign(cause), number) for cause, number in facts.causes]
    legend = [(sign, number) for sign, number in legend if number]
    top = _draw_legend(canvas, legend)
    numbers = [n for pair in facts.pairs for n in (pair.hub, pair.runtime) if n is not None]
    across = fit_axis(min(pair.hub for pair in facts.pairs if pair.hub), max(numbers), _LEFT, _RIGHT - 8)
    up = fit_axis(min(pair.runtime for pair in facts.pairs), max(numbers), top + _TALL, top)
    _draw_scales(canvas, across, up, uncounted=facts.uncounted > 0)
    places = {
        pair: (across.place(pair.hub) if pair.hub else _UNCOUNTED, up.place(pair.runtime))
        for pair in facts.pairs
    }
    # What agrees goes below, and the larger below the smaller, so that nothing is hidden.
    for pair in sorted(facts.pairs, key=lambda pair: (pair.cause is not None, -pair.repositories)):
        _draw_dot(canvas, _sign(pair.cause) if pair.hub else _NO_COUNT, places[pair], _radius(pair))
    _draw_names(canvas, facts, places, Box(_LEFT + 4, top, _RIGHT, top + _TALL))
    bottom = top + _TALL + 58
    words = "a larger mark stands for several repositories with the same two numbers"
    if facts.unknown:
        words += f"; not shown: {facts.unknown:,} of unknown size"
    canvas.text(_RIGHT, bottom, words, size=NOTE, colour=MUTED, anchor="right")
    return bottom + MARGIN


def _sign(cause: str | None) -> _Sign:
    return _SIGNS.get(cause, _SIGNS["unexplained"])


def _radius(pair: Pair) -> float:
    return min(_RADIUS * math.sqrt(pair.repositories), _LARGEST_RADIUS)


def _draw_dot(canvas: Canvas, sign: _Sign, place: tuple[float, float], radius: float) -> None:
    size = 2 * radius * (0.85 if sign.marker == "D" else 1)
    canvas.dots([place], sign.colour, marker=sign.marker, size=size)


def _draw_legend(canvas: Canvas, entries: list[tuple[_Sign, int]]) -> float:
    """Two columns of marks with the number of repositories; where it ends."""
    columns = (MARGIN, WIDTH / 2 + 8)
    rows = (len(entries) + 1) // 2
    wide = 18 + max(measure(f"{number:,}", NOTE, "bold") for _, number in entries)
    for place, (sign, number) in enumerate(entries):
        x, y = columns[place // rows], TOP + 10 + (place % rows) * _LEGEND_LINE
        _draw_dot(canvas, sign, (x + 5, y - 4), _RADIUS)
        canvas.text(x + wide, y, f"{number:,}", size=NOTE, weight="bold", anchor="right")
        canvas.text(x + wide + 6, y, sign.words, size=NOTE)
    return TOP + 10 + rows * _LEGEND_LINE + 26


def _draw_scales(canvas: Canvas, across: LogAxis, up: LogAxis, *, uncounted: bool) -> None:
    canvas.text(MARGIN, up.end - 12, "must be loaded, parameters", size=NOTE, colour=MUTED)
    left = _UNCOUNTED - 16 if uncounted else _LEFT
    for number in up.ticks():
        y = up.place(number)
        canvas.line([(left, y), (_RIGHT, y)], LINE, width=0.7)
        canvas.text(
            _UNCOUNTED - 22,
            y + 4,
            f"{write_billions(int(number))} B",
            size=NOTE,
            colour=MUTED,
            anchor="right",
        )
    for number in across.ticks():
        x = across.place(number)
        canvas.line([(x, up.start), (x, up.end)], LINE, width=0.7)
        canvas.text(
            x, up.start + 18, f"{write_billions(int(number))} B", size=NOTE, colour=MUTED, anchor="center"
        )
    if uncounted:
        canvas.text(_UNCOUNTED, up.start + 18, "none", size=NOTE, colour=MUTED, anchor="center")
    canvas.text(
        (_LEFT + _RIGHT) / 2,
        up.start + 38,
        "counted by the Hub, parameters",
        size=NOTE,
        colour=MUTED,
        anchor="center",
    )
    low, high = max(across.low, up.low), min(across.high, up.high)
    if low < high:
        canvas.line([(across.place(n), up.place(n)) for n in (low, high)], MUTED, dashed=True)


def _draw_names(canvas: Canvas, facts: Missed, places: dict[Pair, tuple[float, float]], inside: Box) -> None:
    """Names of the pairs that differ most: the first of each cause, then the others."""
    differing = [pair for pair in facts.pairs if pair.cause is not None]
    first = {pair.cause: pair for pair in reversed(differing)}
    wanted: list[Pair] = []
    for pair in dict.fromkeys([*first.values(), *differing]):
        # Neighbours differ alike: one name speaks for them.
        near = any(math.dist(places[pair], places[other]) < _APART for other in wanted)
        if not near and len(wanted) < _NAMED:
            wanted.append(pair)
    names = {pair: _name(pair) for pair in wanted}
    labels = [Label(*places[pair], measure(name, NOTE), NOTE) for pair, name in names.items()]
    obstacles = [around(*place, _radius(pair)) for pair, place in places.items()]
    for (pair, name), found in zip(names.items(), place_labels(labels, obstacles, inside), strict=True):
        if found is None:
            continue
        box, led = found
        x, y = places[pair]
        if led:
            end = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
            canvas.line([(x, y), end], MUTED, width=0.7)
        canvas.text(box.left, box.bottom - 2.5, name, size=NOTE, clear=True)


def _name(pair: Pair) -> str:
    hub, runtime = (write_billions(number) for number in (pair.hub or 0, pair.runtime))
    return f"{fit(pair.title, _NAME_WIDTH, NOTE)}: {hub}, not {runtime} B"
