"""Picture: the Hub's tasks by size, and the few distinct models of this one beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.card.figures.canvas import MARGIN, TEXT, TOP, WIDTH
from builder.card.figures.lettering import fit
from builder.card.figures.palette import BLUE, GREY, ORANGE, Colour
from builder.card.phrasing import state_count

if TYPE_CHECKING:
    from builder.card.figures.canvas import Canvas
    from builder.card.figures.facts import Field

_LEFT = 232
_NAME_WIDTH = _LEFT - MARGIN - 12
_ROW, _THICK = 30, 18
_ROOM = 112
"""Pixels right of the longest bar for its number."""


def draw(facts: Field, canvas: Canvas) -> float:
    """Draw, and say how high the picture is."""
    unit = (WIDTH - MARGIN - _ROOM - _LEFT) / facts.tasks[0].model_count
    y = float(TOP + 4)
    for task in facts.tasks:
        colour = {facts.own: BLUE, facts.speech: ORANGE}.get(task, GREY)
        bold = task == facts.own
        count = state_count(task.model_count, task.exact)
        _draw_row(canvas, y, task.pipeline_tag, count, task.model_count * unit, colour, bold=bold)
        y += _ROW
        if bold:
            distinct = f"{facts.distinct:,}"
            _draw_row(canvas, y, "distinct models", distinct, facts.distinct * unit, BLUE, bold=True)
            y += _ROW
    return y + MARGIN / 2


def _draw_row(  # noqa: PLR0913, PLR0917 - what a bar and its words are
    canvas: Canvas, y: float, name: str, count: str, length: float, colour: Colour, *, bold: bool
) -> None:
    weight = "bold" if bold else "normal"
    base = y + _THICK - 5
    canvas.text(_LEFT - 12, base, fit(name, _NAME_WIDTH, TEXT, weight), weight=weight, anchor="right")
    if length:
        canvas.bar(_LEFT, y, max(length, 1), _THICK, colour)
    canvas.text(_LEFT + length + 8, base, count, weight=weight)
