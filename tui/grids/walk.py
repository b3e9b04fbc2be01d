"""Ways through a matrix: positions in, positions out."""

from typing import Final

import numpy as np

from engine.core.arrays import Indices
from tui.grids.paint.scene import MatrixCell
from tui.grids.paint.view import MatrixView

FAR: Final = 1 << 30
"""A step that always reaches the end."""


def step(view: MatrixView, cell: MatrixCell, rows: int, columns: int) -> MatrixCell:
    """So many rows down and columns to the right, or as far as it goes."""
    row = min(max(cell[0] + rows, 0), view.rows - 1)
    column = min(max(cell[1] + columns, 0), view.columns - 1)
    if row == column == view.classes:  # end row and end column do not meet in a cell
        return (row - 1, column) if rows else (row, column - 1)
    return row, column


def stand(view: MatrixView, truth: int, predicted: int, nearest: MatrixCell) -> MatrixCell:
    """The cell of these classes; on a side whose class is not on show, the nearest position."""
    row = view.position(truth, view.row_end is not None)
    column = view.position(predicted, view.column_end is not None)
    last = view.classes - 1  # a class that is gone does not become "nothing"
    there = (
        min(nearest[0], last) if row is None else row,
        min(nearest[1], last) if column is None else column,
    )
    return step(view, there, 0, 0)


def along(cells: Indices, cell: MatrixCell, forward: bool) -> MatrixCell | None:
    """The cell of a list [K, 2] after this one or before it, around the ends of the list.

    From a cell that is not in it to its first or last one; None where it is empty.
    """
    if not len(cells):
        return None
    here = np.flatnonzero((cells[:, 0] == cell[0]) & (cells[:, 1] == cell[1]))
    if len(here):
        rank = (int(here[0]) + (1 if forward else -1)) % len(cells)
    else:
        rank = 0 if forward else len(cells) - 1
    row, column = cells[rank].tolist()
    return row, column
