"""How far a number could be off, had other images of the same kind been taken."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from engine.core.arrays import Counts, Ratios

PERCENTILES: Final = (2.5, 97.5)
SHOWN_EVERY: Final = 20  # samples
Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Interval:
    """The ends of a 95 % interval; NaN where it is undefined."""

    low: float
    high: float

    @property
    def defined(self) -> bool:
        """Whether both ends are."""
        return not (np.isnan(self.low) or np.isnan(self.high))


def wilson(part: ArrayLike, whole: ArrayLike, z: float = 1.96) -> tuple[Ratios, Ratios]:
    """Lower and upper end of the interval of a rate; NaN of nothing.

    For rates of independent trials, like recall over ground truths. Wilson, Probable
    inference, the law of succession, and statistical inference, JASA 1927:
    (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n).
    """
    k, n = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    n = np.where(n > 0, n, np.nan)
    p, square = k / n, z * z
    middle = p + square / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + square / (4 * n * n))
    low, high = (middle - half) / (1 + square / n), (middle + half) / (1 + square / n)
    # At the ends the formula gives 0 and 1, but for rounding.
    return np.where(k == 0, 0 * n, low), np.where(k == n, 1 + 0 * n, high)


def drawings(
    sample: Callable[[Counts], Drawn],
    images: int,
    samples: int,
    seed: int,
    cancelled: Callable[[], bool],
) -> Iterator[Sequence[Drawn]]:
    """What sample says of ever more drawings of all images with replacement.

    It is given how often each image [I] was drawn. The sequence is the same each time, and grows.
    """
    drawn: list[Drawn] = []
    for weights in drawn_weights(images, samples, seed):
        if cancelled():
            return
        drawn.append(sample(weights[0]))
        if len(drawn) % SHOWN_EVERY == 0 or len(drawn) == samples:
            yield drawn


def drawn_weights(images: int, samples: int, seed: int, at_once: int = 1) -> Iterator[Counts]:
    """[S, I] how often each image is in each of the next S = at_once drawings; of the last fewer.

    The drawings of a seed are the same however many are made at once.
    """
    random = np.random.default_rng(seed)
    for first in range(0, samples, at_once):
        number = min(at_once, samples - first)
        drawn = (random.integers(0, images, images) for _ in range(number))
        yield np.stack([np.bincount(each, minlength=images) for each in drawn])


def percentiles(values: Ratios) -> Interval:
    """The interval of the samples [S] in which a number is defined."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return Interval(np.nan, np.nan)
    low, high = np.percentile(defined, PERCENTILES)
    return Interval(float(low), float(high))


def percentiles_of_columns(values: Ratios) -> tuple[Ratios, Ratios]:
    """Lower and upper ends [K] of the intervals of values [S, K]: see percentiles."""
    ends = np.full((2, values.shape[1]), np.nan)
    defined = ~np.isnan(values).any(axis=0)
    if len(values):
        ends[:, defined] = np.percentile(values[:, defined], PERCENTILES, axis=0)
    for column in np.flatnonzero(~defined):
        interval = percentiles(values[:, column])
        ends[:, column] = interval.low, interval.high
    return ends[0], ends[1]
