"""SSD with its boxes decoded in the graph: a share of each class, the background's first."""

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, activated, corners_at, finite
from engine.scoring.model.session import Outputs


def ssd(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """Boxes [anchors, 4] and scores [anchors, 1 + classes] -> every pair above the floor.

    The first column is the background, so the classes begin with the second.
    """
    boxes, scores = outputs
    scores = activated(scores, card.output.activation)[:, 1:]
    row, class_, confidence = above(scores, floor)
    return finite(corners_at(boxes, row, card.output.box_format), class_, confidence)
