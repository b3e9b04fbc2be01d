"""All numbers of a classifier at one confidence, ready for a table and its headline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.classification.answer_counts import AnswerCounts, Average, macro, weighted
from engine.classification.classification import Classification
from engine.classification.one_vs_rest import top_ranking
from engine.classification.probability_bins import BINS, ClassBins, class_bins
from engine.classification.rank_metrics import RankMetrics, rank_metrics
from engine.core.arrays import Counts, Mask, Ratios
from engine.core.calibration import reliability
from engine.core.matrix import ConfusionMatrix
from engine.util.once import remembered

FEW_IMAGES: Final = 20  # a class with fewer is marked: its numbers say little
TOP: Final = 5

PER_CLASS: Final = (
    "precision",
    "recall",
    "f1",
    "roc_auc",
    "average_precision",
    "brier",
    "ece",
)
"""The ratios of each class, in the order of a table."""

HEADLINE: Final = (
    "accuracy",
    "balanced_accuracy",
    "top5_accuracy",
    "log_loss",
    "roc_auc_ovr",
    "roc_auc_ovo",
    "average_precision",
    "precision_macro",
    "recall_macro",
    "f1_macro",
    "precision_weighted",
    "recall_weighted",
    "f1_weighted",
    "mcc",
    "kappa",
    "brier",
    "ece",
)
"""The numbers of all classes together, in the order of the report."""


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


@dataclass(frozen=True, eq=False)
class ClassificationMetrics:
    """A row for each class, and the headline of all together.

    Counts, precision, recall and F1, and of the headline all that is an accuracy or an
    agreement, are those of the matrix at the confidence; what comes from probabilities
    knows no threshold. Averages leave out the classes in which a number is undefined.
    """

    confidence: float  # below it there is no answer
    counts: AnswerCounts
    probability: ProbabilityMetrics
    headline: Mapping[str, float]  # by the names in HEADLINE
    averages: Mapping[str, Average]  # those of HEADLINE that are means over classes
    images: Counts  # [C]
    predictions: Counts  # [C] answers
    true_positives: Counts  # [C]
    precision: Ratios  # [C]
    recall: Ratios  # [C]
    f1: Ratios  # [C]
    roc_auc: Ratios  # [C] one against the rest
    average_precision: Ratios  # [C] one against the rest
    brier: Ratios  # [C] one against the rest
    ece: Ratios  # [C] one against the rest
    few: Mask  # [C] fewer than 20 images
    never_shown: Mask  # [C] without an image but with answers


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


def classification_metrics(
    matrix: ConfusionMatrix, confidence: float, probability: ProbabilityMetrics
) -> ClassificationMetrics:
    """Read off a matrix at this confidence, and off what was worked out before."""
    counts, rank, bins = AnswerCounts.of(matrix), probability.rank, probability.bins
    averages = {
        **count_averages(counts),
        "roc_auc_ovr": macro(rank.roc_auc),
        "roc_auc_ovo": macro(rank.pairwise),
        "average_precision": macro(rank.average_precision),
    }
    values = {
        **agreement(counts),
        "top5_accuracy": probability.top5_accuracy,
        "log_loss": probability.log_loss,
        "brier": probability.brier,
        "ece": probability.ece,
        **{name: average.value for name, average in averages.items()},
    }
    return ClassificationMetrics(
        confidence=confidence,
        counts=counts,
        probability=probability,
        headline={name: values[name] for name in HEADLINE},
        averages=averages,
        images=counts.images,
        predictions=counts.predictions,
        true_positives=counts.true_positives,
        precision=counts.precision,
        recall=counts.recall,
        f1=counts.f1,
        roc_auc=rank.roc_auc,
        average_precision=rank.average_precision,
        brier=probability.class_brier,
        ece=bins.ece,
        few=counts.images < FEW_IMAGES,
        never_shown=(counts.images == 0) & (counts.predictions > 0),
    )


def count_headline(counts: AnswerCounts) -> dict[str, float]:
    """What of the headline follows from counts alone."""
    averages = count_averages(counts).items()
    return {**agreement(counts), **{name: average.value for name, average in averages}}


def agreement(counts: AnswerCounts) -> dict[str, float]:
    """Labels and answers as wholes."""
    return {"accuracy": counts.accuracy, "mcc": counts.mcc, "kappa": counts.kappa}


def count_averages(counts: AnswerCounts) -> dict[str, Average]:
    """The means over classes of precision, recall and F1."""
    of_classes = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return {
        "balanced_accuracy": macro(of_classes["recall"]),
        **{f"{name}_macro": macro(values) for name, values in of_classes.items()},
        **{
            f"{name}_weighted": weighted(values, counts.images)
            for name, values in of_classes.items()
        },
    }


def _mean(of_images: Ratios) -> float:
    return float(of_images.mean()) if len(of_images) else np.nan
