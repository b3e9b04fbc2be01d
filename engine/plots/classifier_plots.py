"""The plots of one class against the rest: ROC, precision by recall, calibration, density."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from engine.plots import detector_plots as plots
from engine.plots.classifier_values import ClassifierCurve, ClassifierCurvesView, class_in_focus
from engine.plots.confidence_plots import calibration
from engine.plots.curve_values import IN_MATRIX, NOW, OPTIMAL, CurvesState, NamedCurve
from engine.plots.density import density
from engine.plots.detector_plots import FEW_POINTS, in_force, precision_recall
from engine.plots.legend import LegendEntry, curve_entries
from engine.plots.plot_parts import (
    CURSOR,
    DASHED,
    DOTTED,
    POINT,
    PlotDescription,
    PlotLine,
    PlotMaker,
    PlotMark,
    PlotPart,
    level,
    upright,
)
from engine.plots.styles import Pen, PlotStyle, PlotStyles
from engine.plots.ticks import RATIOS, Values
from engine.util.words import share

CHANCE: Final = "chance"


def roc(view: ClassifierCurvesView, state: CurvesState, styles: PlotStyles) -> PlotDescription:
    """True over false positive rate, the focused curve on top, and the line of chance."""
    focused = class_in_focus(view, state)
    ends = np.array([0.0, 1.0])
    parts: list[PlotPart] = [PlotLine(ends, ends, Pen(styles.mean, DASHED))]
    for place, named in enumerate(view.curves):
        if named is not focused and not named.without_roc:
            pen = styles.pen(place)
            parts += [*_line(named, pen), *_mark(named, in_force(named, view.now), NOW, pen.style)]
    says = ""
    if focused is None or focused.without_roc:
        says = focused.without_roc if focused else "No class is drawn · / chooses one"
    else:
        parts += _in_focus(focused, view, state, styles)
    chance = LegendEntry("╌╌", styles.mean, CHANCE)
    return PlotDescription(
        title="ROC",
        more=view.title,
        numbers="" if focused is None else f"AUC {share(focused.roc_auc, 3)}",
        entries=(*curve_entries(view, state, styles, area), chance),
        remark=view.marks,
        across="false positive rate",
        x=RATIOS,
        y=RATIOS,
        parts=tuple(parts),
        says=says,
    )


def area(named: NamedCurve) -> float:
    """What a curve of the ROC plot is told by."""
    return named.roc_auc if isinstance(named, ClassifierCurve) else float("nan")


def _in_focus(
    named: ClassifierCurve, view: ClassifierCurvesView, state: CurvesState, styles: PlotStyles
) -> Iterator[PlotPart]:
    """The curve on top of all others, with what is marked on it and the cursor."""
    index = state.index(view)
    walked = state.cursor is not None and index >= 0
    if walked:
        yield level(float(named.curve.recall[index]), RATIOS, styles.rule, DOTTED)
        yield upright(float(named.false_positive_rate[index]), RATIOS, styles.rule, DOTTED)
    yield from _line(named, styles.pen(view.curves.index(named), thick=True))
    now, best = (in_force(named, each) for each in (view.now, view.optimum))
    if named.rates_in_matrix is not None:
        yield PlotMark(*named.rates_in_matrix, IN_MATRIX, styles.now)
    yield from _mark(named, best, OPTIMAL, styles.optimal)
    if now != best:
        yield from _mark(named, now, NOW, styles.now)
    if walked:
        yield from _mark(named, index, CURSOR, styles.cursor)


def _line(named: ClassifierCurve, pen: Pen) -> Iterator[PlotPart]:
    """From the corner where no image counts, as no confidence is so high."""
    yield PlotLine(*named.roc_line, pen)
    if len(named.curve) <= FEW_POINTS:
        for index in range(len(named.curve)):
            yield from _mark(named, index, POINT, pen.style)


def _mark(named: ClassifierCurve, index: int, letter: str, style: PlotStyle) -> Iterator[PlotPart]:
    if index >= 0:
        across, up = float(named.false_positive_rate[index]), float(named.curve.recall[index])
        yield PlotMark(across, up, letter, style)


def distances(plot: str, named: ClassifierCurve, x: float, y: float) -> Values:
    """[S] how far the points of a curve are from a place in a plot."""
    if plot == "roc":
        far: Values = np.hypot(named.false_positive_rate - x, named.curve.recall - y)
        return far
    return plots.distances(plot, named, x, y)


CLASS_PLOTS: Final[Mapping[str, PlotMaker[ClassifierCurvesView]]] = {
    "roc": roc,
    "precision-recall": precision_recall,
    "calibration": calibration,
    "density": density,
}
"""In the order in which there is room for them."""
