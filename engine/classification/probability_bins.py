"""Calibration of every class against the rest, in one pass over the rows."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.core.arrays import Counts, Indices, Ratios, Scores
from engine.util.blocks import FloatBlock, blocks, in_turns, runs

BINS: Final = 15
"""Guo et al., On Calibration of Modern Neural Networks (2017), use so many."""


@dataclass(frozen=True, eq=False)
class ClassBins:
    """The images by the probability of each class, in bins of equal width.

    A bin holds its upper edge and not its lower one, but the first holds both: as
    scikit-learn's calibration_curve. Edges are compared as float64.
    """

    edges: Scores  # [B + 1] from 0 to 1
    count: Counts  # [C, B] images
    right: Counts  # [C, B] images of the class
    total: Scores  # [C, B] sum of their probabilities

    @property
    def ece(self) -> Ratios:
        """[C] expected calibration error: the mean distance of probability and share of hits."""
        images = self.count.sum(axis=1)
        distance = np.abs(self.right - self.total).sum(axis=1)
        undefined = np.full(len(images), np.nan)
        ece: Ratios = np.divide(distance, images, out=undefined, where=images != 0)
        return ece


def class_bins(value: FloatBlock, truth: Indices, bins: int = BINS) -> ClassBins:
    """Of probabilities [N, C] and labels [N].

    With many classes nearly all probabilities lie in the first bin. Only the others are
    put into bins one by one; the first has what is left of the images and of the sums of
    the columns.
    """
    n, c = value.shape
    edges = np.linspace(0, 1, bins + 1)
    inner, limit = edges[1:-1], not_above(edges[1], value.dtype)

    def work(run: list[slice]) -> tuple[Counts, Scores]:
        count, sums = np.zeros((c, bins), np.int64), np.zeros((c, bins))
        for rows in run:
            block = value[rows]
            sums[:, 0] += block.sum(axis=0, dtype=np.float64)
            if block.dtype == np.float16:  # NumPy compares halves one at a time
                block = block.astype(np.float32)
            high = np.flatnonzero(block > limit) if bins > 1 else np.zeros(0, np.intp)
            probability = block.ravel().take(high).astype(np.float64)
            class_ = high % c
            cell = class_ * bins + np.searchsorted(inner, probability)
            count += np.bincount(cell, minlength=c * bins).reshape(c, bins)
            sums += np.bincount(cell, probability, minlength=c * bins).reshape(c, bins)
            sums[:, 0] -= np.bincount(class_, probability, minlength=c)
        return count, sums

    count, sums = np.zeros((c, bins), np.int64), np.zeros((c, bins))
    for more, further in in_turns(work, runs(blocks(n, c))):
        count += more
        sums += further
    count[:, 0] += n - count.sum(axis=1)
    of_truth = value[np.arange(n), truth].astype(np.float64)
    own = truth * bins + np.searchsorted(inner, of_truth)
    right = np.bincount(own, minlength=c * bins).reshape(c, bins)
    return ClassBins(edges, count, right, sums)


def not_above(edge: float, dtype: np.dtype[Any]) -> np.floating[Any]:
    """The highest number of a type, but at least float32, that is not above an edge.

    A number of the type exceeds it where it exceeds the edge itself: compared in the type,
    without a copy in float64.
    """
    kind = np.promote_types(dtype, np.float32).type
    near: np.floating[Any] = kind(edge)
    return near if float(near) <= edge else np.nextafter(near, kind(-1))
