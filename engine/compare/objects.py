"""Each ground truth under two detectors: who found it, and why the other did not."""

from dataclasses import dataclass

import numpy as np

from engine.compare.alarms import ComparedAlarms, compared_alarms
from engine.compare.status import (
    ObjectStatus,
    Why,
    classes_of,
    count_of,
    status_of,
    whys_of,
)
from engine.core.arrays import NOTHING, Counts, Indices, Mask
from engine.core.outcomes import class_of
from engine.detection.boxes import Pairs
from engine.detection.detection import DetectionAtIou
from engine.detection.matching import ALMOST_ONE
from engine.util.once import remembered


@dataclass(frozen=True, eq=False)
class ComparedObjects:
    """One row a ground truth that is no crowd, in file order, and the false alarms of both.

    `found` is the prediction that explains the row: the right one, else the one that `why`
    speaks of; NOTHING for what was missed. `predicted` is the class with which the matrix
    has the object, NOTHING where it has it as not detected.
    """

    ground_truth: Indices  # [G] row among the ground truths
    image: Indices  # [G]
    class_: Indices  # [G] of the ground truth
    status: Indices  # [G] ObjectStatus
    why_a: Indices  # [G] Why; NOTHING where A is right
    why_b: Indices  # [G]
    found_a: Indices  # [G] row among the predictions of A, or NOTHING
    found_b: Indices  # [G]
    predicted_a: Indices  # [G] class, or NOTHING
    predicted_b: Indices  # [G]
    alarms: ComparedAlarms

    def __len__(self) -> int:
        return len(self.ground_truth)

    def count(self, status: ObjectStatus) -> int:
        """How many objects have this status."""
        return count_of(self.status, status)

    def whys(self, status: ObjectStatus) -> Counts:
        """[5] by Why: of the fixed why A was wrong, of the others why B is."""
        return whys_of(self.status, status, self.why_a, self.why_b)

    def of_class(self, status: ObjectStatus, classes: int) -> Counts:
        """[C] how many objects of each class have this status."""
        return classes_of(self.status, status, self.class_, classes)


@dataclass(frozen=True, eq=False)
class _OneSide:
    """What one side makes of every ground truth at its point."""

    why: Indices  # [T] Why, NOTHING where it is right
    found: Indices  # [T] row of the prediction that explains it, or NOTHING
    predicted: Indices  # [T] class it stands with in the matrix, or NOTHING
    alone: Mask  # [n] of the predictions that count, by rank: whether it is a false alarm


@dataclass(frozen=True, eq=False)
class _Reach:
    """Pairs of one class at one IoU, whatever the confidence; predictions are ranks."""

    near: Pairs  # reaching the IoU, by rank
    moved: Pairs  # from the lowest IoU to below it, by rising IoU; equal ones by falling rank


def compared_objects(
    a: DetectionAtIou, confidence_a: float, b: DetectionAtIou, confidence_b: float
) -> ComparedObjects:
    """Two detectors on the same ground truths, each judged at its own confidence.

    What depends on one side and its IoU alone is worked out once, so that another
    confidence costs some passes over the pairs that overlap.
    """
    truths = a.detection.dataset.ground_truths
    rows = np.flatnonzero(~truths.crowd)
    one, other = _one_side(a, confidence_a), _one_side(b, confidence_b)
    right_a, right_b = (side.why.take(rows) == NOTHING for side in (one, other))
    return ComparedObjects(
        ground_truth=rows,
        image=truths.image.take(rows),
        class_=truths.class_.take(rows),
        status=status_of(right_a, right_b),
        why_a=one.why.take(rows),
        why_b=other.why.take(rows),
        found_a=one.found.take(rows),
        found_b=other.found.take(rows),
        predicted_a=one.predicted.take(rows),
        predicted_b=other.predicted.take(rows),
        alarms=compared_alarms(a.detection, one.alone, b.detection, other.alone),
    )


def _one_side(at_iou: DetectionAtIou, confidence: float) -> _OneSide:
    matched, truths = at_iou.at(confidence), at_iou.detection.dataset.ground_truths
    n, found = matched.counted(confidence), matched.leading.found
    holder = np.full(len(truths), NOTHING)
    alone = ~matched.on_crowd[:n]
    for pairs in matched.matches.parts_at(n):
        holder[pairs.ground_truth] = pairs.prediction
        alone[pairs.prediction] = False
    predicted = class_of(found.class_, holder)

    # From the last reason to the first: each overwrites where it holds.
    reach = _reach(at_iou)
    why, rank = np.full(len(truths), int(Why.MISSED)), np.full(len(truths), NOTHING)
    moved = np.append(alone, False).take(np.minimum(reach.moved.prediction, n))
    rows = np.flatnonzero(moved)
    _explain(why, rank, reach.moved.where(rows), Why.BOX_MOVED)
    counted = int(np.searchsorted(reach.near.prediction, n))
    _explain(why, rank, _backwards(reach.near, 0, counted), Why.TAKEN)
    wrong = np.flatnonzero((holder != NOTHING) & (predicted != truths.class_))
    why[wrong], rank[wrong] = Why.WRONG_CLASS, holder[wrong]
    below = _backwards(reach.near, counted, len(reach.near))
    _explain(why, rank, below, Why.BELOW_THRESHOLD)
    right = np.flatnonzero((holder != NOTHING) & (predicted == truths.class_))
    why[right], rank[right] = NOTHING, holder[right]
    return _OneSide(why, class_of(at_iou.detection.rank_order, rank), predicted, alone)


def _explain(why: Indices, rank: Indices, pairs: Pairs, reason: Why) -> None:
    """Of several writes to one place NumPy keeps the last: the pair that stands last explains."""
    why[pairs.ground_truth] = reason
    rank[pairs.ground_truth] = pairs.prediction


def _backwards(pairs: Pairs, start: int, stop: int) -> Pairs:
    """A stretch of pairs in reverse, so that of each ground truth the first comes last."""
    part = slice(start, stop)
    return Pairs(
        pairs.prediction[part][::-1], pairs.ground_truth[part][::-1], pairs.iou[part][::-1]
    )


@remembered
def _reach(at_iou: DetectionAtIou) -> _Reach:
    """Which boxes lie on or near which objects of their class, all confidences together."""
    within = at_iou.detection.candidates.within
    needed = min(at_iou.iou, ALMOST_ONE)
    reaches = within.iou > needed if at_iou.strict else within.iou >= needed
    moved = within.where(np.flatnonzero(~reaches))
    by_iou = np.lexsort((-moved.prediction, moved.iou))
    return _Reach(within.where(np.flatnonzero(reaches)), moved.where(by_iou))
