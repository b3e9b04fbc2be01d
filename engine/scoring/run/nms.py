"""Greedy non-maximum suppression."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Indices

AT_ONCE: Final = 256  # boxes compared with each other in one step


def suppress(
    corners: NDArray[np.float64], class_: Indices, iou_threshold: float, most: int
) -> Indices:
    """The boxes that stay, at most so many, in their order.

    `corners` [N, 4] are left, top, right, bottom, the most confident box first. A
    box stays unless one of its own class that stays and comes before it overlaps
    it by more than the threshold.
    """
    kept = np.zeros(0, np.intp)
    for start in range(0, len(corners), AT_ONCE):
        asked = np.concatenate([kept, np.arange(start, min(start + AT_ONCE, len(corners)))])
        first, second = _pairs_of_a_class(class_[asked], len(kept))
        overlap = _overlapping(corners[asked], first, second, iou_threshold)
        kept = asked[_staying(len(asked), first[overlap], second[overlap])]
        if len(kept) >= most:
            break
    return kept[:most]


def _pairs_of_a_class(class_: Indices, settled: int) -> tuple[Indices, Indices]:
    """The pairs of rows of equal class, the earlier row first.

    The first `settled` rows stay, so they are no pair of each other.
    """
    by_class = np.argsort(class_, kind="stable")
    ordered = class_[by_class]
    begin = np.searchsorted(ordered, ordered, side="left")
    partners = np.where(by_class < settled, 0, np.arange(len(ordered)) - begin)
    second = np.repeat(np.arange(len(ordered)), partners)
    before = np.cumsum(partners) - partners
    first = np.arange(len(second)) - before[second] + begin[second]
    return by_class[first], by_class[second]


def _overlapping(
    corners: NDArray[np.float64], first: Indices, second: Indices, iou_threshold: float
) -> Indices:
    """The pairs whose intersection is more than the threshold's share of their union."""
    left, top, right, bottom = np.ascontiguousarray(corners.T)
    area = (right - left) * (bottom - top)
    width = np.minimum(right[first], right[second]) - np.maximum(left[first], left[second])
    touching = np.flatnonzero(width > 0)
    first, second = first[touching], second[touching]
    height = np.minimum(bottom[first], bottom[second]) - np.maximum(top[first], top[second])
    intersection = width[touching] * height.clip(0)
    union = area[first] + area[second] - intersection
    # The area of a box that ends before it begins is below 0, and it overlaps nothing.
    overlapping: Indices = touching[intersection > iou_threshold * union.clip(0)]
    return overlapping


def _staying(count: int, first: Indices, second: Indices) -> Indices:
    """The rows that greedy suppression leaves, given who overlaps whom.

    Each round settles at least one row more, so the rounds end at the one answer
    that is true to itself: what greedy suppression, row by row, finds too.
    """
    stays = np.ones(count, np.bool_)
    while True:
        again = np.ones(count, np.bool_)
        again[second[stays[first]]] = False
        if np.array_equal(again, stays):
            return np.flatnonzero(stays)
        stays = again
