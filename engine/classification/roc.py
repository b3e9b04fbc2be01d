"""True against false positives at every threshold: the ROC curve."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.core.arrays import Counts, Indices, Ratios, Scores
from engine.core.ranked import Ranking
from engine.core.rates import ratio, recall


@dataclass(frozen=True, eq=False)
class Roc:
    """A point for each distinct confidence, and before them one that no image reaches.

    As scikit-learn's roc_curve(drop_intermediate=False): Fawcett, An introduction to ROC
    analysis, Pattern Recognition Letters 2006, algorithm 1.
    """

    confidence: Scores  # [S] falling, distinct; the first is infinite
    false_positive_rate: Ratios  # [S] never falls; NaN without negatives
    true_positive_rate: Ratios  # [S] never falls; NaN without positives
    false_positives: Counts  # [S]
    true_positives: Counts  # [S]
    positives: int
    negatives: int

    def __len__(self) -> int:
        return len(self.confidence)

    @property
    def auc(self) -> float:
        """The area below: the share of pairs in the right order, equal ones counting half."""
        pairs = 2 * self.positives * self.negatives
        if not pairs:
            return np.nan
        # Whole numbers, so that no sum over thousands of points rounds.
        heights = self.true_positives[1:] + self.true_positives[:-1]
        return int((np.diff(self.false_positives) * heights).sum()) / pairs

    def where(self, points: Indices) -> Self:
        return type(self)(
            self.confidence[points],
            self.false_positive_rate[points],
            self.true_positive_rate[points],
            self.false_positives[points],
            self.true_positives[points],
            self.positives,
            self.negatives,
        )

    def at(self, confidence: float) -> int:
        """The point in force at a threshold; 0 when no image reaches it."""
        rising = self.confidence[::-1]
        return len(rising) - 1 - int(np.searchsorted(rising, confidence, side="left"))

    @property
    def corners(self) -> Self:
        """The same line with the fewest points: those within a straight piece are left out."""
        if len(self) < 3:
            return self
        across, up = np.diff(self.false_positives), np.diff(self.true_positives)
        turns = across[1:] * up[:-1] != across[:-1] * up[1:]
        kept = np.concatenate(([True], turns, [True]))
        return self.where(np.flatnonzero(kept))


def roc(ranking: Ranking) -> Roc:
    """The curve of a ranking; all that is no hit is a negative."""
    scores = ranking.confidence
    ends = np.flatnonzero(np.append(scores[1:] != scores[:-1], True)[: len(scores)])
    right = np.append(0, np.cumsum(ranking.hit, dtype=np.int64).take(ends))
    wrong = np.append(0, ends + 1) - right
    positives = ranking.ground_truths
    negatives = len(scores) - positives
    return Roc(
        np.append(np.inf, scores.take(ends)),
        ratio(wrong, negatives),
        recall(right, positives),
        wrong,
        right,
        positives,
        negatives,
    )
