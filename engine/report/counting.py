"""How the numbers of a report are counted, in sentences."""

from typing import Final

from engine.core.thresholds import Matching
from engine.util.words import iou_threshold

RULES: Final[dict[Matching, str]] = {
    "class-first": "In order of confidence, each prediction takes the free ground truth of its "
    "own class that it overlaps most; what is left on both sides is then paired across classes "
    "by the same rule.",
    "agnostic": "In order of confidence, each prediction takes the free ground truth that it "
    "overlaps most, whatever its class.",
    "iou": "The pair with the highest IoU goes first, whatever the classes; who loses it gets no "
    "second choice. Thresholds have to be exceeded, not just reached.",
    "supervision": "Pairs of one class go first by falling IoU, then the rest across classes by "
    "falling IoU.",
}
UNDEFINED: Final = "What is undefined is a dash, never 0."


def detection_counting(iou: float, matching: Matching) -> tuple[str, ...]:
    """Of a detector at an IoU, by a rule."""
    return (
        "A prediction counts when its confidence reaches the threshold, a pair when its IoU "
        f"reaches {iou_threshold(iou)}. {RULES[matching]} (Matching rule: {matching}.)",
        "Rows of the matrix are ground truths and sum to them, columns are predictions that "
        "count. Crowds are no row, and predictions on a crowd of their class are ignored: they "
        "are no error.",
        "Precision = TP / (TP + FP), recall = TP / (TP + FN), F1 is their harmonic mean. Average "
        "precision (AP) is COCO's: the mean over IoU .50 to .95 of the area under the "
        "precision-recall curve, over all predictions whatever their confidence, at most 100 of "
        f"a class in an image. {UNDEFINED}",
    )


def classification_counting() -> tuple[str, ...]:
    """Of a classifier."""
    return (
        "The answer for an image is its most probable class. Above confidence 0 the model may "
        "abstain: images whose answer does not reach it stand under No answer. Rows of the "
        "matrix are labels, columns are answers.",
        "Precision, recall and F1 are of answers; ROC AUC, AP, Brier score and calibration error "
        "of a class look at its probability against the rest, whatever the confidence. Macro "
        f"means count each class the same. {UNDEFINED}",
    )


def comparison_counting(samples: int) -> tuple[str, ...]:
    """Of two sides on the same images."""
    certain = (
        f"Intervals are of the difference B less A, from {samples:,} resamples of the images, the "
        "same ones for both sides. A total is certain where its interval leaves 0 out, a class "
        "where the p-value of its paired test survives Benjamini-Hochberg at .05 over all classes."
        if samples
        else "Whether a difference is certain was not tested: no resamples were asked for."
    )
    return (
        "Broken is what A is right about and B is not; fixed is what B alone is right about.",
        certain,
    )


def interval_counting(samples: int) -> str:
    """Of 95 % intervals."""
    return (
        f"95 % intervals are from {samples:,} resamples of the images; those of precision and "
        "recall of a single class are Wilson's."
    )
