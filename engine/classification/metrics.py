"""All numbers of a classifier at one confidence, ready for a table and its headline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.classification.answer_counts import AnswerCounts, Average
from engine.classification.headline_metrics import (
    HEADLINE_METRICS,
    of_counts,
    of_probabilities,
    values_of,
)
from engine.classification.probability_metrics import ProbabilityMetrics
from engine.core.arrays import Counts, Mask, Ratios
from engine.core.matrix import ConfusionMatrix

FEW_IMAGES: Final = 20  # a class with fewer is marked: its numbers say little


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
    headline: Mapping[str, float]  # by the keys of HEADLINE_METRICS, in their order
    averages: Mapping[str, Average]  # those of the headline that are means over classes
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


def classification_metrics(
    matrix: ConfusionMatrix, confidence: float, probability: ProbabilityMetrics
) -> ClassificationMetrics:
    """Read off a matrix at this confidence, and off what was worked out before."""
    counts, rank, bins = AnswerCounts.of(matrix), probability.rank, probability.bins
    measured = {**of_counts(counts), **of_probabilities(probability)}
    values = values_of(measured)
    return ClassificationMetrics(
        confidence=confidence,
        counts=counts,
        probability=probability,
        headline={key: values[key] for key in HEADLINE_METRICS},
        averages={key: each for key, each in measured.items() if isinstance(each, Average)},
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
