"""How the numbers at a point of a curve came to be."""

from dataclasses import replace

from engine.core.explanation import Explanation, made_at
from engine.core.goals import GOALS, Goal
from engine.core.ranked import Curve
from engine.plots.curve_values import CurvesState, CurvesView
from engine.plots.detector_values import f_at
from engine.util.words import share, threshold


def point_explanation(view: CurvesView, state: CurvesState) -> Explanation | None:
    """Of the point under the cursor, or of the operating point; None where there is no curve."""
    focused, index = state.focused(view), state.index(view)
    if focused is None or index < 0:
        return None
    curve = focused.curve
    right, counted = int(curve.true_positives[index]), int(curve.predictions[index])
    truths, confidence = curve.ground_truths, float(curve.confidence[index])
    point = replace(view.point, confidence=confidence, per_class=False)
    return Explanation(
        title=f"{focused.name} at confidence {threshold(confidence)}",
        what="A point of the curve: precision and recall if this confidence were the threshold.",
        formula=", ".join(
            [
                "P = TP / predictions, R = TP / ground truths",
                *(formula_of(goal) for goal in measured(view.goal)),
            ]
        ),
        filled=", ".join(
            [
                f"P = {right:,} / {counted:,} = {share(float(curve.precision[index]), 3)}",
                f"R = {right:,} / {truths:,} = {share(float(curve.recall[index]), 3)}",
                *(filled_f(curve, goal, index) for goal in measured(view.goal)),
            ]
        ),
        made_at=made_at(point),
    )


def measured(goal: Goal) -> tuple[Goal, ...]:
    """F1, and the F that the goal means where it is another one."""
    return tuple(dict.fromkeys((GOALS[0], goal.f_measure)))


def formula_of(goal: Goal) -> str:
    """`F2 = 5 TP / (4 ground truths + predictions)`."""
    square = goal.beta * goal.beta
    truths = "ground truths" if square == 1 else f"{plain(square)} ground truths"
    return f"{goal.words} = {plain(1 + square)} TP / ({truths} + predictions)"


def filled_f(curve: Curve, goal: Goal, index: int) -> str:
    """`F2 = 60 / 95 = .632` at a point of a curve."""
    square, right = goal.beta * goal.beta, int(curve.true_positives[index])
    whole = square * curve.ground_truths + int(curve.predictions[index])
    part = plain((1 + square) * right)
    return f"{goal.words} = {part} / {plain(whole)} = {share(f_at(curve, goal, index), 3)}"


def plain(number: float) -> str:
    """A number that may have quarters: 5, 1.25, 12,345.5."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")
