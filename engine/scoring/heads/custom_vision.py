"""The compact detector of Azure Custom Vision: YOLOv2's map of cells and anchors."""

from typing import Final

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import (
    BoxCandidates,
    above,
    corners_of,
    finite,
    sigmoid,
    softmax,
)
from engine.scoring.model.session import Outputs

STRIDE: Final = 32  # input pixels for a cell: 13 x 13 cells of its 416 x 416
# Width and height in cells, the same in every export: object_detection.py, which the
# service puts beside the model.
ANCHORS: Final = np.array([[0.573, 0.677], [1.87, 2.06], [3.34, 5.47], [7.88, 3.53], [9.77, 9.17]])


def custom_vision(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[anchors * (5 + classes), rows, columns] -> the best class of every box above the floor.

    Boxes are shares of the input's width and height.
    """
    (output,) = outputs
    _, rows, columns = output.shape
    # [anchor, number, row, column] -> [row, column, anchor, number]
    values = output.reshape(len(ANCHORS), -1, rows, columns).transpose(2, 3, 0, 1)
    values = values.astype(np.float64)
    y, x = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    boxes = np.empty((*values.shape[:3], 4))
    boxes[..., 0] = (sigmoid(values[..., 0]) + x[..., None]) / columns
    boxes[..., 1] = (sigmoid(values[..., 1]) + y[..., None]) / rows
    with np.errstate(over="ignore"):
        boxes[..., 2:] = np.exp(values[..., 2:4]) * ANCHORS / [columns, rows]
    scores = softmax(values[..., 5:]) * sigmoid(values[..., 4:5])
    scores = scores.reshape(-1, scores.shape[-1])
    best = scores.argmax(axis=1)
    row, _, confidence = above(np.take_along_axis(scores, best[:, None], axis=1), floor)
    return finite(corners_of(boxes.reshape(-1, 4)[row], "cxcywh"), best[row], confidence)
