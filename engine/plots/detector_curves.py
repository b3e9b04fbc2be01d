"""From a detector at an IoU to the curves of chosen classes, and what its confidences are worth."""

from collections.abc import Callable, Sequence
from typing import Final

from engine.core.thresholds import OperatingPoint
from engine.detection.coco.summary import defined_mean
from engine.detection.curves import (
    Ranking,
    class_average_precision,
    curve,
    mean_curve,
    ranking,
    sampled,
)
from engine.detection.detection import DetectionAtIou
from engine.plots.detector_values import DetectorCurve, DetectorCurvesView
from engine.util.words import iou_threshold, threshold

DRAWN: Final = 600  # points of a curve, for drawing only
ALL_CLASSES: Final = "all classes"


def detector_curves(
    at_iou: DetectionAtIou,
    point: OperatingPoint,
    chosen: Sequence[int | None],
    focus: int,
    floor: float,
    cancelled: Callable[[], bool],
) -> tuple[DetectorCurvesView, Ranking] | None:
    """What is drawn of these classes, None among them for all; and the ranking of one of them.

    focus is its place among them, floor the confidence below which the model itself is silent.
    The optimum is not marked yet. None if it was cancelled on the way.
    """
    of_class = class_average_precision(at_iou)
    rankings, curves = [], []
    for class_ in chosen:
        rankings.append(ranking(at_iou, class_))
        whole = curve(rankings[-1])
        name = ALL_CLASSES if class_ is None else at_iou.detection.classes[class_]
        ap = defined_mean(of_class) if class_ is None else float(of_class[class_])
        drawn, together = sampled(whole, DRAWN), class_ is None
        curves.append(DetectorCurve(name, whole, drawn, ap, together))
        if cancelled():
            return None
    view = DetectorCurvesView(
        point=point,
        curves=tuple(curves),
        mean=mean_curve(at_iou),
        title=f"IoU {iou_threshold(at_iou.iou)}",
        cut=f"cut: the model is silent below {threshold(floor)} " if floor else "",
    )
    return None if cancelled() else (view, rankings[focus])
