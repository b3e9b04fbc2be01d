"""COCO's precision over recall at any IoU, and had each image been there any number of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING, Counts, Indices, Ious
from engine.detection.coco.average_precision import Ranked, rank_of_ids
from engine.detection.coco.curves import truths_needed
from engine.detection.coco.params import IOUS, RECALLS
from engine.detection.coco.ranking import ClassRanking
from engine.detection.detection import Detection, DetectionAtIou
from engine.util.once import remembered

Precisions: TypeAlias = NDArray[np.float64]  # [J IoUs, C, 101 recalls]; NaN without ground truth


@dataclass(frozen=True, eq=False)
class RankedPlaces:
    """Where each prediction stands when COCO ranks them class by class."""

    ranking: ClassRanking
    of_rank: Indices  # [N] of the predictions by rank; NOTHING beyond 100 of a class in an image

    def of_ranks(self, ranks: Indices) -> Indices:
        """The places of those that have one."""
        places = self.of_rank.take(ranks)
        there: Indices = places[places != NOTHING]
        return there


@dataclass(frozen=True, eq=False)
class CocoHits:
    """Predictions in COCO's order, and which of them are right at each of J IoUs.

    A segment is an IoU and a class: its number is that of the IoU times C plus the
    class. Hits are sorted by segment, then by place. Right predictions come from
    "class-first", whose first pass is pycocotools' but that it looks at more than 100
    predictions of a class in an image: these come last and take nothing from others.
    """

    image: Indices  # [N] by place
    class_begins: Indices  # [C + 1] places
    hit: Indices  # [H] places
    hit_begins: Indices  # [J * C + 1] where each segment's hits begin
    on_crowd: Indices  # [K] places that do not count, sorted as hits are
    on_crowd_begins: Indices  # [J * C + 1]
    truth_image: Indices  # [T] crowds left out
    truth_class: Indices  # [T]

    @classmethod
    def of(cls, *evaluations: DetectionAtIou) -> Self:
        """From evaluations of one detection by "class-first", one for each IoU, rising."""
        detection = evaluations[0].detection
        if detection.strict_coco:
            return cls._copied(detection, np.array([evaluation.iou for evaluation in evaluations]))
        places = coco_places(detection)
        begins = places.ranking.class_begins
        matches = [evaluation.matches for evaluation in evaluations]
        truths = detection.dataset.ground_truths
        wanted = np.flatnonzero(~truths.crowd)
        return cls(
            places.ranking.image,
            places.ranking.class_begins,
            *_segments_of([places.of_ranks(each.found.prediction) for each in matches], begins),
            *_segments_of([places.of_ranks(each.on_crowd) for each in matches], begins),
            truths.image.take(wanted),
            truths.class_.take(wanted),
        )

    @classmethod
    def _copied(cls, detection: Detection, ious: Ious) -> Self:
        """As pycocotools has it: it knows other ground truths, and takes some hits for none."""
        ranked = coco_ranked(detection, ious[0])
        found = ranked.found(ious)
        scope, truths, ranking = found.scope, ranked.ground_truths, ranked.ranking
        place, number = scope.candidates.place.take(found.hit), found.segment // ranking.classes
        too_large = np.flatnonzero(~scope.in_range)
        right, left_out = [], []
        for iou in range(len(ious)):
            right.append(place[(number == iou) & found.right])
            ignored = place[(number == iou) & ~found.right]
            left_out.append(np.union1d(ignored, np.setdiff1d(too_large, place[number == iou])))
        wanted = np.flatnonzero(~scope.ignored)
        return cls(
            ranking.image,
            ranking.class_begins,
            *_segments_of(right, ranking.class_begins),
            *_segments_of(left_out, ranking.class_begins),
            truths.image.take(wanted),
            truths.class_.take(wanted),
        )

    @property
    def classes(self) -> int:
        """C."""
        return len(self.class_begins) - 1

    def precisions(self, weight: Counts | None = None) -> Precisions:
        """The highest precision at each of COCO's 101 recalls or beyond.

        weight [I] says how often each image is there; None stands for once. Copies of
        an image add k right and l wrong predictions at one confidence instead of one
        each. Of the points that pycocotools makes of them only the last can be the
        highest beyond some recall, so one point for all copies gives the same curve.
        """
        total = _sums(weight, self.image.take(self.hit))
        before = total.take(self.hit_begins)
        first, found = before[:-1], np.diff(before)
        right = total[1:] - np.repeat(first, self._hits_of_segment)
        # The spacing is pycocotools', and can change the last bit.
        precision = right / (self._counted(weight) + np.spacing(1))

        truths = self._truths(weight)
        needed = np.tile(truths_needed(truths), (len(found) // self.classes, 1))
        reached = needed <= found[:, None]
        rows = np.repeat(np.arange(len(self.hit)), np.diff(total))  # of each true positive
        rows = np.append(rows, 0).take(np.minimum(first[:, None] + needed - 1, len(rows)))
        reads = np.where(reached, rows, self.hit_begins[1:, None])
        # Reads rise through all segments: so the best from each read to the next, taken
        # from the right, is the best beyond.
        best = np.maximum.reduceat(np.append(precision, 0), reads.ravel()).reshape(reads.shape)
        best *= reached
        best = np.maximum.accumulate(best[:, ::-1], axis=1)[:, ::-1]
        by_class: Precisions = best.reshape(-1, self.classes, len(RECALLS))
        by_class[:, truths == 0] = np.nan
        return by_class

    def _counted(self, weight: Counts | None) -> Counts:
        """[H] how many predictions of its class count down to each hit, itself included."""
        seen = _sums(weight, self.image)
        ignored = _sums(weight, self.image.take(self.on_crowd))
        begins = np.tile(seen.take(self.class_begins[:-1]), self._segments // self.classes)
        begins -= ignored.take(self.on_crowd_begins[:-1])
        counted = seen.take(self.hit + 1) - np.repeat(begins, self._hits_of_segment)
        counted -= ignored.take(self._on_crowd_before)
        return counted

    def _truths(self, weight: Counts | None) -> Counts:
        """[C] ground truths."""
        if weight is None:
            return np.bincount(self.truth_class, minlength=self.classes)
        times = weight.take(self.truth_image)
        counted = np.bincount(self.truth_class, weights=times, minlength=self.classes)
        return counted.astype(np.int64)

    @property
    def _segments(self) -> int:
        return len(self.hit_begins) - 1

    @cached_property
    def _hits_of_segment(self) -> Counts:
        return np.diff(self.hit_begins)

    @cached_property
    def _on_crowd_before(self) -> Indices:
        """[H] how many rows of on_crowd stand before each hit, all earlier segments included."""
        places = len(self.image)
        segment = np.repeat(np.arange(self._segments), self._hits_of_segment)
        crowded = np.repeat(np.arange(self._segments), np.diff(self.on_crowd_begins))
        return np.searchsorted(crowded * places + self.on_crowd, segment * places + self.hit)


def coco_ranked(detection: Detection, at_least: float = IOUS[0]) -> Ranked:
    """Its predictions as COCO ranks them, for any IoU from at_least on."""
    dataset = detection.dataset
    return Ranked.of(
        dataset.ground_truths,
        detection.predictions,
        len(dataset.classes),
        rank_of_ids(dataset.image_ids) if dataset.image_ids else None,
        at_least,
        detection.strict_coco,
    )


@remembered
def coco_places(detection: Detection) -> RankedPlaces:
    """Independent of the IoU, so worked out once for a detection."""
    dataset = detection.dataset
    image_rank = rank_of_ids(dataset.image_ids) if dataset.image_ids else None
    ranking = ClassRanking.of(detection.predictions, len(dataset.classes), image_rank)
    of_row = np.full(len(detection.predictions), NOTHING)
    of_row[ranking.row] = np.arange(len(ranking.row))
    return RankedPlaces(ranking, of_row.take(detection.rank_order))


def _segments_of(places: Sequence[Indices], begins: Indices) -> tuple[Indices, Indices]:
    """Places segment by segment, and where each segment begins; one list of places an IoU.

    begins [C + 1] says where each class begins among the places.
    """
    parts, firsts, before = [], [], 0
    for of_iou in places:
        part = np.sort(of_iou)
        firsts.append(before + np.searchsorted(part, begins[:-1]))
        parts.append(part)
        before += len(part)
    return np.concatenate(parts), np.append(np.concatenate(firsts), before)


def _sums(weight: Counts | None, image: Indices) -> Counts:
    """[M + 1] the weights of the first 0, 1, ... M rows together."""
    if weight is None:
        return np.arange(len(image) + 1)
    sums = np.zeros(len(image) + 1, np.int64)
    np.cumsum(weight.take(image), out=sums[1:])
    return sums
