"""The matrix at any confidence, from one pass over the predictions."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Counts, Indices
from engine.core.matrix import ConfusionMatrix
from engine.detection.boxes import Pairs
from engine.detection.rules import MatchesAtIou

CHECKPOINTS = 64
CHECKPOINT_BYTES = 48_000_000  # together: a thousand classes get fewer checkpoints
SEVERAL = 8  # adding one by one costs as much as passing over so many cells
SHORTEST_BLOCK = 2**14  # predictions: so many are counted in less time than a checkpoint is copied


@dataclass(frozen=True, eq=False)
class MatrixSteps:
    """Where each prediction counts, in order of rank, and which ones move to another cell.

    Cells are numbered through: row times (C + 1) plus column; one more cell takes the
    predictions that are ignored. Sums up to every few thousand predictions are kept,
    so a matrix is one of them plus a short rest.
    """

    classes: int
    cell: Indices  # [N] the cell that a prediction counts in from its own rank on
    moved_at: Indices  # [K] rising: the rank at which a prediction gets or loses a ground truth
    moved_from: Indices  # [K] the cell it leaves
    moved_to: Indices  # [K] the cell it counts in from then on
    truths_of_class: Counts  # [C]

    @classmethod
    def of(
        cls, matches: MatchesAtIou, predicted: Indices, truth: Indices, truths_of_class: Counts
    ) -> Self:
        """From matches; predicted [N] and truth [T] are the classes of the ranked rows."""
        classes = len(truths_of_class)
        width = classes + 1

        def held(pairs: Pairs) -> Indices:
            return truth[pairs.ground_truth] * width + predicted[pairs.prediction]

        settled = matches.settled
        cell = classes * width + predicted
        cell[matches.on_crowd] = width * width
        alone = cell[settled.pairs.prediction]
        cell[matches.found.prediction] = held(matches.found)
        together = held(settled.pairs)
        at_once = settled.since == settled.pairs.prediction
        cell[settled.pairs.prediction[at_once]] = together[at_once]
        # One that goes from one ground truth to another does so by way of holding none.
        moved_at = np.concatenate((settled.until, settled.since[~at_once]))
        moved_from = np.concatenate((together, alone[~at_once]))
        moved_to = np.concatenate((alone, together[~at_once]))
        moves = np.argsort(moved_at, kind="stable")
        return cls(
            classes, cell, moved_at[moves], moved_from[moves], moved_to[moves], truths_of_class
        )

    def at(self, n: int, chained: Pairs, predicted: Indices, truth: Indices) -> ConfusionMatrix:
        """The matrix when the first n predictions count; chained are the open matches at n."""
        width = self.classes + 1
        block = n // self._block
        counts = self.checkpoints[block].astype(np.int64)
        rest = self.cell[block * self._block : n]
        if len(rest) < len(counts) // SEVERAL:
            np.add.at(counts, rest, 1)
        else:
            counts += np.bincount(rest, minlength=len(counts))
        moved = self._moves(block * self._block, n)
        np.subtract.at(counts, self.moved_from[moved], 1)
        np.add.at(counts, self.moved_to[moved], 1)
        column = predicted[chained.prediction]
        np.subtract.at(counts, self.classes * width + column, 1)
        np.add.at(counts, truth[chained.ground_truth] * width + column, 1)
        ignored = int(counts[-1])
        table = counts[:-1].reshape(width, width)
        table[:-1, -1] = self.truths_of_class - table[:-1, :-1].sum(axis=1)
        return ConfusionMatrix(table, ignored)

    @cached_property
    def _block(self) -> int:
        cells = (self.classes + 1) ** 2 + 1
        checkpoints = max(1, min(CHECKPOINTS, CHECKPOINT_BYTES // (4 * cells)))
        return max(len(self.cell) // checkpoints + 1, SHORTEST_BLOCK)

    @cached_property
    def checkpoints(self) -> NDArray[np.int32]:
        """[B, cells] the counts when the first b blocks of predictions count."""
        cells = (self.classes + 1) ** 2 + 1
        blocks = len(self.cell) // self._block
        sums = np.zeros((blocks + 1, cells), np.int32)
        for block in range(blocks):
            start, end = block * self._block, (block + 1) * self._block
            moved = self._moves(start, end)
            sums[block + 1] = sums[block] + np.bincount(self.cell[start:end], minlength=cells)
            sums[block + 1] += np.bincount(self.moved_to[moved], minlength=cells)
            sums[block + 1] -= np.bincount(self.moved_from[moved], minlength=cells)
        return sums

    def _moves(self, start: int, end: int) -> slice:
        """The moves of which end predictions know and start predictions do not."""
        first, last = np.searchsorted(self.moved_at, (start, end))
        return slice(int(first), int(last))
