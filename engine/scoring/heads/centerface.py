"""CenterFace: a map of the centers of faces, and maps of their sides and places in a cell."""

from typing import Final

import numpy as np

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import BoxCandidates, above, finite
from engine.scoring.model.session import Outputs

STRIDE: Final = 4  # input pixels for a cell
PUBLISHED: Final = (32, 32)  # the size that its authors' file declares and never is given


def centerface(outputs: Outputs, card: ModelCard, floor: float) -> BoxCandidates:
    """Heat [1, rows, columns], sides [2, ...], offsets [2, ...], then points -> faces above.

    Sides are the logarithms of height and width in cells, offsets y and x in cells from the middle
    of a cell. A face that begins outside the input is moved into it, as its authors have it.
    """
    heat, sides, offsets = (part.reshape(len(part), -1) for part in outputs[:3])
    columns = outputs[0].shape[2]
    cell, _, confidence = above(heat[0][:, None], floor)
    middle = np.stack(np.divmod(cell, columns)) + offsets[:, cell].astype(np.float64) + 0.5
    with np.errstate(over="ignore"):
        side = np.exp(sides[:, cell].astype(np.float64)) * STRIDE
    most = np.array(card.input.size)[:, None]
    start = (middle * STRIDE - side / 2).clip(0, most)
    corners = np.concatenate([start[::-1], np.minimum(start + side, most)[::-1]]).T
    return finite(corners, np.zeros_like(cell), confidence)
