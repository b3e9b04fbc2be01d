"""The layout of Ultralytics v8 and later: one column an anchor, sigmoid inside."""

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import Candidates, above, corners_of, finite, sigmoid
from engine.scoring.session import Outputs


def yolo(outputs: Outputs, card: ModelCard, floor: float) -> Candidates:
    """[4 + classes, anchors] -> every pair of anchor and class above the floor."""
    (output,) = outputs
    scores = output[4:]
    if card.output.activation == "sigmoid":
        scores = sigmoid(scores)
    class_, anchor, confidence = above(scores, floor)
    corners = corners_of(output[:4, anchor].T, card.output.box_format)
    if card.output.box_space == "normalized":
        height, width = card.input.size
        corners *= np.array([width, height, width, height])
    return finite(corners, class_, confidence)
