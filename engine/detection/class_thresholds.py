"""Thresholds that a person gave to classes, in place of their optima."""

from collections.abc import Sequence

import numpy as np

from engine.detection.curves import class_curves
from engine.detection.detection import DetectionAtIou
from engine.detection.goals import ClassOptima, Goal, value_at


def at_own(
    at_iou: DetectionAtIou, goal: Goal, global_confidence: float, own: Sequence[float | None]
) -> ClassOptima:
    """What these confidences do for each class; own [C], None where the global one holds.

    A class counts by itself, as in `goals.class_optima`; the gain is negative where the
    global confidence would serve the goal better.
    """
    images = len(at_iou.detection.images)
    used = np.array([each is not None for each in own], np.bool_)
    confidence = np.array([global_confidence if each is None else each for each in own])
    value, gain = np.full(len(own), np.nan), np.zeros(len(own))
    for class_, points in enumerate(class_curves(at_iou)):
        value[class_] = value_at(points, goal, images, float(confidence[class_]))
        if used[class_]:
            gain[class_] = value[class_] - value_at(points, goal, images, global_confidence)
    return ClassOptima(goal, confidence, value, gain, used)
