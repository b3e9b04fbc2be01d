"""The numbers that COCO's average precision is defined by.

Source: cocoapi, PythonAPI/pycocotools/cocoeval.py, class Params. They are made by the
same calls: np.arange, or float32, gives other last bits, and the last bit decides a
pair that lies on a threshold.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Areas, Ious, Mask

IOUS: Final[Ious] = np.linspace(0.5, 0.95, 10)
RECALLS: Final[NDArray[np.float64]] = np.linspace(0.0, 1.0, 101)  # where a curve is read off
MAX_DETECTIONS: Final = (1, 10, 100)  # the most confident of one class in one image


class AreaRange(NamedTuple):
    """Objects of some size; both ends belong to it, so an area of 1024 is small and medium."""

    name: str
    least: float  # square pixels
    most: float

    def holds(self, area: Areas) -> Mask:
        """[N] whether an area lies inside; one that is no number does, as in pycocotools."""
        return ~((area < self.least) | (area > self.most))


AREA_RANGES: Final = (
    AreaRange("all", 0**2, 1e5**2),
    AreaRange("small", 0**2, 32**2),
    AreaRange("medium", 32**2, 96**2),
    AreaRange("large", 96**2, 1e5**2),
)
