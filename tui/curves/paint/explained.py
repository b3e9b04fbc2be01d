"""How the numbers at a point of a curve came to be."""

from dataclasses import replace

from engine.core.explanation import Explanation, made_at
from engine.plots.curve_values import CurvesState, CurvesView
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
        formula="P = TP / predictions, R = TP / ground truths, F1 = 2 TP / (both)",
        filled=(
            f"P = {right:,} / {counted:,} = {share(float(curve.precision[index]), 3)}, "
            f"R = {right:,} / {truths:,} = {share(float(curve.recall[index]), 3)}, "
            f"F1 = {2 * right:,} / {counted + truths:,} = {share(float(curve.f1[index]), 3)}"
        ),
        made_at=made_at(point),
    )
