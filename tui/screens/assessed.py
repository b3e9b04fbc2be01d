"""The assessment at one operating point, and how to come from one point to the next."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.arrays import Counts
from engine.assessment import Assessment, Evaluation
from engine.matrix import ConfusionMatrix, images_per_cell
from engine.outcomes import Outcomes, Selection
from engine.thresholds import Matching, OperatingPoint, Scorecard

START_IOU: Final = 0.5
FALLBACK: Final = 0.5  # the confidence to start at where there is no optimum

Order = Literal["confidence", "IoU"]


@dataclass(frozen=True)
class Wish:
    """What the person wants to see; two equal wishes need no work."""

    point: OperatingPoint
    selection: Selection | None = None  # of the feed; None while nobody looks at it
    order: Order = "confidence"
    descending: bool = True


@dataclass(frozen=True, eq=False)
class Assessed:
    """What follows from a wish. Whole, so that nothing on the screen can disagree."""

    wish: Wish
    evaluation: Evaluation
    matrix: ConfusionMatrix
    card: Scorecard
    rows: Outcomes | None  # the selected outcomes in the wished order

    @property
    def at_optimum(self) -> bool:
        """Whether "back to optimal" would change nothing."""
        best = self.evaluation.optimum.confidence
        return bool(np.isnan(best) or self.wish.point.confidence == best)


def assess(assessment: Assessment, wish: Wish, known: Evaluation | None) -> Assessed:
    """Work out a wish; known is the last evaluation, good for every confidence at its IoU."""
    point = wish.point
    if known is None or (known.iou, known.matching) != (point.iou, point.matching):
        known = assessment.at_iou(point.iou, point.matching)
    rows = None
    if wish.selection is not None:
        rows = ordered(
            known.outcomes(point.confidence).select(wish.selection), wish.order, wish.descending
        )
    return Assessed(
        wish, known, known.matrix(point.confidence), known.scorecard(point.confidence), rows
    )


def ordered(rows: Outcomes, order: Order, descending: bool) -> Outcomes:
    """Rows by confidence or IoU; those without a value come last either way."""
    key = rows.confidence if order == "confidence" else rows.iou
    return rows.where(np.argsort(-key if descending else key, kind="stable"))


def first_wish(assessment: Assessment, matching: Matching = "class-first") -> Assessed:
    """Where the app begins: at the optimal confidence."""
    evaluation = assessment.at_iou(START_IOU, matching)
    best = evaluation.optimum.confidence
    confidence = FALLBACK if np.isnan(best) else best
    return assess(assessment, Wish(OperatingPoint(START_IOU, confidence, matching)), evaluation)


def images_of_cells(assessed: Assessed) -> Counts:
    """[C + 1, C + 1] how many images are behind each cell."""
    outcomes = assessed.evaluation.outcomes(assessed.wish.point.confidence)
    return images_per_cell(outcomes, assessed.matrix.classes)


def images_in_order(rows: Outcomes) -> list[int]:
    """The different images of the rows, in the order in which they come first."""
    images, first = np.unique(rows.image, return_index=True)
    in_order: list[int] = images[np.argsort(first)].tolist()
    return in_order
