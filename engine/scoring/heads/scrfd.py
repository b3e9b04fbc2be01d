"""SCRFD and its kin of InsightFace: faces by the distances of their sides, grid after grid."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, finite
from engine.scoring.heads.cells import cells
from engine.scoring.model.session import Outputs

STRIDES: Final = (8, 16, 32, 64, 128)  # input pixels for a cell, finest grid first
# Outputs -> grids: confidences and boxes of each, and points or none.
GRIDS: Final[Mapping[int, int]] = {6: 3, 9: 3, 10: 5, 15: 5}
ANCHORS: Final[Mapping[int, int]] = {3: 2, 5: 1}  # grids -> anchors of a cell


def scrfd(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """Confidences [anchors, 1] of all grids, then boxes [anchors, 4], then points -> those above.

    A box is the distances in strides from its cell's corner to left, top, right and bottom.
    """
    grids = GRIDS[len(outputs)]
    scores = np.concatenate([part.reshape(-1, 1) for part in outputs[:grids]])
    row, _, confidence = above(scores, floor)
    distance = np.concatenate([part.reshape(-1, 4) for part in outputs[grids : 2 * grids]])[row]
    corner, stride = (
        np.repeat(part, ANCHORS[grids], axis=0)[row]
        for part in cells(card.input.size, STRIDES[:grids])
    )
    distance = distance.astype(np.float64)
    edges = np.concatenate([corner - distance[:, :2], corner + distance[:, 2:]], axis=1)
    return finite(edges * stride[:, None], np.zeros_like(row), confidence)


def anchor_counts(size: tuple[int, ...], grids: int) -> list[int]:
    """How many anchors each of so many grids has for an input of this height and width."""
    return [len(cells(size, (stride,))[1]) * ANCHORS[grids] for stride in STRIDES[:grids]]
