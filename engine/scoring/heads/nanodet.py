"""NanoDet: each side of a box is a distribution over distances from its cell's center."""

from typing import Final

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, finite, softmax
from engine.scoring.heads.cells import cells
from engine.scoring.model.session import Outputs

BINS: Final = (8, 11)  # distances from 0 in strides: `reg_max` + 1 of the published configs
PLUS_STRIDES: Final = (8, 16, 32, 64)  # NanoDet-Plus; the first NanoDet lacks the last
STRIDES: Final = (8, 16, 32)


def nanodet(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """[cells, classes + 4 * bins] -> the best class of every cell above the floor.

    Classes come first, through a sigmoid in the graph, then for left, top, right and
    bottom the logits of as many distances as `output.bins`, whose mean is the distance in strides.
    NanoDet-Plus measures from a cell's corner, the first NanoDet from its middle.
    """
    (output,) = outputs
    bins = card.output.bins
    plus = len(output) == len(cells(card.input.size, PLUS_STRIDES)[1])
    corner, stride = cells(card.input.size, PLUS_STRIDES if plus else STRIDES)
    scores = output[:, : -4 * bins]
    best = scores.argmax(axis=1)
    row, _, confidence = above(np.take_along_axis(scores, best[:, None], axis=1), floor)
    logits = output[row, -4 * bins :].reshape(-1, 4, bins).astype(np.float64)
    distance = softmax(logits) @ np.arange(bins)
    center = corner[row] + (0 if plus else 0.5)
    edges = np.concatenate([center - distance[:, :2], center + distance[:, 2:]], axis=1)
    return finite(edges * stride[row, None], best[row], confidence)
