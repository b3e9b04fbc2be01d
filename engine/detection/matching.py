"""The one matcher, and the pairs that the rules of engine.detection.rules may form with it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from engine.core.arrays import Indices
from engine.core.dataset import GroundTruths, Predictions
from engine.core.sorting import most_confident_first, stable_order
from engine.detection.boxes import Pairs

ALMOST_ONE = 1 - 1e-10
"""pycocotools' highest IoU threshold: boxes that are equal but for rounding still match at 1."""


def in_order_of_preference(pairs: Pairs) -> Pairs:
    """Pairs by prediction, for each prediction the highest IoU first, on a tie the later truth.

    Predictions must be numbered by rank, the most confident first. The tie is broken
    as pycocotools does, whose later ground truth replaces an equal one.
    """
    pairs = pairs.where(stable_order(pairs.prediction))
    same = pairs.prediction[1:] == pairs.prediction[:-1]
    contested = np.flatnonzero(np.append(False, same) | np.append(same, False)[: len(pairs)])
    # Sorted by what matters least first: several times faster than lexsort.
    order = np.arange(len(pairs))
    truth = pairs.ground_truth.take(contested)
    chosen = contested.take(stable_order(truth.max(initial=0) - truth))
    chosen = chosen.take(most_confident_first(pairs.iou.take(chosen)))
    order[contested] = chosen.take(stable_order(pairs.prediction.take(chosen)))
    return pairs.where(order)


def match(pairs: Pairs, ground_truths: int) -> Indices:
    """The rows of pairs that match, where pairs stand in order of preference.

    The most confident prediction takes the free ground truth it overlaps most, then
    the next one chooses. A prediction's choice thus depends only on more confident
    ones: raising the confidence threshold later removes pairs, never changes them,
    which is what lets a slider move without matching again.

    The choices are made in rounds instead of one by one: all who are still without a
    ground truth ask for the best they have not asked yet, and each ground truth keeps
    the most confident who asked. Since every ground truth ranks the predictions alike,
    both ways end in the same, the only stable, matching (Gale and Shapley, 1962).
    """
    begins = np.append(True, pairs.prediction[1:] != pairs.prediction[:-1])[: len(pairs)]
    choice = np.flatnonzero(begins)
    end = np.append(choice[1:], len(pairs))
    nobody = len(choice)
    keeper = np.full(ground_truths, nobody)
    asking = np.arange(nobody)
    while len(asking):
        wanted = pairs.ground_truth[choice[asking]]
        before = keeper[wanted]
        better = asking < before
        # Of several writes to one place NumPy keeps the last: the most confident.
        keeper[wanted[better][::-1]] = asking[better][::-1]
        kept = keeper[wanted] == asking
        replaced = before[kept]
        refused = np.concatenate((asking[~kept], replaced[replaced < nobody]))
        choice[refused] += 1
        asking = np.sort(refused[choice[refused] < end[refused]])
    return choice[choice < end]


@dataclass(frozen=True, eq=False)
class Spans:
    """Pairs, each with the numbers of predictions at which it may hold.

    When the first n predictions count, a pair may hold if the one that brought it about is
    among them and the one that ends it is not: if since < n <= until.
    """

    pairs: Pairs  # in order of preference
    since: Indices  # [P] rank of the prediction that brings it about, mostly its own
    until: Indices  # [P] rank of the prediction that takes the ground truth away

    def where(self, rows: Indices) -> Self:
        return type(self)(self.pairs.where(rows), self.since.take(rows), self.until.take(rows))

    def at(self, n: int) -> Pairs:
        """Those that may hold when the first n predictions count."""
        return self.pairs.where(np.flatnonzero((self.since < n) & (self.until >= n)))


def record_spans(wanted: Pairs, predictions: int) -> Spans:
    """When each pair holds if a ground truth keeps who overlaps it most of those who want it.

    Each prediction wants one ground truth; wanted stands by rank. Let predictions join
    one by one, the most confident first: a ground truth changes hands when the newcomer
    overlaps it more than all before, so its holders are the records of a running maximum.
    A pair holds from its own rank until the next record, or for good (until = predictions).
    On a tie the more confident prediction keeps it.

    Leaving out all pairs below some IoU leaves the spans of the others as they are: who
    breaks a record overlaps more than the record, so is left out only together with it.
    """
    wanted = wanted.where(stable_order(wanted.ground_truth))
    levels, level = np.unique(wanted.iou, return_inverse=True)
    # Every ground truth starts above the one before, so one running maximum serves them all.
    height = wanted.ground_truth * len(levels) + level
    first = np.append(True, height[1:] > np.maximum.accumulate(height)[:-1])[: len(wanted)]
    records = wanted.where(np.flatnonzero(first))

    same = records.ground_truth[1:] == records.ground_truth[:-1]
    until = np.append(np.where(same, records.prediction[1:], predictions), predictions)
    by_rank = np.argsort(records.prediction)
    return Spans(records, records.prediction, until[: len(records)]).where(by_rank)


@dataclass(frozen=True, eq=False)
class PairCandidates:
    """All pairs of a dataset by what they may become, each table in order of preference."""

    ranked: Predictions  # [N]
    ground_truths: int
    within: Pairs  # of one class
    on_crowd: Pairs  # of one class, the ground truth being a crowd
    across: Pairs  # of two classes, the ground truth not being a crowd

    @classmethod
    def of(cls, pairs: Pairs, ranked: Predictions, ground_truths: GroundTruths) -> Self:
        """Part the pairs of ranked predictions with ground truths."""
        pairs = in_order_of_preference(pairs)
        same = ranked.class_[pairs.prediction] == ground_truths.class_[pairs.ground_truth]
        crowd = ground_truths.crowd[pairs.ground_truth]
        return cls(
            ranked,
            len(ground_truths),
            within=pairs.where(np.flatnonzero(same & ~crowd)),
            on_crowd=pairs.where(np.flatnonzero(same & crowd)),
            across=pairs.where(np.flatnonzero(~same & ~crowd)),
        )

    @property
    def predictions(self) -> int:
        """How many there are."""
        return len(self.ranked)

    @cached_property
    def image_and_class(self) -> Indices:
        """[N] a number for each image and class: only its predictions share pairs of one class."""
        classes = int(self.ranked.class_.max(initial=0)) + 1
        return self.ranked.image * classes + self.ranked.class_

    @cached_property
    def of_any_class(self) -> Pairs:
        """All pairs whose ground truth is no crowd, in order of preference."""
        return in_order_of_preference(Pairs.join(self.within, self.across))

    @cached_property
    def records(self) -> Spans:
        """When each pair holds at the lowest IoU, by rank, if the highest IoU goes first."""
        pairs = self.of_any_class
        begins = np.append(True, pairs.prediction[1:] != pairs.prediction[:-1])[: len(pairs)]
        return record_spans(pairs.where(np.flatnonzero(begins)), self.predictions)
