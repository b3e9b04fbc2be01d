from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.geometry import Region

from tui.drawing.canvas import ACROSS, DOWN, PlotCanvas, every_other, path

BASE = Style(color="white", bgcolor="black")
RED = Style(color="red", bgcolor="black")
BLUE = Style(color="blue", bgcolor="black")


def whole(values):
    return np.array(values, np.intp)


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


def test_a_pattern_leaves_dots_out():
    x, y = every_other(whole(range(6)), whole([0] * 6), (2, 1))
    assert x.tolist() == [0, 1, 3, 4]
    assert y.tolist() == [0] * 4


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=20))
def test_a_path_has_no_gap_and_keeps_all_its_points(points):
    x, y = (whole(side) for side in zip(*points, strict=True))
    dots = list(zip(*(side.tolist() for side in path(x, y)), strict=True))
    assert set(points) <= set(dots)
    assert (dots[0], dots[-1]) == (points[0], points[-1])
    for (left, top), (right, bottom) in pairwise(dots):
        assert max(abs(right - left), abs(bottom - top)) == 1
