"""The numbers of two detectors on the same images, and what resamples and exchanges say of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from engine.compare.differences import DifferenceTests, DrawnNumbers, SideNumbers
from engine.compare.image_counts import ImageCounts, exchange_tests
from engine.core.arrays import Counts
from engine.detection.coco.hits import coco_ranked
from engine.detection.coco.reweighting import DrawnSummaries, Reweighting
from engine.detection.coco.summary import AveragePrecision, CocoSummary
from engine.detection.detection import Detection, DetectionAtIou
from engine.detection.metrics import detector_metrics
from engine.util.once import remembered

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
    def counts(self) -> ImageCounts:
        """In each image of each class."""
        return ImageCounts.of(self.at_iou, self.confidence)

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers | None:
        """With each image as often as weights [S, I] say; see drawn_averages."""
        averages = self.drawn_averages(weights, first, seed, cancelled)
        if averages is None:
            return None
        rates = self.counts.drawn(weights)
        totals = dict(zip(CocoSummary._fields, averages.summary.T, strict=True))
        return DrawnNumbers({**totals, **rates.totals}, {**rates.of_class, "AP": averages.ap})

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
        return exchange_tests(self.a.counts, self.b.counts, exchanges, seed, cancelled)

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers | None:
        """B less A in drawings of a seed, from the first of these on; None if cancelled."""
        a = self.a.drawn(weights, first, seed, cancelled)
        b = None if a is None else self.b.drawn(weights, first, seed, cancelled)
        return None if a is None or b is None else b.less(a)


@remembered
def _coco(detection: Detection) -> AveragePrecision:
    return coco_ranked(detection).average_precision()


@remembered
def _known_summaries(detection: Detection) -> dict[tuple[int, int, int], DrawnSummaries]:
    """By seed, number of the first drawing and number of drawings: a memory only."""
    return {}
