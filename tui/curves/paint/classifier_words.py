"""What is said of one class against the rest: a point of its curves, and how to read its plots."""

from math import isnan
from typing import Final

from rich.cells import cell_len

from engine.core.explanation import Explanation
from engine.plots.classifier_values import ClassifierCurve, ClassifierCurvesView, class_in_focus
from engine.plots.curve_values import CurvesState
from engine.plots.detector_values import f_at
from engine.util.visible import clean
from engine.util.words import number, share, threshold
from tui.curves.paint.explained import filled_f, formula_of, measured

AT_LEAST: Final = "\N{GREATER-THAN OR EQUAL TO}"
TOP_CLASS: Final = "the most probable class of each image"
AGAINST_THE_REST: Final = (
    "an image counts where its probability of the class reaches the confidence"
)


def rates(named: ClassifierCurve, index: int) -> str:
    """`TPR .910  FPR .021  P .833` at a point; dashes without one."""
    values = (named.curve.recall, named.false_positive_rate, named.curve.precision)
    true, false, precision = (
        share(float(each[index]) if index >= 0 else float("nan"), 3) for each in values
    )
    return f"TPR {true}  FPR {false}  P {precision}"


def classifier_reading(view: ClassifierCurvesView, state: CurvesState, width: int) -> str:
    """The point under the cursor, with as much as fits the width."""
    focused = class_in_focus(view, state)
    if focused is None:
        return "No class is drawn · / chooses one"
    index, name = state.index(view), clean(focused.name)
    if focused.empty:
        return focused.empty
    if index < 0:
        wanted = view.begin if state.cursor is None else state.cursor
        return f"no image reaches {threshold(wanted)} for {name} · {rates(focused, -1)}"
    curve = focused.curve
    at = f"p {AT_LEAST} {threshold(float(curve.confidence[index]))}"
    numbers = "  ".join(
        [
            rates(focused, index),
            *(f"{one.words} {share(f_at(curve, one, index), 3)}" for one in measured(view.goal)),
        ]
    )
    right = int(curve.true_positives[index])
    wrong = int(curve.predictions[index]) - right
    own = f"{right:,} of {number(curve.ground_truths, 'image')} of it"
    others = f"{wrong:,} of {number(focused.others, 'other')}"
    takes = " · Enter takes this confidence"
    brief = f"{name} {at} · {numbers}"
    wordings = (
        f"{name} against the rest, {at} · {numbers} · {own}, {others}{takes}",
        f"{brief} · {own}, {others}{takes}",
        f"{brief} · {own}, {others}",
        f"{brief} · {right:,}/{curve.ground_truths:,} {wrong:,}/{focused.others:,}",
        brief,
        f"{at} · {numbers}",
    )
    possible = wordings[2 * (state.cursor is None) :]
    fitting = (words for words in possible if cell_len(words) <= width)
    return next(fitting, f"{at} · {rates(focused, index)}")


def classifier_point_explanation(
    view: ClassifierCurvesView, state: CurvesState
) -> Explanation | None:
    """Of the point under the cursor; None where there is no curve."""
    focused, index = class_in_focus(view, state), state.index(view)
    if focused is None or focused.empty or index < 0:
        return None
    curve, confidence = focused.curve, float(focused.curve.confidence[index])
    right, counted = int(curve.true_positives[index]), int(curve.predictions[index])
    own, wrong, others = curve.ground_truths, counted - right, focused.others
    return Explanation(
        title=f"{focused.name} against the rest at confidence {threshold(confidence)}",
        what=(
            "A point of the curves: what the class would catch, and what it would take from "
            "others, if this confidence were its threshold."
        ),
        formula=", ".join(
            [
                "TPR = R = TP / images of it, FPR = FP / others, P = TP / predictions",
                *(formula_of(goal) for goal in measured(view.goal)),
            ]
        ),
        filled=", ".join(
            [
                f"TPR = {right:,} / {own:,} = {share(float(curve.recall[index]), 3)}",
                f"FPR = {wrong:,} / {others:,} = "
                f"{share(float(focused.false_positive_rate[index]), 3)}",
                f"P = {right:,} / {counted:,} = {share(float(curve.precision[index]), 3)}",
                *(filled_f(curve, goal, index) for goal in measured(view.goal)),
            ]
        ),
        made_at=(
            f"confidence {AT_LEAST} {threshold(confidence)}, {AGAINST_THE_REST}, whatever class is "
            f"the most probable; the matrix takes {TOP_CLASS}"
            f"{_above(view)}"
        ),
    )


def _above(view: ClassifierCurvesView) -> str:
    return "" if isnan(view.now) else f" with confidence {AT_LEAST} {threshold(view.now)}"
