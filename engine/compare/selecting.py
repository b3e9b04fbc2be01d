"""Which objects, images and false alarms one looks at of two sides, as rows to page through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.compare.alarms import AlarmStatus
from engine.compare.answers import ComparedAnswers
from engine.compare.comparison import Comparison
from engine.compare.objects import ComparedObjects
from engine.compare.status import ObjectStatus, Why
from engine.core.arrays import NOTHING, Indices, Mask, Scores
from engine.core.outcomes import Selection
from engine.detection.detection import Detection

Kind = Literal[
    "changed", "fixed", "broken", "both wrong", "both right", "new", "gone", "shared", "moved"
]
"""`changed` is fixed and broken, `moved` all that another cell counts; then come false alarms."""

RowOrder = Literal["confidence", "image"]
STATUSES: Final[Mapping[Kind, ObjectStatus]] = {
    "fixed": ObjectStatus.FIXED,
    "broken": ObjectStatus.BROKEN,
    "both wrong": ObjectStatus.BOTH_WRONG,
    "both right": ObjectStatus.BOTH_RIGHT,
}
ALARMS: Final[Mapping[Kind, AlarmStatus]] = {
    "new": AlarmStatus.NEW,
    "gone": AlarmStatus.GONE,
    "shared": AlarmStatus.SHARED,
}


@dataclass(frozen=True)
class ChangeSelection:
    """Rows that a person looks at; what is None stands for any."""

    what: Kind = "changed"
    class_: int | None = None  # of the ground truth; of the prediction for a false alarm
    why: Why | None = None  # of the fixed why A was wrong, of all others why B is
    cell: Selection | None = None  # a cell, row or column of the difference of the matrices


@dataclass(frozen=True, eq=False)
class ComparedRows:
    """One row an object, an image of classifiers or a false alarm."""

    image: Indices  # [R]
    truth: Indices  # [R] class of the ground truth; NOTHING for a false alarm
    predicted_a: Indices  # [R] class with which the matrix of A has it, or NOTHING
    predicted_b: Indices  # [R]
    confidence_a: Scores  # [R] of the prediction that explains the row; NaN without one
    confidence_b: Scores  # [R]
    found_a: Indices  # [R] row of that prediction among those of A, or NOTHING
    found_b: Indices  # [R]
    ground_truth: Indices  # [R] row among the ground truths; NOTHING for false alarms and images
    status: Indices  # [R] ObjectStatus; AlarmStatus where truth is NOTHING
    why_a: Indices  # [R] Why; NOTHING where A is right, and for false alarms
    why_b: Indices  # [R]

    def __len__(self) -> int:
        return len(self.image)

    def where(self, rows: Mask | Indices) -> "ComparedRows":
        """Only these rows, in this order."""
        return ComparedRows(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def selected_rows(
    comparison: Comparison,
    selection: ChangeSelection,
    order: RowOrder = "confidence",
    descending: bool = True,
) -> ComparedRows:
    """The rows of a selection: by the higher confidence of the two, or as images stand."""
    rows = _every_row(comparison)
    chosen = rows.where(np.flatnonzero(_is_chosen(rows, selection)))
    if order == "image":
        key = chosen.image.astype(np.float64)
    else:
        key = np.fmax(chosen.confidence_a, chosen.confidence_b)
    return chosen.where(np.argsort(-key if descending else key, kind="stable"))


def _is_chosen(rows: ComparedRows, selection: ChangeSelection) -> Mask:
    alarm = rows.truth == NOTHING
    chosen: Mask
    what = selection.what
    if what == "changed":
        fixed, broken = ObjectStatus.FIXED, ObjectStatus.BROKEN
        chosen = ~alarm & ((rows.status == fixed) | (rows.status == broken))
    elif what == "moved":
        chosen = np.where(
            alarm, rows.status != AlarmStatus.SHARED, rows.predicted_a != rows.predicted_b
        )
    elif what in ALARMS:
        chosen = alarm & (rows.status == ALARMS[what])
    else:
        chosen = ~alarm & (rows.status == STATUSES[what])
    if selection.class_ is not None:
        own = np.where(alarm, np.maximum(rows.predicted_a, rows.predicted_b), rows.truth)
        chosen = chosen & (own == selection.class_)
    if selection.why is not None:
        of_a = ~alarm & (rows.status == ObjectStatus.FIXED)
        chosen = chosen & (np.where(of_a, rows.why_a, rows.why_b) == selection.why)
    if selection.cell is not None:
        chosen = chosen & _in_cell(rows, selection.cell)
    return chosen


def _in_cell(rows: ComparedRows, cell: Selection) -> Mask:
    """Rows that one of both matrices counts there, and that the other counts elsewhere."""
    there = np.ones(len(rows), np.bool_)
    if cell.truth is not None:
        there &= rows.truth == cell.truth
    if cell.predicted is not None:
        there &= (rows.predicted_a == cell.predicted) | (rows.predicted_b == cell.predicted)
        alarm = rows.truth == NOTHING
        if cell.predicted == NOTHING:  # a false alarm is no object that was not detected
            there &= ~alarm
    return there


def _every_row(comparison: Comparison) -> ComparedRows:
    objects, sides = comparison.objects, comparison.sides
    if isinstance(objects, ComparedAnswers):
        none = np.full(len(objects), NOTHING)
        return ComparedRows(
            image=objects.image,
            truth=objects.truth,
            predicted_a=objects.predicted_a,
            predicted_b=objects.predicted_b,
            confidence_a=objects.confidence_a,
            confidence_b=objects.confidence_b,
            found_a=none,
            found_b=none,
            ground_truth=none,
            status=objects.status,
            why_a=objects.why_a,
            why_b=objects.why_b,
        )
    of_objects, of_alarms = (
        _objects(objects, sides.a.detection, sides.b.detection),
        _alarms(objects),
    )
    return ComparedRows(
        *(
            np.concatenate((getattr(of_objects, name), getattr(of_alarms, name)))
            for name in ComparedRows.__dataclass_fields__
        )
    )


def _objects(objects: ComparedObjects, a: Detection, b: Detection) -> ComparedRows:
    return ComparedRows(
        image=objects.image,
        truth=objects.class_,
        predicted_a=objects.predicted_a,
        predicted_b=objects.predicted_b,
        confidence_a=_confidence(a, objects.found_a),
        confidence_b=_confidence(b, objects.found_b),
        found_a=objects.found_a,
        found_b=objects.found_b,
        ground_truth=objects.ground_truth,
        status=objects.status,
        why_a=objects.why_a,
        why_b=objects.why_b,
    )


def _alarms(objects: ComparedObjects) -> ComparedRows:
    alarms = objects.alarms
    none = np.full(len(alarms), NOTHING)
    return ComparedRows(
        image=alarms.image,
        truth=none,
        predicted_a=np.where(alarms.status == AlarmStatus.NEW, NOTHING, alarms.class_),
        predicted_b=np.where(alarms.status == AlarmStatus.GONE, NOTHING, alarms.class_),
        confidence_a=alarms.confidence_a,
        confidence_b=alarms.confidence_b,
        found_a=alarms.prediction_a,
        found_b=alarms.prediction_b,
        ground_truth=none,
        status=alarms.status,
        why_a=none,
        why_b=none,
    )


def _confidence(detection: Detection, rows: Indices) -> Scores:
    if not len(detection.predictions):
        return np.full(len(rows), np.nan)
    confidence = detection.predictions.confidence.take(np.maximum(rows, 0))
    return np.where(rows == NOTHING, np.nan, confidence)
