"""Where each side is judged: at its own optimum, at one confidence, or at its saved point."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.classification.classification import Classification
from engine.compare.sides import Side
from engine.core.errors import DataError
from engine.core.goals import Goal, optimum
from engine.core.thresholds import Matching, OperatingPoint, WantedConfidence
from engine.util.words import threshold

Source = Literal["optimal", "given", "saved", "top-1"]
WantedPoint: TypeAlias = WantedConfidence | Literal["saved"]
"""As WantedConfidence, or the point in the card of the side's model."""
START: Final = 0.0
"""The confidence at which a classifier answers for every image."""


@dataclass(frozen=True)
class SidePoint:
    """An operating point, and where its confidence is from."""

    point: OperatingPoint
    source: Source


def side_point(
    side: Side, iou: float, matching: Matching, goal: Goal, wanted: WantedPoint
) -> SidePoint:
    """The point of a side at an IoU and a rule, which are the same for both sides.

    None stands for where its kind begins: a detector at its optimum, a classifier with an
    answer for every image, whose IoU is NaN. Raises DataError for a point that the card of
    the model does not have, and for top-1 of a detector.
    """
    classifies = isinstance(side.assessment, Classification)
    if classifies:
        iou, matching = np.nan, "class-first"
    confidence: float
    source: Source
    match wanted:
        case None | "top-1" if classifies:
            confidence, source = START, "top-1"
        case "top-1":
            raise DataError(
                side.path,
                "has boxes: --confidence top-1 is for classifiers, a detector has 'optimal'",
            )
        case "saved":
            confidence, source = _saved(side), "saved"
        case None | "optimal":
            judged = side.judged(OperatingPoint(iou, START, matching))
            best = optimum(judged, goal, len(side.assessment.images))
            confidence, source = best.confidence, "optimal"
        case _:
            confidence, source = float(wanted), "given"
    return SidePoint(OperatingPoint(iou, confidence, matching), source)


def saved_notes(side: Side, point: SidePoint) -> tuple[str, ...]:
    """How the point in a card differs from the one that is compared at, in sentences."""
    saved = side.opened.start_point
    if saved is None or point.source != "saved":
        return ()
    notes = []
    if saved.classes:
        at = threshold(saved.point_confidence)
        notes.append(
            f"{side.name}: its saved point has thresholds of classes, which score and serve apply; "
            f"the counts here are at {at} for all."
        )
    asked = point.point.iou, point.point.matching
    if not np.isnan(saved.iou) and (saved.iou, saved.matching) != asked:
        notes.append(
            f"{side.name}: its point was saved at IoU {saved.iou:g} with matching "
            f"{saved.matching}; both sides are compared at IoU {asked[0]:g} with {asked[1]}."
        )
    return tuple(notes)


def _saved(side: Side) -> float:
    """The confidence in the card of the model, which must be as it was when it was saved."""
    opened = side.opened
    if opened.saved is None:
        what = (
            "holds predictions, which have no saved operating point: give --confidence optimal"
            if opened.inputs.predictions is not None
            else "has no saved operating point: save one with `offdiag report --save`, or give "
            "--confidence optimal"
        )
        raise DataError(side.path, f"{what} or a number")
    if opened.changes:
        raise DataError(
            side.path,
            f"{' and '.join(opened.changes)} changed since its operating point was saved: save it "
            "again, or give --confidence optimal or a number",
        )
    return opened.saved.point_confidence
