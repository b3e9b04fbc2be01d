"""The numbers of two detectors on the same images, and what resamples and exchanges say of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np

from engine.compare.differences import DifferenceTests, DrawnNumbers, SideNumbers
from engine.compare.significance import PairedCounts, Statistic
from engine.core.arrays import NOTHING, Counts, Indices, Mask
from engine.core.rates import f_beta, precision, recall
from engine.detection.coco.hits import coco_ranked
from engine.detection.coco.reweighting import DrawnSummaries, Reweighting
from engine.detection.coco.summary import AveragePrecision, CocoSummary
from engine.detection.detection import Detection, DetectionAtIou
from engine.detection.metrics import detector_metrics
from engine.util.once import remembered

RATES: Final[Mapping[str, Statistic]] = {
    "precision": lambda right, predicted, _: precision(right, predicted),
    "recall": lambda right, _, truths: recall(right, truths),
    "f1": f_beta,
}
AT_ONCE: Final = 2**25  # predictions times drawings, and of drawings
FEWEST, MOST = 50, 250


@dataclass(frozen=True, eq=False)
class DetectorSide:
    """One detector at its operating point."""

    at_iou: DetectionAtIou
    confidence: float

    @property
    def detection(self) -> Detection:
        """Its predictions, matched or not."""
        return self.at_iou.detection

    @property
    def classes(self) -> int:
        """C."""
        return len(self.detection.classes)

    @cached_property
    def numbers(self) -> SideNumbers:
        """As in its report."""
        coco = _coco(self.detection)
        metrics = detector_metrics(self.detection, self.at_iou, self.confidence, coco)
        every = self.classes
        rates = {"precision": metrics.precision, "recall": metrics.recall, "f1": metrics.f1}
        return SideNumbers(
            {
                **coco.summary._asdict(),
                **{name: float(values[every]) for name, values in rates.items()},
            },
            {
                "AP": metrics.ap[:every],
                "recall": metrics.recall[:every],
                "f1": metrics.f1[:every],
            },
        )

    @cached_property
    def counted(self) -> tuple[Indices, Indices, Mask]:
        """[N] image and class of the predictions that count, and which are right."""
        outcomes = self.at_iou.outcomes(self.confidence)
        rows = outcomes.where(outcomes.prediction != NOTHING)
        return rows.image, rows.predicted, rows.correct

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers | None:
        """With each image as often as weights [S, I] say; see drawn_averages."""
        averages = self.drawn_averages(weights, first, seed, cancelled)
        if averages is None:
            return None
        image, class_, right = self.counted
        found = np.flatnonzero(right)
        hits = _sums_of_class(weights, image.take(found), class_.take(found), self.classes)
        counted = _sums_of_class(weights, image, class_, self.classes)
        truths = self.detection.dataset.ground_truths
        wanted = np.flatnonzero(~truths.crowd)
        there = _sums_of_class(
            weights, truths.image.take(wanted), truths.class_.take(wanted), self.classes
        )
        together = tuple(sums.sum(axis=1) for sums in (hits, counted, there))
        rates = {name: rate(*together) for name, rate in RATES.items()}
        return DrawnNumbers(
            {**dict(zip(CocoSummary._fields, averages.summary.T, strict=True)), **rates},
            {
                "AP": averages.ap,
                "recall": recall(hits, there),
                "f1": f_beta(hits, counted, there),
            },
        )

    @cached_property
    def reweighting(self) -> Reweighting:
        """Made only if a drawing is not known yet."""
        return Reweighting.of(coco_ranked(self.detection), len(self.detection.images))

    def drawn_averages(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnSummaries | None:
        """Average precision in the drawings of a seed from the first of these on.

        They do not depend on the operating point, and take longest: what was worked out once
        stays with the detection.
        """
        known, key = _known_summaries(self.detection), (seed, first, len(weights))
        if key not in known:
            made = self.reweighting.drawn(weights, cancelled)
            if made is None:
                return None
            known[key] = made
        return known[key]


@dataclass(frozen=True, eq=False)
class DetectorPair:
    """Two detectors on one dataset."""

    a: DetectorSide
    b: DetectorSide

    @property
    def images(self) -> int:
        """I."""
        return len(self.a.detection.images)

    @property
    def at_once(self) -> int:
        """Drawings in a turn: few enough for the memory, and to be shown soon."""
        predictions = len(self.a.detection.predictions) + len(self.b.detection.predictions)
        return int(np.clip(AT_ONCE // max(predictions, 1), FEWEST, MOST))

    def tests(
        self, exchanges: int, seed: int, cancelled: Callable[[], bool]
    ) -> DifferenceTests | None:
        """By exchanging the two in each image, thresholds fixed; None if it was cancelled."""
        truths = self.a.detection.truths_of_class
        p, same = np.full(len(truths), np.nan), np.ones(len(truths), np.bool_)
        counts = _ImageCounts.of(self.a, self.b)
        for class_, total in enumerate(truths.tolist()):
            if cancelled():
                return None
            paired = counts.of_class(class_, total)
            same[class_] = not paired.images
            if total:
                p[class_] = paired.p(f_beta, paired.exchanged(exchanges, seed))
        together = counts.together(self.images, int(truths.sum()))
        gained = together.exchanged(exchanges, seed)
        totals = {name: together.p(rate, gained) for name, rate in RATES.items()}
        return DifferenceTests(totals, np.nan, p, same, "f1")

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers | None:
        """B less A in drawings of a seed, from the first of these on; None if cancelled."""
        a = self.a.drawn(weights, first, seed, cancelled)
        b = None if a is None else self.b.drawn(weights, first, seed, cancelled)
        return None if a is None or b is None else b.less(a)


@dataclass(frozen=True, eq=False)
class _ImageCounts:
    """What each of the two counts in each image of each class, where either counts anything."""

    image: Indices  # [R]
    class_: Indices  # [R] rising
    a: Counts  # [R, 2] true positives, predictions
    b: Counts  # [R, 2]

    @classmethod
    def of(cls, a: DetectorSide, b: DetectorSide) -> Self:
        keys: list[Indices] = []
        images = len(a.detection.images)
        for side in (a, b):
            image, class_, right = side.counted
            key = class_ * images + image
            keys.extend((key[right], key))
        distinct, row = np.unique(np.concatenate(keys), return_inverse=True)
        ends = np.cumsum([len(key) for key in keys])[:-1]
        counts = [np.bincount(part, minlength=len(distinct)) for part in np.split(row, ends)]
        return cls(
            distinct % max(images, 1),
            distinct // max(images, 1),
            np.stack(counts[:2], axis=1),
            np.stack(counts[2:], axis=1),
        )

    def of_class(self, class_: int, ground_truths: int) -> PairedCounts:
        """Its images."""
        rows = slice(*np.searchsorted(self.class_, (class_, class_ + 1)))
        return PairedCounts.of(self.a[rows], self.b[rows], ground_truths)

    def together(self, images: int, ground_truths: int) -> PairedCounts:
        """All images, their classes together."""
        a, b = (
            np.stack(
                [np.bincount(self.image, column, images) for column in counts.T], axis=1
            ).astype(np.int64)
            for counts in (self.a, self.b)
        )
        return PairedCounts.of(a, b, ground_truths)


def _sums_of_class(weights: Counts, image: Indices, class_: Indices, classes: int) -> Counts:
    """[S, C] how often rows of a class are drawn; sums of whole numbers in float64 are exact."""
    sums = [np.bincount(class_, weight.take(image), classes) for weight in weights]
    return np.array(sums).astype(np.int64)


@remembered
def _coco(detection: Detection) -> AveragePrecision:
    return coco_ranked(detection).average_precision()


@remembered
def _known_summaries(detection: Detection) -> dict[tuple[int, int, int], DrawnSummaries]:
    """By seed, number of the first drawing and number of drawings: a memory only."""
    return {}
