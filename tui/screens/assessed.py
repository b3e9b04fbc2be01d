"""The assessment at one operating point, and how to come from one point to the next."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from engine.arrays import Counts
from engine.assessment import cells_changed
from engine.boxes import LOWEST_IOU
from engine.goals import (
    GOALS,
    ClassOptima,
    Goal,
    GoalOptimum,
    class_optima,
    optimum,
    with_class_thresholds,
)
from engine.kinds.detection import Detection, DetectionAtIou
from engine.matrix import ConfusionMatrix, images_per_cell
from engine.outcomes import Outcomes, Selection
from engine.thresholds import Matching, OperatingPoint, Scorecard
from engine.words import number, share
from tui.painters.track import next_multiple

START_IOU: Final = 0.5
FEW_ENOUGH: Final = 400  # classes whose matrix is summed up within a frame
NO_FLOOR: Final = -math.inf  # every prediction that is there counts
FALLBACK: Final = 0.5  # the confidence to start at where there is no optimum

Order = Literal["confidence", "IoU"]
Pairing = tuple[float, str]  # IoU and rule
Prepared = Mapping[Pairing, DetectionAtIou]


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
    evaluation: DetectionAtIou  # of all predictions: for curves and the optimum
    best: GoalOptimum
    counted: DetectionAtIou  # of the predictions that may count: for all counts and boxes
    floor: float  # the confidence at which they do
    optima: ClassOptima | None  # the thresholds, where each class has one of its own
    matrix: ConfusionMatrix
    card: Scorecard
    rows: Outcomes | None  # the selected outcomes in the wished order

    @property
    def at_optimum(self) -> bool:
        """Whether "back to optimal" would change nothing."""
        best = self.best.confidence
        return bool(np.isnan(best) or self.wish.point.confidence == best)


def assess(
    detection: Detection, wish: Wish, known: Assessed | None, prepared: Prepared | None = None
) -> Assessed:
    """Work out a wish; of what is known, the matches and the optimum hold for any confidence.

    prepared are matches that were made in advance, at other IoUs.
    """
    point, best = wish.point, None
    if known is not None and pairing(known.wish.point) == pairing(point):
        at_iou = known.evaluation
        best = known.best if known.wish.goal == wish.goal else None
    else:
        ready = (prepared or {}).get(pairing(point))
        at_iou = ready or detection.at_iou(point.iou, point.matching)
    counted, floor, optima = at_iou, point.confidence, None
    if point.per_class:
        optima = class_optima(at_iou, wish.goal, point.confidence)
        chosen = with_class_thresholds(detection, optima.confidence)
        counted, floor = chosen.at_iou(point.iou, point.matching), NO_FLOOR
    rows = None
    if wish.selection is not None:
        selected = counted.outcomes(floor).select(wish.selection)
        rows = ordered(selected, wish.order, wish.descending)
    return Assessed(
        wish,
        at_iou,
        best or optimum(at_iou, wish.goal, len(detection.images)),
        counted,
        floor,
        optima,
        counted.matrix(floor),
        counted.scorecard(floor),
        rows,
    )


def is_look_up(wish: Wish, known: Assessed) -> bool:
    """Whether a wish costs a millisecond, less than the way to a worker and back.

    At another confidence the matrix is a sum that was made before, and a short rest.
    """
    before = known.wish
    same = pairing(wish.point) == pairing(before.point) and wish.goal == before.goal
    plain = wish.selection is None and not wish.point.per_class
    return same and plain and known.matrix.classes <= FEW_ENOUGH


def pairing(point: OperatingPoint) -> Pairing:
    """What decides which pairs there are to choose from."""
    return point.iou, point.matching


def neighbours(point: OperatingPoint, step: float) -> list[OperatingPoint]:
    """The same point a step of the IoU slider to either side, where there is one."""
    ious = (next_multiple(point.iou, -step), next_multiple(point.iou, step))
    return [replace(point, iou=iou) for iou in ious if LOWEST_IOU <= iou <= 1]


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


def change_words(before: Assessed, after: Assessed) -> str:
    """How much another rule, or thresholds of classes, changed; nothing for other changes."""
    old, new = before.wish.point, after.wish.point
    changed = number(cells_changed(before.matrix, after.matrix), "cell")
    if old.matching != new.matching:
        return f"Matching {new.matching}: {changed} of the matrix differ from {old.matching}."
    if old.per_class == new.per_class or after.optima is None:
        return ""
    own, every = int(after.optima.used.sum()), len(after.optima.used)
    others = "" if own == every else ", the others have too few objects"
    return (
        f"{own} of {every} classes at their own threshold{others}: "
        f"{changed} of the matrix differ, F1 {share(before.card.f1, 3)} becomes "
        f"{share(after.card.f1, 3)}."
    )


def images_of_cells(assessed: Assessed) -> Counts:
    """[C + 1, C + 1] how many images are behind each cell."""
    outcomes = assessed.counted.outcomes(assessed.floor)
    return images_per_cell(outcomes, assessed.matrix.classes)


def images_in_order(rows: Outcomes) -> list[int]:
    """The different images of the rows, in the order in which they come first."""
    images, first = np.unique(rows.image, return_index=True)
    in_order: list[int] = images[np.argsort(first)].tolist()
    return in_order
