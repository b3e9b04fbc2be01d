"""FastestDet: one box a cell of one grid, its confidence weighed from two numbers."""

from typing import Final

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, corners_of, finite, sigmoid
from engine.scoring.model.session import Outputs

STRIDE: Final = 16  # input pixels for a cell
# Its authors' `handle_preds` since August 2022; before, confidence was the plain product.
OBJECTNESS_POWER: Final = 0.6
CLASS_POWER: Final = 0.4


def fastestdet(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[1 + 4 + classes, rows, columns] -> the best class of every cell above the floor.

    The numbers are objectness, the box before its tanh and sigmoid, and a share of each class.
    Boxes are shares of the input's width and height.
    """
    (output,) = outputs
    numbers, rows, columns = output.shape
    values = output.reshape(numbers, -1).astype(np.float64)
    best = values[5:].argmax(axis=0)  # of a cell with NaN the NaN
    share = np.take_along_axis(values[5:], best[None], axis=0)[0]
    with np.errstate(invalid="ignore"):  # of a number below 0, which the trial refutes
        scores = values[0] ** OBJECTNESS_POWER * share**CLASS_POWER
    cell, _, confidence = above(scores[:, None], floor)
    y, x = np.divmod(cell, columns)
    raw = values[1:5, cell]
    center = (np.tanh(raw[:2]) + np.stack([x, y])) / np.array([[columns], [rows]])
    boxes = np.concatenate([center, sigmoid(raw[2:])]).T
    return finite(corners_of(boxes, "cxcywh"), best[cell], confidence)
