"""The confidence at which a model is shipped, and what it costs."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from engine.core.arrays import Counts, Scores
from engine.core.rates import f_beta, precision, recall

Matching = Literal["class-first", "agnostic", "iou", "supervision"]
MATCHINGS: Final[tuple[Matching, ...]] = get_args(Matching)
WantedConfidence: TypeAlias = float | Literal["optimal", "top-1"] | None
"""A confidence, the one that serves a goal best, or an answer for every image of a classifier;
None for where the kind of assessment begins."""
BY_IOU: Final[frozenset[Matching]] = frozenset({"iou", "supervision"})
"""Rules under which a less confident prediction may end a pair, as it overlaps more."""


@dataclass(frozen=True)
class Scorecard:
    """Precision, recall and F1 over all classes together, with the counts they come from."""

    true_positives: int
    false_positives: int
    not_detected: int  # ground truths that no prediction of their class found

    @property
    def predictions(self) -> int:
        """How many count: TP + FP."""
        return self.true_positives + self.false_positives

    @property
    def ground_truths(self) -> int:
        """How many there were to find: TP + FN."""
        return self.true_positives + self.not_detected

    @property
    def precision(self) -> float:
        """TP / (TP + FP); NaN without a prediction."""
        return float(precision(self.true_positives, self.predictions))

    @property
    def recall(self) -> float:
        """TP / (TP + FN); NaN without a ground truth."""
        return float(recall(self.true_positives, self.ground_truths))

    @property
    def f1(self) -> float:
        """2 TP / (2 TP + FP + FN); NaN with neither ground truth nor prediction."""
        return float(f_beta(self.true_positives, self.predictions, self.ground_truths))


@dataclass(frozen=True)
class Optimum:
    """The confidence with the highest F1 at one IoU."""

    confidence: float  # NaN when there is nothing to choose from
    value: float


@dataclass(frozen=True)
class OperatingPoint:
    """Everything a count depends on besides the data."""

    iou: float
    confidence: float
    matching: Matching = "class-first"
    per_class: bool = False  # each class at a confidence of its own instead of this one
    own: tuple[float | None, ...] = ()  # [C] these, None for this one; empty: their optima


def optimal_f1(scores: Scores, true_positives: Counts, counted: Counts, total: int) -> Optimum:
    """The threshold with the highest F1, ties going to the higher threshold.

    scores [S] are thresholds, falling; true_positives [S] and counted [S] say how many
    predictions are right at each of them, and how many count at all. total is the
    number of ground truths.
    """
    if not len(scores) or not total:
        return Optimum(float(scores[0]) if len(scores) else np.nan, np.nan)
    f1 = f_beta(true_positives, counted, total)
    best = int(np.argmax(f1))
    return Optimum(float(scores[best]), float(f1[best]))
