"""From a classifier to the curves of chosen classes, each against the rest."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from engine.classification.classification import Classification
from engine.classification.kernel_density import densities
from engine.classification.one_vs_rest import ranking
from engine.classification.probability_bins import BINS
from engine.classification.roc import roc
from engine.core.calibration import reliability
from engine.core.goals import Goal, best_point
from engine.core.matrix import ConfusionMatrix
from engine.core.ranked import Ranking, average_precision, curve, sampled
from engine.core.thresholds import OperatingPoint
from engine.plots.classifier_values import ClassifierCurve, ClassifierCurvesView, roc_line

DRAWN: Final = 600  # points of a curve, for drawing only


def classifier_curves(
    made: Classification,
    point: OperatingPoint,
    matrix: ConfusionMatrix,
    goal: Goal,
    chosen: tuple[int, ...],
    focus: int,
    cancelled: Callable[[], bool],
) -> ClassifierCurvesView | None:
    """All that is drawn of these classes; focus is the place among them of the one in focus.

    None if it was cancelled between two classes.
    """
    curves: list[ClassifierCurve] = []
    focused = ranking(made, chosen[focus])
    for place, class_ in enumerate(chosen):
        if cancelled():
            return None
        ranked = focused if place == focus else ranking(made, class_)
        curves.append(_of_class(made.classes[class_], ranked))
    view = ClassifierCurvesView(
        point,
        curves=tuple(curves),
        reliability=reliability(focused, BINS),
        densities=densities(focused),
        title="against the rest",
        scope=curves[focus].name,
    )
    return marked(_for_goal(view, focus, goal), chosen, focus, point, matrix, goal)


def _for_goal(view: ClassifierCurvesView, focus: int, goal: Goal) -> ClassifierCurvesView:
    """With the confidence of the curve in focus that serves the goal best."""
    named = view.curves[focus]
    best = best_point(named.curve, goal, named.curve.ground_truths + named.others)
    return replace(view, goal=goal, optimum=best.confidence if best.value > 0 else float("nan"))


def _of_class(name: str, ranked: Ranking) -> ClassifierCurve:
    whole, rates = curve(ranked), roc(ranked)
    drawn, area = sampled(whole, DRAWN), average_precision(whole)
    return ClassifierCurve(name, whole, drawn, area, rates, roc_line(rates), rates.auc)


def marked(
    view: ClassifierCurvesView,
    chosen: tuple[int, ...],
    focus: int,
    point: OperatingPoint,
    matrix: ConfusionMatrix,
    goal: Goal,
) -> ClassifierCurvesView:
    """The same curves with the marks of another point: of threshold, matrix and optimum."""
    if goal != view.goal:
        view = _for_goal(view, focus, goal)
    answers, right = matrix.predictions, matrix.true_positives
    curves = tuple(
        replace(named, answers=(int(answers[class_]), int(right[class_])))
        for named, class_ in zip(view.curves, chosen, strict=True)
    )
    return replace(view, point=point, curves=curves)
