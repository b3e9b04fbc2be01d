"""The numbers of all classes together in words, one entry each."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from engine.classification.metrics import ClassificationMetrics
from engine.core.arrays import Ratios
from engine.util.words import share

AT_ALL: Final = "every probability, whatever the confidence"


def at_confidence(confidence: float) -> str:
    """What a count of answers depends on."""
    if not confidence > 0:
        return "every image answered with its most probable class"
    return f"confidence \N{GREATER-THAN OR EQUAL TO} {share(confidence, 3)}, below it no answer"


class _Headline(NamedTuple):
    """A number of all classes together, and how it is worked out."""

    title: str
    what: str
    formula: str
    filled: Callable[[ClassificationMetrics], str]
    from_probabilities: bool = False


def _mean(of_classes: Callable[[ClassificationMetrics], Ratios]) -> Callable[..., str]:
    """The mean of the classes in which something is defined, filled in."""

    def filled(metrics: ClassificationMetrics) -> str:
        values = of_classes(metrics)
        defined = values[~np.isnan(values)]
        return f"{defined.sum():,.3f} / {len(defined):,}"

    return filled


def _weighted(of_classes: Callable[[ClassificationMetrics], Ratios]) -> Callable[..., str]:
    """The same by images."""

    def filled(metrics: ClassificationMetrics) -> str:
        values = of_classes(metrics)
        kept = ~np.isnan(values) & (metrics.images > 0)
        images = metrics.images[kept]
        return f"{float(values[kept] @ images):,.3f} / {int(images.sum()):,}"

    return filled


def _of_images(name: str) -> Callable[[ClassificationMetrics], str]:
    """A mean over images, filled in as their sum over their number."""

    def filled(metrics: ClassificationMetrics) -> str:
        images = metrics.counts.total
        total = f"{metrics.headline[name] * images:,.3f}".removesuffix(".000") if images else "0"
        return f"{total} / {images:,}"

    return filled


def _mcc(metrics: ClassificationMetrics) -> str:
    counts = metrics.counts
    n, by_chance = counts.total, counts.agreement_by_chance
    predicted, true = n**2 - counts.prediction_squares, n**2 - counts.image_squares
    return f"({n:,} x {counts.right:,} - {by_chance:,}) / sqrt({predicted:,} x {true:,})"


def _kappa(metrics: ClassificationMetrics) -> str:
    counts = metrics.counts
    square = counts.total**2
    chance = counts.agreement_by_chance / square if square else np.nan
    return (
        f"({share(counts.accuracy, 3)} - {share(chance, 3)}) / (1 - {share(chance, 3)}), where "
        f"agreement = {counts.right:,} / {counts.total:,} and chance = "
        f"{counts.agreement_by_chance:,} / {square:,}"
    )


_MEAN, _WEIGHTED = "sum of {} / classes", "sum of images x {} / images"
_EACH_CLASS = "Each class counts the same, however many images it has."
_BY_IMAGES = "Each class counts as often as it has images."

HEADLINES: Final[Mapping[str, _Headline]] = {
    "accuracy": _Headline(
        "Accuracy",
        "Of the images, the share answered with their label.",
        "right answers / images",
        lambda metrics: f"{metrics.counts.right:,} / {metrics.counts.total:,}",
    ),
    "balanced_accuracy": _Headline(
        "Balanced accuracy",
        f"The mean recall of the classes that have images. {_EACH_CLASS}",
        _MEAN.format("recall"),
        _mean(lambda metrics: metrics.recall),
    ),
    "top5_accuracy": _Headline(
        "Top-5 accuracy",
        "Of the images, the share whose label is among the five most probable classes. Of "
        "equal probabilities the later class comes first, as scikit-learn counts.",
        "labels among the first five / images",
        _of_images("top5_accuracy"),
        True,
    ),
    "log_loss": _Headline(
        "Log loss",
        "How surprised the model is by the labels: 0 is perfect, and a label held for "
        "impossible costs most. Probabilities are taken as they are, without dividing by "
        "their sum.",
        "sum of -ln(probability of the label) / images",
        _of_images("log_loss"),
        True,
    ),
    "roc_auc_ovr": _Headline(
        "ROC AUC, one against the rest",
        f"The mean area under the classes' ROC curves against all others. {_EACH_CLASS}",
        _MEAN.format("ROC AUC"),
        _mean(lambda metrics: metrics.roc_auc),
        True,
    ),
    "roc_auc_ovo": _Headline(
        "ROC AUC, mean of pairs",
        "The mean area over all pairs of classes, each pair looked at alone (Hand and Till "
        "2001): what Dataiku DSS shows. How many images a class has does not matter.",
        "sum of the mean ROC AUC against each other class / classes",
        _mean(lambda metrics: metrics.probability.rank.pairwise),
        True,
    ),
    "average_precision": _Headline(
        "Average precision",
        f"The mean area below the classes' precision-recall curves against the rest. {_EACH_CLASS}",
        _MEAN.format("average precision"),
        _mean(lambda metrics: metrics.average_precision),
        True,
    ),
    "precision_macro": _Headline(
        "Precision, macro",
        "The mean precision of the classes that are predicted at all; scikit-learn counts 0 "
        f"for the others unless zero_division says otherwise. {_EACH_CLASS}",
        _MEAN.format("precision"),
        _mean(lambda metrics: metrics.precision),
    ),
    "recall_macro": _Headline(
        "Recall, macro",
        f"The mean recall of the classes that have images. {_EACH_CLASS}",
        _MEAN.format("recall"),
        _mean(lambda metrics: metrics.recall),
    ),
    "f1_macro": _Headline(
        "F1, macro",
        "The mean F1 of the classes that have images or are predicted: one with images that "
        f"is never predicted counts 0. {_EACH_CLASS}",
        _MEAN.format("F1"),
        _mean(lambda metrics: metrics.f1),
    ),
    "precision_weighted": _Headline(
        "Precision, weighted",
        f"The mean precision of the classes that are predicted. {_BY_IMAGES}",
        _WEIGHTED.format("precision"),
        _weighted(lambda metrics: metrics.precision),
    ),
    "recall_weighted": _Headline(
        "Recall, weighted",
        f"The mean recall of the classes: the same as accuracy. {_BY_IMAGES}",
        _WEIGHTED.format("recall"),
        _weighted(lambda metrics: metrics.recall),
    ),
    "f1_weighted": _Headline(
        "F1, weighted",
        f"The mean F1 of the classes. {_BY_IMAGES}",
        _WEIGHTED.format("F1"),
        _weighted(lambda metrics: metrics.f1),
    ),
    "mcc": _Headline(
        "Matthews correlation",
        "How labels and answers go together, from -1 to 1: 0 is chance, also where all "
        "labels or all answers are the same. Unlike accuracy it does not rise when the "
        "largest class is always answered. No answer counts as one more class.",
        "(n right - \N{GREEK CAPITAL LETTER SIGMA} images x answers) / sqrt("
        "(n\N{SUPERSCRIPT TWO} - \N{GREEK CAPITAL LETTER SIGMA} answers\N{SUPERSCRIPT TWO}) x "
        "(n\N{SUPERSCRIPT TWO} - \N{GREEK CAPITAL LETTER SIGMA} images\N{SUPERSCRIPT TWO}))",
        _mcc,
    ),
    "kappa": _Headline(
        "Cohen's kappa",
        "How much of the agreement that chance leaves open is reached: 1 is perfect, 0 is "
        "chance. Undefined where only one class occurs.",
        "(agreement - chance) / (1 - chance)",
        _kappa,
    ),
    "brier": _Headline(
        "Brier score",
        "How far the probabilities are from the label, squared and summed over the classes: "
        "0 is perfect, 2 is certain and wrong.",
        "sum of (probability - 1 or 0)\N{SUPERSCRIPT TWO} / images",
        _of_images("brier"),
        True,
    ),
    "ece": _Headline(
        "Calibration error",
        "How far the probability of the most probable class is from the share of right "
        "answers, in 15 bins of equal width (Guo et al. 2017): 0 is perfect.",
        "sum over bins of |right - sum of probabilities| / images",
        _of_images("ece"),
        True,
    ),
}
