"""What `offdiag report` says, as plain values with the keys that others rely on."""

import math
from collections.abc import Mapping, Sequence

from engine.average_precision import average_precision, rank_of_ids
from engine.coco_summary import AveragePrecision
from engine.matrix import ratio
from engine.opening import Opened
from engine.thresholds import OperatingPoint

NOT_AN_OBJECT = "Not an object"
NOT_DETECTED = "Not detected"

Value = str | int | float | None | Sequence["Value"] | Mapping[str, "Value"]
Facts = dict[str, Value]


def detection_facts(opened: Opened, point: OperatingPoint, source: str) -> Facts:
    """Counts and ratios at an operating point; what is undefined is None, never 0.

    source says where the confidence came from: "optimal" or "given".
    """
    detection = opened.detection
    truths = detection.dataset.ground_truths
    evaluation = detection.at_iou(point.iou, point.matching)
    matrix = evaluation.matrix(point.confidence)
    optimum = evaluation.optimum
    found = matrix.true_positives
    precision, recall = ratio(found, matrix.predictions), ratio(found, matrix.ground_truths)
    f1 = ratio(2 * found, matrix.predictions + matrix.ground_truths)
    coco = coco_precision(opened)
    per_class: list[Value] = [
        {
            "class": name,
            "ground_truths": int(matrix.ground_truths[c]),
            "predictions": int(matrix.predictions[c]),
            "AP": _value(coco.ap[c]),
            "AP50": _value(coco.ap50[c]),
            "ap_by_iou": [_value(ap) for ap in coco.ap_by_iou[c]],
            "precision": _value(precision[c]),
            "recall": _value(recall[c]),
            "f1": _value(f1[c]),
        }
        for c, name in enumerate(detection.classes)
    ]
    card = evaluation.scorecard(point.confidence)
    return {
        "task": "detection",
        "images": len(detection.images),
        "ground_truths": int((~truths.crowd).sum()),
        "predictions": len(detection.predictions),
        "crowds": int(truths.crowd.sum()),
        "operating_point": {
            "iou": point.iou,
            "confidence": _value(point.confidence),
            "matching": point.matching,
            "source": source,
            "precision": _value(card.precision),
            "recall": _value(card.recall),
            "f1": _value(card.f1),
        },
        "optimal": {
            "metric": optimum.metric,
            "confidence": _value(optimum.confidence),
            "value": _value(optimum.value),
        },
        "coco": {name: _value(value) for name, value in coco.summary._asdict().items()},
        "per_class": per_class,
        "matrix": {
            "rows": [*detection.classes, NOT_AN_OBJECT],
            "columns": [*detection.classes, NOT_DETECTED],
            "counts": matrix.counts.tolist(),
            "ignored": matrix.ignored,
        },
        "warnings": list(opened.warnings),
    }


def coco_precision(opened: Opened) -> AveragePrecision:
    """COCO's average precision of everything that was opened, whatever the operating point."""
    dataset = opened.detection.dataset
    rank = rank_of_ids(dataset.image_ids) if dataset.image_ids else None
    return average_precision(
        dataset.ground_truths, opened.detection.predictions, len(dataset.classes), rank
    )


def _value(number: float) -> float | None:
    """A number as JSON can say it: undefined is null."""
    return None if math.isnan(number) else float(number)
