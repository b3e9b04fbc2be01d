"""How likely a difference is by chance: exchanges of A and B image by image, and McNemar's test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np

from engine.core.arrays import Counts, Ratios

EXCHANGES: Final = 100_000
LEVEL: Final = 0.05
COINS: Final = 64  # in a random number

Statistic: TypeAlias = Callable[[Counts, Counts, int], Ratios]
"""A rate of true positives [E], predictions that count [E] and the number of ground truths."""


@dataclass(frozen=True, eq=False)
class PairedCounts:
    """True positives and counted predictions of A and of B in the images where they differ."""

    a: Counts  # [I, 2] true positives, predictions
    b: Counts  # [I, 2]
    both: Counts  # [2] of A and B together, in all images
    ground_truths: int

    @classmethod
    def of(cls, a: Counts, b: Counts, ground_truths: int) -> Self:
        """From the counts [I, 2] of images; where A and B are alike an exchange does nothing."""
        differ = (a != b).any(axis=1)
        return cls(a[differ], b[differ], a.sum(axis=0) + b.sum(axis=0), ground_truths)

    @property
    def images(self) -> int:
        """In how many the two differ."""
        return len(self.a)

    def difference(self, gained: Counts, statistic: Statistic) -> Ratios:
        """[E] the statistic of B less that of A where B's counts exceed A's by gained [E, 2]."""
        (right_a, predicted_a), (right_b, predicted_b) = (
            ((self.both + sign * gained) // 2).T for sign in (-1, 1)
        )
        of_b = statistic(right_b, predicted_b, self.ground_truths)
        difference: Ratios = of_b - statistic(right_a, predicted_a, self.ground_truths)
        return difference

    def exchanged(self, exchanges: int = EXCHANGES, seed: int = 0) -> Counts:
        """[E, 2] by how much B's counts exceed A's when the two change places at random.

        Each image keeps its answers or exchanges those of A and B, both alike likely. Images
        with the same difference are alike: only how many of them keep theirs matters. So
        does not which of the two is called A: images of opposite difference are alike too.
        """
        difference = self.b - self.a
        leading = np.where(difference[:, 0] != 0, difference[:, 0], difference[:, 1])
        alike, images = np.unique(
            difference * np.sign(leading)[:, None], axis=0, return_counts=True
        )
        random = np.random.default_rng(seed)
        gained = np.zeros((exchanges, 2), np.int64)
        for each, number in zip(alike, images.tolist(), strict=True):
            gained += (2 * heads(number, exchanges, random) - number)[:, None] * each
        return gained

    def p(self, statistic: Statistic, gained: Counts) -> float:
        """(r + 1) / (n + 1), where r of n exchanges, see exchanged, differ as much as A and B do.

        NaN where the statistic is undefined for A or B; an exchange in which it is counts
        among the r. Phipson and Smyth, Permutation p-values should never be zero (2010).
        """
        observed = self.difference((self.b - self.a).sum(axis=0)[None], statistic)[0]
        if np.isnan(observed):
            return np.nan
        if not self.images:
            return 1.0
        differences = np.abs(self.difference(gained, statistic))
        # Equal fractions of different counts may differ in the last bit.
        less = np.count_nonzero(differences < abs(observed) - 1e-12)
        return (len(gained) - int(less) + 1) / (len(gained) + 1)


def heads(coins: int, throws: int, random: np.random.Generator) -> Counts:
    """[throws] how many of so many coins show heads, counted as bits of random numbers."""
    shown = np.zeros(throws, np.int64)
    for first in range(0, coins, COINS):
        bits = random.integers(0, 2**COINS, throws, np.uint64, endpoint=False)
        shown += np.bitwise_count(bits >> np.uint64(max(first + COINS - coins, 0)))
    return shown


def mcnemar(only_a: int, only_b: int) -> float:
    """The exact p of so many images that only A, and so many that only B has right; 1 for none.

    Twice the chance that of all of these a fair coin gives at most the smaller number to one
    side, at most 1: McNemar (1947), with the binomial distribution instead of chi-squared.
    """
    together, fewer = only_a + only_b, min(only_a, only_b)
    k = np.arange(1, fewer + 1)
    ways = np.append(0, np.cumsum(np.log((together - k + 1) / k)))  # logarithms of n over k
    return min(1.0, 2 * float(np.exp(ways - together * np.log(2)).sum()))


def benjamini_hochberg(p: Ratios) -> Ratios:
    """[K] p-values adjusted so that of those called certain few are false; NaN stays NaN.

    Those at most .05 are what the step-up procedure keeps at a false discovery rate of .05:
    Benjamini and Hochberg, Controlling the false discovery rate (1995).
    """
    return _adjusted(p, lambda rising: _lowest_beyond(rising * len(rising) / _ranks(rising)))


def holm(p: Ratios) -> Ratios:
    """[K] p-values adjusted so that a single false one among all is unlikely; NaN stays NaN.

    Those at most .05 are what the step-down procedure keeps at a family-wise error of .05:
    Holm, A simple sequentially rejective multiple test procedure (1979).
    """
    return _adjusted(p, lambda rising: np.maximum.accumulate(rising * _ranks(rising)[::-1]))


def _adjusted(p: Ratios, of_rising: Callable[[Ratios], Ratios]) -> Ratios:
    """Those of p that are defined in rising order, adjusted to at most 1, and put back."""
    p = np.asarray(p, np.float64)
    order = np.argsort(p)[: np.count_nonzero(~np.isnan(p))]
    adjusted = np.full(len(p), np.nan)
    adjusted[order] = np.minimum(of_rising(p[order]), 1)
    return adjusted


def _lowest_beyond(values: Ratios) -> Ratios:
    lowest: Ratios = np.minimum.accumulate(values[::-1])[::-1]
    return lowest


def _ranks(values: Ratios) -> Counts:
    return np.arange(1, len(values) + 1)
