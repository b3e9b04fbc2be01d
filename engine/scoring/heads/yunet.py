"""YuNet, the face detector of OpenCV: class, objectness and box of each cell of three grids."""

from typing import Final

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, corners_of, finite
from engine.scoring.heads.cells import cells
from engine.scoring.model.session import Outputs

STRIDES: Final = (8, 16, 32)  # input pixels for a cell, finest grid first
PARTS: Final = (1, 1, 4)  # numbers of a cell: class, objectness, box; then ten of points


def yunet(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """Classes [cells, 1] of three grids, objectness [cells, 1], boxes [cells, 4], then points.

    Confidence is the root of class * objectness, as `FaceDetectorYN` has it. A box is x, y in
    cells from its cell's corner, and the logarithms of width and height in cells.
    """
    grids = len(STRIDES)
    class_, objectness, boxes = (
        np.concatenate([part.reshape(-1, numbers) for part in outputs[at : at + grids]])
        for at, numbers in zip(range(0, 3 * grids, grids), PARTS, strict=True)
    )
    scores = np.sqrt(class_.clip(0, 1) * objectness.clip(0, 1))
    row, _, confidence = above(scores, floor)
    corner, stride = (part[row] for part in cells(card.input.size, STRIDES))
    box = boxes[row].astype(np.float64)
    with np.errstate(over="ignore"):
        box[:, 2:] = np.exp(box[:, 2:])
    box[:, :2] += corner
    return finite(corners_of(box * stride[:, None], "cxcywh"), np.zeros_like(row), confidence)
