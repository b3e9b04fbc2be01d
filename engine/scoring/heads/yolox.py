"""YOLOX as its authors export it: boxes still relative to the cells of three grids."""

from typing import Final

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, corners_of, finite
from engine.scoring.heads.cells import cells
from engine.scoring.model.session import Outputs

STRIDES: Final = (8, 16, 32)  # input pixels for a cell, finest grid first


def yolox(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
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
    corner, stride = (part[cell] for part in cells(card.input.size, STRIDES))
    boxes = output[cell, :4].astype(np.float64)
    with np.errstate(over="ignore"):
        boxes[:, 2:] = np.exp(boxes[:, 2:]) * stride[:, None]
    boxes[:, :2] = (boxes[:, :2] + corner) * stride[:, None]
    return finite(corners_of(boxes, "cxcywh"), class_, confidence)


def cell_count(size: tuple[int, ...]) -> int:
    """How many rows the output has for an input of this height and width."""
    return len(cells(size, STRIDES)[1])
