import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from engine.plots.plot_parts import PlotLine, steps
from engine.plots.styles import Pen
from engine.plots.ticks import RATIOS, confidence_ticks
from tests.tui.curves.test_detector_plots import styles
from tui.curves.paint.axes import Axes
from tui.drawing.canvas import ACROSS, DOWN, PlotCanvas

BASE = Style(color="white", bgcolor="black")
RED = Style(color="red", bgcolor="black")


def axes_of(width=40, height=14):
    canvas = PlotCanvas(width, height, BASE)
    return Axes.on(canvas, 2, RATIOS, RATIOS, styles())


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
    axes.line(PlotLine(np.array([x]), np.array([y]), Pen(RED)))
    assert axes.canvas.dots[row, column]


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_point_outside_the_axes_is_never_drawn(x):
    axes = axes_of()
    if not 0 <= x <= 1:
        axes.line(PlotLine(np.array([x]), np.array([0.5]), Pen(RED)))
        assert not axes.canvas.dots.any()


@given(st.lists(st.tuples(part, part), min_size=1, max_size=30), st.booleans())
def test_a_falling_curve_never_goes_up_between_its_points(points, stepped):
    x = np.sort([each[0] for each in points])
    y = np.sort([each[1] for each in points])[::-1]
    axes = axes_of()
    axes.line(PlotLine(*(steps(x, y) if stepped else (x, y)), Pen(RED)))
    rows, columns = np.nonzero(axes.canvas.dots)
    order = np.argsort(columns, kind="stable")
    rows, columns = rows[order], columns[order]
    highest = [rows[columns == column].min() for column in np.unique(columns)]
    lowest = [rows[columns == column].max() for column in np.unique(columns)]
    assert all(low <= high for low, high in zip(lowest[:-1], highest[1:], strict=True))
