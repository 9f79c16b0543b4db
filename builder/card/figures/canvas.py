"""A sheet to draw on, 700 pixels wide: lines, bars, bands, dots and words, by pixels from the top left.

It hides matplotlib, which draws without its global state and without the user's settings: whatever a
picture consists of has passed one of these methods.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from builder.card.figures.lettering import fit, font, legible, measure
from builder.card.figures.palette import GROUND, INK, MUTED, Colour
from builder.card.figures.tidy import tidy_svg

if TYPE_CHECKING:
    from matplotlib.artist import Artist

WIDTH = 700
"""Pixels; a card's column is about as wide on GitHub and on the Hub, so sizes are as drawn."""

TITLE, TEXT, NOTE = 17, 12.5, 11.5
"""Sizes of words in pixels."""

MARGIN = 16
TOP = 72
"""Where a picture begins below its title and the line under it."""

_POINTS_PER_INCH = 72
_SIGNED = ("Date", "Creator", "Format", "Type")
"""What matplotlib would say about itself, and when."""

Anchor = Literal["left", "center", "right"]
Marker = Literal["o", "D", "s", "^", "v", "P", "X"]


def prepare_drawing() -> None:
    """Import what draws, which takes half a second, at a time when nobody waits for it."""
    import matplotlib.figure  # noqa: F401 - so that the next import of it takes no time


@contextmanager
def plain_style() -> Iterator[None]:
    """Draw with matplotlib's own defaults, whatever a user's matplotlibrc says; all drawing goes inside."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["svg.hashsalt"] = "audio-multimodal-models"
        mpl.rcParams["svg.fonttype"] = "path"
        mpl.rcParams["path.simplify"] = False
        yield


class Canvas:
    """One picture in the making."""

    def __init__(self, title: str, subtitle: str) -> None:
        from matplotlib.figure import Figure

        # A pixel is a point here: sizes of text and coordinates are in the same unit.
        self._figure = Figure(dpi=_POINTS_PER_INCH, facecolor=GROUND.light)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        room = WIDTH - 2 * MARGIN
        self.text(MARGIN, 31, fit(title, room, TITLE, "bold"), size=TITLE, weight="bold")
        self.text(MARGIN, 53, fit(subtitle, room, TEXT), size=TEXT, colour=MUTED)

    def _add(self, artist: Artist) -> None:
        artist.set_clip_on(False)
        self._axes.add_artist(artist)

    def text(  # noqa: PLR0913 - how a line of words looks
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = TEXT,
        colour: Colour = INK,
        weight: str = "normal",
        anchor: Anchor = "left",
        clear: bool = False,
    ) -> None:
        """A line of words that stands on `y`; `clear` takes away the lines behind a name."""
        from matplotlib.text import Text

        if clear:
            self.bar(x - 1, y - 0.8 * size, measure(text, size, weight) + 2, 1.1 * size, GROUND)

        self._add(
            Text(
                x,
                y,
                legible(text, weight),
                fontproperties=font(weight),
                fontsize=size,
                color=colour.light,
                horizontalalignment=anchor,
                verticalalignment="baseline",
                parse_math=False,
                transform=self._axes.transData,
                zorder=5,
            )
        )

    def line(
        self, points: Sequence[tuple[float, float]], colour: Colour, *, width: float = 1, dashed: bool = False
    ) -> None:
        """Straight lines through points."""
        from matplotlib.lines import Line2D

        xs, ys = zip(*points, strict=True)
        line = Line2D(xs, ys, color=colour.light, linewidth=width, zorder=1)
        if dashed:
            line.set_linestyle((0, (3, 3)))
        line.set_transform(self._axes.transData)
        self._add(line)

    def bar(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle, at least a pixel high: what is there can be seen."""
        from matplotlib.patches import Rectangle

        patch = Rectangle((x, y), width, max(height, 1), facecolor=colour.light, linewidth=0, zorder=2)
        patch.set_transform(self._axes.transData)
        self._add(patch)

    def band(
        self, start: tuple[float, float, float], end: tuple[float, float, float], colour: Colour
    ) -> None:
        """A pale band that flows from (x, top, bottom) on the left to another on the right."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        (x0, top0, bottom0), (x1, top1, bottom1) = start, end
        middle = (x0 + x1) / 2
        vertices = [
            *((x0, top0), (middle, top0), (middle, top1), (x1, top1)),
            *((x1, bottom1), (middle, bottom1), (middle, bottom0), (x0, bottom0)),
            (x0, top0),
        ]
        curve = [Path.CURVE4] * 3
        codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
        patch = PathPatch(Path(vertices, codes), facecolor=colour.light, linewidth=0, alpha=0.25, zorder=1)
        patch.set_transform(self._axes.transData)
        self._add(patch)

    def dots(
        self,
        points: Iterable[tuple[float, float]],
        colour: Colour,
        *,
        marker: Marker = "o",
        size: float = 8,
    ) -> None:
        """Marks of a diameter, each with a rim of the ground's colour, so that neighbours stay apart."""
        from matplotlib.lines import Line2D

        places = list(points)
        if not places:
            return
        xs, ys = zip(*places, strict=True)
        line = Line2D(
            xs,
            ys,
            linestyle="none",
            marker=marker,
            markersize=size,
            markerfacecolor=colour.light,
            markeredgecolor=GROUND.light,
            markeredgewidth=0.8,
            zorder=3,
        )
        line.set_transform(self._axes.transData)
        self._add(line)

    def to_svg(self, height: float, title: str, description: str) -> bytes:
        """The finished picture, cut at a height: the same bytes for the same calls."""
        self._figure.set_size_inches(WIDTH / _POINTS_PER_INCH, height / _POINTS_PER_INCH)
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        stream = io.BytesIO()
        self._figure.savefig(stream, format="svg", metadata=dict.fromkeys(_SIGNED))
        return tidy_svg(stream.getvalue(), title, description)
