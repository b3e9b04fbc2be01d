"""What became of an object, or of an image of a classifier, from A to B, and why."""

from enum import IntEnum
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices, Mask


class ObjectStatus(IntEnum):
    """Who is right about an object, or about an image of a classifier."""

    BOTH_RIGHT = 0
    FIXED = 1  # A is wrong, B is right
    BROKEN = 2  # A is right, B is wrong
    BOTH_WRONG = 3


class Why(IntEnum):
    """Why a side is wrong about an object: the first of these that holds.

    Of an image of a classifier: the right class is withheld (below the threshold), another is
    given (wrong class), another is withheld (missed).
    """

    BELOW_THRESHOLD = 0  # a box of its class reaches the IoU; its confidence does not suffice
    WRONG_CLASS = 1  # the matrix has it with a prediction of another class
    TAKEN = 2  # a box of its class that counts reaches the IoU, but went to another object
    BOX_MOVED = 3  # a box of its class that counts and holds nothing reaches only from .1 on
    MISSED = 4


def status_of(right_a: Mask, right_b: Mask) -> Indices:
    """[N] ObjectStatus of what A and B are right about."""
    return _STATUS.take(2 * right_a + right_b)


def count_of(status: Indices, wanted: ObjectStatus) -> int:
    """How many of the rows [N] have a status."""
    return int(np.count_nonzero(status == wanted))


def whys_of(status: Indices, wanted: ObjectStatus, why_a: Indices, why_b: Indices) -> Counts:
    """[5] by Why, of the rows [N] with a status: of the fixed why A was wrong, else why B is."""
    why = why_a if wanted is ObjectStatus.FIXED else why_b
    chosen = why[(status == wanted) & (why != NOTHING)]
    return np.bincount(chosen, minlength=len(Why)).astype(np.int64)


def classes_of(status: Indices, wanted: ObjectStatus, class_: Indices, classes: int) -> Counts:
    """[C] how many of the rows [N] of each class have a status."""
    return np.bincount(class_[status == wanted], minlength=classes).astype(np.int64)


_STATUS: Final = np.array(
    [
        ObjectStatus.BOTH_WRONG,
        ObjectStatus.FIXED,
        ObjectStatus.BROKEN,
        ObjectStatus.BOTH_RIGHT,
    ],
    np.intp,
)
