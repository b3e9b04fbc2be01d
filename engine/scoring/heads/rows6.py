"""Models that suppress by themselves: one row a box, its confidence and its class."""

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import Candidates, above, corners_of, finite
from engine.scoring.session import Outputs


def rows6(outputs: Outputs, card: ModelCard, floor: float) -> Candidates:
    """[boxes, 6] as four numbers of the box, confidence, class -> rows above the floor."""
    (output,) = outputs
    row, _, confidence = above(output[:, 4:5], floor)
    corners = corners_of(output[row, :4], card.output.box_format)
    if card.output.box_space == "normalized":
        height, width = card.input.size
        corners *= np.array([width, height, width, height])
    class_ = output[row, 5].astype(np.intp) - card.output.label_offset
    return finite(corners, class_, confidence)
