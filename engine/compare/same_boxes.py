"""Which boxes of two detectors stand for the same thing: of one class, and one over the other."""

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from engine.core.arrays import Indices, Mask, Scores
from engine.core.dataset import GroundTruths, Predictions
from engine.detection.boxes import Pairs, overlapping
from engine.detection.detection import Detection
from engine.detection.iou_order import match_by_iou
from engine.util.once import remembered

SAME_BOX: Final = 0.5
"""The IoU from which two boxes of one class stand for the same thing."""
GROWTH: Final = 2
"""How many more boxes a table holds than were asked for: a slider goes on where it goes."""


def paired_boxes(ours: Predictions, theirs: Predictions, at_least: float = SAME_BOX) -> Pairs:
    """Boxes of two sides that stand for the same thing; each is in at most one pair.

    The rows of `ours` stand as predictions, those of `theirs` as ground truths. All boxes of
    both choose in order of confidence: each takes, of the free boxes of the other side with
    its class, in its image and with enough IoU, the one that it overlaps most; of equal
    ones the more confident. So it makes no difference which side comes first.
    """
    pairs = _in_order_of_trial(ours, theirs, at_least)
    return _held(pairs)


def paired_ranks(a: Detection, among_a: Mask, b: Detection, among_b: Mask) -> Pairs:
    """As paired_boxes of the leading predictions, by rank, that are among those to pair.

    among_a and among_b say so of the first n predictions of each side. Which boxes lie on
    which is kept for the next call, so that a slider asks for it once.
    """
    known = _leading_pairs(a, len(among_a), b, len(among_b))
    wanted = _up_to(among_a, known.reach_a).take(known.pairs.prediction)
    wanted &= _up_to(among_b, known.reach_b).take(known.pairs.ground_truth)
    pairs = known.pairs.where(np.flatnonzero(wanted))
    return _held(pairs)


@dataclass(frozen=True, eq=False)
class _Known:
    """The pairs among the first predictions of both sides, by rank, in order of trial."""

    reach_a: int
    reach_b: int
    pairs: Pairs


@remembered
def _known_of(a: Predictions) -> WeakKeyDictionary[Predictions, _Known]:
    """What is known of one side's boxes with those of others: a memory only."""
    return WeakKeyDictionary()


def _leading_pairs(a: Detection, n_a: int, b: Detection, n_b: int) -> _Known:
    """All pairs among at least so many predictions of both, by rank, in order of trial."""
    memory = _known_of(a.predictions)
    known = memory.get(b.predictions)
    if known is None or known.reach_a < n_a or known.reach_b < n_b:
        ours, theirs = a.ranked, b.ranked
        reach_a, reach_b = min(GROWTH * n_a, len(ours)), min(GROWTH * n_b, len(theirs))
        pairs = _in_order_of_trial(_first(ours, reach_a), _first(theirs, reach_b), SAME_BOX)
        known = memory[b.predictions] = _Known(reach_a, reach_b, pairs)
    return known


def _up_to(among: Mask, reach: int) -> Mask:
    """The same of so many predictions: those that come after are not among them."""
    every = np.zeros(reach, np.bool_)
    every[: len(among)] = among
    return every


def _first(found: Predictions, n: int) -> Predictions:
    return Predictions(found.image[:n], found.class_[:n], found.confidence[:n], found.box[:n])


def _in_order_of_trial(ours: Predictions, theirs: Predictions, at_least: float) -> Pairs:
    """All pairs of one class that overlap enough, in the order in which they are tried."""
    group_a, group_b = _groups(ours, theirs)
    area = theirs.box[:, 2] * theirs.box[:, 3]
    no_crowd = np.zeros(len(theirs), np.bool_)
    pairs = overlapping(
        Predictions(group_a, ours.class_, ours.confidence, ours.box),
        GroundTruths(group_b, theirs.class_, theirs.box, area, no_crowd),
        at_least,
    )
    return pairs.where(_by_the_more_confident(pairs, ours.confidence, theirs.confidence))


def _held(pairs: Pairs) -> Pairs:
    """Of pairs in order of trial those that hold: each whose two boxes are free by then."""
    contested = _contested(pairs)
    some = np.flatnonzero(contested)
    held = some.take(match_by_iou(pairs.where(some)))
    return pairs.where(np.concatenate((np.flatnonzero(~contested), held)))


def _contested(pairs: Pairs) -> Mask:
    """[P] whether another pair has one of its boxes."""
    alone_a = np.bincount(pairs.prediction).take(pairs.prediction) == 1
    alone_b = np.bincount(pairs.ground_truth).take(pairs.ground_truth) == 1
    contested: Mask = ~(alone_a & alone_b)
    return contested


def _groups(ours: Predictions, theirs: Predictions) -> tuple[Indices, Indices]:
    """The image and class of each box as one number from 0 on: only such boxes pair."""
    image = np.concatenate((ours.image, theirs.image))
    class_ = np.concatenate((ours.class_, theirs.class_))
    key = image * (int(class_.max(initial=0)) + 1) + class_
    _, group = np.unique(key, return_inverse=True)
    return group[: len(ours)], group[len(ours) :]


def _by_the_more_confident(pairs: Pairs, ours: Scores, theirs: Scores) -> Indices:
    """The order in which pairs are tried, which is the same when the sides are swapped.

    Pairs without a rival are all taken, whatever their order: only the others are sorted.
    """
    contested = np.flatnonzero(_contested(pairs))
    row_a, row_b = pairs.prediction[contested], pairs.ground_truth[contested]
    one, other = ours[row_a], theirs[row_b]
    keys = (
        np.maximum(row_a, row_b),
        np.minimum(row_a, row_b),
        -np.minimum(one, other),
        -pairs.iou[contested],
        -np.maximum(one, other),
    )
    order = np.arange(len(pairs))
    order[contested] = contested[np.lexsort(keys)]
    return order
