"""How far a detector's numbers could be off, had other images of the same kind been taken."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from engine.core.intervals import Interval, drawings, percentiles
from engine.detection.detection import Detection, DetectionAtIou
from engine.detection.resampling import Resampling, Sample

SAMPLES: Final = 200  # of the images, from which intervals are whole


@dataclass(frozen=True)
class Intervals:
    """95 % intervals of the headline numbers, from so many resamples of the images."""

    ap: Interval
    ap50: Interval
    precision: Interval
    recall: Interval
    f1: Interval
    optimum: Interval  # of the confidence with the highest F1
    false_alarms_per_image: Interval
    samples: int

    @property
    def whole(self) -> bool:
        """Whether no more samples come: before, they still move."""
        return self.samples >= SAMPLES

    @property
    def of_metrics(self) -> Mapping[str, Interval]:
        """Those of the metrics of the table, by key."""
        return {
            "ap": self.ap,
            "ap50": self.ap50,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "false_alarms_per_image": self.false_alarms_per_image,
        }

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> Self:
        """Between the 2.5th and the 97.5th percentile of what the samples show.

        Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 13.3.
        Samples in which a number is undefined are left out.
        """
        ap, ap50, precision, recall, f1, optimum, alarms = map(percentiles, np.array(samples).T)
        return cls(ap, ap50, precision, recall, f1, optimum, alarms, len(samples))


def bootstrap(
    detection: Detection,
    at_iou: DetectionAtIou,
    confidence: float,
    samples: int = SAMPLES,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Intervals]:
    """Intervals over images, better and better, until there are so many samples.

    Images are drawn with replacement, as many as there are: boxes of one image depend
    on each other, images do not. Nothing is matched again, because no match crosses
    images: a sample only says how often each image counts. A caller who stops asking
    stops the work, and so does cancelled, which is asked before each sample.
    """
    images = len(detection.images)
    if not images or cancelled():
        return
    resampling = Resampling.of(detection, at_iou, confidence, cancelled)
    if resampling is None:
        return
    for drawn in drawings(resampling.sample, images, samples, seed, cancelled):
        yield Intervals.of(drawn)
