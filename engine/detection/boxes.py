"""Geometry of boxes: which predictions overlap which ground truths, and how much."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Boxes, Indices, Ious, Mask
from engine.core.dataset import GroundTruths, Predictions
from engine.core.sorting import stable_order

LOWEST_IOU = 0.1
"""Pairs that overlap less are never looked at: no slider reaches below it."""

BLOCK = 32_768  # pairs looked at together: a block of float32 columns stays in the cache


@dataclass(frozen=True, eq=False)
class Pairs:
    """Predictions and ground truths of the same image that overlap."""

    prediction: Indices  # [P]
    ground_truth: Indices  # [P]
    iou: Ious  # [P]; for a crowd's region the intersection over the prediction's own area

    def __len__(self) -> int:
        return len(self.prediction)

    def where(self, rows: Indices) -> Self:
        """Only these pairs, in this order."""
        return type(self)(
            self.prediction.take(rows), self.ground_truth.take(rows), self.iou.take(rows)
        )

    def first(self, n: int) -> Self:
        """The first n of these pairs."""
        return type(self)(self.prediction[:n], self.ground_truth[:n], self.iou[:n])

    @classmethod
    def join(cls, *parts: Self) -> Self:
        """Several tables one below the other."""
        return cls(
            np.concatenate([part.prediction for part in parts]),
            np.concatenate([part.ground_truth for part in parts]),
            np.concatenate([part.iou for part in parts]),
        )

    def reaching(self, iou: float) -> Self:
        """Only the pairs with at least this IoU."""
        return self.where(np.flatnonzero(self.iou >= iou))


def overlapping(
    predictions: Predictions, ground_truths: GroundTruths, at_least: float = LOWEST_IOU
) -> Pairs:
    """All pairs of one image with an IoU of at least at_least, in no particular order."""
    nothing = np.zeros(0, np.intp)
    blocks = [(nothing, nothing)]
    if len(predictions) and len(ground_truths):
        blocks.extend(_candidates(predictions, ground_truths, at_least))
    prediction, ground_truth = (np.concatenate(column) for column in zip(*blocks, strict=True))
    iou = exact_iou(
        predictions.box.take(prediction, axis=0),
        ground_truths.box.take(ground_truth, axis=0),
        ground_truths.region.take(ground_truth),
    )
    return Pairs(prediction, ground_truth, iou).reaching(at_least)


def _candidates(
    predictions: Predictions, ground_truths: GroundTruths, at_least: float
) -> Iterator[tuple[Indices, Indices]]:
    """Blocks of (prediction, ground truth) that hold every pair that may overlap enough.

    Images with the same number of ground truths form one dense table, predictions
    down and ground truths across, so no image needs a loop of its own. The test is
    made in float32 and must let no true pair slip: every far edge is moved out by
    more than float32 can be wrong at the largest coordinate, so that intersections
    are never too small, and the areas are made a little smaller. (The side of an
    intersection is off by at most 4.5 eps of the largest value: half an eps for each
    value read, one for each sum and for the difference, which reach twice that value.)
    """
    images = 1 + max(predictions.image.max(), ground_truths.image.max())
    truths_of_image = np.bincount(ground_truths.image, minlength=images)
    by_truths = np.argsort(truths_of_image, kind="stable")
    position = np.empty(images, np.intp)
    position[by_truths] = np.arange(images)

    truth_order = stable_order(position.take(ground_truths.image))
    prediction_position = position.take(predictions.image)
    prediction_order = stable_order(prediction_position)
    prediction_position = prediction_position.take(prediction_order)

    boxes = [part.box.astype(np.float32) for part in (ground_truths, predictions)]
    largest = max(max(box.max(), -box.min()) for box in boxes)
    slack = 8 * np.finfo(np.float32).eps * largest
    truth = _Edges.of(boxes[0].take(truth_order, axis=0), slack)
    truth.area[ground_truths.region.take(truth_order)] = 0
    found = _Edges.of(boxes[1].take(prediction_order, axis=0), slack)
    # iou >= t  <=>  intersection * (1 + t) / t >= the sum of the two areas
    factor = np.float32((1 + at_least) / at_least)

    counts = truths_of_image[by_truths]
    first_truth = np.concatenate(([0], np.cumsum(counts)))
    first_prediction = np.searchsorted(prediction_position, np.arange(images + 1))
    for across in np.unique(counts[counts > 0]):
        begin, end = np.searchsorted(counts, [across, across + 1])
        table = truth.rows(slice(first_truth[begin], first_truth[end]), int(across))
        down, bottom = int(first_prediction[begin]), int(first_prediction[end])
        step = max(1, BLOCK // int(across))
        for start in range(down, bottom, step):
            rows = slice(start, min(start + step, bottom))
            image = prediction_position[rows] - begin
            hit = np.flatnonzero(_may_overlap(found, rows, table, image, factor))
            row, column = np.divmod(hit, across)
            truth_at = first_truth[begin] + image.take(row) * across + column
            yield prediction_order.take(start + row), truth_order.take(truth_at)


@dataclass(frozen=True, eq=False)
class _Edges:
    """Boxes as float32 columns, their far edges moved out by a slack; any shape."""

    left: NDArray[np.float32]
    top: NDArray[np.float32]
    right: NDArray[np.float32]
    bottom: NDArray[np.float32]
    area: NDArray[np.float32]

    @classmethod
    def of(cls, boxes: NDArray[np.float32], slack: np.float32) -> Self:
        left, top, width, height = np.ascontiguousarray(boxes.T)
        area = width * height
        area *= np.float32(1 - 1e-5)
        width += left
        width += slack
        height += top
        height += slack
        return cls(left, top, width, height, area)

    def rows(self, part: slice, across: int) -> Self:
        """A part of the boxes as a table with as many columns as an image has boxes."""
        columns = (self.left, self.top, self.right, self.bottom, self.area)
        return type(self)(*(column[part].reshape(-1, across) for column in columns))


def _may_overlap(
    found: _Edges, rows: slice, truth: _Edges, image: Indices, factor: np.float32
) -> Mask:
    """[rows * across] whether a pair may reach the IoU behind factor."""
    width = np.minimum(truth.right.take(image, axis=0), found.right[rows, None])
    width -= np.maximum(truth.left.take(image, axis=0), found.left[rows, None])
    np.maximum(width, 0, out=width)
    height = np.minimum(truth.bottom.take(image, axis=0), found.bottom[rows, None])
    height -= np.maximum(truth.top.take(image, axis=0), found.top[rows, None])
    np.maximum(height, 0, out=height)
    width *= height
    width *= factor
    areas = truth.area.take(image, axis=0)
    areas += found.area[rows, None]
    enough: Mask = (width >= areas).ravel()
    return enough


def exact_iou(found: Boxes, truth: Boxes, region: Mask) -> Ious:
    """[P] IoU of box with box, in the order of operations of pycocotools' bbIou.

    Source: cocoapi, common/maskApi.c. Other orders differ in the last bit, and the
    last bit decides a pair that lies on a threshold.
    """
    left, top, width, height = found.T
    truth_left, truth_top, truth_width, truth_height = truth.T
    across = np.minimum(width + left, truth_width + truth_left) - np.maximum(left, truth_left)
    down = np.minimum(height + top, truth_height + truth_top) - np.maximum(top, truth_top)
    shared = across * down
    area = width * height
    union = np.where(region, area, area + truth_width * truth_height - shared)
    meet = (across > 0) & (down > 0)
    iou: Ious = np.divide(shared, union, out=np.zeros(len(found)), where=meet & (union > 0))
    return iou
