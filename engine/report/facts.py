"""What `offdiag report` says, as plain values with the keys that others rely on."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from engine.average_precision import average_precision, rank_of_ids
from engine.class_metrics import ClassMetrics, class_metrics
from engine.coco_summary import AveragePrecision
from engine.goals import Goal, GoalOptimum, optimum
from engine.intervals import Interval, Intervals, bootstrap
from engine.kinds.detection import Detection, DetectionAtIou
from engine.opening import Opened
from engine.thresholds import OperatingPoint

NOT_AN_OBJECT = "Not an object"
NOT_DETECTED = "Not detected"

Value = str | int | float | None | Sequence["Value"] | Mapping[str, "Value"]


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything that a report is written from."""

    opened: Opened
    at_iou: DetectionAtIou
    point: OperatingPoint
    source: str  # of the confidence: "optimal" or "given"
    best: GoalOptimum
    coco: AveragePrecision
    metrics: ClassMetrics
    intervals: Intervals | None

    @property
    def detection(self) -> Detection:
        """What is reported on."""
        return self.opened.assessment

    @classmethod
    def of(
        cls, opened: Opened, iou: float, confidence: float | None, *, with_intervals: bool
    ) -> Self:
        """At a confidence or, for None, at the one that serves the goal of the inputs best."""
        detection, matching = opened.assessment, opened.inputs.matching
        at_iou = detection.at_iou(iou, matching)
        best = optimum(at_iou, Goal.parse(opened.inputs.optimise), len(detection.images))
        source = "optimal" if confidence is None else "given"
        point = OperatingPoint(iou, best.confidence if confidence is None else confidence, matching)
        coco = coco_precision(opened)
        metrics = class_metrics(detection, at_iou, point.confidence, coco)
        intervals = None
        if with_intervals:
            for intervals in bootstrap(detection, at_iou, point.confidence):  # noqa: B007  the last
                pass
        return cls(opened, at_iou, point, source, best, coco, metrics, intervals)


def coco_precision(opened: Opened) -> AveragePrecision:
    """COCO's average precision of everything that was opened, whatever the operating point."""
    dataset = opened.assessment.dataset
    rank = rank_of_ids(dataset.image_ids) if dataset.image_ids else None
    return average_precision(
        dataset.ground_truths,
        opened.assessment.predictions,
        len(dataset.classes),
        rank,
        opened.inputs.strict_coco,
    )


def detection_facts(facts: Facts) -> dict[str, Value]:
    """Counts and ratios at an operating point; what is undefined is None, never 0."""
    detection, point, metrics = facts.detection, facts.point, facts.metrics
    truths = detection.dataset.ground_truths
    matrix = facts.at_iou.matrix(point.confidence)
    every = len(detection.classes)
    told: dict[str, Value] = {
        "task": "detection",
        "images": len(detection.images),
        "ground_truths": int((~truths.crowd).sum()),
        "predictions": len(detection.predictions),
        "crowds": int(truths.crowd.sum()),
        "operating_point": {
            "iou": point.iou,
            "confidence": _value(point.confidence),
            "matching": point.matching,
            "source": facts.source,
            "precision": _value(metrics.precision[every]),
            "recall": _value(metrics.recall[every]),
            "f1": _value(metrics.f1[every]),
        },
        "optimal": {
            "metric": facts.best.goal.spec,
            "confidence": _value(facts.best.confidence),
            "value": _value(facts.best.value),
            "flat": [_value(end) for end in facts.best.flat],
        },
        "coco": {name: _value(value) for name, value in facts.coco.summary._asdict().items()},
        "per_class": [_class(facts, c) for c in range(every)],
        "matrix": {
            "rows": [*detection.classes, NOT_AN_OBJECT],
            "columns": [*detection.classes, NOT_DETECTED],
            "counts": matrix.counts.tolist(),
            "ignored": matrix.ignored,
        },
        "false_positives_on_empty_images": metrics.false_positives_on_empty_images,
        "classes_never_shown": [
            name
            for name, never in zip(detection.classes, metrics.never_shown, strict=True)
            if never
        ],
        "warnings": list(facts.opened.warnings),
    }
    if facts.intervals is not None:
        told["intervals"] = _intervals(facts.intervals)
    return told


def _class(facts: Facts, c: int) -> Mapping[str, Value]:
    metrics = facts.metrics
    return {
        "class": facts.detection.classes[c],
        "ground_truths": int(metrics.ground_truths[c]),
        "predictions": int(metrics.predictions[c]),
        "AP": _value(metrics.ap[c]),
        "AP50": _value(metrics.ap50[c]),
        "AP75": _value(metrics.ap75[c]),
        "APs": _value(metrics.ap_small[c]),
        "APm": _value(metrics.ap_medium[c]),
        "APl": _value(metrics.ap_large[c]),
        "ap_by_iou": [_value(ap) for ap in metrics.ap_by_iou[c]],
        "precision": _value(metrics.precision[c]),
        "recall": _value(metrics.recall[c]),
        "f1": _value(metrics.f1[c]),
        "true_positives": int(metrics.true_positives[c]),
        "false_positives": int(metrics.false_positives[c]),
        "not_detected": int(metrics.not_detected[c]),
    }


def _intervals(found: Intervals) -> Mapping[str, Value]:
    named = {
        "AP": found.ap,
        "AP50": found.ap50,
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
        "optimal_confidence": found.optimum,
    }
    return {
        "percent": 95,
        "samples": found.samples,
        **{name: _ends(interval) for name, interval in named.items()},
    }


def _ends(interval: Interval) -> list[Value]:
    return [_value(interval.low), _value(interval.high)]


def _value(number: float) -> float | None:
    """A number as JSON can say it: undefined is null."""
    return None if math.isnan(number) else float(number)
