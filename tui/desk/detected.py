"""A detector at one operating point, and how to come from one point to the next."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from engine.core.arrays import Counts
from engine.core.assessment import cells_changed
from engine.core.explanation import made_at
from engine.core.goals import GOALS, Goal, GoalOptimum, optimum
from engine.core.outcomes import Outcomes, Selection
from engine.core.thresholds import Matching, OperatingPoint
from engine.detection.boxes import LOWEST_IOU
from engine.detection.class_thresholds import (
    at_own,
    class_optima,
    with_class_thresholds,
)
from engine.detection.detection import Detection, DetectionAtIou
from engine.detection.error_types.error_types import typed_errors
from engine.detection.error_types.names import ERROR_TYPES
from engine.util.words import iou_threshold, number, share
from tui.desk.assessed import NOT_PREPARED, Assessed, Wish, sorted_by
from tui.drawing.track import next_multiple

START_IOU: Final = 0.5
IOU_STEP: Final = 0.05  # of the slider
FEW_ENOUGH: Final = 1_500  # classes whose matrix is summed up within a frame
KEPT: Final = 20_000_000  # predictions matched in advance, counted at each IoU
NO_FLOOR: Final = -math.inf  # every prediction that is there counts
FALLBACK: Final = 0.5  # the confidence to start at where there is no optimum
CONFIDENCE, IOU = "confidence", "IoU"

Pairing = tuple[float, str]  # IoU and rule
Prepared = Mapping[tuple[float, str, Goal], "PreparedMatches"]


@dataclass(frozen=True, eq=False)
class PreparedMatches:
    """Matches at another IoU, made in advance."""

    evaluation: DetectionAtIou
    best: GoalOptimum

    @classmethod
    def of(cls, detection: Detection, wish: Wish) -> Self:
        """As much as the first numbers need; what is below is matched when one is there."""
        at_iou = detection.judged(wish.point)
        at_iou.matrix(wish.point.confidence)
        return cls(at_iou, optimum(at_iou, wish.goal, len(detection.images)))


@dataclass(frozen=True, eq=False)
class Detected(Assessed):
    """What follows from a wish about a detector."""

    evaluation: DetectionAtIou
    counted: DetectionAtIou  # of the predictions that may count: for all counts and boxes
    floor: float  # the confidence at which they do

    @classmethod
    def of(cls, at_iou: DetectionAtIou, wish: Wish, best: GoalOptimum | None) -> Self:
        """Worked out of the matches of a wish; best is the optimum where it is known."""
        detection, point = at_iou.detection, wish.point
        counted, floor, optima = at_iou, point.confidence, None
        if point.per_class:
            if point.own:
                optima = at_own(at_iou, wish.goal, point.confidence, point.own)
            else:
                optima = class_optima(at_iou, wish.goal, point.confidence)
            chosen = with_class_thresholds(detection, optima.confidence)
            counted, floor = chosen.judged(point), NO_FLOOR
        return cls(
            wish=wish,
            evaluation=at_iou,
            best=best or optimum(at_iou, wish.goal, len(detection.images)),
            matrix=counted.matrix(floor),
            card=counted.scorecard(floor),
            rows=_rows(counted, floor, wish),
            optima=optima,
            counted=counted,
            floor=floor,
        )

    def for_wish(self, wish: Wish, prepared: Prepared = NOT_PREPARED) -> Self:
        """Matches and the optimum hold at any confidence, all counts in any order of the rows."""
        known, point = self.wish, wish.point
        if (known.point, known.goal) == (point, wish.goal):
            return replace(self, wish=wish, rows=_rows(self.counted, self.floor, wish))
        if pairing(known.point) == pairing(point):
            best = self.best if known.goal == wish.goal else None
            return self.of(self.evaluation, wish, best)
        if ready := prepared.get(ready_for(wish)):
            return self.of(ready.evaluation, wish, ready.best)
        return self.of(self.evaluation.detection.judged(point), wish, None)

    def is_look_up(self, wish: Wish, prepared: Prepared = NOT_PREPARED) -> bool:
        """At another confidence the matrix is a sum that was made before, and a short rest;
        and so it is at another IoU that was prepared.
        """
        if ready_for(wish) == ready_for(self.wish):
            at_iou = self.evaluation
        elif ready := prepared.get(ready_for(wish)):
            at_iou = ready.evaluation
        else:
            return False
        plain = wish.selection is None and not wish.point.per_class
        few = self.matrix.classes <= FEW_ENOUGH
        return plain and few and at_iou.knows(wish.point.confidence)

    def prepare(self, prepared: Prepared) -> Iterator[Prepared]:
        """The predictions below those that the first numbers needed, then other IoUs."""
        self.evaluation.complete()
        detection, wish = self.evaluation.detection, self.wish
        points = neighbours(detection, wish.point, IOU_STEP)
        near = {ready_for(each): each for each in (replace(wish, point=point) for point in points)}
        made = {key: prepared[key] for key in near if key in prepared}
        made[ready_for(wish)] = PreparedMatches(self.evaluation, self.best)
        yield dict(made)
        for key, each in near.items():
            if key not in made:
                made[key] = PreparedMatches.of(detection, each)
                yield dict(made)

    def images_of(self, cell: Selection) -> int:
        return self.counted.images_of(cell, self.floor)

    @property
    def error_counts(self) -> Counts:
        """[6] errors of each type among the predictions that count."""
        typed = typed_errors(self.counted)
        return typed.counts(typed.reaching(self.floor, strict=self.counted.strict))

    @property
    def none_right(self) -> str:
        return f"no match at IoU {iou_threshold(self.wish.point.iou)}"

    @property
    def made_at(self) -> str:
        return made_at(self.wish.point)

    def change_words(self, before: Self) -> str:
        """How much another rule, or thresholds of classes, changed; nothing for other changes."""
        old, new, optima = before.wish.point, self.wish.point, self.optima
        if old.matching == new.matching and (old.per_class == new.per_class or optima is None):
            return ""
        changed = number(cells_changed(before.matrix, self.matrix), "cell")
        if old.matching != new.matching or optima is None:
            return f"Matching {new.matching}: {changed} of the matrix differ from {old.matching}."
        own, every = int(optima.used.sum()), len(optima.used)
        others = "" if own == every else ", the others have too few objects"
        return (
            f"{own} of {every} classes at their own threshold{others}: "
            f"{changed} of the matrix differ, F1 {share(before.card.f1, 3)} becomes "
            f"{share(self.card.f1, 3)}."
        )


def _rows(counted: DetectionAtIou, floor: float, wish: Wish) -> Outcomes | None:
    """What the feed shows, while somebody looks at it."""
    if wish.selection is None:
        return None
    rows = counted.outcomes(floor).select(wish.selection)
    if wish.selection.error:
        typed, error = typed_errors(counted), ERROR_TYPES.index(wish.selection.error)
        reaching = typed.reaching(floor, strict=counted.strict)
        rows = typed.among(rows, error, reaching)
    return ordered(rows, wish.order, wish.descending)


def pairing(point: OperatingPoint) -> Pairing:
    """What decides which pairs there are to choose from."""
    return point.iou, point.matching


def ready_for(wish: Wish) -> tuple[float, str, Goal]:
    """What decides which matches were made in advance, and the optimum."""
    return *pairing(wish.point), wish.goal


def neighbours(detection: Detection, point: OperatingPoint, step: float) -> list[OperatingPoint]:
    """The same point at other steps of the IoU slider, the nearest first.

    All of them, or of a large dataset those next to it: each is kept in memory.
    """
    most = max(KEPT // max(len(detection.predictions), 1), 2)
    down, up = point.iou, point.iou
    found: list[OperatingPoint] = []
    while len(found) < most and (down >= LOWEST_IOU or up <= 1):
        down, up = next_multiple(down, -step), next_multiple(up, step)
        found += [replace(point, iou=iou) for iou in (down, up) if LOWEST_IOU <= iou <= 1]
    return found


def ordered(rows: Outcomes, order: str, descending: bool) -> Outcomes:
    """Rows by confidence or IoU; those without a value come last either way."""
    return sorted_by(rows, rows.iou if order == IOU else rows.confidence, descending)


def first_detected(
    detection: Detection,
    matching: Matching = "class-first",
    goal: Goal = GOALS[0],
    saved: OperatingPoint | None = None,
) -> Detected:
    """Where the app begins: at a saved point, or without one at the optimal confidence."""
    point = saved or OperatingPoint(START_IOU, FALLBACK, matching)
    wish = Wish(point, order=CONFIDENCE, goal=goal)
    start = Detected.of(detection.judged(point), wish, None)
    if saved is not None or start.no_optimum:
        return start
    point = replace(point, confidence=start.optimum)
    return start.for_wish(replace(wish, point=point))
