"""Suppression of turned boxes, as Ultralytics does it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Indices

AT_ONCE: Final = 64  # boxes compared with all before them in one step
SMALL: Final = 1e-7  # Ultralytics' guard against a division by 0


def suppress_turned(
    turned: NDArray[np.float64], class_: Indices, threshold: float, most: int
) -> Indices:
    """The boxes that stay, at most so many, in their order.

    `turned` [N, 5] are center, width, height and angle in radians, the most confident box first.
    A box stays unless any box of its own class before it is as alike as more than the threshold,
    one that itself does not stay included: Ultralytics' `fast_nms` over `batch_probiou`.
    """
    stays = np.ones(len(turned), np.bool_)
    gaussians = _gaussians(turned)
    end = 0
    while end < len(turned) and np.count_nonzero(stays[:end]) < most:
        later = np.arange(end, min(end + AT_ONCE, len(turned)))
        first, second = _near(gaussians, class_, later, threshold)
        alike = _likeness(gaussians[first], gaussians[second]) > threshold
        stays[second[alike]] = False
        end = later[-1] + 1
    return np.flatnonzero(stays[:end])[:most]


def _gaussians(turned: NDArray[np.float64]) -> NDArray[np.float64]:
    """[N, 5] x, y, and the covariance a, b, c of [[a, c], [c, b]] that stands for the box."""
    wide, high = turned[:, 2] ** 2 / 12, turned[:, 3] ** 2 / 12
    cos, sin = np.cos(turned[:, 4]), np.sin(turned[:, 4])
    across, down = wide * cos**2 + high * sin**2, wide * sin**2 + high * cos**2
    return np.column_stack([turned[:, :2], across, down, (wide - high) * cos * sin])


def _near(
    gaussians: NDArray[np.float64], class_: Indices, later: Indices, threshold: float
) -> tuple[Indices, Indices]:
    """Pairs of a box and a later one of its class whose centers are near enough for the threshold.

    The likeness is 1 - sqrt(1 - exp(-d)), and d at least a quarter of the squared distance of
    the centers over the sum of both boxes' variances.
    """
    distance = -np.log(max(1 - (1 - threshold) ** 2, SMALL))
    spread = gaussians[:, 2] + gaussians[:, 3]
    before = np.arange(later[-1] + 1)
    x, y = (gaussians[before, None, axis] - gaussians[None, later, axis] for axis in (0, 1))
    within = x**2 + y**2 <= 4 * distance * (spread[before, None] + spread[None, later]) + SMALL
    within &= class_[before, None] == class_[None, later]
    first, second = np.nonzero(within & (before[:, None] < later[None]))
    return before[first], later[second]


def _likeness(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ultralytics' `probiou` [N] of pairs of gaussians [N, 5], 1 for the same box."""
    across, down = one[:, 2] + other[:, 2], one[:, 3] + other[:, 3]
    both = one[:, 4] + other[:, 4]
    x, y = (one[:, :2] - other[:, :2]).T
    area = (across * down - both**2).clip(0)
    first = (across * y**2 + down * x**2) / (area + SMALL) / 4
    second = -both * x * y / (area + SMALL) / 2
    areas = [(part[:, 2] * part[:, 3] - part[:, 4] ** 2).clip(0) for part in (one, other)]
    third = np.log(area / (4 * np.sqrt(areas[0] * areas[1]) + SMALL) + SMALL) / 2
    distance = (first + second + third).clip(SMALL, 100)
    likeness: NDArray[np.float64] = 1 - np.sqrt(1 - np.exp(-distance) + SMALL)
    return likeness
