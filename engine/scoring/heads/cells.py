"""The cells of the grids that a model looks through, in the order of its output."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=16)
def cells(
    size: tuple[int, ...], strides: tuple[int, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corner [cells, 2] as x, y in cells, and stride [cells] in input pixels.

    `size` is the input's height and width; `strides` are input pixels for a cell,
    grid after grid. A side that a stride does not divide has one cell more.
    """
    corners, sides = [], []
    for stride in strides:
        rows, columns = -(-size[0] // stride), -(-size[1] // stride)
        y, x = np.divmod(np.arange(rows * columns), max(columns, 1))
        corners.append(np.stack([x, y], axis=1))
        sides.append(np.full(rows * columns, stride))
    return np.concatenate(corners).astype(np.float64), np.concatenate(sides).astype(np.float64)
