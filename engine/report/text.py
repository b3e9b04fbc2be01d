"""The report as plain text, for a pipe, a log or a screen reader."""

from collections.abc import Sequence

from engine.detection.intervals import Intervals
from engine.detection.metrics import DetectorMetrics
from engine.detection.table_metrics import FALSE_ALARMS, IN_REPORT
from engine.report.error_types import error_type_lines
from engine.report.facts import ReportFacts
from engine.report.matrix_text import (
    aligned,
    confusion_lines,
    cut,
    document,
    interval_line,
    matrix_lines,
    noticed,
    without,
)
from engine.util.words import iou_threshold, number, share, threshold


def detection_text(facts: ReportFacts) -> str:
    """Headline, the matrix of the classes confused most, confusions in words, classes."""
    opened, detection, point = facts.opened, facts.detection, facts.point
    matrix, card = facts.at_iou.matrix(point.confidence), facts.at_iou.scorecard(point.confidence)
    best, coco = facts.best, facts.coco
    lines = [
        f"{opened.answers} on {detection.dataset.source.name}: "
        f"{number(len(detection.images), 'image')}{without(opened)}, "
        f"{number(int(matrix.ground_truths.sum()), 'ground truth')}, "
        f"{number(len(detection.predictions), 'prediction')}",
        f"IoU {iou_threshold(point.iou)} · "
        f"confidence {threshold(point.confidence, best.confidence)} ({facts.source}) · "
        f"matching {point.matching}",
        f"precision {share(card.precision, 3)} · recall {share(card.recall, 3)} · "
        f"F1 {share(card.f1, 3)} · optimal {best.goal.words} {share(best.value, 3)} "
        f"at {threshold(best.confidence, point.confidence)}",
        f"true positives {card.true_positives:,} · false positives {card.false_positives:,} · "
        f"not found as their class {card.not_detected:,} · ignored on crowds {matrix.ignored:,} · "
        f"{FALSE_ALARMS.in_report} {share(facts.metrics.false_alarms_per_image[-1], 3)}",
        f"AP {share(coco.summary.AP, 3)} · AP50 {share(coco.summary.AP50, 3)} · "
        f"AP75 {share(coco.summary.AP75, 3)} · small {share(coco.summary.APs, 3)} · "
        f"medium {share(coco.summary.APm, 3)} · large {share(coco.summary.APl, 3)} "
        "(COCO, at all confidences)",
        *_intervals(facts.intervals),
        "",
        *matrix_lines(matrix, detection.classes),
        "",
        *confusion_lines(
            matrix, detection.classes, "No object was taken for one of another class."
        ),
        "",
        *_per_class(facts.metrics, detection.classes),
    ]
    if facts.error_types is not None:
        lines += ["", *error_type_lines(facts.error_types)]
    lines += noticed(opened)
    return document(lines)


def _intervals(found: Intervals | None) -> list[str]:
    if found is None:
        return []
    named = {
        "AP": found.ap,
        "AP50": found.ap50,
        "precision": found.precision,
        "recall": found.recall,
        "F1": found.f1,
        "optimal confidence": found.optimum,
        FALSE_ALARMS.in_report: found.false_alarms_per_image,
    }
    return [interval_line(named, found.samples)]


def _per_class(metrics: DetectorMetrics, classes: Sequence[str]) -> list[str]:
    ratios = [metric.values(metrics) for metric in IN_REPORT]
    rows = [
        [
            cut(name, 24),
            f"{metrics.ground_truths[c]:,}",
            f"{metrics.predictions[c]:,}",
            *(share(values[c], 3) for values in ratios),
        ]
        for c, name in enumerate(classes)
    ]
    head = ["class", "ground truths", "predictions", *(metric.in_report for metric in IN_REPORT)]
    return ["Classes:", *aligned([head, *rows])]
