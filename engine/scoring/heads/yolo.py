"""One prediction an anchor, decoded in the graph: Ultralytics, and YOLOv5 and its kin."""

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, corners_at, finite, sigmoid
from engine.scoring.model.session import Outputs


def yolo(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[4 + classes + left out, anchors] -> every pair of anchor and class above the floor."""
    (output,) = outputs
    scores = output[4 : len(output) - card.output.columns_left_out]
    if card.output.activation == "sigmoid":
        scores = sigmoid(scores)
    class_, anchor, confidence = above(scores, floor)
    corners = corners_at(output[:4].T, anchor, card.output.box_format)
    return finite(corners, class_, confidence)


def yolo_obj(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[anchors, 5 + classes + left out]: the box, objectness, classes; confidence is their product.

    Every pair of anchor and class above the floor, as YOLOv5's own validation takes them.
    """
    (output,) = outputs
    scores = output[:, 4 : output.shape[1] - card.output.columns_left_out]
    if card.output.activation == "sigmoid":
        scores = sigmoid(scores)
    # A class never raises the objectness, so most rows are settled by one number.
    # NaN stays in, to be named.
    possible = np.flatnonzero(~(scores[:, 0] < floor))
    row, class_, confidence = above(scores[possible, 1:] * scores[possible, :1], floor)
    corners = corners_at(output[:, :4], possible[row], card.output.box_format)
    return finite(corners, class_, confidence)
