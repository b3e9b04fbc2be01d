"""Models that suppress by themselves: one row a box, its confidence and its class."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, corners_of, finite
from engine.scoring.model.session import Outputs


def rows6(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[boxes, 6 + left out]: four numbers of the box, confidence, class -> rows above the floor."""
    (rows,) = outputs
    return listed((rows[:, :4], rows[:, 4], rows[:, 5]), card, floor)


def rows7(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[boxes, 7] as image, four numbers of the box, confidence, class."""
    (rows,) = outputs
    return listed((rows[:, 1:5], rows[:, 5], rows[:, 6]), card, floor)


def rows7_class_first(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[boxes, 7] as image, four numbers of the box, class, confidence: YOLOv7's order."""
    (rows,) = outputs
    return listed((rows[:, 1:5], rows[:, 6], rows[:, 5]), card, floor)


def dets5_labels(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[boxes, 5] as four numbers of the box and confidence, and classes [boxes]."""
    rows, labels = outputs
    return listed((rows[:, :4], rows[:, 4], labels), card, floor)


def counted(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """Boxes [K, 4], confidences [K], classes [K], and how many of them are meant."""
    *table, count = outputs
    real = int(np.asarray(count).reshape(-1)[0])
    return listed(tuple(part[:real] for part in table), card, floor)


def listed(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """Boxes [K, 4], confidences [K], classes [K] -> those above the floor."""
    if len(outputs) == 4:
        return counted(outputs, card, floor)
    boxes, scores, labels = outputs
    row, _, confidence = above(_column(scores), floor)
    class_ = _column(labels)[row, 0].astype(np.intp) - card.output.label_offset
    return finite(corners_of(boxes[row], card.output.box_format), class_, confidence)


def _column(values: NDArray[Any]) -> NDArray[Any]:
    return values.reshape(-1, 1)
