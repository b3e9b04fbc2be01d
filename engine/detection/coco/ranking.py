"""Predictions class by class, and the ground truths of their class that they overlap."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from engine.core.arrays import NOTHING, Areas, Indices, Mask
from engine.core.dataset import GroundTruths, Predictions
from engine.core.sorting import most_confident_first, stable_order
from engine.detection.boxes import Pairs, overlapping
from engine.detection.coco.params import MAX_DETECTIONS
from engine.detection.matching import in_order_of_preference

OVERLAPS = 0.5  # IoU: the least at which COCO counts
LARGEST_TABLE = 2**27  # cells: beyond it a search is used instead of a look-up


@dataclass(frozen=True, eq=False)
class ClassRanking:
    """The predictions that count, class by class, the most confident of each class first.

    A prediction's index here is its place. Of equal confidences the one in the earlier
    image comes first, then the one earlier in the file, as in pycocotools. Predictions
    that are not among the 100 most confident of their class in their image have no
    place: they count nowhere.
    """

    row: Indices  # [N] in the file of predictions
    image: Indices  # [N]
    class_: Indices  # [N] rising
    class_begins: Indices  # [C + 1] places
    area: Areas  # [N] width times height of the predicted box

    @classmethod
    def of(cls, predictions: Predictions, classes: int, image_rank: Indices | None) -> Self:
        """Rank predictions. image_rank [I] says which image comes first, None their numbers."""
        image = predictions.image if image_rank is None else image_rank.take(predictions.image)
        if (image[1:] >= image[:-1]).all():
            row = most_confident_first(predictions.confidence)
        else:
            by_image = stable_order(image)
            row = by_image.take(most_confident_first(predictions.confidence.take(by_image)))
        row = row.take(stable_order(predictions.class_.take(row)))
        row = _without_the_least_confident(row, predictions)
        class_ = predictions.class_.take(row)
        return cls(
            row,
            predictions.image.take(row),
            class_,
            np.searchsorted(class_, np.arange(classes + 1)),
            (predictions.box[:, 2] * predictions.box[:, 3]).take(row),
        )

    @property
    def classes(self) -> int:
        """C."""
        return len(self.class_begins) - 1

    @cached_property
    def rank(self) -> Indices:
        """[N] how many of the same class in the same image are more confident."""
        return rank_in_image(self.image, self.class_)


def rank_in_image(image: Indices, class_: Indices) -> Indices:
    """[N] how many of the same image and class come before, where class_ is rising."""
    order = stable_order(image)  # by image, then class, because classes keep their sequence
    image, class_ = image.take(order), class_.take(order)
    begins = np.flatnonzero(begins_of_runs(image) | begins_of_runs(class_))
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order)) - np.repeat(begins, np.diff(begins, append=len(order)))
    return rank


def found_beyond_limit(predictions: Predictions, truths: GroundTruths) -> tuple[int, int]:
    """What COCO's limit of 100 predictions of a class in an image costs: images and objects.

    An object counts that a prediction of its class beyond the first 100 overlaps by half,
    and none of these does. What is beyond the limit and finds nothing changes no precision
    that anybody reads.
    """
    full = _full_images(predictions)
    if not full.any():
        return 0, 0
    inside = np.flatnonzero(full.take(predictions.image))
    inside = inside.take(most_confident_first(predictions.confidence.take(inside)))
    inside = inside.take(stable_order(predictions.class_.take(inside)))
    crowded = predictions.where(inside)
    beyond = rank_in_image(crowded.image, crowded.class_) >= MAX_DETECTIONS[-1]
    if not beyond.any():
        return 0, 0
    pairs = overlapping(crowded, truths, OVERLAPS)
    alike = crowded.class_.take(pairs.prediction) == truths.class_.take(pairs.ground_truth)
    pairs = pairs.where(np.flatnonzero(alike & ~truths.crowd.take(pairs.ground_truth)))
    late = beyond.take(pairs.prediction)
    lost = np.setdiff1d(pairs.ground_truth[late], pairs.ground_truth[~late])
    return len(np.unique(truths.image.take(lost))), len(lost)


def _without_the_least_confident(row: Indices, predictions: Predictions) -> Indices:
    """Those of rows, in class order, that are among the 100 first of their class and image."""
    full = _full_images(predictions)
    if not full.any():
        return row
    inside = np.flatnonzero(full.take(predictions.image.take(row)))
    rank = rank_in_image(
        predictions.image.take(row.take(inside)), predictions.class_.take(row.take(inside))
    )
    return np.delete(row, inside[rank >= MAX_DETECTIONS[-1]])


def _full_images(predictions: Predictions) -> Mask:
    """[I] images with more than 100 predictions: in no other can a class have more."""
    return np.bincount(predictions.image, minlength=1) > MAX_DETECTIONS[-1]


@dataclass(frozen=True, eq=False)
class SameClassPairs:
    """The pairs of one image and one class that overlap.

    A group is all that there is of one class in one image. No pair crosses groups, so
    whatever happens in one leaves the others as they are.
    """

    place: Indices  # [Q] rising: the predictions that overlap a ground truth of their class
    class_: Indices  # [Q]
    rank: Indices  # [Q] see ClassRanking.rank
    pairs: Pairs  # in order of preference; its predictions are numbered 0 .. Q - 1
    group: Indices  # [P] of each pair

    @classmethod
    def of(
        cls,
        ranking: ClassRanking,
        predictions: Predictions,
        ground_truths: GroundTruths,
        at_least: float,
    ) -> Self:
        """Look for the pairs with an IoU of at least at_least."""
        classes = ranking.classes
        group_of_truth, group = _groups(
            ground_truths.image * classes + ground_truths.class_,
            ranking.image * classes + ranking.class_,
        )
        place = np.flatnonzero(group != NOTHING)
        row, class_ = ranking.row.take(place), ranking.class_.take(place)
        # The search looks for pairs of one image: here a group stands in for the image.
        found = replace(predictions.where(row), image=group.take(place))
        truth = replace(ground_truths, image=group_of_truth)
        pairs = in_order_of_preference(overlapping(found, truth, at_least))
        # Groups are whole among these places, so ranks may be counted among them.
        rank = rank_in_image(found.image, class_)
        begins = begins_of_runs(pairs.prediction)
        asking = pairs.prediction.take(np.flatnonzero(begins))
        return cls(
            place.take(asking),
            class_.take(asking),
            rank.take(asking),
            Pairs(np.cumsum(begins) - 1, pairs.ground_truth, pairs.iou),
            group_of_truth.take(pairs.ground_truth),
        )

    def reaching(self, iou: float) -> Self:
        """Without the pairs of a lower IoU; the predictions keep their numbers."""
        rows = np.flatnonzero(self.pairs.iou >= iou)
        return replace(self, pairs=self.pairs.where(rows), group=self.group.take(rows))

    def in_groups_of(self, rows: Indices) -> Mask:
        """[P] whether a pair is of the same group as one of these."""
        groups = np.zeros(int(self.group.max(initial=NOTHING)) + 1, np.bool_)
        groups[self.group.take(rows)] = True
        return groups.take(self.group)


def begins_of_runs(values: Indices) -> Mask:
    """[N] whether a value differs from the one before it."""
    begins = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    return begins


def _groups(truth_key: Indices, key: Indices) -> tuple[Indices, Indices]:
    """The keys of ground truths [T] numbered 0, 1, ..., and other keys [N] by those numbers.

    A key that no ground truth has gets NOTHING.
    """
    if not len(truth_key) or not len(key):
        return np.zeros(len(truth_key), np.intp), np.full(len(key), NOTHING)
    cells = int(max(truth_key.max(), key.max())) + 1
    if cells <= LARGEST_TABLE:
        known = np.zeros(cells, np.bool_)
        known[truth_key] = True
        distinct = np.flatnonzero(known)
        number = np.full(cells, NOTHING, np.int32)
        number[distinct] = np.arange(len(distinct))
        return number.take(truth_key).astype(np.intp), number.take(key).astype(np.intp)
    distinct = np.unique(truth_key)
    place = np.minimum(np.searchsorted(distinct, key), len(distinct) - 1)
    return (np.searchsorted(distinct, truth_key), np.where(distinct[place] == key, place, NOTHING))
