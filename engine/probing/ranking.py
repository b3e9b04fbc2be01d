"""The ways to feed a model, best first, and how sure that order is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol, Self

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices, Scores
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.intervals import Interval, percentiles
from engine.detection.coco.hits import CocoHits
from engine.detection.coco.params import IOUS
from engine.detection.coco.summary import defined_mean
from engine.detection.detection import Detection
from engine.probing.variants import Variant
from engine.scoring.families.family import Keys, Question

SAMPLES: Final = 400
SEED: Final = 0


class VariantScore(Protocol):
    """What one variant is worth on the images tried."""

    def score(self, weight: Counts | None = None) -> float:
        """Average precision or accuracy, had each image been there as often as weight [I]."""

    @property
    def finer(self) -> float:
        """What decides between equal scores, higher is better."""


@dataclass(frozen=True, eq=False)
class JudgedBoxes:
    """A detector's average precision, COCO's mean over ten IoUs."""

    hits: CocoHits
    finer: float = 0.0

    @classmethod
    def of(cls, dataset: DetectionDataset, predictions: Predictions) -> Self:
        """From the predictions of one variant."""
        detection = Detection(dataset, predictions)
        return cls(CocoHits.of(*(detection.at_iou(iou) for iou in IOUS.tolist())))

    def score(self, weight: Counts | None = None) -> float:
        """Average precision."""
        return defined_mean(self.hits.precisions(weight))


@dataclass(frozen=True, eq=False)
class JudgedClasses:
    """A classifier's accuracy; of equals the one that gives the right class more probability."""

    right: Counts  # [I] 1 where the top class is the label
    probability: Scores  # [I] of the label

    @classmethod
    def of(cls, label: Indices, top: Indices, probability: Scores) -> Self:
        """From the labels [I], the top classes in classes of the dataset, and P(label)."""
        return cls(((label == top) & (top != NOTHING)).astype(np.int64), probability)

    def score(self, weight: Counts | None = None) -> float:
        """Accuracy."""
        return float(np.average(self.right, weights=weight))

    @property
    def finer(self) -> float:
        """The mean probability of the label."""
        return float(self.probability.mean())


@dataclass(frozen=True)
class Margin:
    """How much better one variant is than another on the same images."""

    value: float
    interval: Interval  # 95 %, by bootstrap over the images

    @property
    def within_noise(self) -> bool:
        """Whether other images of the same kind could well have shown the opposite."""
        return not self.interval.low > 0


@dataclass(frozen=True)
class RankedVariant:
    """A variant in the ranking."""

    variant: Variant
    score: float
    assumed: bool  # what is taken for true without a probe


@dataclass(frozen=True)
class QuestionAnswer:
    """The answer to one question, and the best that another answer reaches."""

    about: str
    words: str
    assumed: str
    other: str
    margin: Margin


@dataclass(frozen=True, eq=False)
class VariantRanking:
    """What a probe found."""

    metric: str  # "AP" or "accuracy"
    images: int  # tried
    unread: tuple[tuple[str, str], ...]  # images that could not be read, and why
    questions: tuple[Question, ...]
    variants: tuple[Variant, ...]
    judged: tuple[VariantScore, ...]  # each variant's

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Places of the variants, best first; of equals what is assumed, then as listed."""
        keys = [(-self._scores[at], -self.judged[at].finer, at) for at in range(len(self.variants))]
        return tuple(sorted(range(len(self.variants)), key=keys.__getitem__))

    def worked_out(self) -> Self:
        """The same, once all that takes a moment is known: the rest are look-ups."""
        _ = self.answers, self.margin
        return self

    @property
    def places(self) -> tuple[RankedVariant, ...]:
        """Best first."""
        return tuple(
            RankedVariant(self.variants[at], self._scores[at], at == 0) for at in self.order
        )

    @property
    def best(self) -> RankedVariant:
        """The winner."""
        return self.places[0]

    @property
    def found_nothing(self) -> bool:
        """Whether no way of feeding it gets anything right: then something else is wrong."""
        return not self.best.score > 0

    @property
    def values(self) -> Keys:
        """The keys of a card that say how the winner is fed."""
        return self.best.variant.values

    @cached_property
    def margin(self) -> Margin | None:
        """Of the winner over the next; None with only one variant."""
        return self._margin(self.order[0], self.order[1]) if len(self.order) > 1 else None

    @cached_property
    def answers(self) -> tuple[QuestionAnswer, ...]:
        """The winner's choice on each question."""
        first = self.order[0]
        found = []
        for number, question in enumerate(self.questions):
            chosen = self.variants[first].choices[number]
            rivals = [at for at in self.order if self.variants[at].choices[number] != chosen]
            if rivals:
                other = self.variants[rivals[0]].choices[number].words
                margin = self._margin(first, rivals[0])
                assumed = question.assumed.words
                found.append(QuestionAnswer(question.about, chosen.words, assumed, other, margin))
        return tuple(found)

    @cached_property
    def _scores(self) -> tuple[float, ...]:
        return tuple(float(np.nan_to_num(each.score())) for each in self.judged)

    @cached_property
    def _samples(self) -> Callable[[int], Scores]:
        """The scores of a variant in each sample of the images, the same for all variants."""
        random = np.random.default_rng(SEED)
        draws = random.integers(0, self.images, (SAMPLES, self.images))
        weights = [np.bincount(draw, minlength=self.images) for draw in draws]
        known: dict[int, Scores] = {}

        def of(at: int) -> Scores:
            if at not in known:
                known[at] = np.array([self.judged[at].score(weight) for weight in weights])
            return known[at]

        return of

    def _margin(self, first: int, other: int) -> Margin:
        difference = self._samples(first) - self._samples(other)
        return Margin(self._scores[first] - self._scores[other], percentiles(difference))
