"""What plots are made of."""

import numpy as np

from engine.plots.paper import file_styles
from engine.plots.plot_parts import PlotLine, unbroken
from engine.plots.ticks import RATIOS


def test_runs_end_where_something_is_undefined():
    known = np.array([True, True, False, True])
    assert unbroken(known) == [slice(0, 2), slice(3, 4)]
    assert unbroken(np.zeros(0, np.bool_)) == []


def test_a_line_is_broken_where_a_point_is_undefined_or_beyond_the_axes():
    values = np.array([0.0, 0.5, np.nan, 0.5, 1.5, 1.0])
    line = PlotLine(np.linspace(0, 1, 6), values, file_styles().pen(0))
    runs = [up.tolist() for _, up in line.runs(RATIOS, RATIOS)]
    assert runs == [[0.0, 0.5], [0.5], [1.0]]
