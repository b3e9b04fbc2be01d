"""Average precision in words."""

from typing import Final

import numpy as np

from engine.core.explanation import Explanation, name_of, value_of
from engine.detection.coco.params import AREA_RANGES, IOUS, MAX_DETECTIONS, RECALLS
from engine.detection.metrics import DetectorMetrics
from engine.util.words import number, share

SINGLE_IOUS: Final = {"ap50": 0, "ap75": 5, "ap95": 9}  # column: place in IOUS
SIZES: Final = {f"ap_{range_.name}": range_ for range_ in AREA_RANGES[1:]}

WHAT: Final = (
    "The area under the precision-recall curve: how right the model stays while it finds more, "
    "whatever the confidence."
)
AT_ONE_IOU: Final = f"mean of the highest precision at each of {len(RECALLS)} recalls or beyond"
OVER_IOUS: Final = "mean of AP at IoU .50, .55, ... .95"
OVER_CLASSES: Final = "mean over the classes with ground truth"


def at_one_iou(
    place: int, metrics: DetectorMetrics, row: int, classes: tuple[str, ...]
) -> Explanation:
    """Of a class, or the mean of all, at IOUS[place]."""
    iou = share(float(IOUS[place]))
    column = metrics.ap_by_iou[:, place]
    formula, filled = AT_ONE_IOU, _of_points(column, metrics, row)
    if row == len(classes):
        formula, filled = f"{OVER_CLASSES} of AP at IoU {iou}", _of_classes(column)
    return Explanation(
        f"AP at IoU {iou} of {name_of(row, classes)}", WHAT, formula, filled, _made_at(f"IoU {iou}")
    )


def over_ious(metrics: DetectorMetrics, row: int, classes: tuple[str, ...]) -> Explanation:
    """The mean of the ten IoUs."""
    formula, filled = OVER_IOUS, _of_ious(metrics, row)
    if row == len(classes):
        formula, filled = f"{OVER_CLASSES} of the {formula}", _of_classes(metrics.ap)
    return Explanation(
        f"AP of {name_of(row, classes)}", WHAT, formula, filled, _made_at("ten IoUs, .50 to .95")
    )


def of_size(
    column: str, metrics: DetectorMetrics, row: int, classes: tuple[str, ...]
) -> Explanation:
    """Only objects of one size."""
    range_ = SIZES[column]
    values = getattr(metrics, column)
    sides = f"from {range_.least**0.5:.0f} to {range_.most**0.5:.0f}"
    if range_ is AREA_RANGES[1]:
        sides = f"up to {range_.most**0.5:.0f}"
    elif range_ is AREA_RANGES[-1]:
        sides = f"from {range_.least**0.5:.0f} on"
    formula = f"{OVER_IOUS}, other sizes ignored"
    filled = f"{formula} = {value_of(float(values[row]))}"
    if row == len(classes):
        formula, filled = f"{OVER_CLASSES} of the {formula}", _of_classes(values)
    return Explanation(
        f"AP of {range_.name} objects, {name_of(row, classes)}",
        f"Average precision of {range_.name} objects alone, "
        f"whose area is that of a square with sides {sides} pixels.",
        formula,
        filled,
        _made_at(f"ten IoUs, .50 to .95; {range_.name} objects"),
    )


def _of_points(column: np.ndarray, metrics: DetectorMetrics, row: int) -> str:
    truths = number(int(metrics.ground_truths[row]), "ground truth")
    return (
        f"sum of {len(RECALLS)} precisions / {len(RECALLS)} = "
        f"{share(float(column[row]) * len(RECALLS), 1)} / {len(RECALLS)} = "
        f"{value_of(float(column[row]))}, over {truths}"
    )


def _of_ious(metrics: DetectorMetrics, row: int) -> str:
    at_each = " + ".join(share(float(ap), 3) for ap in metrics.ap_by_iou[row])
    return f"({at_each}) / {len(IOUS)} = {value_of(float(metrics.ap[row]))}"


def _of_classes(column: np.ndarray) -> str:
    of_classes, mean = column[:-1], float(column[-1])
    defined = of_classes[~np.isnan(of_classes)]
    total = share(float(defined.sum()), 3)
    return f"sum over classes / classes = {total} / {len(defined):,} = {value_of(mean)}"


def _made_at(scope: str) -> str:
    return (
        f"{scope}; {len(RECALLS)} recalls; at most {MAX_DETECTIONS[-1]} predictions of a class in "
        "an image; at all confidences; matched class by class, as COCO does"
    )
