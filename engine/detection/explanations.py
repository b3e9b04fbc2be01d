"""Every number in words: what it means, how it is counted, and from what."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from engine.core.explanation import Explanation, made_at, name_of, value_of
from engine.detection.coco.explanations import SINGLE_IOUS, SIZES, at_one_iou, of_size, over_ious
from engine.detection.metrics import FEW_OBJECTS, DetectorMetrics
from engine.util.words import number

__all__ = ["Explanation", "explain"]


class _Row(NamedTuple):
    """The counts of a row of the table."""

    ground_truths: int
    predictions: int
    right: int
    wrong: int
    missed: int


class _Count(NamedTuple):
    """A number read off the matrix, and how it is worked out."""

    title: str
    what: str
    formula: str
    filled: Callable[[_Row], str]


_COUNTS: Final[Mapping[str, _Count]] = {
    "ground_truths": _Count(
        "Ground truths",
        "How many objects people drew, regions marked as crowds left out.",
        "TP + FN",
        lambda row: f"{row.right:,} + {row.missed:,}",
    ),
    "predictions": _Count(
        "Predictions",
        "How many boxes of the model count: those on a crowd of their class are ignored.",
        "TP + FP",
        lambda row: f"{row.right:,} + {row.wrong:,}",
    ),
    "true_positives": _Count(
        "True positives",
        "How many predictions found an object of their own class.",
        "predictions - FP",
        lambda row: f"{row.predictions:,} - {row.wrong:,}",
    ),
    "false_positives": _Count(
        "False positives",
        "How many predictions found no object of their own class: "
        "background, duplicates, wrong classes.",
        "predictions - TP",
        lambda row: f"{row.predictions:,} - {row.right:,}",
    ),
    "not_detected": _Count(
        "Not detected",
        "How many objects no prediction of their own class found.",
        "ground truths - TP",
        lambda row: f"{row.ground_truths:,} - {row.right:,}",
    ),
    "precision": _Count(
        "Precision",
        "Of the predictions, the share that found an object of their class.",
        "TP / (TP + FP)",
        lambda row: f"{row.right:,} / ({row.right:,} + {row.wrong:,})",
    ),
    "recall": _Count(
        "Recall",
        "Of the objects, the share that a prediction of their class found.",
        "TP / (TP + FN)",
        lambda row: f"{row.right:,} / ({row.right:,} + {row.missed:,})",
    ),
    "f1": _Count(
        "F1",
        "One number for precision and recall, their harmonic mean: low when either is low.",
        "2 TP / (2 TP + FP + FN)",
        lambda row: f"2 x {row.right:,} / (2 x {row.right:,} + {row.wrong:,} + {row.missed:,})",
    ),
    "few": _Count(
        "Few objects",
        "Whether a class has so few objects that its numbers say little.",
        f"ground truths < {FEW_OBJECTS}",
        lambda row: f"({row.ground_truths:,} < {FEW_OBJECTS})",
    ),
}


def explain(metric: str, metrics: DetectorMetrics, row: int, classes: Sequence[str]) -> Explanation:
    """The number in a column of the metrics, in the row of a class or of all classes.

    metric is the name of a column of ClassMetrics; "ap_by_iou[3]" is its cell at IOUS[3].
    A negative row counts from the end: -1 is the row of all classes.
    """
    names = tuple(classes)
    row %= len(names) + 1
    if metric in _COUNTS:
        return _of_counts(metric, metrics, row, names)
    if metric == "never_shown":
        return _never_shown(metrics, row, names)
    if metric == "false_positives_on_empty_images":
        return _on_empty_images(metrics)
    if metric in SINGLE_IOUS:
        return at_one_iou(SINGLE_IOUS[metric], metrics, row, names)
    if metric in SIZES:
        return of_size(metric, metrics, row, names)
    if metric in ("ap", "ap_by_iou"):
        return over_ious(metrics, row, names)
    if cell := re.fullmatch(r"ap_by_iou\[(\d)\]", metric):
        return at_one_iou(int(cell[1]), metrics, row, names)
    raise KeyError(metric)


def _of_counts(
    metric: str, metrics: DetectorMetrics, row: int, classes: tuple[str, ...]
) -> Explanation:
    asked = _COUNTS[metric]
    counts = _Row(
        int(metrics.ground_truths[row]),
        int(metrics.predictions[row]),
        int(metrics.true_positives[row]),
        int(metrics.false_positives[row]),
        int(metrics.not_detected[row]),
    )
    value = getattr(metrics, metric)[row]
    if metric == "few":
        said = "yes" if value else "no"
    else:
        said = f"{value:,}" if isinstance(value, np.integer) else value_of(float(value))
    return Explanation(
        f"{asked.title} of {name_of(row, classes)}",
        asked.what,
        asked.formula,
        f"{asked.formula} = {asked.filled(counts)} = {said}",
        made_at(metrics.point),
    )


def _never_shown(metrics: DetectorMetrics, row: int, classes: tuple[str, ...]) -> Explanation:
    rows = np.arange(len(classes)) if row == len(classes) else np.array([row])
    rows = rows[metrics.never_shown[rows]]
    wrong = int(metrics.false_positives[rows].sum())
    return Explanation(
        f"Never shown: {name_of(row, classes)}",
        "Whether the model predicts a class that no ground truth has: average precision "
        "leaves such classes out, so it hides these false positives.",
        "ground truths = 0 and predictions > 0",
        f"{number(len(rows), 'class', 'classes')} without ground truth but with predictions: "
        f"{number(wrong, 'false positive')}",
        made_at(metrics.point),
    )


def _on_empty_images(metrics: DetectorMetrics) -> Explanation:
    wrong = metrics.false_positives_on_empty_images
    every = int(metrics.false_positives[-1])
    return Explanation(
        "False positives on empty images",
        "How many predictions lie on images on which nothing is drawn, where all are wrong.",
        "predictions on images without ground truth",
        f"{wrong:,} of {number(every, 'false positive')}",
        made_at(metrics.point),
    )
