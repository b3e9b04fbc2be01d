"""Precision over recall of each class, read off where COCO reads it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING, Counts, Indices, Mask
from engine.core.dataset import GroundTruths
from engine.detection.coco.matches import CocoMatches, Matchmaker
from engine.detection.coco.params import MAX_DETECTIONS, RECALLS, AreaRange
from engine.detection.coco.ranking import ClassRanking, SameClassPairs

Precisions: TypeAlias = NDArray[np.float64]  # [J IoUs, 101 recalls, C]; NaN without ground truth
Recalls: TypeAlias = NDArray[np.float64]  # [J IoUs, C] the highest reached; NaN likewise


@dataclass(frozen=True, eq=False)
class Scope:
    """What counts in one range of areas, before anything is matched."""

    ranking: ClassRanking
    candidates: SameClassPairs
    ground_truths: GroundTruths
    range: AreaRange
    most: int = MAX_DETECTIONS[-1]  # predictions of one class in one image
    strict: bool = False  # whether a match with id 0 is none

    @cached_property
    def ignored(self) -> Mask:
        """[T] ground truths that nobody must find, and that are no error to find."""
        return self.ground_truths.crowd | ~self.range.holds(self.ground_truths.area)

    @cached_property
    def truths_of_class(self) -> Counts:
        """[C] those that are not ignored."""
        wanted = self.ground_truths.class_.take(np.flatnonzero(~self.ignored))
        return np.bincount(wanted, minlength=self.ranking.classes)

    @cached_property
    def needed(self) -> Counts:
        """[C, 101] see truths_needed."""
        return truths_needed(self.truths_of_class)

    @cached_property
    def in_range(self) -> Mask:
        """[N] by place: false positives while they are not matched."""
        in_range = self.range.holds(self.ranking.area)
        if self.most < MAX_DETECTIONS[-1]:
            in_range &= self.ranking.rank < self.most
        return in_range

    @cached_property
    def in_range_until(self) -> Indices:
        """[Q] how many of its class are in range down to each candidate, itself included."""
        until = np.zeros(len(self.in_range) + 1, np.int32)
        np.cumsum(self.in_range, out=until[1:])
        of_lower_classes = until.take(self.ranking.class_begins[:-1])
        return until.take(self.candidates.place + 1) - of_lower_classes.take(self.candidates.class_)

    def believed(self, matches: CocoMatches) -> CocoMatches:
        """The matches, if strict without those that pycocotools takes for none.

        It notes a match as the id of the ground truth, and reads 0 as no match: such a
        ground truth is taken, and who took it stays a false positive. That a ground
        truth is ignored is noted apart, so whoever takes such a one is ignored as well.
        """
        ids = self.ground_truths.id
        if not self.strict or ids is None:
            return matches
        unread = np.append((ids == 0) & ~self.ignored, False)  # the last one for NOTHING
        return np.where(unread[matches], NOTHING, matches) if unread.any() else matches


@dataclass(frozen=True, eq=False)
class FoundInScope:
    """What was found within a scope, at J IoUs.

    A hit is a prediction that was matched at one of the IoUs. Hits are sorted by
    segment, the number of the IoU times C plus the class, then by place.
    """

    scope: Scope
    ious: int
    hit: Indices  # [H] the prediction, as the candidates are numbered
    segment: Indices  # [H] rising
    right: Mask  # [H] a true positive; otherwise its ground truth is ignored, and so is it

    @classmethod
    def of(cls, scope: Scope, matchmaker: Matchmaker) -> Self:
        """Match within a scope."""
        matches = scope.believed(matchmaker.ignoring(scope.ignored))
        hits = [np.flatnonzero(at_iou != NOTHING) for at_iou in matches]
        hit = np.concatenate(hits)
        segments = [
            scope.candidates.class_.take(at_iou) + number * scope.ranking.classes
            for number, at_iou in enumerate(hits)
        ]
        found = np.concatenate(
            [row.take(at_iou) for row, at_iou in zip(matches, hits, strict=True)]
        )
        right = (~scope.ignored).take(found)
        return cls(scope, len(matches), hit, np.concatenate(segments), right)

    def of_first(self, most: int) -> Self:
        """With at most so many predictions of a class in an image.

        The less confident ones never change what the more confident ones find, so
        they can be left out after matching.
        """
        if most == self.scope.most:
            return self
        rows = np.flatnonzero(self.scope.candidates.rank.take(self.hit) < most)
        return replace(
            self,
            scope=replace(self.scope, most=most),
            hit=self.hit.take(rows),
            segment=self.segment.take(rows),
            right=self.right.take(rows),
        )

    def recalls(self) -> Recalls:
        """True positives / ground truths."""
        truths = self.scope.truths_of_class
        reached: Recalls = self._true_positives.reshape(self.ious, -1) / truths_or_nan(truths)
        return reached

    def precisions(self) -> Precisions:
        """The highest precision at each of RECALLS or beyond; 0 where that is never reached."""
        found = self._true_positives
        first = np.cumsum(found) - found
        segment = self.segment.take(self._right_rows)
        true_positives = np.arange(1, len(segment) + 1) - first.take(segment)
        # The spacing is pycocotools', and can change the last bit.
        precision = true_positives / (self._counted() + np.spacing(1))

        truths = self.scope.truths_of_class
        best = highest_beyond(precision, found, np.tile(self.scope.needed, (self.ious, 1)))
        by_class = best.reshape(self.ious, len(truths), -1)
        by_class[:, truths == 0] = np.nan
        return np.ascontiguousarray(by_class.transpose(0, 2, 1))

    def _counted(self) -> Indices:
        """How many of its class count down to each true positive, itself included.

        A prediction that was matched counts if its ground truth does, and one that was
        not counts, as a false positive, if its own area is in range. So the number is
        that of the predictions in range, which no match changes, corrected at the hits.
        """
        in_range = self.scope.in_range.take(self.scope.candidates.place).view(np.int8)
        gained = np.zeros(len(self.hit) + 1, np.int32)
        np.cumsum(self.right.view(np.int8) - in_range.take(self.hit), out=gained[1:])
        begins = np.searchsorted(self.segment, np.arange(len(self._true_positives)))
        rows = self._right_rows
        counted = self.scope.in_range_until.take(self.hit.take(rows))
        counted += gained.take(rows + 1)
        counted -= gained.take(begins).take(self.segment.take(rows))
        return counted

    @cached_property
    def _right_rows(self) -> Indices:
        return np.flatnonzero(self.right)

    @cached_property
    def _true_positives(self) -> Counts:
        """[J * C] of each segment."""
        segments = self.ious * self.scope.ranking.classes
        return np.bincount(self.segment.take(self._right_rows), minlength=segments)


def truths_or_nan(ground_truths: Counts) -> NDArray[np.float64]:
    """[C] a divisor that makes the ratios of a class without ground truth undefined."""
    return np.where(ground_truths > 0, ground_truths, np.nan)


def highest_beyond(
    precision: NDArray[np.float64], found: Counts, needed: Counts
) -> NDArray[np.float64]:
    """[S, 101] the highest precision at a recall or beyond; 0 where it is never reached.

    precision [H] at each true positive, segment by segment; found [S] how many each
    segment has; needed [S, 101] as truths_needed gives them.
    """
    first = np.cumsum(found) - found
    reads = np.minimum(needed - 1, found[:, None]) + first[:, None]
    # Precision rises at true positives only, and reads rise through all segments: so
    # the best from each read to the next, taken from the right, is the best beyond.
    best = np.maximum.reduceat(np.append(precision, 0), reads.ravel()).reshape(reads.shape)
    best *= needed <= found[:, None]
    return np.maximum.accumulate(best[:, ::-1], axis=1)[:, ::-1]


def truths_needed(ground_truths: Counts, recalls: NDArray[np.float64] = RECALLS) -> Counts:
    """[C, 101] the fewest true positives, at least 1, that reach each of the recalls [101].

    ground_truths [C] of each class. Found by estimate and correction, because what
    counts is the rounded quotient k / n that pycocotools compares, not the exact one.
    """
    n = np.maximum(ground_truths, 1)[:, None].astype(np.float64)
    needed = np.maximum(np.ceil(recalls * n), 1)
    needed -= (needed > 1) & ((needed - 1) / n >= recalls)
    needed += needed / n < recalls
    return needed.astype(np.int64)
