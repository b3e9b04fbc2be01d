"""Turned boxes, as Ultralytics' -obb gives them: their upright hulls, and the turned boxes too."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Indices, Scores
from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, sigmoid
from engine.scoring.model.session import Outputs


def yolo_obb(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[4 + classes + 1, anchors], the angle last -> every pair of anchor and class above the floor.

    Suppression is left to us, and compares the boxes as they are turned.
    """
    (output,) = outputs
    scores = output[4:-1]
    if card.output.activation == "sigmoid":
        scores = sigmoid(scores)
    class_, anchor, confidence = above(scores, floor)
    boxes = np.concatenate([output[:4, anchor], output[-1:, anchor]]).T.astype(np.float64)
    return _real(boxes, class_, confidence)


def rows7_obb(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[boxes, 7] as center, width, height, confidence, class, angle -> rows above the floor."""
    (output,) = outputs
    row, _, confidence = above(output[:, 4:5], floor)
    boxes = output[row][:, [0, 1, 2, 3, 6]].astype(np.float64)
    return _real(boxes, output[row, 5].astype(np.intp) - card.output.label_offset, confidence)


def _real(boxes: NDArray[np.float64], class_: Indices, confidence: Scores) -> BoxCandidates:
    """Without boxes that lie nowhere, and without background, as `finite` has it."""
    rows = np.isfinite(boxes).all(axis=1) & (class_ >= 0)
    boxes = boxes[rows]
    return BoxCandidates(hulls(boxes), class_[rows], confidence[rows], boxes)


def hulls(turned: NDArray[Any]) -> NDArray[np.float64]:
    """Turned boxes [N, 5] -> left, top, right, bottom [N, 4] of the upright boxes around them."""
    center, sides, angle = turned[:, :2], np.abs(turned[:, 2:4]), turned[:, 4:]
    cos, sin = np.abs(np.cos(angle)), np.abs(np.sin(angle))
    half = (sides * cos + sides[:, ::-1] * sin) / 2
    return np.concatenate([center - half, center + half], axis=1)
