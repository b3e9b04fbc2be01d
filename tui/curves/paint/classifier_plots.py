"""The plots of one class against the rest: ROC, precision by recall, calibration, density."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from rich.style import Style

from engine.util.words import share
from tui.curves.paint import detector_plots as plots
from tui.curves.paint.axes import DOTTED, RATIOS, Axes, Painter, Plot, Values
from tui.curves.paint.classifier_values import ClassifierCurve, ClassifierCurvesView, class_in_focus
from tui.curves.paint.confidence_plots import calibration
from tui.curves.paint.curve_values import (
    IN_MATRIX,
    NOW,
    OPTIMAL,
    CurvesState,
    NamedCurve,
    Pen,
    PlotStyles,
)
from tui.curves.paint.density import density
from tui.curves.paint.detector_plots import DASHED, FEW_POINTS, in_force, precision_recall
from tui.curves.paint.detector_words import HEADER, LegendEntry, curve_entries, legend, title
from tui.drawing.canvas import PlotCanvas

CHANCE: Final = "chance"


def roc(
    width: int, height: int, view: ClassifierCurvesView, state: CurvesState, styles: PlotStyles
) -> Plot:
    """True over false positive rate, the focused curve on top, and the line of chance."""
    canvas = PlotCanvas(width, height, styles.base)
    axes = Axes.on(canvas, HEADER, RATIOS, RATIOS, styles)
    focused = class_in_focus(view, state)
    auc = "" if focused is None else f"AUC {share(focused.roc_auc, 3)}"
    title(canvas, "ROC", view.title, auc, styles)
    chance = LegendEntry("╌╌", styles.mean, CHANCE)
    entries = curve_entries(view, state, styles, area)
    legend(canvas, [*entries, chance], view.marks, styles)
    axes.grid()
    axes.frame("false positive rate")
    ends = np.array([0.0, 1.0])
    axes.line(ends, ends, Pen(styles.mean, DASHED))
    for place, named in enumerate(view.curves):
        if named is not focused and not named.without_roc:
            pen = styles.pen(place)
            _draw(axes, named, pen)
            _mark(axes, named, in_force(named, view.now), NOW, pen.style)
    if focused is None or focused.without_roc:
        axes.say(focused.without_roc if focused else "No class is drawn · / chooses one")
    else:
        _draw_focused(axes, focused, view, state, styles)
    return Plot(canvas.raster(), axes)


def area(named: NamedCurve) -> float:
    """What a curve of the ROC plot is told by."""
    return named.roc_auc if isinstance(named, ClassifierCurve) else float("nan")


def _draw_focused(
    axes: Axes,
    named: ClassifierCurve,
    view: ClassifierCurvesView,
    state: CurvesState,
    styles: PlotStyles,
) -> None:
    """The curve on top of all others, with what is marked on it and the cursor."""
    index = state.index(view)
    walked = state.cursor is not None and index >= 0
    if walked:
        axes.level(float(named.curve.recall[index]), styles.rule, DOTTED)
        axes.upright(float(named.false_positive_rate[index]), styles.rule, DOTTED)
    _draw(axes, named, styles.pen(view.curves.index(named), thick=True))
    now, best = (in_force(named, each) for each in (view.now, view.optimum))
    if named.rates_in_matrix is not None:
        axes.mark(*named.rates_in_matrix, IN_MATRIX, styles.now)
    _mark(axes, named, best, OPTIMAL, styles.optimal)
    if now != best:
        _mark(axes, named, now, NOW, styles.now)
    if walked:
        _mark(axes, named, index, "┼", styles.cursor)


def _draw(axes: Axes, named: ClassifierCurve, pen: Pen) -> None:
    """From the corner where no image counts, as no confidence is so high."""
    axes.line(*named.roc_line, pen)
    if len(named.curve) <= FEW_POINTS:
        for index in range(len(named.curve)):
            _mark(axes, named, index, "•", pen.style)


def _mark(axes: Axes, named: ClassifierCurve, index: int, letter: str, style: Style) -> None:
    if index >= 0:
        axes.mark(
            float(named.false_positive_rate[index]), float(named.curve.recall[index]), letter, style
        )


def distances(plot: str, named: ClassifierCurve, x: float, y: float) -> Values:
    """[S] how far the points of a curve are from a place in a plot."""
    if plot == "roc":
        far: Values = np.hypot(named.false_positive_rate - x, named.curve.recall - y)
        return far
    return plots.distances(plot, named, x, y)


CLASS_PLOTS: Final[Mapping[str, Painter[ClassifierCurvesView]]] = {
    "roc": roc,
    "precision-recall": precision_recall,
    "calibration": calibration,
    "density": density,
}
"""In the order in which there is room for them."""
