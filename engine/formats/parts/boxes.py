"""Boxes as files give them, and which of them cannot be used."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.core.arrays import Boxes, Mask

FURTHEST: Final = 1e9  # pixels: what lies beyond is no box, and areas would overflow
NO_BOX: Final = "without a box of four finite numbers"
NO_PIXELS: Final = "with a box over 1,000,000,000 pixels wide, high or away"


def fours(rows: Sequence[Sequence[float | None] | None]) -> Boxes:
    """[N, 4] the lists of four numbers; NaN where there is none, and for null."""
    none = [np.nan] * 4
    table = [row if row and len(row) == 4 else none for row in rows]
    return np.array(table, np.float64).reshape(-1, 4)


def unusable(box: Boxes) -> tuple[Mask, Mask]:
    """[N] the rows without four finite numbers, and [N] those with far too large ones."""
    large = ~(np.abs(box) <= FURTHEST)  # so is NaN
    if not large.any():  # nearly always: the sums over each row take longer than all else
        none = np.zeros(len(box), np.bool_)
        return none, none
    no_box: Mask = ~np.logical_and.reduce(np.isfinite(box), axis=1)
    no_pixels: Mask = np.logical_or.reduce(large, axis=1) & ~no_box
    return no_box, no_pixels
