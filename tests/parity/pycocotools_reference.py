"""What pycocotools says of the same data."""

import contextlib
import io
from typing import NamedTuple

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from tests.benchmarks.coco_shaped import Made, ground_truth_document, results


class Reference(NamedTuple):
    precision: np.ndarray  # [10 IoUs, 101 recalls, C, 4 areas, 3 maxDets]; -1 without ground truth
    recall: np.ndarray  # [10 IoUs, C, 4 areas, 3 maxDets]
    stats: np.ndarray  # [12]


def pycocotools_says(made: Made, ious: list[float] | None = None) -> Reference:
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = ground_truth_document(made)
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(results(made)), "bbox")
        if ious is not None:
            evaluation.params.iouThrs = np.array(ious)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    arrays = evaluation.eval
    return Reference(arrays["precision"], arrays["recall"], evaluation.stats)


def as_coco_writes(values: np.ndarray) -> np.ndarray:
    """Our NaN as pycocotools' -1: for comparison only."""
    return np.where(np.isnan(values), -1, values)
