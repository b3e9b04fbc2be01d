"""Names for the arrays that travel through the engine.

The trailing comment of each name gives its shape; the letters mean the same
everywhere: N predictions, T ground truths, C classes, I images, P pairs of a
prediction and a ground truth.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Boxes: TypeAlias = NDArray[np.float64]  # [N, 4] left, top, width, height, in pixels of the image
Indices: TypeAlias = NDArray[np.intp]  # [N] into classes, images, predictions, ... or NOTHING
Scores: TypeAlias = NDArray[np.float64]  # [N] confidence, normally from 0 to 1
Ious: TypeAlias = NDArray[np.float64]  # [P] intersection over union, 0 to 1
Areas: TypeAlias = NDArray[np.float64]  # [N] square pixels
Mask: TypeAlias = NDArray[np.bool_]  # [N]
Counts: TypeAlias = NDArray[np.int64]  # any shape
Ratios: TypeAlias = NDArray[np.float64]  # any shape; NaN where undefined, as where the whole is 0

NOTHING: Final = -1
"""The index of "no such object" and of "no answer": the last row or column of a matrix."""
