"""The most probable class of each row of probabilities, in one pass over them."""

from dataclasses import dataclass

import numpy as np

from engine.core.arrays import Indices, Scores
from engine.util.blocks import FloatBlock, blocks, in_turns


@dataclass(frozen=True, eq=False)
class TopClasses:
    """What comes first in each row; of equal probabilities the class that comes first."""

    class_: Indices  # [N]
    confidence: Scores  # [N] its probability


def top_classes(value: FloatBlock) -> TopClasses:
    """Of probabilities [N, C] with at least one class."""
    class_, confidence = np.zeros(len(value), np.intp), np.zeros(len(value))

    def work(rows: slice) -> None:
        block = value[rows]
        if block.dtype == np.float16:  # NumPy compares halves one at a time
            block = block.astype(np.float32)
        np.argmax(block, axis=1, out=class_[rows])
        confidence[rows] = np.take_along_axis(block, class_[rows, None], axis=1)[:, 0]

    in_turns(work, blocks(*value.shape))
    return TopClasses(class_, confidence)
