"""The pictures: legible words inside the sheet, well-formed SVG, and of what others wrote only letters."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.card.escape import visible
from builder.card.figures import missed
from builder.card.figures.axes import LogAxis, fit_axis, write_tick
from builder.card.figures.canvas import WIDTH, Canvas, plain_style
from builder.card.figures.facts import (
    Pictures,
    collect_dots,
    collect_field,
    collect_pictures,
    compare_counts,
    count_collapse,
)
from builder.card.figures.gallery import NAMES, draw_figures, embed_figures
from builder.card.figures.labels import Box, Label, around, place_labels
from builder.card.figures.lettering import fit, legible, measure
from builder.card.figures.palette import ALL, GROUND, MARKS, WORDS, Colour
from builder.card.population import count_totals
from schemas import vocabulary
from tests.unit.card_fixture import PARAMS, tiny_rows, to_frames
from tests.unit.pictures import HOSTILE, crowded, ordinary, sparse

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
MADE: dict[str, Callable[[], Pictures]] = {
    "ordinary": ordinary,
    "crowded": crowded,
    "sparse": sparse,
    "hostile": lambda: ordinary(HOSTILE),
}
EACH = pytest.mark.parametrize("made", MADE.values(), ids=MADE)


def parse(picture: bytes) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - made here, and what is tested is that it parses


def collect(rows: dict[str, list[dict[str, Any]]]) -> Pictures:
    frames = to_frames(rows)
    totals = count_totals(frames["models"], frames["unique_models"], frames["families"])
    return collect_pictures(frames, totals, ("audio-text-to-text",), PARAMS["memory_tiers_gb"])


@EACH
def test_every_picture_is_drawn_and_the_same_each_time(made: Callable[[], Pictures]) -> None:
    drawn = draw_figures(made())
    assert list(drawn) == [f"{name}.svg" for name in NAMES]
    assert draw_figures(made()) == drawn


DRAW = """
import hashlib
from builder.card.figures.gallery import draw_figures
from tests.unit.pictures import crowded, ordinary
for made in (ordinary, crowded):
    for name, picture in draw_figures(made()).items():
        print(name, hashlib.sha256(picture).hexdigest())
"""
SETTINGS = (
    "font.size: 30\nlines.linewidth: 9\nsvg.fonttype: none\nfont.family: monospace\ntext.usetex: true\n"
)


@pytest.mark.slow
def test_neither_machine_nor_settings_change_a_byte(tmp_path: Path) -> None:
    seen = set()
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
        if seed == "2":
            # Somebody's own taste, and no list of fonts yet.
            (folder / "matplotlibrc").write_text(SETTINGS)
            environment |= {"MPLCONFIGDIR": str(folder), "LC_ALL": "C", "TZ": "Asia/Tokyo"}
        done = subprocess.run(
            [sys.executable, "-c", DRAW],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1
    assert len(seen.pop().splitlines()) == 2 * len(NAMES)


def test_no_font_is_looked_for_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.font_manager import fontManager

    drawn = draw_figures(ordinary())
    # A machine may have another DejaVu, or none.
    monkeypatch.setattr(fontManager, "ttflist", [])
    fontManager._findfont_cached.cache_clear()  # type: ignore[attr-defined] # its stubs leave it out
    assert draw_figures(ordinary()) == drawn


@EACH
def test_a_picture_holds_shapes_and_its_description_and_nothing_else(made: Callable[[], Pictures]) -> None:
    pictures = made()
    shown = embed_figures(pictures)
    for name, picture in draw_figures(pictures).items():
        root = parse(picture)
        elements = list(root.iter())
        known = {f"{SVG}{tag}" for tag in ("svg", "g", "defs", "path", "use", "title", "desc", "style")}
        assert {element.tag for element in elements} <= known
        attributes = {(key, value) for element in elements for key, value in element.attrib.items()}
        assert not [key for key, _ in attributes if key.startswith("on") or key == "style"]
        ids = {value for key, value in attributes if key == "id"}
        links = {value for key, value in attributes if key.endswith("href")}
        assert {f"#{name}" for name in ids} >= links
        assert not re.search(rb"https?:(?!//www.w3.org/2000/svg\")|url\(|<!--", picture)
        assert [float(number) for number in root.attrib["viewBox"].split()][:3] == [0, 0, WIDTH]
        # The same words for a reader of the picture and for one of the card.
        description = root.findtext(f"{SVG}desc")
        assert description
        assert description == visible(description)
        assert name.removesuffix(".svg") in shown
        assert root.findtext(f"{SVG}title")


def test_the_card_gets_words_for_every_picture() -> None:
    shown = embed_figures(ordinary())
    assert list(shown) == list(NAMES)
    assert shown["collapse"] == (
        "![Flow diagram: 20 repositories hold 11 distinct audio-language models in 4 families. Of the "
        "repositories, 10 hold a model of their own, 4 hold copies of these, 2 hold models filed under the "
        "wrong task, 3 hold no weights and 1 holds something undecided. Models by family: Echo with 6, "
        "Alpha with 3 and 2 other families with 2.](figures/collapse.svg)"
    )
    assert "Models that run in 8 GB have 100 % of the downloads: 6 of 6 models do." in shown["memory"]
    assert (
        "For 5 of 14 repositories, the Hub’s count misleads: 4 because the Hub counts a delta"
        in shown["missed"]
    )
    assert "They differ most for delta: 0.05 billion counted, 70 billion to load." in shown["missed"]
    assert (
        "Speech recognition has about 1,350 times as many repositories as audio-text-to-text"
        in shown["field"]
    )


class Words(dict[Canvas, list[tuple[str, Box]]]):
    """Every line of words that was drawn, with its place, by sheet."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        text = Canvas.text

        def record(canvas: Canvas, x: float, y: float, words: str, **look: Any) -> None:  # noqa: ANN401 - passed on
            text(canvas, x, y, words, **look)
            size = look.get("size", 12.5)
            width = measure(words, size, look.get("weight", "normal"))
            left = x - {"left": 0, "center": width / 2, "right": width}[look.get("anchor", "left")]
            # From the tops of capitals to the line they stand on.
            box = Box(left, y - 0.73 * size, left + width, y)
            self.setdefault(canvas, []).append((words, box))

        patch.setattr(Canvas, "text", record)


@EACH
def test_no_words_are_cut_off_or_stand_on_others(
    made: Callable[[], Pictures], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = Words(monkeypatch)
    pictures = draw_figures(made())
    assert len(drawn) == len(pictures)
    for picture, words in zip(pictures.values(), drawn.values(), strict=True):
        sheet = Box(0, 0, WIDTH, float(parse(picture).attrib["height"]))
        assert len(words) > 4
        assert [text for text, box in words if not sheet.holds(box)] == []
        pairs = combinations(words, 2)
        assert [(one, two) for (one, first), (two, second) in pairs if first.overlaps(second)] == []


@pytest.mark.parametrize("colour", [*WORDS, *MARKS])
def test_words_and_marks_stand_out_in_light_and_dark(colour: Colour) -> None:
    least = 4.5 if colour in WORDS else 3
    assert contrast(colour.light, GROUND.light) >= least
    assert contrast(colour.dark, GROUND.dark) >= least


def test_a_colour_has_one_role() -> None:
    # The style sheet swaps by colour.
    assert len({colour.light for colour in ALL}) == len(ALL)


def contrast(one: str, two: str) -> float:
    """The ratio of relative luminances, as the Web Content Accessibility Guidelines define it."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_dark_colours_stand_in_the_style_sheet() -> None:
    style = parse(draw_figures(ordinary())["field.svg"]).findtext(f"{SVG}style") or ""
    assert style.startswith("@media (prefers-color-scheme:dark){")
    for colour in ALL:
        assert f'[fill="{colour.light}"]{{fill:{colour.dark}}}' in style


def test_every_cause_has_a_mark_of_its_own() -> None:
    assert set(missed._SIGNS) == {None, *vocabulary.HUB_TOTAL_DISAGREEMENT}
    looks = [(sign.colour, sign.marker) for sign in [*missed._SIGNS.values(), missed._NO_COUNT]]
    assert len(set(looks)) == len(looks)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=300), st.floats(20, 300))
def test_any_text_becomes_a_line_that_fits(text: str, width: float) -> None:
    line = fit(text, width, 12.5)
    assert measure(line, 12.5) <= width
    assert "\n" not in line


def test_a_name_keeps_both_ends() -> None:
    assert fit("ultravox-v0_4_1-llama-3_1-70b-instruct", 160, 12.5) == "ultravox-v0_4_1…nstruct"
    assert fit("short", 160, 12.5) == "short"


def test_letters_are_drawn_and_what_has_no_letter_is_shown_as_such() -> None:
    assert legible("$x_{1}$ <b> é\u202e\x00🎉") == "$x_{1}$ <b> é\ufffd\ufffd\ufffd"


boxes = st.builds(
    lambda x, y, width: Label(x, y, width, 12), st.floats(0, 700), st.floats(0, 400), st.floats(5, 200)
)


@given(st.lists(boxes, max_size=30))
def test_labels_stand_inside_and_apart(labels: list[Label]) -> None:
    sheet = Box(0, 0, 700, 400)
    dots = [around(label.x, label.y, 4) for label in labels]
    placed = [found[0] for found in place_labels(labels, dots, sheet) if found]
    assert all(sheet.holds(box) for box in placed)
    assert not any(one.overlaps(two) for one, two in combinations(placed, 2))
    assert not any(box.overlaps(dot) for box in placed for dot in dots)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1, 1000, ["1", "10", "100", "1,000"]),
        (0.5, 30, ["0.5", "1", "2", "5", "10", "20"]),
        (90_000, 1_100_000, ["100,000", "200,000", "500,000", "1,000,000"]),
    ],
)
def test_an_axis_has_numbers_enough_to_read_its_scale(low: float, high: float, ticks: list[str]) -> None:
    assert [write_tick(number) for number in LogAxis(low, high, 0, 100).ticks()] == ticks


def test_an_axis_spans_a_factor_of_ten_even_for_one_number() -> None:
    axis = fit_axis(8, 8, 100, 300)
    assert axis.high / axis.low == pytest.approx(10)
    assert axis.place(8) == pytest.approx(200)
    assert axis.place(1000) == 300


def test_a_lone_label_stands_right_of_its_dot() -> None:
    found = place_labels([Label(100, 100, 50, 12)], [around(100, 100, 4)], Box(0, 0, 700, 400))
    assert found == [(Box(107, 94, 157, 106), False)]


def test_a_label_is_not_put_where_it_would_name_another_dot() -> None:
    dots = [around(100, 100, 4), around(104, 108, 4)]
    ((box, led),) = (
        found for found in place_labels([Label(100, 100, 50, 12)], dots, Box(0, 0, 700, 400)) if found
    )
    assert led or box.distance(100, 100) < box.distance(104, 108)


def test_pictures_count_the_tables() -> None:
    pictures = collect(tiny_rows())
    assert pictures.collapse
    assert pictures.collapse.families == (("Alpha", 1), ("Beta", 1), ("Gamma", 1))
    assert pictures.memories
    assert [dot.title for dot in pictures.memories.dots] == ["alpha-7b", "beta-70b", "gamma-3b"]
    assert (pictures.memories.tier_gb, pictures.memories.fitting) == (8, 2)
    assert pictures.memories.share == pytest.approx(1010 / 1060)
    assert pictures.missed
    assert (pictures.missed.repositories, pictures.missed.agreeing, pictures.missed.uncounted) == (4, 1, 1)
    assert (pictures.missed.unknown, pictures.missed.causes) == (1, (("backbone_elsewhere", 1),))
    assert pictures.missed.pairs[0].factor == pytest.approx(1412)
    assert pictures.field
    assert [task.model_count for task in pictures.field.tasks] == [27_000, 6]


def test_a_date_without_data_has_no_pictures_and_the_card_no_gap() -> None:
    empty = collect({})
    assert empty == Pictures(None, None, None, None)
    assert draw_figures(empty) == {}
    assert set(embed_figures(empty).values()) == {""}


def test_each_picture_goes_with_its_data_alone() -> None:
    rows = tiny_rows()
    frames = to_frames(rows)
    nothing = frames["tasks"].clear()
    assert collect_field(nothing, 3) is None
    assert collect_field(frames["tasks"].filter(pl.col("pipeline_tag") == "audio-text-to-text"), 3) is None
    one = frames["unique_models"].filter(pl.col("title") == "alpha-7b")
    assert collect_dots(one, [8]) is None
    unknown = frames["unique_models"].with_columns(downloads=pl.lit(None, pl.Int64))
    assert collect_dots(unknown, [8]) is None
    assert collect_dots(unknown.with_columns(downloads=pl.lit(0, pl.Int64)), [8]) is None
    agreeing = frames["models"].with_columns(hub_total_disagreement=pl.lit(None, pl.String))
    assert compare_counts(agreeing, frames["unique_models"]) is None
    totals = count_totals(*(frames[name].clear() for name in ("models", "unique_models", "families")))
    assert count_collapse(frames["families"], totals, ()) is None


def test_the_users_settings_are_back_after_drawing() -> None:
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 31.0}):
        with plain_style():
            assert mpl.rcParams["font.size"] == 10
        assert mpl.rcParams["font.size"] == 31
