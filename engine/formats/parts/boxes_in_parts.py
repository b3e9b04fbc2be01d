"""Boxes in parts of their image, from 0 to 1, where pixels belong."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import Boxes
from engine.core.dataset import DetectionDataset

PARTS_TO: Final = 1.5  # no part of an image is larger, and hardly any pixels are all smaller
BOXES_ARE_PARTS: Final = (
    "all boxes are parts of the image, from 0 to 1, where pixels are expected: multiply them by "
    "the width and height of their image"
)


@dataclass
class BoxesInParts:
    """Whether all boxes that were looked at are parts: small numbers, and not all whole."""

    small: bool = True  # every edge lies within PARTS_TO
    broken: bool = False  # some number is not whole

    def look_at(self, box: Boxes) -> None:
        """Boxes [N, 4] left, top, width, height."""
        if not self.small or not len(box):
            return
        low, high = box[:, :2], box[:, :2] + box[:, 2:]
        self.small = bool((np.abs(low) <= PARTS_TO).all() and (np.abs(high) <= PARTS_TO).all())
        self.broken = self.broken or bool((box != np.floor(box)).any())

    @property
    def found(self) -> bool:
        """Boxes of whole numbers, and no boxes at all, are no parts."""
        return self.small and self.broken


def are_parts(box: Boxes) -> bool:
    """Whether boxes [N, 4] left, top, width, height all are parts."""
    seen = BoxesInParts()
    seen.look_at(box)
    return seen.found


def larger_than_parts(dataset: DetectionDataset) -> bool:
    """Whether an image is known to be so large, by its size or an object, that boxes are pixels."""
    truths = dataset.ground_truths.box
    far = (truths[:, :2] + truths[:, 2:] > PARTS_TO).any()
    return bool((dataset.images.size > PARTS_TO).any() or far)
