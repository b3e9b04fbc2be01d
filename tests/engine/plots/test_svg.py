"""Plots as SVG, for files and within pages."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from engine.core.goals import GOALS, optimum
from engine.core.thresholds import OperatingPoint
from engine.plots.classifier_curves import classifier_curves
from engine.plots.classifier_plots import CLASS_PLOTS
from engine.plots.curve_values import CurvesState
from engine.plots.detector_curves import detector_curves
from engine.plots.detector_plots import PLOTS
from engine.plots.paper import dark_styles, file_styles
from engine.plots.svg import inline_svg, plots_svg
from tests.making_classes import classification
from tests.opening import confused

HOSTILE = "<script>&\"'"


def detector_view():
    at_iou = confused().at_iou(0.5)
    best = optimum(at_iou, GOALS[0], 3)
    made = detector_curves(
        at_iou, OperatingPoint(0.5, best.confidence), (None, 0), 1, 0.0, lambda: False
    )
    assert made is not None
    return made


def described(styles):
    view, _ = detector_view()
    made = classification([0, 1, 0], [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    matrix = made.answers.matrix(0.0)
    point = OperatingPoint(np.nan, 0.0)
    shown = classifier_curves(made, point, matrix, GOALS[0], (0, 1), 0, lambda: False)
    return [
        *(describe(view, CurvesState(), styles) for describe in PLOTS.values()),
        *(describe(shown, CurvesState(), styles) for describe in CLASS_PLOTS.values()),
    ]


def test_the_ranking_is_that_of_the_class_in_focus():
    view, ranking = detector_view()
    assert [curve.name for curve in view.curves] == ["all classes", "bolt"]
    assert ranking.ground_truths == view.curves[1].curve.ground_truths == 3


def test_who_stops_asking_gets_no_curves():
    at_iou = confused().at_iou(0.5)
    point = OperatingPoint(0.5, 0.5)
    assert detector_curves(at_iou, point, (None,), 0, 0.0, lambda: True) is None


@pytest.mark.parametrize("styles", [file_styles(), dark_styles()], ids=["light", "dark"])
def test_a_plot_within_a_page_is_the_plot_of_the_file(styles):
    for plot in described(styles):
        inline = ElementTree.fromstring(inline_svg(plot, styles, HOSTILE))
        file = ElementTree.fromstring(plots_svg([plot], styles))
        assert inline.get("aria-label") == HOSTILE
        assert inline.get("viewBox") == f"0 0 {file.get('width')} {file.get('height')}"
        drawn = [ElementTree.tostring(each) for each in inline]
        written = [
            ElementTree.tostring(each).replace(b"ns0:", b"").replace(b":ns0", b"") for each in file
        ]
        assert [each.split(b" ", 1)[0] for each in drawn] == [
            each.split(b" ", 1)[0] for each in written
        ]
        assert len(drawn) > 10


def test_only_colours_are_others_on_dark_paper():
    light, dark = (
        [re.sub('"#[0-9a-f]{6}"', "", inline_svg(plot, styles, "")) for plot in described(styles)]
        for styles in (file_styles(), dark_styles())
    )
    assert light == dark
