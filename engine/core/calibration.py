"""Whether a confidence can be believed, and how right and wrong predictions spread over it."""

from dataclasses import dataclass

import numpy as np

from engine.core.arrays import Counts, Indices, Ratios, Scores
from engine.core.ranked import Ranking
from engine.core.rates import ratio


@dataclass(frozen=True, eq=False)
class Reliability:
    """Predictions by confidence: how sure they are, and how often they are right.

    A bin holds its upper edge and not its lower one, but the first holds both.
    """

    edges: Scores  # [B + 1] from 0 to 1
    confidence: Ratios  # [B] the mean; NaN of an empty bin
    precision: Ratios  # [B] the share of hits; NaN of an empty bin
    count: Counts  # [B]
    ece: float  # expected calibration error, 0 to 1; NaN without predictions


@dataclass(frozen=True, eq=False)
class Density:
    """How many predictions of each confidence are right and wrong, in bins as Reliability's."""

    edges: Scores  # [B + 1] from 0 to 1
    true_positives: Counts  # [B]
    false_positives: Counts  # [B]


def reliability(ranking: Ranking, bins: int = 10) -> Reliability:
    """Bins of equal width, and the mean distance of confidence and precision over all predictions.

    Guo et al., On Calibration of Modern Neural Networks (2017), equation 3, with the
    precision of a detector in place of accuracy: objects that no prediction found do
    not enter.
    """
    edges, bin_ = _binned(ranking, bins)
    count = np.bincount(bin_, minlength=bins)
    right = np.bincount(bin_[ranking.hit], minlength=bins)
    total = np.bincount(bin_, weights=ranking.confidence, minlength=bins)
    confidence = np.divide(total, count, out=np.full(bins, np.nan), where=count != 0)
    precision = ratio(right, count)
    distance = np.abs(right - total).sum()  # each bin's distance times its count
    ece = float(distance / len(bin_)) if len(bin_) else np.nan
    return Reliability(edges, confidence, precision, count, ece)


def density(ranking: Ranking, bins: int = 50) -> Density:
    """Right and wrong predictions counted in bins of equal width."""
    edges, bin_ = _binned(ranking, bins)
    right = np.bincount(bin_[ranking.hit], minlength=bins)
    return Density(edges, right, np.bincount(bin_, minlength=bins) - right)


def _binned(ranking: Ranking, bins: int) -> tuple[Scores, Indices]:
    """Edges [B + 1] and the bin of each prediction [N], falling as the confidence does."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    # How many reach beyond each inner edge: few searches instead of one a prediction.
    below = np.searchsorted(ranking.confidence[::-1], edges[1:-1], side="right")
    sizes = np.diff(below, prepend=0, append=len(ranking.confidence))
    return edges, np.repeat(np.arange(bins), sizes)[::-1]
