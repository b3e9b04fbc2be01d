"""YOLO-FastestV2: three anchors a cell of two grids, which share the classes of their cell."""

from typing import Final

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, corners_of, finite
from engine.scoring.model.session import Outputs

STRIDES: Final = (16, 32)  # input pixels for a cell, finest grid first
EACH: Final = 3  # anchors of a cell
# Widths and heights in input pixels, those of its authors for COCO at 352 x 352.
ANCHORS: Final = (
    *(12.64, 19.39, 37.88, 51.48, 55.71, 138.31),
    *(126.91, 78.23, 131.57, 214.55, 279.92, 258.87),
)


def yolo_fastestv2(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """Two grids [rows, columns, 3 * (4 + 1) + classes] -> every pair of anchor and class above.

    A cell's numbers are the boxes of its anchors, their objectness, and a share of each class, all
    through a sigmoid or softmax in the graph; confidence is objectness * class.
    """
    known = np.array(card.output.anchors or ANCHORS).reshape(len(STRIDES), EACH, 2)
    scores, boxes = [], []
    for output, anchors, stride in zip(outputs, known, STRIDES, strict=True):
        rows, columns, _ = output.shape
        cells = output.reshape(rows * columns, -1).astype(np.float64)
        objectness = cells[:, 4 * EACH : 5 * EACH]
        shares = cells[:, 5 * EACH :]
        scores.append((objectness[:, :, None] * shares[:, None]).reshape(-1, shares.shape[1]))
        box = cells[:, : 4 * EACH].reshape(-1, EACH, 4)
        y, x = np.divmod(np.arange(rows * columns), columns)
        corner = np.stack([x, y], axis=1)[:, None]
        center = (box[..., :2] * 2 - 0.5 + corner) * stride
        sides = (box[..., 2:] * 2) ** 2 * anchors
        boxes.append(np.concatenate([center, sides], axis=2).reshape(-1, 4))
    row, class_, confidence = above(np.concatenate(scores), floor)
    return finite(corners_of(np.concatenate(boxes)[row], "cxcywh"), class_, confidence)
