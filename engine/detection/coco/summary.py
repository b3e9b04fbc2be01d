"""COCO's average precision and recall as values: the twelve numbers, and classes.

pycocotools writes -1 where a class has no ground truth; here that is NaN.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.detection.coco.params import IOUS

PerClass: TypeAlias = NDArray[np.float64]  # [C]; NaN for a class without ground truth


class CocoSummary(NamedTuple):
    """The twelve numbers that pycocotools prints, under COCO's names and in its order.

    AP is the mean over ten IoUs, 101 recalls and all classes with ground truth; 50 and
    75 are single IoUs; s, m, l are small, medium and large objects. AR is the mean
    recall with at most 1, 10 or 100 predictions of a class in an image.
    """

    AP: float
    AP50: float
    AP75: float
    APs: float
    APm: float
    APl: float
    AR1: float
    AR10: float
    AR100: float
    ARs: float
    ARm: float
    ARl: float


@dataclass(frozen=True, eq=False)
class AveragePrecision:
    """What the summary and the table of classes need, and no more."""

    precision: NDArray[np.float64]  # [4 areas, 10 IoUs, 101 recalls, C], 100 predictions
    recall: NDArray[np.float64]  # [4 areas, 10 IoUs, C], 100 predictions
    recall_of_few: NDArray[np.float64]  # [2, 10 IoUs, C], all areas, 1 and 10 predictions

    @cached_property
    def summary(self) -> CocoSummary:
        """Means over classes, in pycocotools' order of summation if classes are in its order."""
        all_areas, small, medium, large = self.precision
        return CocoSummary(
            defined_mean(all_areas),
            defined_mean(all_areas[_number_of(0.5)]),
            defined_mean(all_areas[_number_of(0.75)]),
            defined_mean(small),
            defined_mean(medium),
            defined_mean(large),
            *map(defined_mean, self.recall_of_few),
            *map(defined_mean, self.recall),
        )

    @property
    def ap(self) -> PerClass:
        """Mean over the ten IoUs."""
        ap: PerClass = self.ap_by_iou.mean(axis=1)
        return ap

    @cached_property
    def ap_by_iou(self) -> NDArray[np.float64]:
        """[C, 10] average precision of each class at each IoU."""
        ap: NDArray[np.float64] = self.precision[0].mean(axis=1).T
        return ap


def defined_mean(values: NDArray[np.float64]) -> float:
    """The mean of those that are not NaN, NaN if there is none, summed in C order."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else np.nan


def _number_of(iou: float) -> int:
    return int(np.flatnonzero(iou == IOUS)[0])
