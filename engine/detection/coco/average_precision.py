"""COCO's average precision and recall, equal to pycocotools 2.0.11 to the last bit.

Where this module departs from pycocotools: what has no ground truth is NaN instead
of -1, and no predictions are a result instead of an error. Unless it is strict, also:

- A ground truth with id 0 can be found like any other; pycocotools takes it for "no match".
- Ground truths that share an id all count; pycocotools has the last in place of each.
- Confidences must be numbers; pycocotools ranks those that are not last.

Strict needs the ids of ground truths: without them it does the last of these only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from engine.core.arrays import Indices, Ious
from engine.core.dataset import GroundTruths, Predictions
from engine.core.sorting import stable_order
from engine.detection.boxes import LOWEST_IOU
from engine.detection.coco.curves import FoundInScope, Scope
from engine.detection.coco.matches import Matchmaker
from engine.detection.coco.params import AREA_RANGES, IOUS, MAX_DETECTIONS, AreaRange
from engine.detection.coco.ranking import ClassRanking, SameClassPairs
from engine.detection.coco.summary import AveragePrecision, PerClass


def average_precision(
    ground_truths: GroundTruths,
    predictions: Predictions,
    classes: int,
    image_rank: Indices | None = None,
    strict: bool = False,
) -> AveragePrecision:
    """The twelve numbers of COCO's summary and the average precision of each class.

    image_rank [I] is the place of each image when sorted by id, see rank_of_ids: of
    equal confidences pycocotools puts the image with the lower id first. None says
    that the images are numbered that way. strict copies pycocotools' errors.
    """
    ranked = Ranked.of(ground_truths, predictions, classes, image_rank, IOUS[0], strict)
    return ranked.average_precision()


def rank_of_ids(ids: Sequence[int | str]) -> Indices:
    """[I] the place of each id when sorted as pycocotools sorts them."""
    rank = np.empty(len(ids), np.intp)
    rank[np.argsort(np.array(ids), kind="stable")] = np.arange(len(ids))
    return rank


@dataclass(frozen=True, eq=False)
class Ranked:
    """Predictions ranked within their class, and all that they may find, at whatever IoU."""

    ground_truths: GroundTruths
    ranking: ClassRanking
    candidates: SameClassPairs
    strict: bool = False

    @classmethod
    def of(
        cls,
        ground_truths: GroundTruths,
        predictions: Predictions,
        classes: int,
        image_rank: Indices | None = None,
        at_least: float = LOWEST_IOU,
        strict: bool = False,
    ) -> Self:
        """Rank once; afterwards any IoU from at_least on can be asked for."""
        if strict:
            ground_truths = _last_of_each_id(ground_truths, image_rank)
            predictions = _no_number_last(predictions)
        ranking = ClassRanking.of(predictions, classes, image_rank)
        candidates = SameClassPairs.of(ranking, predictions, ground_truths, at_least)
        return cls(ground_truths, ranking, candidates, strict)

    def at_iou(self, iou: float) -> PerClass:
        """[C] average precision at one IoU, over all areas; NaN without ground truth."""
        ap: PerClass = self.found(np.array([iou])).precisions().mean(axis=(0, 1))
        return ap

    def average_precision(self) -> AveragePrecision:
        """Only what the summary and the table of classes need."""
        found = list(self.found_in(AREA_RANGES, IOUS))
        return AveragePrecision(
            precision=np.stack([part.precisions() for part in found]),
            recall=np.stack([part.recalls() for part in found]),
            recall_of_few=np.stack([found[0].of_first(n).recalls() for n in MAX_DETECTIONS[:-1]]),
        )

    def found(self, ious: Ious) -> FoundInScope:
        """What is found at IoUs [J], rising, over all areas."""
        return next(self.found_in(AREA_RANGES[:1], ious))

    @cached_property
    def _scopes(self) -> dict[AreaRange, Scope]:
        return {
            range_: Scope(
                self.ranking, self.candidates, self.ground_truths, range_, strict=self.strict
            )
            for range_ in AREA_RANGES
        }

    def found_in(self, ranges: Sequence[AreaRange], ious: Ious) -> Iterator[FoundInScope]:
        """The same for ranges of areas, one after the other."""
        matchmaker = Matchmaker.of(self.candidates, self.ground_truths, ious)
        for range_ in ranges:
            yield FoundInScope.of(self._scopes[range_], matchmaker)


def _last_of_each_id(ground_truths: GroundTruths, image_rank: Indices | None) -> GroundTruths:
    """Ground truths as pycocotools looks them up: by id, where it knows the last of each only.

    It asks for the ids of one image after the other, and so the copies of the last stand
    in that order, which matters where a prediction overlaps two ground truths alike.
    """
    if ground_truths.id is None:
        return ground_truths
    distinct, number = np.unique(ground_truths.id, return_inverse=True)
    if len(distinct) == len(number):
        return ground_truths
    last = np.empty(len(distinct), np.intp)
    last[number] = np.arange(len(number))
    image = ground_truths.image if image_rank is None else image_rank.take(ground_truths.image)
    return ground_truths.where(last.take(number.take(stable_order(image))))


def _no_number_last(predictions: Predictions) -> Predictions:
    """Predictions ranked as before, but those whose confidence is NaN after all others."""
    if not np.isnan(predictions.confidence).any():
        return predictions
    _, rank = np.unique(-predictions.confidence, return_inverse=True)  # all NaN are one, the last
    return replace(predictions, confidence=-rank.astype(np.float64))
