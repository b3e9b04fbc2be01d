from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.geometry import Region

from tests.tui.curves.test_detector_plots import styles
from tui.curves.paint.axes import RATIOS, Axes, confidence_ticks
from tui.curves.paint.curve_values import Pen
from tui.drawing.canvas import ACROSS, DOWN, PlotCanvas, every_other, path, unbroken

BASE = Style(color="white", bgcolor="black")
RED = Style(color="red", bgcolor="black")
BLUE = Style(color="blue", bgcolor="black")


def whole(values):
    return np.array(values, np.intp)


def axes_of(width=40, height=14):
    canvas = PlotCanvas(width, height, BASE)
    return Axes.on(canvas, 2, RATIOS, RATIOS, styles())


def style_at(raster, x, y):
    return raster.styles[raster.style[y, x]]


def test_the_eight_dots_of_a_cell():
    for x in range(ACROSS):
        for y in range(DOWN):
            canvas = PlotCanvas(1, 1, BASE)
            canvas.draw(whole([x]), whole([y]), RED)
            (line,) = canvas.raster().lines
            assert line == "⠁⠂⠄⡀⠈⠐⠠⢀"[x * DOWN + y]


def test_who_is_drawn_later_takes_the_cell():
    canvas = PlotCanvas(3, 1, BASE)
    canvas.draw(whole([0, 2]), whole([0, 0]), RED)
    canvas.draw(whole([1]), whole([3]), BLUE)
    raster = canvas.raster()
    assert raster.lines == ("⢀⠁ ",)
    assert style_at(raster, 0, 0) == BLUE
    assert style_at(raster, 1, 0) == RED


def test_a_line_takes_letters_away_and_letters_a_line():
    canvas = PlotCanvas(4, 1, BASE)
    canvas.text(0, 0, "abcd", BASE)
    canvas.draw(whole([2]), whole([0]), RED)
    canvas.text(1, 0, "x", BASE)
    assert canvas.raster().lines == ("axcd",)


def test_a_shade_stays_below_what_is_drawn():
    canvas = PlotCanvas(4, 2, BASE)
    canvas.draw(whole([2]), whole([0]), RED)
    canvas.shade(Region(1, 0, 2, 1), Style(bgcolor="green"))
    raster = canvas.raster()
    assert raster.lines[0] == " ⠁  "
    assert style_at(raster, 1, 0) == Style(color="red", bgcolor="green")
    assert style_at(raster, 2, 0).bgcolor == Style(bgcolor="green").bgcolor
    assert style_at(raster, 3, 0).bgcolor == BASE.bgcolor


def test_wide_letters_take_two_cells_and_words_are_cut_at_the_edges():
    canvas = PlotCanvas(6, 1, BASE)
    canvas.text(-1, 0, "a犬bcdef", BASE)
    canvas.text(0, 5, "beyond", BASE)
    raster = canvas.raster()
    assert raster.lines == ("犬bcde",)
    assert raster.strips[0].cell_length == 6


def test_blanks_cost_no_change_of_colour_unless_they_show_one():
    canvas = PlotCanvas(8, 1, BASE)
    canvas.text(0, 0, "a", RED)
    canvas.text(4, 0, "b", RED)
    assert len(canvas.raster().strips[0]) == 1
    canvas.text(4, 0, "b", Style(color="black", bgcolor="red"))
    segments = list(canvas.raster().strips[0])
    assert [segment.text for segment in segments] == ["a   ", "b", "   "]


def test_only_what_changed_is_told():
    def raster(letter):
        canvas = PlotCanvas(9, 3, BASE)
        canvas.text(1, 0, "same", RED)
        canvas.text(4, 2, letter, RED)
        return canvas.raster()

    assert raster("a").changed_since(raster("a")) == []
    assert raster("b").changed_since(raster("a")) == [Region(4, 2, 1, 1)]
    other = PlotCanvas(4, 2, BASE).raster()
    assert other.changed_since(raster("a")) == [Region(0, 0, 4, 2)]


def test_a_canvas_without_room_is_empty():
    assert PlotCanvas(0, 0, BASE).raster().strips == ()
    assert PlotCanvas(0, 2, BASE).raster().lines == ("", "")


def test_patterns_and_runs():
    x, y = every_other(whole(range(6)), whole([0] * 6), (2, 1))
    assert x.tolist() == [0, 1, 3, 4]
    assert y.tolist() == [0] * 4
    known = np.array([True, True, False, True])
    assert unbroken(known) == [slice(0, 2), slice(3, 4)]
    assert unbroken(np.zeros(0, np.bool_)) == []


def test_ticks_stand_where_their_values_are():
    axes = axes_of()
    axes.frame("recall")
    lines = axes.canvas.raster().lines
    assert lines[2].startswith("  1┤")
    assert lines[-3].startswith("  0│")
    at = {words: lines[-1].index(words) for words in ("0", ".25", ".5", ".75", "1")}
    assert lines[-2][at["1"]] == "┴"
    middle = int(axes.column(np.array(0.5))) // ACROSS
    assert at[".5"] == middle
    assert lines[-2][middle] == "┴"
    assert " recall " in lines[-2]


def test_confidences_of_another_kind_have_ticks_of_their_own():
    assert confidence_ticks(0.01, 0.98) is RATIOS
    ticks = confidence_ticks(-4.0, 12.0)
    assert [words for _, words in ticks.at] == ["-4", "0", "4", "8", "12"]


part = st.floats(0, 1)
sizes = st.tuples(st.integers(0, 60), st.integers(0, 30))


@given(sizes, part, part)
def test_a_point_inside_the_axes_is_always_on_the_canvas(size, x, y):
    width, height = size[0] + 10, size[1] + 8
    axes = axes_of(width, height)
    column, row = int(axes.column(np.array(x))), int(axes.row(np.array(y)))
    cell = column // ACROSS, row // DOWN
    assert axes.cells.contains(*cell)
    assert 0 <= cell[0] < width
    assert 0 <= cell[1] < height
    axes.line(np.array([x]), np.array([y]), Pen(RED))
    assert axes.canvas.dots[row, column]


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_point_outside_the_axes_is_never_drawn(x):
    axes = axes_of()
    if not 0 <= x <= 1:
        axes.line(np.array([x]), np.array([0.5]), Pen(RED))
        assert not axes.canvas.dots.any()


@given(st.lists(st.tuples(part, part), min_size=1, max_size=30), st.booleans())
def test_a_falling_curve_never_goes_up_between_its_points(points, stepped):
    x = np.sort([each[0] for each in points])
    y = np.sort([each[1] for each in points])[::-1]
    axes = axes_of()
    (axes.steps if stepped else axes.line)(x, y, Pen(RED))
    rows, columns = np.nonzero(axes.canvas.dots)
    order = np.argsort(columns, kind="stable")
    rows, columns = rows[order], columns[order]
    highest = [rows[columns == column].min() for column in np.unique(columns)]
    lowest = [rows[columns == column].max() for column in np.unique(columns)]
    assert all(low <= high for low, high in zip(lowest[:-1], highest[1:], strict=True))


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=20))
def test_a_path_has_no_gap_and_keeps_all_its_points(points):
    x, y = (whole(side) for side in zip(*points, strict=True))
    dots = list(zip(*(side.tolist() for side in path(x, y)), strict=True))
    assert set(points) <= set(dots)
    assert (dots[0], dots[-1]) == (points[0], points[-1])
    for (left, top), (right, bottom) in pairwise(dots):
        assert max(abs(right - left), abs(bottom - top)) == 1
