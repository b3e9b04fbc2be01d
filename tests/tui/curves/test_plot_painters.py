"""One description of a plot, drawn in cells, in pixels and into a file."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.style import Style
from textual.color import Color

from engine.core.calibration import density, reliability
from engine.plots.classifier_plots import CLASS_PLOTS
from engine.plots.curve_values import CurvesState
from engine.plots.detector_plots import PLOTS
from engine.plots.file_layout import PlotSheet
from engine.plots.frame import PlotFrame, dashes, ink_of
from engine.plots.paper import file_styles
from engine.plots.plot_parts import PlotDescription, PlotLine
from engine.plots.svg import plots_svg
from tests.tui.curves.test_detector_plots import named, ranking, styles, view
from tests.tui.tables.classifier_views import curves_view, drawn
from tui.curves.paint.cells import in_cells
from tui.curves.paint.pixels import PixelSheet, draw
from tui.curves.paint.plot_images import (
    MOST,
    WHOLE,
    cells_in_pixels,
    plot_file,
    plot_image,
    plot_over_cells,
)
from tui.curves.paint.png import plots_png
from tui.drawing.canvas import ACROSS, DOWN
from tui.terminal.capabilities import Graphics

CELL = 10, 20
KITTY, SIXEL, ITERM = (Graphics(protocol, *CELL) for protocol in ("kitty", "sixel", "iterm"))
INKS = replace(styles(), base=Style.from_color(bgcolor=Color.parse("#121212").rich_color))


def described(name: str, seed: int, predictions: int, cursor: float | None) -> PlotDescription:
    state = CurvesState(cursor=cursor)
    if name in PLOTS:
        made = ranking(predictions, seed)
        shown = view(
            named("bolt", predictions=predictions, seed=seed),
            named("nut", predictions=predictions, seed=seed + 1),
            reliability=reliability(made),
            density=density(made),
        )
        return PLOTS[name](shown, state, INKS)
    shown = curves_view(drawn(predictions + 5, seed=seed), (0, 3), confidence=0.4)
    return CLASS_PLOTS[name](shown, state, INKS)


ANY = {
    "name": st.sampled_from([*PLOTS, *CLASS_PLOTS]),
    "seed": st.integers(0, 50),
    "predictions": st.integers(1, 60),
    "cursor": st.none() | st.floats(0, 1),
}


def lines(plot: PlotDescription) -> list[PlotLine]:
    return [part for part in plot.parts if isinstance(part, PlotLine)]


@settings(max_examples=25, deadline=None)
@given(**ANY)
def test_the_three_painters_draw_the_same_points(name, seed, predictions, cursor):
    """Each point is within half a dot in cells, within a tenth of a point in a file."""
    plot = described(name, seed, predictions, cursor)
    cells = in_cells(plot, 60, 24, INKS)
    place, (wide, tall) = cells.axes.cells, CELL
    frame = PlotFrame(
        place.width * wide, place.height * tall, wide / 4, tall / 8, wide / 2, plot.x, plot.y
    )
    (sheet,) = PlotSheet.of([plot]).plots
    written = [
        [tuple(map(float, point.split(","))) for point in each.get("points").split()]
        for each in ElementTree.fromstring(plots_svg([plot], INKS)).iter()
        if each.tag.endswith("polyline")
    ]
    written = written[len(list(frame.grid())) :]
    for line in lines(plot):
        for x, y in line.runs(plot.x, plot.y):
            values = plot.x.low + x * (plot.x.high - plot.x.low)
            heights = plot.y.low + y * (plot.y.high - plot.y.low)
            pixels = frame.places(x, y)
            column = cells.axes.column(values) - place.x * ACROSS
            row = cells.axes.row(heights) - place.y * DOWN
            dots = np.stack((column, row), axis=-1)
            centres = (dots + 0.5) * (wide / ACROSS, tall / DOWN)
            assert (
                np.abs(pixels - centres) <= (wide / ACROSS / 2 + 1e-6, tall / DOWN / 2 + 1e-6)
            ).all()
            assert np.array(written.pop(0)) == pytest.approx(sheet.frame.places(x, y), abs=0.051)
    assert not written


@settings(max_examples=15, deadline=None)
@given(**ANY)
def test_where_a_line_goes_there_is_ink_in_cells_and_in_pixels(name, seed, predictions, cursor):
    plot = described(name, seed, predictions, cursor)
    cells = in_cells(plot, 60, 24, INKS)
    place = cells_in_pixels(cells, INKS, KITTY)
    if place is None:
        assert plot.says
        return
    look = WHOLE[0]
    seen = np.asarray(plot_image(plot, place, INKS, SIXEL, look).convert("RGB"))
    ink = (seen != (0x12, 0x12, 0x12)).any(axis=2)
    for line in lines(plot):
        if line.pen.pattern[1]:
            continue
        for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True):
            across, up = (axis.part(np.array(value)) for axis, value in ((plot.x, x), (plot.y, y)))
            if np.isnan(across) or np.isnan(up):
                continue
            left = int(2.5 + across * (place.width * 10 - 5))
            top = int(2.5 + (1 - up) * (place.height * 20 - 5))
            assert ink[max(top - 2, 0) : top + 3, max(left - 2, 0) : left + 3].any()
            row = int(cells.axes.row(np.array(y))) // DOWN
            column = int(cells.axes.column(np.array(x))) // ACROSS
            assert cells.raster.letters[row, column] != ord(" ")


@pytest.mark.parametrize(
    "size", [(57, 24), pytest.param((97, 54), marks=pytest.mark.slow)], ids=["usual", "large"]
)
@pytest.mark.parametrize("name", [*PLOTS, *CLASS_PLOTS])
def test_a_plot_is_never_more_than_eight_kilobytes(name, size):
    for predictions in (9, 900):
        plot = in_cells(described(name, 3, predictions, 0.4), *size, INKS)
        cells = cells_in_pixels(plot, INKS, KITTY)
        file = plot_file(plot, cells, INKS, KITTY, None)
        assert 0 < sum(map(len, file.upload(7).pieces)) <= MOST
        assert len(plot_over_cells(plot, cells, INKS, ITERM, None)) <= MOST
        over = plot_over_cells(plot, cells, INKS, SIXEL, None)
        assert over is None or len(over) <= MOST


def test_on_a_slow_line_a_plot_takes_no_longer_than_a_second_or_stays_in_dots():
    plot = in_cells(described("precision-recall", 0, 300, None), 78, 18, INKS)
    cells = cells_in_pixels(plot, INKS, KITTY)
    file = plot_file(plot, cells, INKS, KITTY, 3_000.0)
    assert sum(map(len, file.upload(7).pieces)) <= 3_000
    assert plot_file(plot, cells, INKS, KITTY, 100.0) is None
    assert plot_over_cells(plot, cells, INKS, SIXEL, 100.0) is None


def test_lines_and_paper_have_their_colours_exactly():
    plot = in_cells(described("precision-recall", 0, 300, None), 78, 18, INKS)
    cells = cells_in_pixels(plot, INKS, KITTY)
    for look in WHOLE:
        image = plot_image(plot.described, cells, INKS, KITTY, look)
        colours = {colour for _, colour in image.convert("RGB").getcolors()}
        assert {(0x12, 0x12, 0x12), ink_of(INKS.pen(0).style), ink_of(INKS.pen(1).style)} <= colours


def test_where_a_picture_would_say_less_than_dots_there_is_none():
    plot = in_cells(described("precision-recall", 0, 300, None), 78, 18, INKS)
    assert cells_in_pixels(plot, INKS, KITTY) == plot.axes.cells
    assert cells_in_pixels(plot, INKS, Graphics("cells")) is None
    assert cells_in_pixels(plot, replace(INKS, plain=True), KITTY) is None
    in_own_colours = replace(INKS, base=Style(bgcolor="default"))
    assert cells_in_pixels(plot, in_own_colours, KITTY) is None
    small = in_cells(plot.described, 18, 12, INKS)
    assert cells_in_pixels(small, INKS, KITTY) is None
    empty = in_cells(
        PLOTS["calibration"](view(reliability=None), CurvesState(), INKS), 78, 18, INKS
    )
    assert cells_in_pixels(empty, INKS, KITTY) is None


def test_dashes_of_a_line_are_as_long_as_their_pattern():
    run = np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 40.0]])
    found = dashes(run, (4, 3), 2.0)
    lengths = [np.hypot(*np.diff(piece, axis=0).T).sum() for piece in found]
    assert lengths == pytest.approx([8.0] * 5)
    assert [piece[0].tolist() for piece in found[:3]] == [[0, 0], [14, 0], [28, 0]]
    assert found[2].tolist() == [[28, 0], [30, 0], [30, 6]]
    assert dashes(run, (1, 0), 2.0)[0] is run


def test_a_fill_at_full_strength_hides_those_before_and_others_shine_through():
    sheet, white, red, blue = (
        PixelSheet(4, 1, (255, 255, 255)),
        (255,) * 3,
        (255, 0, 0),
        (0, 0, 255),
    )
    sheet.block(0, 0, 2, 1, red)
    sheet.block(1, 0, 2, 1, blue)
    sheet.fill(np.array([[0, 0], [3, 0], [3, 1], [0, 1]]), blue, 0.5)
    row = [tuple(each) for each in np.asarray(sheet.image().convert("RGB"))[0].tolist()]
    assert row[1] == blue
    assert row[0] == (128, 0, 128)
    assert row[3] in (white, (128, 128, 255))


def test_a_bar_is_as_high_as_its_value():
    plot = described("calibration", 0, 60, None)
    frame = PlotFrame(400, 200, 0, 0, 5, plot.x, plot.y)
    sheet = PixelSheet(400, 200, (0, 0, 0))
    draw(sheet, replace(plot, x=replace(plot.x, at=()), y=replace(plot.y, at=())), frame, INKS.grid)
    seen = np.asarray(sheet.image().convert("RGB"))
    for bar in plot.parts[:-1]:
        left, top, right, _ = frame.bar(bar)
        assert top == pytest.approx(200 * (1 - bar.value))
        if 2 < top < 198:
            column = seen[round(top) + 1 :, round((left + right) / 2)]
            assert (column != 0).any(axis=1).all()


def test_what_is_exported_has_the_words_of_the_screen():
    plots = [describe(view(), CurvesState(), file_styles()) for describe in PLOTS.values()]
    said = re.sub("<[^>]*>", " ", plots_svg(plots, file_styles()).decode())
    for plot in plots:
        for words in (
            plot.title,
            plot.across,
            plot.remark,
            *(entry.name for entry in plot.entries),
        ):
            assert words in said
    assert plots_png(plots[:1], file_styles()).startswith(b"\x89PNG")
