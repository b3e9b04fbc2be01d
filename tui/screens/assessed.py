"""The assessment at one operating point, and how to come from one point to the next."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from engine.arrays import Counts
from engine.goals import GOALS, Goal, GoalOptimum, optimum
from engine.kinds.detection import Detection, DetectionAtIou
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
    goal: Goal = GOALS[0]  # what "optimal" means


@dataclass(frozen=True, eq=False)
class Assessed:
    """What follows from a wish. Whole, so that nothing on the screen can disagree."""

    wish: Wish
    evaluation: DetectionAtIou
    best: GoalOptimum
    matrix: ConfusionMatrix
    card: Scorecard
    rows: Outcomes | None  # the selected outcomes in the wished order

    @property
    def at_optimum(self) -> bool:
        """Whether "back to optimal" would change nothing."""
        best = self.best.confidence
        return bool(np.isnan(best) or self.wish.point.confidence == best)


def assess(detection: Detection, wish: Wish, known: Assessed | None) -> Assessed:
    """Work out a wish; of what is known, the matches and the optimum hold for any confidence."""
    point = wish.point
    if known is not None and _pairing(known.wish.point) == _pairing(point):
        at_iou = known.evaluation
        best = known.best if known.wish.goal == wish.goal else None
    else:
        at_iou, best = detection.at_iou(point.iou, point.matching), None
    rows = None
    if wish.selection is not None:
        chosen = at_iou.outcomes(point.confidence).select(wish.selection)
        rows = ordered(chosen, wish.order, wish.descending)
    return Assessed(
        wish,
        at_iou,
        best or optimum(at_iou, wish.goal, len(detection.images)),
        at_iou.matrix(point.confidence),
        at_iou.scorecard(point.confidence),
        rows,
    )


def _pairing(point: OperatingPoint) -> tuple[float, str]:
    """What decides which pairs there are to choose from."""
    return point.iou, point.matching


def ordered(rows: Outcomes, order: Order, descending: bool) -> Outcomes:
    """Rows by confidence or IoU; those without a value come last either way."""
    key = rows.confidence if order == "confidence" else rows.iou
    return rows.where(np.argsort(-key if descending else key, kind="stable"))


def first_wish(
    detection: Detection, matching: Matching = "class-first", goal: Goal = GOALS[0]
) -> Assessed:
    """Where the app begins: at the optimal confidence."""
    start = assess(detection, Wish(OperatingPoint(START_IOU, FALLBACK, matching), goal=goal), None)
    if np.isnan(start.best.confidence):
        return start
    point = replace(start.wish.point, confidence=start.best.confidence)
    return assess(detection, replace(start.wish, point=point), start)


def images_of_cells(assessed: Assessed) -> Counts:
    """[C + 1, C + 1] how many images are behind each cell."""
    outcomes = assessed.evaluation.outcomes(assessed.wish.point.confidence)
    return images_per_cell(outcomes, assessed.matrix.classes)


def images_in_order(rows: Outcomes) -> list[int]:
    """The different images of the rows, in the order in which they come first."""
    images, first = np.unique(rows.image, return_index=True)
    in_order: list[int] = images[np.argsort(first)].tolist()
    return in_order
