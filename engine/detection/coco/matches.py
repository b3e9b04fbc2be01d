"""Which prediction finds which ground truth, at several IoUs and for each range of areas."""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING, Indices, Ious, Mask
from engine.core.dataset import GroundTruths
from engine.core.sorting import stable_order
from engine.detection.boxes import Pairs
from engine.detection.coco.ranking import SameClassPairs
from engine.detection.matching import ALMOST_ONE, match

CocoMatches: TypeAlias = NDArray[np.int32]  # [J IoUs, Q] ground truth of a prediction, or NOTHING


@dataclass(frozen=True, eq=False)
class Matchmaker:
    """Matches as pycocotools makes them: a ground truth that is ignored is the last choice.

    Whom a prediction gets depends on the lists of preference of its group and on
    nothing else. Which ground truths are ignored depends on the range of areas, so the
    matches differ from those of all areas only in groups where some list differs;
    these few are matched again.
    """

    candidates: SameClassPairs
    wanted: Pairs  # the candidates, with a crowd for each who asks: see _a_crowd_for_each
    reached: Indices  # [P] how many of the J IoUs a pair reaches
    crowd: Mask  # [T]
    order: Indices  # [P] the pairs as preferred when only crowds are ignored
    matches: CocoMatches  # with this order

    @classmethod
    def of(cls, candidates: SameClassPairs, ground_truths: GroundTruths, ious: Ious) -> Self:
        """Match at IoUs [J], rising, over all areas."""
        levels = np.minimum(ious, ALMOST_ONE)
        candidates = candidates.reaching(levels[0])
        pairs, crowd = candidates.pairs, ground_truths.crowd
        made = cls(
            candidates,
            _a_crowd_for_each(pairs, crowd),
            np.searchsorted(levels, pairs.iou, side="right"),
            crowd,
            _ignored_last(pairs, crowd),
            np.full((len(ious), len(candidates.place)), NOTHING, np.int32),
        )
        choosing = candidates.in_groups_of(_with_choice(pairs))
        made._match_first_come(np.flatnonzero(~choosing))
        made._match(made.order[choosing], made.matches)
        return made

    def ignoring(self, ignored: Mask) -> CocoMatches:
        """The matches when these ground truths [T], which include the crowds, are ignored."""
        order = _ignored_last(self.candidates.pairs, ignored)
        differing = order[order != self.order]
        if not len(differing):
            return self.matches
        rows = order[self.candidates.in_groups_of(differing)]
        matches = self.matches.copy()
        matches[:, self.wanted.prediction[rows]] = NOTHING
        self._match(rows, matches)
        return matches

    def _match(self, rows: Indices, matches: CocoMatches) -> None:
        """Match pairs, in order of preference, at each IoU."""
        ground_truths = len(self.crowd) + len(self.wanted)
        for level, at_iou in enumerate(matches):
            rows = rows[self.reached[rows] > level]
            self._write(rows[match(self.wanted.where(rows), ground_truths)], at_iou)

    def _match_first_come(self, rows: Indices) -> None:
        """Match pairs of groups in which nobody has a choice, by rank, at each IoU.

        There a ground truth keeps the first who asks, so a prediction holds it at the
        IoUs that it reaches and nobody before it did.
        """
        asked = self.wanted.ground_truth.take(rows)
        rows = rows.take(stable_order(asked))
        asked, reached = self.wanted.ground_truth.take(rows), self.reached.take(rows)
        width = len(self.matches) + 1
        # The ground truth in front, so that the running maximum begins anew with each.
        highest = np.maximum.accumulate(asked * width + reached)
        before = np.maximum(np.append(0, highest[:-1])[: len(rows)] - asked * width, 0)
        for level, at_iou in enumerate(self.matches):
            self._write(rows[(before <= level) & (reached > level)], at_iou)

    def _write(self, found: Indices, at_iou: NDArray[np.int32]) -> None:
        pairs = self.candidates.pairs
        at_iou[pairs.prediction.take(found)] = pairs.ground_truth.take(found)


def _a_crowd_for_each(pairs: Pairs, crowd: Mask) -> Pairs:
    """The pairs with a ground truth of its own, numbered T and up, for each on a crowd.

    A crowd takes every prediction that asks. That is as if each had a crowd to itself,
    for which nobody competes; and so the one matcher serves.
    """
    wanted = pairs.ground_truth.copy()
    on_crowd = np.flatnonzero(crowd.take(wanted))
    wanted[on_crowd] = len(crowd) + np.arange(len(on_crowd))
    return Pairs(pairs.prediction, wanted, pairs.iou)


def _ignored_last(pairs: Pairs, ignored: Mask) -> Indices:
    """[P] the order in which each prediction prefers ground truths that are not ignored [T]."""
    order = np.arange(len(pairs))
    choices = _with_choice(pairs)
    last = ignored.take(pairs.ground_truth.take(choices))
    order[choices] = choices[stable_order(2 * pairs.prediction.take(choices) + last)]
    return order


def _with_choice(pairs: Pairs) -> Indices:
    """Rows of the predictions that have more than one pair."""
    same = pairs.prediction[1:] == pairs.prediction[:-1]
    return np.flatnonzero(np.append(False, same) | np.append(same, False)[: len(pairs)])
