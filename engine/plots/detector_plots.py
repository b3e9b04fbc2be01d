"""The plots that tell which threshold to take: precision by recall, and both by confidence."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from engine.core.goals import Goal
from engine.detection.curves import at
from engine.plots.confidence_plots import calibration, confidences
from engine.plots.curve_values import IN_MATRIX, NOW, OPTIMAL, CurvesState, CurvesView, NamedCurve
from engine.plots.detector_values import DetectorCurvesView, f_at, f_values
from engine.plots.legend import LegendEntry, curve_entries, ratios
from engine.plots.plot_parts import (
    CURSOR,
    DASHED,
    DOTTED,
    POINT,
    PlotBand,
    PlotDescription,
    PlotLine,
    PlotMaker,
    PlotMark,
    PlotPart,
    PlotWords,
    level,
    steps,
    upright,
)
from engine.plots.styles import Pen, PlotStyle, PlotStyles
from engine.plots.ticks import RATIOS, Ticks, Values, confidence_ticks
from engine.util.words import share, threshold

NamedLine: TypeAlias = tuple[LegendEntry, Pen, Values]

FINE: Final = (1, 1)
ISO_F1: Final = (0.2, 0.4, 0.6, 0.8)
CUT_AT: Final = 0.05  # precision
FEW_POINTS: Final = 12
"""A curve of no more points than this shows each of them."""


def precision_recall(view: CurvesView, state: CurvesState, styles: PlotStyles) -> PlotDescription:
    """Precision over recall of all curves, the focused one on top, with what is marked on it."""
    focused = state.focused(view)
    letter, at = (OPTIMAL, view.optimum) if np.isnan(view.now) else (NOW, view.now)
    parts: list[PlotPart] = list(_iso_f1(styles)) if state.iso_f1 else []
    if view.cut:
        parts.append(PlotWords(CUT_AT, view.cut, styles.note))
    if state.mean and view.mean is not None:
        mean = view.mean
        parts.append(PlotLine(mean.recall, mean.precision, Pen(styles.mean, DASHED)))
    for place, named in enumerate(view.curves):
        if named is not focused:
            pen = styles.pen(place)
            parts += [*_line(named, pen), *_mark(named, in_force(named, view.now), NOW, pen.style)]
    says = ""
    if focused is None or focused.empty:
        says = focused.empty if focused else "No class is drawn · a adds one"
    else:
        parts += _in_focus(focused, view, state, styles)
    return PlotDescription(
        title="Precision by recall",
        more=view.title,
        numbers=f"{letter} {ratios(focused.curve, in_force(focused, at))}" if focused else "",
        entries=tuple(curve_entries(view, state, styles)),
        remark=view.marks,
        across="recall",
        x=RATIOS,
        y=RATIOS,
        parts=tuple(parts),
        says=says,
    )


def _in_focus(
    named: NamedCurve, view: CurvesView, state: CurvesState, styles: PlotStyles
) -> Iterator[PlotPart]:
    """The curve on top of all others, its operating point, its optimum and the cursor."""
    curve, index = named.curve, state.index(view)
    walked = state.cursor is not None and index >= 0
    if walked:
        yield level(float(curve.precision[index]), RATIOS, styles.rule, DOTTED)
        yield upright(float(curve.recall[index]), RATIOS, styles.rule, DOTTED)
    yield from _line(named, styles.pen(view.curves.index(named), thick=True))
    now, best = (in_force(named, each) for each in (view.now, view.optimum))
    if named.in_matrix is not None:
        yield PlotMark(*named.in_matrix, IN_MATRIX, styles.now)
    yield from _mark(named, best, OPTIMAL, styles.optimal)
    if now != best:
        yield from _mark(named, now, NOW, styles.now)
    if walked:
        yield from _mark(named, index, CURSOR, styles.cursor)


def _line(named: NamedCurve, pen: Pen) -> Iterator[PlotPart]:
    if named.empty:
        return
    line = named.line
    yield PlotLine(line.recall, line.precision, pen)
    if len(line.confidence) <= FEW_POINTS:
        for recall, precision in zip(line.recall.tolist(), line.precision.tolist(), strict=True):
            yield PlotMark(recall, precision, POINT, pen.style)


def _mark(named: NamedCurve, index: int, letter: str, style: PlotStyle) -> Iterator[PlotPart]:
    if index >= 0:
        curve = named.curve
        yield PlotMark(float(curve.recall[index]), float(curve.precision[index]), letter, style)


def _iso_f1(styles: PlotStyles) -> Iterator[PlotPart]:
    """Where precision and recall make the same F1."""
    for f1 in ISO_F1:
        recall = np.linspace(f1 / (2 - f1), 1.0, 200)
        precision = np.clip(f1 * recall / (2 * recall - f1), 0.0, 1.0)
        yield PlotLine(recall, precision, Pen(styles.iso, FINE))
        yield PlotWords(float(precision[-1]), f"F1 {share(f1, 1)}", styles.iso)


def _marks_by_confidence(
    named: NamedCurve, view: DetectorCurvesView, styles: PlotStyles
) -> Iterator[PlotPart]:
    """The operating point and the optimum on the line of F, each at its own confidence."""
    marks = (
        (view.optimum, OPTIMAL, styles.optimal),
        (view.point.confidence, NOW, styles.now),
    )
    for confidence, letter, style in marks[: 1 if view.point.confidence == view.optimum else 2]:
        index = in_force(named, confidence)
        if index >= 0:
            yield PlotMark(confidence, f_at(named.curve, view.goal, index), letter, style)


def in_force(named: NamedCurve, confidence: float) -> int:
    """The point of a curve at a confidence threshold, -1 for none."""
    return -1 if named.empty or np.isnan(confidence) else at(named.curve, confidence)


def thresholds(view: DetectorCurvesView, state: CurvesState, styles: PlotStyles) -> PlotDescription:
    """Precision, recall and the F of the goal, of the focused curve, over the confidence."""
    focused = state.focused(view)
    known = focused if focused is not None and not focused.empty else None
    scores = np.array([0.0, 1.0]) if known is None else known.curve.confidence
    ticks = confidence_ticks(float(scores.min()), float(scores.max()))
    now = -1 if known is None else in_force(known, view.point.confidence)
    lines = () if known is None else _three(known, now, view.goal, styles)
    shaded = not np.isnan(view.flat).any()
    parts: list[PlotPart] = [PlotBand(*view.flat, styles.flat)] if shaded else []
    parts.append(upright(view.point.confidence, RATIOS, styles.rule))
    if state.cursor is not None:
        parts.append(upright(state.cursor, RATIOS, styles.rule, DOTTED))
    if known is not None:
        parts += _by_confidence(known, lines, ticks)
        parts += _marks_by_confidence(known, view, styles)
        index = state.index(view)
        if state.cursor is not None and index >= 0:
            height = f_at(known.curve, view.goal, index)
            parts.append(PlotMark(state.cursor, height, CURSOR, styles.cursor))
    nothing = focused.empty if focused else "No class is drawn · a adds one"
    return PlotDescription(
        title="By confidence",
        more=focused.name if focused else "",
        numbers=_optimum_words(view),
        entries=tuple(entry for entry, _, _ in lines),
        remark="▒ within 1 % of optimal" if shaded else "",
        across="confidence",
        x=ticks,
        y=RATIOS,
        parts=tuple(parts),
        says=nothing if known is None else "",
    )


def _by_confidence(
    named: NamedCurve, lines: tuple[NamedLine, ...], ticks: Ticks
) -> Iterator[PlotPart]:
    """Each value holds down to the next lower confidence."""
    x = np.append(named.line.confidence, ticks.low)
    for _, pen, values in lines:
        yield PlotLine(*steps(x, np.append(values, values[-1])), pen)


def _three(named: NamedCurve, now: int, goal: Goal, styles: PlotStyles) -> tuple[NamedLine, ...]:
    """Precision, recall and F: other colours than classes have while there are few, and lines."""

    def entry(place: int, name: str, values: Values) -> LegendEntry:
        value = share(float(values[now]) if now >= 0 else np.nan, 3)
        return LegendEntry.of(place, name, value, styles)

    exact, drawn = named.curve, named.line
    f = entry(0, goal.f_measure.words, f_values(exact, goal)).in_focus()
    f = replace(f, style=styles.title, focused=False)
    recall, broken = entry(4, "recall", exact.recall), styles.pen(4)
    if not styles.plain:  # else every line has a pattern
        recall, broken = replace(recall, sample="╌╌"), replace(broken, pattern=DASHED)
    return (
        (entry(3, "precision", exact.precision), styles.pen(3), drawn.precision),
        (recall, broken, drawn.recall),
        (f, Pen(styles.title, thick=True), f_values(drawn, goal)),
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


def told_once(name: str, described: PlotDescription, view: CurvesView) -> PlotDescription:
    """Without the numbers of the threshold, for where lines around the plots say them."""
    if name == "precision-recall":
        return replace(described, numbers="")
    if name == "thresholds":
        bare = tuple(replace(entry, value="") for entry in described.entries)
        return replace(described, entries=bare, numbers=view.marks)
    return described


PLOTS: Final[Mapping[str, PlotMaker[DetectorCurvesView]]] = {
    "precision-recall": precision_recall,
    "thresholds": thresholds,
    "calibration": calibration,
    "confidences": confidences,
}
"""In the order in which there is room for them."""
