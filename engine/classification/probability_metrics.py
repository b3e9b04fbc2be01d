"""The numbers of a classifier that come from its probabilities, whatever the confidence."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.classification.classification import Classification
from engine.classification.one_vs_rest import top_ranking
from engine.classification.probability_bins import BINS, ClassBins, class_bins
from engine.classification.rank_metrics import RankMetrics, rank_metrics
from engine.core.arrays import Ratios
from engine.core.calibration import reliability
from engine.util.once import remembered

TOP: Final = 5


@dataclass(frozen=True, eq=False)
class ProbabilityMetrics:
    """What no confidence threshold changes. NaN throughout without a prediction."""

    top5_accuracy: float
    log_loss: float
    brier: float
    ece: float  # of the most probable class, in 15 bins
    rank: RankMetrics
    bins: ClassBins
    class_brier: Ratios  # [C] one against the rest


@remembered
def probability_metrics(made: Classification) -> ProbabilityMetrics:
    """All that takes a look at every probability: a second for 50,000 images of 1,000 classes."""
    value, truth = made.probabilities.value, made.truth
    each = made.values
    return ProbabilityMetrics(
        top5_accuracy=_mean(each.in_top(TOP).astype(np.float64)),
        log_loss=_mean(each.loss),
        brier=_mean(each.brier),
        ece=reliability(top_ranking(made), BINS).ece,
        rank=rank_metrics(value, truth),
        bins=class_bins(value, truth),
        class_brier=each.class_brier,
    )


def _mean(of_images: Ratios) -> float:
    return float(of_images.mean()) if len(of_images) else np.nan
