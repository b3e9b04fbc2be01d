"""The one matcher, and the rule that says which pairs it may form."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.arrays import Indices
from engine.boxes import Pairs
from engine.dataset import GroundTruths, Predictions
from engine.sorting import stable_order

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
    choices = pairs.where(contested)
    order = np.arange(len(pairs))
    order[contested] = contested[
        np.lexsort((-choices.ground_truth, -choices.iou, choices.prediction))
    ]
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
class Candidates:
    """All pairs of a dataset by what they may become, each table in order of preference."""

    predictions: int
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
            len(ranked),
            len(ground_truths),
            within=pairs.where(np.flatnonzero(same & ~crowd)),
            on_crowd=pairs.where(np.flatnonzero(same & crowd)),
            across=pairs.where(np.flatnonzero(~same & ~crowd)),
        )


@dataclass(frozen=True, eq=False)
class Spans:
    """Pairs across classes, each with the last number of predictions at which it may hold.

    When the first n predictions count, a pair may hold if its prediction is one of
    them and its ground truth has not been taken by one of its own class: if
    prediction < n <= until.
    """

    pairs: Pairs  # in order of preference
    until: Indices  # [P] rank of the prediction of its own class that takes the ground truth

    def where(self, rows: Indices) -> Self:
        """Only these."""
        return type(self)(self.pairs.where(rows), self.until.take(rows))

    def at(self, n: int) -> Pairs:
        """Those that may hold when the first n predictions count."""
        return self.pairs.where(np.flatnonzero((self.pairs.prediction < n) & (self.until >= n)))


@dataclass(frozen=True, eq=False)
class ClassFirst:
    """All matches at one IoU: first within each class, then what is left across classes.

    The first pass is a prefix: see match. Across classes a prediction can hold a
    ground truth only as long as the right class has not come for it, so only pairs
    whose prediction outranks the right one ever hold. Where such a prediction has one
    such ground truth to choose from, the pair holds for one interval of thresholds,
    known in advance (settled). The few with a choice, and all who want the same
    ground truths, are matched again at each threshold (open).
    """

    found: Pairs  # within classes, by rank
    on_crowd: Indices  # rising ranks, left over on a crowd of their class: no error, not counted
    settled: Spans
    open: Spans

    @classmethod
    def of(cls, candidates: Candidates, iou: float) -> Self:
        """Match at one IoU."""
        iou = min(iou, ALMOST_ONE)
        within = candidates.within.reaching(iou)
        found = within.where(match(within, candidates.ground_truths))
        left_over = np.ones(candidates.predictions, np.bool_)
        left_over[found.prediction] = False

        crowded = candidates.on_crowd.reaching(iou).prediction
        on_crowd = np.unique(crowded[left_over[crowded]])
        left_over[on_crowd] = False

        right_one = np.full(candidates.ground_truths, candidates.predictions)
        right_one[found.ground_truth] = found.prediction
        across = candidates.across.reaching(iou)
        until = right_one[across.ground_truth]
        viable = np.flatnonzero((across.prediction < until) & left_over[across.prediction])
        return cls(found, on_crowd, *_parted(Spans(across.where(viable), until[viable])))

    def across_classes(self, n: int) -> Pairs:
        """The pairs of two classes that hold when the first n predictions count."""
        return Pairs.join(self.settled.at(n), self.open_matches(n))

    def open_matches(self, n: int) -> Pairs:
        """Of the pairs that depend on one another, those that hold at n."""
        pairs = self.open.at(n)
        return pairs.where(match(pairs, _numbers(pairs.ground_truth)))


def _parted(spans: Spans) -> tuple[Spans, Spans]:
    """The pairs whose interval is known, and those that must be matched at each threshold."""
    pairs = spans.pairs
    choices = np.bincount(pairs.prediction)
    contested = np.zeros(_numbers(pairs.ground_truth), np.bool_)
    contested[pairs.ground_truth[choices[pairs.prediction] > 1]] = True
    is_open = contested[pairs.ground_truth]
    settled = spans.where(np.flatnonzero(~is_open))
    # Each of these wants one ground truth only, and it keeps the first who asks.
    _, first = np.unique(settled.pairs.ground_truth, return_index=True)
    return settled.where(np.sort(first)), spans.where(np.flatnonzero(is_open))


def _numbers(indices: Indices) -> int:
    """How many things the indices number: one more than the largest."""
    return int(indices.max()) + 1 if len(indices) else 0
