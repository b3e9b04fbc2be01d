"""A confusion matrix seen from far: its cells pooled into as many blocks as there is room for."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices, Mask, Ratios
from engine.core.matrix import ConfusedCells, ConfusionMatrix
from engine.core.rates import recall

FEW: Final = 20
"""A row that sums to less is taken for one of so many: one error of one object is no fire."""


@dataclass(frozen=True, eq=False)
class Overview:
    """The classes on show in stretches of neighbours; a block is where two stretches meet.

    Positions are those of the classes on show, S of them; position S is the matrix's last
    row or column, which is a stretch of its own where the matrix has one.
    """

    shown: Indices  # [S] classes in the order in which they stand
    row_starts: (
        Indices  # [R + 1] rising: where each stretch of rows begins, and where the last ends
    )
    column_starts: Indices  # [K + 1] likewise
    errors: Counts  # [R, K] what a block counts off the diagonal
    right: Counts  # [R, K] what it counts on the diagonal
    heat: Ratios  # [R, K] 0 to 1: the largest share of its row that an error in the block has
    recall: Ratios  # [R, K] right over the ground truths of the diagonal's classes; NaN without any
    diagonal: Mask  # [R, K] where the diagonal passes

    @property
    def shape(self) -> tuple[int, int]:
        """R and K."""
        rows, columns = self.errors.shape
        return rows, columns

    def block_of(self, row: int, column: int) -> tuple[int, int]:
        """The block of the cell at a position; of the nearest where there is no such cell."""
        places = []
        for starts, position in ((self.row_starts, row), (self.column_starts, column)):
            found = int(np.searchsorted(starts, position, side="right")) - 1
            places.append(min(max(found, 0), len(starts) - 2))
        return places[0], places[1]

    def rows_of(self, block: int) -> range:
        """The positions of the rows of a block."""
        return range(int(self.row_starts[block]), int(self.row_starts[block + 1]))

    def columns_of(self, block: int) -> range:
        """The positions of the columns of a block."""
        return range(int(self.column_starts[block]), int(self.column_starts[block + 1]))


def positions(shown: Indices, classes: int) -> Indices:
    """[classes + 1] where each class stands among those shown, NOTHING for others; S at the end."""
    place = np.full(classes + 1, NOTHING, dtype=np.intp)
    place[shown] = np.arange(len(shown))
    place[-1] = len(shown)
    return place


def overview(matrix: ConfusionMatrix, shown: Indices, rows: int, columns: int) -> Overview:
    """Pool the cells of the classes shown into at most so many blocks, at least 2 each way.

    Every cell is in one block, so the counts of all blocks add up to those of the cells. A
    block's heat is the largest of its errors' shares of their rows: a mean would drown one
    strong confusion among hundreds of empty cells, and counts all classes but the frequent.
    """
    has_row, has_column = bool(matrix.extra_row), bool(matrix.extra_column)
    row_starts = _starts(len(shown), max(rows, 2), has_row)
    column_starts = _starts(len(shown), max(columns, 2), has_column)
    shape = len(row_starts) - 1, len(column_starts) - 1
    size = shape[0] * shape[1]
    row_block, column_block = _block_of(row_starts), _block_of(column_starts)

    errors, truth, predicted = _on_show(matrix, shown, has_row, has_column)
    block = row_block[truth] * shape[1] + column_block[predicted]
    sums = np.append(matrix.ground_truths, matrix.counts[-1].sum())
    heat = np.zeros(size)
    np.maximum.at(heat, block, errors.count / np.maximum(sums.take(errors.truth), FEW))

    places = np.arange(len(shown))
    on_diagonal = row_block[places] * shape[1] + column_block[places]
    right = _sums(on_diagonal, matrix.true_positives.take(shown), size)
    truths = _sums(on_diagonal, matrix.ground_truths.take(shown), size)
    diagonal = np.zeros(size, np.bool_)
    diagonal[on_diagonal] = True
    return Overview(
        shown,
        row_starts,
        column_starts,
        _sums(block, errors.count, size).reshape(shape),
        right.reshape(shape),
        heat.reshape(shape),
        recall(right, truths).reshape(shape),
        diagonal.reshape(shape),
    )


def errors_in(
    matrix: ConfusionMatrix, shown: Indices, rows: range, columns: range
) -> tuple[ConfusedCells, Indices, Indices]:
    """The errors at these positions, the most frequent first, and their rows and columns there.

    Equal counts keep reading order. Sides of the cells are classes; C is the last line.
    """
    cells, truth, predicted = _on_show(
        matrix, shown, bool(matrix.extra_row), bool(matrix.extra_column)
    )
    inside = np.flatnonzero(
        (truth >= rows.start)
        & (truth < rows.stop)
        & (predicted >= columns.start)
        & (predicted < columns.stop)
    )
    order = np.lexsort((predicted[inside], truth[inside], -cells.count[inside]))
    inside = inside[order]
    return cells.where(inside), truth[inside], predicted[inside]


def _on_show(
    matrix: ConfusionMatrix, shown: Indices, has_row: bool, has_column: bool
) -> tuple[ConfusedCells, Indices, Indices]:
    """The errors that are in sight of somebody who sees these classes, and where they stand."""
    place = positions(shown, matrix.classes)
    cells, last = matrix.errors, len(shown)
    truth, predicted = place.take(cells.truth), place.take(cells.predicted)
    seen = (truth != NOTHING) & (predicted != NOTHING)
    if not has_row:
        seen &= truth != last
    if not has_column:
        seen &= predicted != last
    kept = np.flatnonzero(seen)
    return cells.where(kept), truth[kept], predicted[kept]


def _starts(classes: int, blocks: int, has_end: bool) -> Indices:
    """Even stretches of classes, then one for the end."""
    stretches = max(min(blocks - has_end, classes), 1)
    starts = np.arange(stretches + 1) * classes // stretches
    return np.append(starts, classes + 1) if has_end else starts


def _block_of(starts: Indices) -> Indices:
    """The stretch of each position."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def _sums(block: Indices, count: Counts, size: int) -> Counts:
    return np.bincount(block, weights=count, minlength=size).astype(np.int64)
