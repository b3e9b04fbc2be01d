"""Transformers: a fixed number of queries, each with a box and a score for every class."""

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, activated, corners_at, finite
from engine.scoring.model.session import Outputs


def detr(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """Boxes [queries, 4] and scores [queries, classes], or both in one [queries, 4 + classes].

    A softmax lets a query be one class, so its best one counts; a sigmoid asks each
    class by itself, so every pair of query and class above the floor counts. Both
    as Hugging Face's `post_process_object_detection` has them. One joined output is
    that of Ultralytics' RT-DETR, which takes the best class too.
    """
    joined = len(outputs) == 1
    boxes, scores = (outputs[0][:, :4], outputs[0][:, 4:]) if joined else outputs
    activation = card.output.activation
    scores = activated(scores, activation)
    if joined or activation.startswith("softmax"):
        best = scores.argmax(axis=1)  # of a row with NaN the NaN
        row, _, confidence = above(np.take_along_axis(scores, best[:, None], axis=1), floor)
        class_ = best[row]
    else:
        row, class_, confidence = above(scores, floor)
    return finite(
        corners_at(boxes, row, card.output.box_format),
        class_ - card.output.label_offset,
        confidence,
    )
