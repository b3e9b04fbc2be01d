"""How far a classifier's numbers could be off, had other images of the same kind been taken."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from engine.classification.answer_counts import AnswerCounts
from engine.classification.classification import Classification
from engine.classification.given_answers import GivenAnswers
from engine.classification.probability_bins import BINS
from engine.classification.probability_metrics import TOP
from engine.core.arrays import Counts, Indices, Mask, Scores
from engine.core.intervals import Interval, drawings, drawn_weights, percentiles
from engine.core.thresholds import Scorecard

SAMPLES: Final = 200  # of the images, from which intervals are whole


@dataclass(frozen=True, eq=False)
class ClassificationIntervals:
    """95 % intervals by the names of the headline, from so many resamples of the images.

    Areas under ROC curves and average precision have none: each sample would have to sort
    every class again.
    """

    of: Mapping[str, Interval]
    samples: int

    @classmethod
    def of_samples(cls, samples: Sequence[Mapping[str, float]]) -> Self:
        """Between the percentiles of what the samples show, see intervals.Intervals.of."""
        columns = {name: np.array([sample[name] for sample in samples]) for name in samples[0]}
        return cls({name: percentiles(values) for name, values in columns.items()}, len(samples))


def bootstrap(
    made: Classification,
    confidence: float,
    samples: int = SAMPLES,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[ClassificationIntervals]:
    """Intervals over images, better and better, until there are so many samples.

    Images with a prediction are drawn with replacement, as many as there are. A caller who
    stops asking stops the work, and so does cancelled, which is asked before each sample.
    """
    images = len(made.probabilities)
    if not images or cancelled():
        return
    resampling = AnswerResampling.of(made, confidence)
    for drawn in drawings(resampling.sample, images, samples, seed, cancelled):
        yield ClassificationIntervals.of_samples(drawn)


def answer_intervals(
    made: Classification,
    confidence: float,
    class_: int | None = None,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Mapping[str, Interval]:
    """Of precision, recall and F1 of a class, for None of all answers together.

    From the drawings of bootstrap; none without a prediction.
    """
    images = len(made.probabilities)
    if not images:
        return {}
    resampling = AnswerResampling.of(made, confidence)
    drawn = []
    for weights in drawn_weights(images, samples, seed):
        counts = resampling.counts(weights[0])
        right, answers = counts.true_positives, counts.predictions
        rows = slice(None) if class_ is None else class_
        hits, said, there = (int(each[rows].sum()) for each in (right, answers, counts.images))
        card = Scorecard(hits, said - hits, there - hits)
        drawn.append((card.precision, card.recall, card.f1))
    ends = map(percentiles, np.array(drawn).T)
    return dict(zip(("precision", "recall", "f1"), ends, strict=True))


@dataclass(frozen=True, eq=False)
class AnswerResampling:
    """All that a sample needs, one number for each image with a prediction."""

    given: GivenAnswers
    in_top: Mask  # [N]
    loss: Scores  # [N]
    brier: Scores  # [N]
    bin_: Indices  # [N] of the highest probability
    excess: Scores  # [N] whether the most probable class is right, less its probability

    @classmethod
    def of(cls, made: Classification, confidence: float) -> Self:
        """At a confidence."""
        top, each = made.top, made.values
        edges = np.linspace(0, 1, BINS + 1)
        right = top.class_ == made.truth
        return cls(
            given=GivenAnswers.of(made, confidence),
            in_top=each.in_top(TOP),
            loss=each.loss,
            brier=each.brier,
            bin_=np.searchsorted(edges[1:-1], top.confidence),
            excess=right - top.confidence,
        )

    def counts(self, weight: Counts) -> AnswerCounts:
        """Right answers, images and answers with each image there as often as weight [N] says."""
        return self.given.counts(weight)

    def sample(self, weight: Counts) -> Mapping[str, float]:
        """The numbers of the headline with each image there as often as weight [N] says."""
        images, times = int(weight.sum()), weight.astype(np.float64)
        distance = np.bincount(self.bin_, times * self.excess)
        return {
            **self.given.sample(weight),
            "top5_accuracy": int((weight * self.in_top).sum()) / images,
            "log_loss": float((times * self.loss).sum()) / images,
            "brier": float((times * self.brier).sum()) / images,
            "ece": float(np.abs(distance).sum()) / images,
        }
