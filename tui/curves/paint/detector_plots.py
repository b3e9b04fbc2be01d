"""The plots that tell which threshold to take: precision by recall, and both by confidence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from engine.detection.curves import at
from engine.util.words import share, threshold
from tui.curves.paint.axes import DOTTED, RATIOS, Axes, Painter, Plot, Values, confidence_ticks
from tui.curves.paint.confidence_plots import calibration, confidences
from tui.curves.paint.curve_values import (
    IN_MATRIX,
    NOW,
    OPTIMAL,
    CurvesState,
    CurvesView,
    NamedCurve,
    Pen,
    PlotStyles,
)
from tui.curves.paint.detector_values import DetectorCurvesView
from tui.curves.paint.detector_words import (
    HEADER,
    LegendEntry,
    curve_entries,
    legend,
    ratios,
    title,
)
from tui.drawing.canvas import PlotCanvas

NamedLine: TypeAlias = tuple[LegendEntry, Pen, Values]

DASHED: Final = (4, 3)
FINE: Final = (1, 1)
ISO_F1: Final = (0.2, 0.4, 0.6, 0.8)
CUT_AT: Final = 0.05  # precision
FEW_POINTS: Final = 12
"""A curve of no more points than this shows each of them."""


def precision_recall(
    width: int, height: int, view: CurvesView, state: CurvesState, styles: PlotStyles
) -> Plot:
    """Precision over recall of all curves, the focused one on top, with what is marked on it."""
    canvas = PlotCanvas(width, height, styles.base)
    axes = Axes.on(canvas, HEADER, RATIOS, RATIOS, styles)
    focused = state.focused(view)
    letter, at = (OPTIMAL, view.optimum) if np.isnan(view.now) else (NOW, view.now)
    numbers = f"{letter} {ratios(focused.curve, in_force(focused, at))}" if focused else ""
    title(canvas, "Precision by recall", view.title, numbers, styles)
    legend(canvas, curve_entries(view, state, styles), view.marks, styles)
    axes.grid()
    if state.iso_f1:
        _iso_f1(axes)
    axes.frame("recall")
    if view.cut:
        axes.words_at_end(CUT_AT, view.cut, styles.note)
    if state.mean and view.mean is not None:
        axes.line(view.mean.recall, view.mean.precision, Pen(styles.mean, DASHED))
    for place, named in enumerate(view.curves):
        if named is not focused:
            _draw(axes, named, styles.pen(place))
            now = in_force(named, view.now)
            if now >= 0:
                curve = named.curve
                axes.mark(curve.recall[now], curve.precision[now], NOW, styles.pen(place).style)
    if focused is None or focused.empty:
        axes.say(focused.empty if focused else "No class is drawn · a adds one")
    else:
        _draw_focused(axes, focused, view, state, styles)
    return Plot(canvas.raster(), axes)


def _draw_focused(
    axes: Axes, named: NamedCurve, view: CurvesView, state: CurvesState, styles: PlotStyles
) -> None:
    """The curve on top of all others, its operating point, its optimum and the cursor."""
    curve, index = named.curve, state.index(view)
    walked = state.cursor is not None and index >= 0
    if walked:
        axes.level(float(curve.precision[index]), styles.rule, DOTTED)
        axes.upright(float(curve.recall[index]), styles.rule, DOTTED)
    _draw(axes, named, styles.pen(view.curves.index(named), thick=True))
    now, best = (in_force(named, each) for each in (view.now, view.optimum))
    if named.in_matrix is not None:
        axes.mark(*named.in_matrix, IN_MATRIX, styles.now)
    if best >= 0:
        axes.mark(curve.recall[best], curve.precision[best], OPTIMAL, styles.optimal)
    if now >= 0 and now != best:
        axes.mark(curve.recall[now], curve.precision[now], NOW, styles.now)
    if walked:
        axes.mark(curve.recall[index], curve.precision[index], "┼", styles.cursor)


def _draw(axes: Axes, named: NamedCurve, pen: Pen) -> None:
    if named.empty:
        return
    line = named.line
    axes.line(line.recall, line.precision, pen)
    if len(line.confidence) <= FEW_POINTS:
        for recall, precision in zip(line.recall, line.precision, strict=True):
            axes.mark(recall, precision, "•", pen.style)


def _iso_f1(axes: Axes) -> None:
    """Where precision and recall make the same F1."""
    for f1 in ISO_F1:
        recall = np.linspace(f1 / (2 - f1), 1.0, 200)
        precision = np.clip(f1 * recall / (2 * recall - f1), 0.0, 1.0)
        axes.line(recall, precision, Pen(axes.styles.iso, FINE))
        axes.words_at_end(float(precision[-1]), f"F1 {share(f1, 1)}", axes.styles.iso)


def _mark_by_confidence(axes: Axes, named: NamedCurve, view: DetectorCurvesView) -> None:
    """The operating point and the optimum on the line of F1, each at its own confidence."""
    marks = (
        (view.optimum, OPTIMAL, axes.styles.optimal),
        (view.point.confidence, NOW, axes.styles.now),
    )
    for confidence, letter, style in marks[: 1 if view.point.confidence == view.optimum else 2]:
        index = in_force(named, confidence)
        if index >= 0:
            axes.mark(confidence, named.curve.f1[index], letter, style)


def in_force(named: NamedCurve, confidence: float) -> int:
    """The point of a curve at a confidence threshold, -1 for none."""
    return -1 if named.empty or np.isnan(confidence) else at(named.curve, confidence)


def thresholds(
    width: int, height: int, view: DetectorCurvesView, state: CurvesState, styles: PlotStyles
) -> Plot:
    """Precision, recall and F1 of the focused curve over the confidence threshold."""
    canvas = PlotCanvas(width, height, styles.base)
    focused = state.focused(view)
    known = focused is not None and not focused.empty
    scores = focused.curve.confidence if focused is not None and known else np.array([0.0, 1.0])
    ticks = confidence_ticks(float(scores.min()), float(scores.max()))
    axes = Axes.on(canvas, HEADER, ticks, RATIOS, styles)
    title(canvas, "By confidence", focused.name if focused else "", _optimum_words(view), styles)
    now = in_force(focused, view.point.confidence) if focused else -1
    lines = _three(focused, now, styles) if focused is not None and known else ()
    shaded = not np.isnan(view.flat).any()
    near = "▒ within 1 % of optimal" if shaded else ""
    legend(canvas, [entry for entry, _, _ in lines], near, styles)
    axes.grid()
    axes.frame("confidence")
    if shaded:
        canvas.shade(axes.span(*view.flat), styles.flat)
    axes.upright(view.point.confidence, styles.rule)
    if state.cursor is not None:
        axes.upright(state.cursor, styles.rule, DOTTED)
    for _, pen, values in lines:
        x = np.append(scores if focused is None else focused.line.confidence, ticks.low)
        axes.steps(x, np.append(values, values[-1]), pen)
    if focused is not None and known:
        _mark_by_confidence(axes, focused, view)
        index = state.index(view)
        if state.cursor is not None and index >= 0:
            axes.mark(state.cursor, focused.curve.f1[index], "┼", styles.cursor)
    else:
        axes.say(focused.empty if focused else "No class is drawn · a adds one")
    return Plot(canvas.raster(), axes)


def _three(named: NamedCurve, now: int, styles: PlotStyles) -> tuple[NamedLine, ...]:
    """Precision, recall and F1: other colours than classes have while there are few, and lines."""

    def entry(place: int, name: str, values: Values) -> LegendEntry:
        value = share(float(values[now]) if now >= 0 else np.nan, 3)
        return LegendEntry.of(place, name, value, styles)

    exact, drawn = named.curve, named.line
    f1 = replace(entry(0, "F1", exact.f1).in_focus(), style=styles.title, focused=False)
    recall, broken = entry(4, "recall", exact.recall), styles.pen(4)
    if not styles.plain:  # else every line has a pattern
        recall, broken = replace(recall, sample="╌╌"), replace(broken, pattern=DASHED)
    return (
        (entry(3, "precision", exact.precision), styles.pen(3), drawn.precision),
        (recall, broken, drawn.recall),
        (f1, Pen(styles.title, thick=True), drawn.f1),
    )


def _optimum_words(view: DetectorCurvesView) -> str:
    now = f"{NOW} {threshold(view.point.confidence, view.optimum)}"
    return (
        now
        if np.isnan(view.optimum)
        else f"{now}  {OPTIMAL} {threshold(view.optimum, view.point.confidence)}"
    )


def distances(plot: str, named: NamedCurve, x: float, y: float) -> Values:
    """[S] how far the points of a curve are from a place in a plot."""
    curve = named.curve
    if plot == "precision-recall":
        return np.hypot(curve.recall - x, curve.precision - y)
    return np.abs(curve.confidence - x)


PLOTS: Final[Mapping[str, Painter[DetectorCurvesView]]] = {
    "precision-recall": precision_recall,
    "thresholds": thresholds,
    "calibration": calibration,
    "confidences": confidences,
}
"""In the order in which there is room for them."""
