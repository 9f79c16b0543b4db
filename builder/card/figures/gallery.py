"""All pictures of a date: which are drawn, under which names, and how the card shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from builder.card.escape import Markdown, escape_markdown
from builder.card.figures import collapse, field, memory, missed
from builder.card.figures.canvas import Canvas, plain_style
from builder.card.figures.words import Words, say_collapse, say_field, say_memory, say_missed
from builder.layout import FIGURES

if TYPE_CHECKING:
    from builder.card.figures.facts import Pictures

NAMES = ("collapse", "memory", "missed", "field")
"""Pictures that a date may have; the card's template calls them by these names."""


@dataclass(frozen=True)
class _Sheet:
    name: str
    words: Words
    draw: Callable[[Canvas], float]


def _sheets(pictures: Pictures) -> Iterator[_Sheet]:
    if pictures.collapse:
        yield _Sheet("collapse", say_collapse(pictures.collapse), partial(collapse.draw, pictures.collapse))
    if pictures.memories:
        yield _Sheet("memory", say_memory(pictures.memories), partial(memory.draw, pictures.memories))
    if pictures.missed:
        yield _Sheet("missed", say_missed(pictures.missed), partial(missed.draw, pictures.missed))
    if pictures.field:
        yield _Sheet("field", say_field(pictures.field), partial(field.draw, pictures.field))


def draw_figures(pictures: Pictures) -> dict[str, bytes]:
    """File name → SVG of every picture that the date has data for."""
    drawn = {}
    for sheet in _sheets(pictures):
        with plain_style():
            canvas = Canvas(sheet.words.title, sheet.words.subtitle)
            height = sheet.draw(canvas)
            drawn[f"{sheet.name}.svg"] = canvas.to_svg(height, sheet.words.title, sheet.words.alt)
    return drawn


def embed_figures(pictures: Pictures) -> dict[str, Markdown]:
    """Name → the Markdown that shows the picture; empty for one that the date has not."""
    shown = {
        sheet.name: Markdown(f"![{escape_markdown(sheet.words.alt)}]({FIGURES}/{sheet.name}.svg)")
        for sheet in _sheets(pictures)
    }
    return {name: shown.get(name, Markdown()) for name in NAMES}
