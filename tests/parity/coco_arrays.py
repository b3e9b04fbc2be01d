"""The whole arrays that pycocotools accumulates, of which the summary needs a part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Indices
from engine.detection.coco.average_precision import Ranked
from engine.detection.coco.params import AREA_RANGES, IOUS, MAX_DETECTIONS
from engine.detection.coco.summary import AveragePrecision
from tests.benchmarks.coco_shaped import Made


@dataclass(frozen=True, eq=False)
class CocoArrays:
    """All that pycocotools accumulates."""

    precision: NDArray[np.float64]  # [10 IoUs, 101 recalls, C, 4 areas, 3 maxDets]
    recall: NDArray[np.float64]  # [10 IoUs, C, 4 areas, 3 maxDets]

    @property
    def average_precision(self) -> AveragePrecision:
        """The part that the summary needs."""
        return AveragePrecision(
            precision=np.moveaxis(self.precision[..., -1], -1, 0),
            recall=np.moveaxis(self.recall[..., -1], -1, 0),
            recall_of_few=np.moveaxis(self.recall[:, :, 0, :-1], -1, 0),
        )


def coco_arrays(made: Made, image_rank: Indices, *, strict: bool = False) -> CocoArrays:
    """For every range of areas and every number of predictions."""
    classes = len(made.category_ids)
    ranked = Ranked.of(
        made.ground_truths, made.predictions, classes, image_rank, IOUS[0], strict=strict
    )
    precision, recall = [], []
    for found in ranked.found_in(AREA_RANGES, IOUS):
        parts = [found.of_first(n) for n in MAX_DETECTIONS]
        precision.append(np.stack([part.precisions() for part in parts], axis=-1))
        recall.append(np.stack([part.recalls() for part in parts], axis=-1))
    return CocoArrays(np.stack(precision, axis=-2), np.stack(recall, axis=-2))
