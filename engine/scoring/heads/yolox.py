"""YOLOX as its authors export it: boxes still relative to the cells of three grids."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import Candidates, above, corners_of, finite
from engine.scoring.session import Outputs

STRIDES: Final = (8, 16, 32)  # input pixels for a cell, finest grid first


def yolox(outputs: Outputs, card: ModelCard, floor: float) -> Candidates:
    """[cells, 5 + classes] -> the best class of every cell above the floor.

    A row is x, y in cells from its cell's corner, the logarithms of width and
    height in cells, objectness, and the classes; confidence is objectness * class.
    YOLOX's own evaluation takes one class a cell, and its published figures are so made.
    """
    (output,) = outputs
    # A class never raises the objectness, so most rows are settled by one number.
    # NaN stays in, to be named.
    possible = np.flatnonzero(~(output[:, 4] < floor))
    scores = output[possible, 5:] * output[possible, 4:5]
    best = scores.argmax(axis=1)  # of a row with NaN the NaN
    row, _, confidence = above(np.take_along_axis(scores, best[:, None], axis=1), floor)
    cell, class_ = possible[row], best[row]
    corner, stride = (part[cell] for part in _cells(card.input.size))
    boxes = output[cell, :4].astype(np.float64)
    with np.errstate(over="ignore"):
        boxes[:, 2:] = np.exp(boxes[:, 2:]) * stride[:, None]
    boxes[:, :2] = (boxes[:, :2] + corner) * stride[:, None]
    return finite(corners_of(boxes, "cxcywh"), class_, confidence)


def cell_count(size: tuple[int, ...]) -> int:
    """How many rows the output has for an input of this height and width."""
    return len(_cells(size)[1])


@lru_cache(maxsize=8)
def _cells(size: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corner [cells, 2] as x, y in cells, and stride [cells] in input pixels."""
    corners, strides = [], []
    for stride in STRIDES:
        rows, columns = size[0] // stride, size[1] // stride
        y, x = np.divmod(np.arange(rows * columns), max(columns, 1))
        corners.append(np.stack([x, y], axis=1))
        strides.append(np.full(rows * columns, stride))
    return np.concatenate(corners).astype(np.float64), np.concatenate(strides).astype(np.float64)
