"""Picture: the listed repositories collapse into distinct audio-language models, and these into families.

One scale throughout: a block is as high as it has repositories, or models.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.card.figures.canvas import MARGIN, TEXT, TOP, WIDTH
from builder.card.figures.lettering import fit, measure
from builder.card.figures.palette import BLUE, GREY, INK, MUTED, ORANGE, PURPLE, Colour
from builder.card.phrasing import count_things

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.card.figures.canvas import Canvas
    from builder.card.figures.facts import Collapse

_TALL = 300
"""Pixels for all repositories."""

_THICK = 14
"""Pixels across a block."""

_LISTED, _SPLIT, _DISTINCT, _FAMILIES = MARGIN, 168, 394, 498
"""Left edges of the four columns of blocks."""

_GAP, _LINE = 6, 17
"""Pixels between blocks, and what a line of words needs."""

_START = TOP + 28


@dataclass(frozen=True)
class _Block:
    """A block of a column, with the words beside it and how many of it flow on."""

    number: int
    colour: Colour
    words: tuple[str, ...]
    onward: int = 0


def draw(facts: Collapse, canvas: Canvas) -> float:
    """Draw, and say how high the picture is."""
    totals = facts.totals
    unit = _TALL / totals.repositories
    own = totals.distinct - totals.unlisted
    parts = [
        _Block(totals.own, BLUE, ("with a model", "of their own"), own),
        _Block(totals.copies, ORANGE, ("copies of", "these models"), totals.unlisted),
        _Block(totals.mistagged, PURPLE, ("filed under the", "wrong task")),
        _Block(totals.placeholders, GREY, ("without weights",)),
        _Block(totals.undecided, GREY, ("not decided",)),
    ]
    parts = [part for part in parts if part.number]
    tops, bottom = _spread(parts, unit)
    canvas.bar(_LISTED, (_START + bottom - _TALL) / 2, _THICK, _TALL, INK)
    canvas.bar(_DISTINCT, _START, _THICK, totals.distinct * unit, BLUE)
    left, right = (_START + bottom - _TALL) / 2, float(_START)
    for part, top in zip(parts, tops, strict=True):
        size, arriving = part.number * unit, part.onward * unit
        canvas.band((_LISTED + _THICK, left, left + size), (_SPLIT, top, top + size), part.colour)
        canvas.bar(_SPLIT, top, _THICK, size, part.colour)
        if part.colour in {BLUE, ORANGE}:
            end = (_DISTINCT, right, right + arriving)
            canvas.band((_SPLIT + _THICK, top, top + size), end, part.colour)
        _label(canvas, _SPLIT, top + size / 2, part)
        left += size
        right += arriving
    lowest = _draw_families(facts, canvas, unit)
    for x, number, words in (
        (_LISTED, totals.repositories, "repository" if totals.repositories == 1 else "repositories"),
        (_DISTINCT - 84, totals.distinct, "distinct model" + "s" * (totals.distinct != 1)),
        (_FAMILIES, totals.families, "family" if totals.families == 1 else "families, by models"),
    ):
        canvas.text(x, TOP + 14, f"{number:,}", weight="bold")
        canvas.text(x + measure(f"{number:,}", TEXT, "bold") + 5, TOP + 14, words, colour=MUTED)
    return max(bottom, lowest) + MARGIN


def _draw_families(facts: Collapse, canvas: Canvas, unit: float) -> float:
    named = [(title, number, BLUE) for title, number in facts.families]
    if facts.other_families:
        others = count_things(facts.other_families, "more family", "more families")
        named.append((f"in {others}", facts.other_models, GREY))
    room = WIDTH - MARGIN - _FAMILIES - _THICK - 11
    blocks = [
        _Block(number, colour, (fit(title, room - measure(f"{number:,}", TEXT, "bold"), TEXT),))
        for title, number, colour in named
    ]
    tops, bottom = _spread(blocks, unit)
    left = float(_START)
    for block, top in zip(blocks, tops, strict=True):
        size = block.number * unit
        canvas.band((_DISTINCT + _THICK, left, left + size), (_FAMILIES, top, top + size), block.colour)
        canvas.bar(_FAMILIES, top, _THICK, size, block.colour)
        _label(canvas, _FAMILIES, top + size / 2, block)
        left += size
    return bottom


def _label(canvas: Canvas, left: float, middle: float, block: _Block) -> None:
    """The number of a block and its words, in one line or two, beside its middle."""
    number, x = f"{block.number:,}", left + _THICK + 6
    y = middle + 4.5 - (len(block.words) - 1) * (_LINE - 2) / 2
    canvas.text(x, y, number, weight="bold")
    canvas.text(x + measure(number, TEXT, "bold") + 5, y, block.words[0])
    for line in block.words[1:]:
        y += _LINE - 2
        canvas.text(x, y, line)


def _spread(blocks: Sequence[_Block], unit: float) -> tuple[list[float], float]:
    """Tops of blocks below each other, each with room for its words, and where the last one ends."""
    tops, below = [], float(_START)
    for block in blocks:
        size, words = block.number * unit, len(block.words) * _LINE
        room = max(size, words)
        tops.append(below + (room - size) / 2)
        below += room + _GAP
    return tops, below - _GAP
