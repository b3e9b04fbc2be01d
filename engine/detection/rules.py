"""The four rules of matching, each as spans of confidence in which its pairs hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.core.arrays import Counts, Indices
from engine.detection.boxes import Pairs
from engine.detection.iou_order import by_falling_iou, holding_spans, match_by_iou
from engine.detection.matching import ALMOST_ONE, PairCandidates, Spans, match


@dataclass(frozen=True, eq=False)
class MatchesAtIou:
    """All matches at one IoU, and when the first n predictions count, those that hold.

    A pair of found holds from its prediction's rank on, whatever n. One of settled
    holds for a known span of n; the spans of a prediction follow one another from its own
    rank on. Those of open are few, depend on one another, and are matched anew at each n;
    they are always of two classes.
    """

    found: Pairs  # by rank
    settled: Spans
    open: Spans
    on_crowd: Indices  # rising ranks: not counted while they hold nothing, for their crowd
    strict: bool = False  # whether confidence and IoU must exceed their thresholds
    by_iou: bool = False  # whether the highest IoU goes first among the open ones

    def at(self, n: int) -> Pairs:
        """The pairs that hold when the first n predictions count, by rank."""
        pairs = Pairs.join(*self.parts_at(n))
        return pairs.where(np.argsort(pairs.prediction))

    def parts_at(self, n: int) -> tuple[Pairs, Pairs, Pairs]:
        """The same pairs in three parts: found, settled and open."""
        own = int(np.searchsorted(self.found.prediction, n))
        return self.found.first(own), self.settled.at(n), self.open_matches(n)

    def open_matches(self, n: int) -> Pairs:
        """Of the pairs that depend on one another, those that hold at n."""
        pairs = self.open.at(n)
        if self.by_iou:
            return pairs.where(match_by_iou(pairs))
        return pairs.where(match(pairs, _numbers(pairs.ground_truth)))


@dataclass(frozen=True, eq=False)
class Tally:
    """How many of something there are when the first n predictions count."""

    begins: Indices  # rising ranks: from each on there is one more
    ends: Indices  # rising ranks: from each on there is one less

    def at(self, n: Indices | int) -> Counts:
        """The number at each n, in the shape of n."""
        begun, ended = np.searchsorted(self.begins, n), np.searchsorted(self.ends, n)
        return np.asarray(begun - ended, np.int64)


def true_positives(matches: MatchesAtIou, predicted: Indices, truth: Indices) -> Tally:
    """How many pairs of one class hold; predicted [N] and truth [T] are classes by row."""

    def right(pairs: Pairs) -> Indices:
        return np.flatnonzero(predicted[pairs.prediction] == truth[pairs.ground_truth])

    found, settled = matches.found, matches.settled
    passing = settled.where(right(settled.pairs))
    kept = found.prediction[right(found)]
    begins = np.concatenate((kept, passing.since))
    return Tally(np.sort(begins), np.sort(passing.until))


def ignored(matches: MatchesAtIou) -> Tally:
    """How many predictions lie on a crowd of their class and hold nothing."""
    on_crowd, settled = matches.on_crowd, matches.settled
    passing = settled.where(np.flatnonzero(np.isin(settled.pairs.prediction, on_crowd)))
    alone_from = on_crowd.copy()  # its own rank, or where the last of its spans ends
    np.maximum.at(alone_from, np.searchsorted(on_crowd, passing.pairs.prediction), passing.until)
    return Tally(np.sort(alone_from), on_crowd[:0])


Rule: TypeAlias = Callable[[PairCandidates, float], MatchesAtIou]


def class_first(candidates: PairCandidates, iou: float) -> MatchesAtIou:
    """First within each class, then what is left across classes, each in order of rank.

    The first pass is a prefix: see match. Across classes a prediction can hold a
    ground truth only as long as the right class has not come for it, so only pairs
    whose prediction outranks the right one ever hold. Where such a prediction has one
    such ground truth to choose from, the pair holds for one interval of thresholds,
    known in advance (settled). The few with a choice, and all who want the same
    ground truths, are matched again at each threshold (open). Predictions on a crowd
    of their class are left out before the second pass.
    """
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
    settled, chained = _parted(_from_their_own_rank(across.where(viable), until[viable]))
    return MatchesAtIou(found, settled, chained, on_crowd)


def agnostic(candidates: PairCandidates, iou: float) -> MatchesAtIou:
    """One pass over all classes, in order of rank: a prefix, see match.

    hotcoco's rule, and Ultralytics' from 8.4.184 on but for thresholds that must be
    exceeded and ties, which go to the first ground truth there. Neither knows crowds:
    what is ignored here is a false positive there.
    """
    iou = min(iou, ALMOST_ONE)
    pairs = candidates.of_any_class.reaching(iou)
    found = pairs.where(match(pairs, candidates.ground_truths))
    crowded = np.unique(candidates.on_crowd.reaching(iou).prediction)
    on_crowd = np.setdiff1d(crowded, found.prediction, assume_unique=True)
    return MatchesAtIou(found, _no_spans(), _no_spans(), on_crowd)


def highest_iou(candidates: PairCandidates, iou: float) -> MatchesAtIou:
    """Ultralytics' rule up to 8.4.183, and YOLOv5's: the highest IoU first.

    Each prediction stands for the ground truth it overlaps most, whatever the classes,
    and each ground truth keeps the prediction that overlaps it most; who loses it gets
    no second choice. Confidence only says who takes part, so a pair may end when a less
    confident prediction joins. Still no threshold needs a new match: which ground truth
    a prediction stands for depends on no other prediction, so every pair holds for one
    span of ranks, the same at every IoU (record_spans).
    """
    iou = min(iou, ALMOST_ONE)
    held = candidates.records
    held = held.where(np.flatnonzero(held.pairs.iou > iou))
    for_good = held.until == candidates.predictions
    found = held.pairs.where(np.flatnonzero(for_good))
    crowds = candidates.on_crowd
    crowded = np.unique(crowds.prediction[crowds.iou > iou])
    on_crowd = np.setdiff1d(crowded, found.prediction, assume_unique=True)
    passing = held.where(np.flatnonzero(~for_good))
    return MatchesAtIou(found, passing, _no_spans(), on_crowd, strict=True)


def same_class_then_iou(candidates: PairCandidates, iou: float) -> MatchesAtIou:
    """roboflow/supervision's rule from 0.31 on: pairs of one class first, each by falling IoU.

    Confidence only says who takes part. Within a class a pair may end when a less confident
    prediction joins that overlaps more, and who loses its ground truth takes the next best
    that it can have: holding_spans. A ground truth that its class found once stays found,
    and a prediction that holds nothing never comes to hold one of its class again. So a
    pair across classes can hold only from where its prediction is left over until the right
    class comes for its ground truth; those few are matched again at each threshold.

    supervision wants its IoU exceeded, and knows no crowds: what is ignored here is a false
    positive there. Of equal IoUs it takes the earlier ground truth, then the prediction that
    stands earlier in the file; here the more confident one.
    """
    iou, predictions = min(iou, ALMOST_ONE), candidates.predictions
    within = candidates.within.reaching(iou)
    groups = candidates.image_and_class
    spans = holding_spans(within, groups, predictions, candidates.ground_truths)
    for_good = (spans.since == spans.pairs.prediction) & (spans.until == predictions)
    found = spans.pairs.where(np.flatnonzero(for_good))
    crowded = np.unique(candidates.on_crowd.reaching(iou).prediction)
    on_crowd = np.setdiff1d(crowded, found.prediction, assume_unique=True)

    left_over_from = np.arange(predictions)
    np.maximum.at(left_over_from, spans.pairs.prediction, spans.until)
    left_over_from[on_crowd] = predictions
    right_one = np.full(candidates.ground_truths, predictions)
    np.minimum.at(right_one, spans.pairs.ground_truth, spans.since)
    across = candidates.across.reaching(iou)
    viable = left_over_from[across.prediction] < right_one[across.ground_truth]
    across = by_falling_iou(across.where(np.flatnonzero(viable)))
    since, until = left_over_from[across.prediction], right_one[across.ground_truth]
    settled = spans.where(np.flatnonzero(~for_good))
    return MatchesAtIou(found, settled, Spans(across, since, until), on_crowd, by_iou=True)


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


def _from_their_own_rank(pairs: Pairs, until: Indices) -> Spans:
    return Spans(pairs, pairs.prediction, until)


def _no_spans() -> Spans:
    nothing = np.zeros(0, np.intp)
    return _from_their_own_rank(Pairs(nothing, nothing, np.zeros(0)), nothing)


def _numbers(indices: Indices) -> int:
    """How many things the indices number: one more than the largest."""
    return int(indices.max()) + 1 if len(indices) else 0
