"""What `offdiag report` says, as plain values with the keys that others rely on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Self

from engine.core.errors import DataError
from engine.core.goals import Goal, GoalOptimum, optimum
from engine.core.intervals import Interval
from engine.core.thresholds import OperatingPoint, WantedConfidence
from engine.detection.coco.average_precision import average_precision, rank_of_ids
from engine.detection.coco.summary import AveragePrecision
from engine.detection.detection import Detection, DetectionAtIou
from engine.detection.intervals import Intervals, bootstrap
from engine.detection.metrics import DetectorMetrics, detector_metrics
from engine.opening import Opened
from engine.report.error_types import ErrorTypeFacts, error_type_values
from engine.util.words import json_number

ReportValue = str | int | float | None | Sequence["ReportValue"] | Mapping[str, "ReportValue"]


@dataclass(frozen=True, eq=False)
class ReportFacts:
    """Everything that a report is written from."""

    opened: Opened
    detection: Detection
    at_iou: DetectionAtIou
    point: OperatingPoint
    source: str  # of the confidence: "optimal" or "given"
    best: GoalOptimum
    coco: AveragePrecision
    metrics: DetectorMetrics
    intervals: Intervals | None
    error_types: ErrorTypeFacts | None = None

    @classmethod
    def of(
        cls,
        detection: Detection,
        opened: Opened,
        iou: float,
        confidence: WantedConfidence,
        *,
        with_intervals: bool,
        with_error_types: bool = False,
    ) -> Self:
        """At a confidence, for None at the one that serves the goal of the inputs best."""
        if confidence == "top-1":
            raise DataError(
                detection.dataset.source,
                "has boxes: --confidence top-1 is for classifiers, a detector has 'optimal'",
            )
        chosen = None if confidence == "optimal" else confidence
        matching = opened.inputs.matching
        at_iou = detection.at_iou(iou, matching)
        best = optimum(at_iou, Goal.parse(opened.inputs.optimise), len(detection.images))
        source = "optimal" if chosen is None else "given"
        point = OperatingPoint(iou, best.confidence if chosen is None else chosen, matching)
        coco = coco_precision(detection, strict=opened.inputs.strict_coco)
        metrics = detector_metrics(detection, at_iou, point.confidence, coco)
        intervals = None
        if with_intervals:
            for intervals in bootstrap(detection, at_iou, point.confidence):  # noqa: B007  the last
                pass
        errors = ErrorTypeFacts.of(at_iou, point) if with_error_types else None
        return cls(opened, detection, at_iou, point, source, best, coco, metrics, intervals, errors)


def coco_precision(detection: Detection, *, strict: bool) -> AveragePrecision:
    """COCO's average precision of all predictions, whatever the operating point."""
    dataset = detection.dataset
    rank = rank_of_ids(dataset.image_ids) if dataset.image_ids else None
    return average_precision(
        dataset.ground_truths, detection.predictions, len(dataset.classes), rank, strict
    )


def detection_facts(facts: ReportFacts) -> dict[str, ReportValue]:
    """Counts and ratios at an operating point; what is undefined is None, never 0."""
    detection, point, metrics = facts.detection, facts.point, facts.metrics
    truths = detection.dataset.ground_truths
    matrix = facts.at_iou.matrix(point.confidence)
    every = len(detection.classes)
    told: dict[str, ReportValue] = {
        "task": "detection",
        "images": len(detection.images),
        "ground_truths": int((~truths.crowd).sum()),
        "predictions": len(detection.predictions),
        "crowds": int(truths.crowd.sum()),
        "left_out": left_out(facts.opened),
        "operating_point": {
            "iou": point.iou,
            "confidence": json_number(point.confidence),
            "matching": point.matching,
            "source": facts.source,
            "precision": json_number(metrics.precision[every]),
            "recall": json_number(metrics.recall[every]),
            "f1": json_number(metrics.f1[every]),
        },
        "optimal": optimum_values(facts.best),
        "coco": {name: json_number(value) for name, value in facts.coco.summary._asdict().items()},
        "per_class": [_class(facts, c) for c in range(every)],
        "matrix": {
            "rows": [*detection.classes, matrix.extra_row],
            "columns": [*detection.classes, matrix.extra_column],
            "counts": matrix.counts.tolist(),
            "ignored": matrix.ignored,
        },
        "false_alarms_per_image": json_number(metrics.false_alarms_per_image[every]),
        "false_positives_on_empty_images": metrics.false_positives_on_empty_images,
        "classes_never_shown": list(compress(detection.classes, metrics.never_shown)),
        "warnings": list(facts.opened.warnings),
    }
    if facts.intervals is not None:
        told["intervals"] = interval_values(
            known_intervals(facts.intervals), facts.intervals.samples
        )
    if facts.error_types is not None:
        told |= error_type_values(facts.error_types)
    return told


def _class(facts: ReportFacts, c: int) -> Mapping[str, ReportValue]:
    metrics = facts.metrics
    return {
        "class": facts.detection.classes[c],
        "ground_truths": int(metrics.ground_truths[c]),
        "predictions": int(metrics.predictions[c]),
        "AP": json_number(metrics.ap[c]),
        "AP50": json_number(metrics.ap50[c]),
        "AP75": json_number(metrics.ap75[c]),
        "APs": json_number(metrics.ap_small[c]),
        "APm": json_number(metrics.ap_medium[c]),
        "APl": json_number(metrics.ap_large[c]),
        "ap_by_iou": [json_number(ap) for ap in metrics.ap_by_iou[c]],
        "precision": json_number(metrics.precision[c]),
        "recall": json_number(metrics.recall[c]),
        "f1": json_number(metrics.f1[c]),
        "true_positives": int(metrics.true_positives[c]),
        "false_positives": int(metrics.false_positives[c]),
        "not_detected": int(metrics.not_detected[c]),
        "false_alarms_per_image": json_number(metrics.false_alarms_per_image[c]),
    }


def known_intervals(found: Intervals) -> Mapping[str, Interval]:
    """By their keys in JSON."""
    return {
        "AP": found.ap,
        "AP50": found.ap50,
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
        "optimal_confidence": found.optimum,
        "false_alarms_per_image": found.false_alarms_per_image,
    }


def interval_values(named: Mapping[str, Interval], samples: int) -> Mapping[str, ReportValue]:
    """Low and high of each, None where undefined."""
    ends = {name: [json_number(each.low), json_number(each.high)] for name, each in named.items()}
    return {"percent": 95, "samples": samples, **ends}


def optimum_values(best: GoalOptimum) -> Mapping[str, ReportValue]:
    """The confidence that serves the goal best."""
    return {
        "metric": best.goal.spec,
        "confidence": json_number(best.confidence),
        "value": json_number(best.value),
        "flat": [json_number(end) for end in best.flat],
    }


def left_out(opened: Opened) -> Mapping[str, ReportValue]:
    """What the numbers do not count, on either side."""
    return {"images": opened.left_out.images, "classes": list(opened.left_out.classes)}
