"""The operating point of a report, as it is saved in the card of the model."""

import numpy as np

from engine.cards.operating_point import SavedPoint
from engine.core.dataset import ClassificationDataset, DetectionDataset
from engine.core.fingerprint import fingerprint
from engine.core.goals import Goal
from engine.core.intervals import Interval
from engine.core.ranked import Curve
from engine.core.thresholds import OperatingPoint, Scorecard
from engine.detection.intervals import Intervals
from engine.report.classification_facts import ClassificationFacts
from engine.report.facts import ReportFacts

UNKNOWN = Interval(np.nan, np.nan)


def detection_point(facts: ReportFacts) -> SavedPoint:
    """The point that a detector is reported at, with the interval of its goal if there is one."""
    card = facts.at_iou.scorecard(facts.point.confidence)
    interval = interval_of(facts.best.goal, facts.intervals)
    return point_at(facts.detection.dataset, facts.best.goal, card, facts.point, interval)


def classification_point(facts: ClassificationFacts) -> SavedPoint:
    """The threshold that a classifier is reported at; it has no IoU."""
    point = OperatingPoint(np.nan, facts.confidence)
    return point_at(facts.made.dataset, facts.best.goal, facts.card, point)


def point_at(
    dataset: DetectionDataset | ClassificationDataset,
    goal: Goal,
    card: Scorecard,
    point: OperatingPoint,
    interval: Interval = UNKNOWN,
) -> SavedPoint:
    """A point with what its goal measures there; model, date and version are the caller's.

    card holds the counts at the point; a goal with a limit measures recall. The confidence
    is the least that counts, as `Thresholds.kept` has it: under "iou" a prediction counts
    only above the point, see `SavedPoint.point_confidence` for the way back.
    """
    curve = Curve.of(
        np.array([point.confidence]),
        np.array([card.true_positives]),
        np.array([card.predictions]),
        card.ground_truths,
    )
    value = goal.measured.values(curve, len(dataset.images))
    return SavedPoint(
        confidence=_least_counted(point),
        iou=float(point.iou),
        matching=point.matching,
        goal=goal.spec,
        value=float(value[0]),
        interval=(interval.low, interval.high),
        dataset=fingerprint(dataset),
        data=dataset.source.name,
    )


def interval_of(goal: Goal, found: Intervals | None) -> Interval:
    """That of what the goal measures, where it is among those of a detector."""
    if found is None:
        return UNKNOWN
    return found.of_metrics.get(goal.measured.kind, UNKNOWN)


def _least_counted(point: OperatingPoint) -> float:
    strict = point.matching == "iou" and not point.per_class
    least = np.nextafter(point.confidence, np.inf) if strict else point.confidence
    return float(np.fmin(least, 1.0)) if strict else float(least)
