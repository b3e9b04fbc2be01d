"""A threshold for each class: the one that serves a goal best, or one that a person gave."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.core.arrays import Mask, Ratios, Scores
from engine.core.goals import Goal, best_point, value_at
from engine.detection.curves import class_curves
from engine.detection.detection import Detection, DetectionAtIou


@dataclass(frozen=True, eq=False)
class ClassOptima:
    """A confidence for each class."""

    goal: Goal
    confidence: Scores  # [C] to apply: the class's own optimum, or the global one
    value: Ratios  # [C] what the goal measures there
    gain: Ratios  # [C] over the global confidence; 0 where that is kept
    used: Mask  # [C] False: too few objects or no optimum, so the global one is kept


def class_optima(
    at_iou: DetectionAtIou, goal: Goal, global_confidence: float, least_objects: int = 20
) -> ClassOptima:
    """The best confidence of each class where it has enough objects to tell.

    A class counts by itself: a limit of false positives per image is then one for each
    class. Where the global confidence breaks a limit the gain can be negative: the
    recall that keeping the limit costs. Under "iou" this follows "class-first", as
    curves do.
    """
    images, classes = len(at_iou.detection.images), len(at_iou.detection.classes)
    confidence = np.full(classes, global_confidence)
    value, gain, used = np.full(classes, np.nan), np.zeros(classes), np.zeros(classes, np.bool_)
    for class_, points in enumerate(class_curves(at_iou)):
        there = value_at(points, goal, images, global_confidence)
        best = best_point(points, goal, images)
        value[class_] = there
        if points.ground_truths >= max(least_objects, 1) and not np.isnan(best.confidence):
            used[class_] = True
            confidence[class_], value[class_] = best.confidence, best.value
            gain[class_] = best.value - there
    return ClassOptima(goal, confidence, value, gain, used)


def with_class_thresholds(detection: Detection, confidence: Scores) -> Detection:
    """Only the predictions that reach the threshold of their class; confidence [C].

    Its matrix at confidence 0 or below is that of the thresholds.
    """
    found = detection.predictions
    kept = np.flatnonzero(found.confidence >= confidence.take(found.class_))
    return replace(detection, predictions=found.where(kept))


def at_own(
    at_iou: DetectionAtIou, goal: Goal, global_confidence: float, own: Sequence[float | None]
) -> ClassOptima:
    """What these confidences do for each class; own [C], None where the global one holds.

    A class counts by itself, as in `class_optima`; the gain is negative where the
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
