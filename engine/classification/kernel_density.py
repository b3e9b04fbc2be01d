"""How a number from 0 to 1 spreads, as a smooth curve."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import Scores
from engine.core.ranked import Ranking

POINTS: Final = 513
"""Where a curve is worked out: finer than any terminal draws it."""

NARROWEST: Final = 0.01
"""The kernel's least standard deviation."""


@dataclass(frozen=True, eq=False)
class Densities:
    """The probability of a class among its own images, and among all others.

    Each curve has an area of 1; it is NaN throughout, as the median, of no image.
    """

    at: Scores  # [G] from 0 to 1
    own: Scores  # [G]
    others: Scores  # [G]
    own_median: float
    others_median: float
    own_images: int
    other_images: int


def densities(ranking: Ranking, points: int = POINTS) -> Densities:
    """Of the hits and of all else in a ranking."""
    own, others = ranking.confidence[ranking.hit][::-1], ranking.confidence[~ranking.hit][::-1]
    return Densities(
        np.linspace(0, 1, points),
        smoothed(own, points),
        smoothed(others, points),
        quantile(own, 0.5),
        quantile(others, 0.5),
        len(own),
        len(others),
    )


def smoothed(rising: Scores, points: int = POINTS) -> Scores:
    """[points] the density of sorted numbers from 0 to 1, at equal steps.

    A Gaussian kernel as wide as `bandwidth` says; what it would spread beyond 0 and 1 is
    reflected (Silverman, Density Estimation, 1986, section 2.10). The numbers are first
    shared between the two nearest steps, and the kernel is applied to the steps (section
    3.5): 50,000 numbers cost as much as a thousand.
    """
    if not len(rising):
        return np.full(points, np.nan)
    steps = points - 1
    place = np.clip(rising, 0, 1) * steps
    below = np.minimum(place.astype(np.intp), steps - 1)
    above = place - below
    mass = np.bincount(below, 1 - above, minlength=points)
    mass += np.bincount(below + 1, above, minlength=points)

    # Reflected at both ends the steps close to a circle, on which the Fourier transform
    # smooths. An end is its own reflection, so it counts twice. The Gaussian is that of
    # steps (Lindeberg, Scale-space for discrete signals, 1990): never negative, however narrow.
    mass[[0, -1]] *= 2
    circle = np.concatenate((mass, mass[-2:0:-1]))
    turns = np.arange(len(circle) // 2 + 1) / len(circle)
    kernel = np.exp((bandwidth(rising) * steps) ** 2 * (np.cos(2 * np.pi * turns) - 1))
    density = np.fft.irfft(np.fft.rfft(circle) * kernel, len(circle))[:points]
    return np.maximum(density, 0) * steps / len(rising)


def bandwidth(rising: Scores) -> float:
    """Silverman's .9 min(standard deviation, interquartile range / 1.34) n^(-1/5), equation 3.31.

    At least a hundredth: most images have a probability near 0 of most classes, and the
    few others would stand as spikes.
    """
    quartiles = quantile(rising, 0.75) - quantile(rising, 0.25)
    spread = min(float(rising.std()), quartiles / 1.34)
    return max(0.9 * spread * float(np.power(float(len(rising)), -0.2)), NARROWEST)


def quantile(rising: Scores, share: float) -> float:
    """Of sorted numbers, linear between two of them as np.quantile; NaN of none."""
    if not len(rising):
        return np.nan
    place = share * (len(rising) - 1)
    low = int(place)
    high = min(low + 1, len(rising) - 1)
    return float(rising[low] + (rising[high] - rising[low]) * (place - low))
