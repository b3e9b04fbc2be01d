"""The most confident predictions by rank, as few of them as a question needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np

from engine.core.arrays import Indices
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.sorting import most_confident_first
from engine.detection.boxes import overlapping
from engine.detection.matching import PairCandidates
from engine.util.once import once

GROWTH: Final = 1.5  # of a part over the one before, so that all of them cost little more than one
NEARLY_ALL: Final = 0.5  # of the predictions: from here on all are taken


@dataclass(frozen=True, eq=False)
class Leading:
    """The n predictions that reach a confidence, by rank, and the ground truths they overlap.

    Under each rule of matching, what holds when the first k predictions count depends on
    no later one: a choice is made by rank (matching.match), and what takes a ground truth
    away does so from its own rank on (matching.Spans). So for every k up to n the pairs,
    and all counts, are those of the whole detection, and the rest need not be looked at.
    """

    dataset: DetectionDataset
    floor: float  # the confidence that they reach, and no other prediction does
    row: Indices  # [n] in the file, the most confident first; equal ones keep file order
    found: Predictions  # [n] by rank

    @classmethod
    def of(
        cls, dataset: DetectionDataset, predictions: Predictions, floor: float = -np.inf
    ) -> Self:
        """Those of the predictions, in file order, that reach the floor.

        One whose confidence is NaN, as strict reading keeps it, reaches nothing.
        """
        confidence = predictions.confidence
        if floor == -np.inf and not np.isnan(confidence).any():
            row = most_confident_first(confidence)
        else:
            reach = np.flatnonzero(confidence >= floor)
            row = reach.take(most_confident_first(confidence.take(reach)))
        return cls(dataset, floor, row, predictions.where(row))

    def __len__(self) -> int:
        return len(self.row)

    @property
    def is_whole(self) -> bool:
        """Whether every prediction is among them, so that none follows."""
        return self.floor == -np.inf

    @once
    def candidates(self) -> PairCandidates:
        """What they may match at any IoU that a slider reaches."""
        truths = self.dataset.ground_truths
        return PairCandidates.of(overlapping(self.found, truths), self.found, truths)

    @cached_property
    def tie_ends(self) -> Indices:
        """Ranks of the last of each distinct confidence: no threshold parts equal ones."""
        scores = self.found.confidence
        return np.flatnonzero(np.append(scores[1:] != scores[:-1], True)[: len(scores)])


class Parts:
    """The leading parts of a detection that were asked for, each made once.

    A memory only: whatever was asked before, an answer holds what it should.
    """

    def __init__(self, dataset: DetectionDataset, predictions: Predictions, truths: int) -> None:
        self._dataset, self._predictions, self._truths = dataset, predictions, truths
        self._made: tuple[Leading, ...] = ()  # the shortest first; replaced, never changed

    @once
    def whole(self) -> Leading:
        """All predictions."""
        return Leading.of(self._dataset, self._predictions)

    def reaching(self, confidence: float) -> Leading:
        """A part that holds every prediction with at least this confidence."""
        for part in self._made:
            if part.floor <= confidence:
                return part
        wanted = int(np.count_nonzero(self._predictions.confidence >= confidence))
        longest = len(self._made[-1]) if self._made else 0
        return self._part(max(wanted, int(GROWTH * longest)), confidence)

    def growing(self) -> Iterator[Leading]:
        """Ever longer parts, the whole last; the first may hold twice the ground truths."""
        wanted = max(2 * self._truths, 1)
        while True:
            part = next((part for part in self._made if len(part) >= wanted), None)
            part = part or self._part(wanted, np.inf)
            yield part
            if part.is_whole:
                return
            wanted = 2 * len(part)

    def _part(self, wanted: int, confidence: float) -> Leading:
        """The first predictions, at least so many and at least those of the confidence."""
        scores = self._predictions.confidence
        if wanted > NEARLY_ALL * len(scores) or not wanted:
            return self.whole
        floor = min(confidence, -float(np.partition(-scores, wanted - 1)[wanted - 1]))
        part = Leading.of(self._dataset, self._predictions, floor)
        self._made = tuple(sorted((*self._made, part), key=len))
        return part
