"""The numbers of a classifier's classes all together, a row each: a new one is added here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from engine.classification.answer_counts import AnswerCounts, Average, macro, weighted
from engine.classification.probability_metrics import TOP, ProbabilityMetrics
from engine.core.arrays import Counts, Ratios
from engine.util.words import share, threshold

ReportLine = Literal["answers", "macro", "weighted", "probabilities", "ranking"]
REPORT_LINES: Final[tuple[ReportLine, ...]] = get_args(ReportLine)
"""What stands in a line of the report together, in their order."""

AT_ALL: Final = "every probability, whatever the confidence"


def at_confidence(confidence: float) -> str:
    """What a count of answers depends on."""
    if not confidence > 0:
        return "every image answered with its most probable class"
    return f"confidence \N{GREATER-THAN OR EQUAL TO} {threshold(confidence)}, below it no answer"


@dataclass(frozen=True)
class HeadlineMetric:
    """All that is said of a number: tables, reports and explanations read it from here.

    It comes either from counts of answers or from probabilities.
    """

    key: str  # its name in files: f1_macro
    name: str  # at length: F1, macro
    heading: str  # in a table
    in_report: str  # in the text of a report
    line: ReportLine  # on which it stands there
    meaning: str  # in a few words
    brief: str  # the same where there is little room
    what: str  # in plain sentences
    formula: str
    filled: Callable[[AnswerCounts, ProbabilityMetrics], str]  # the formula with the numbers
    from_counts: Callable[[AnswerCounts], float | Average] | None = None
    from_probabilities: Callable[[ProbabilityMetrics], float | Average] | None = None
    remark: Callable[[int], str] = lambda _: ""  # what to know with so many classes
    lower_is_better: bool = False

    @property
    def from_answers(self) -> bool:
        """Whether a confidence changes it."""
        return self.from_counts is not None


def _mean(of_classes: Ratios) -> str:
    """The mean of the classes in which something is defined, filled in."""
    defined = of_classes[~np.isnan(of_classes)]
    return f"{defined.sum():,.3f} / {len(defined):,}"


def _weighted(of_classes: Ratios, images: Counts) -> str:
    """The same by images."""
    kept = ~np.isnan(of_classes) & (images > 0)
    return f"{float(of_classes[kept] @ images[kept]):,.3f} / {int(images[kept].sum()):,}"


def _of_images(value: float, images: int) -> str:
    """A mean over images, filled in as their sum over their number."""
    total = f"{value * images:,.3f}".removesuffix(".000") if images else "0"
    return f"{total} / {images:,}"


def _mcc(counts: AnswerCounts) -> str:
    n, by_chance = counts.total, counts.agreement_by_chance
    predicted, true = n**2 - counts.prediction_squares, n**2 - counts.image_squares
    return f"({n:,} x {counts.right:,} - {by_chance:,}) / sqrt({predicted:,} x {true:,})"


def _kappa(counts: AnswerCounts) -> str:
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

_ROWS: Final = (
    HeadlineMetric(
        key="accuracy",
        name="Accuracy",
        heading="accuracy",
        in_report="accuracy",
        line="answers",
        meaning="images answered with their label",
        brief="right answers",
        what="Of the images, the share answered with their label.",
        formula="right answers / images",
        filled=lambda counts, _: f"{counts.right:,} / {counts.total:,}",
        from_counts=lambda counts: counts.accuracy,
    ),
    HeadlineMetric(
        key="balanced_accuracy",
        name="Balanced accuracy",
        heading="balanced accuracy",
        in_report="balanced accuracy",
        line="answers",
        meaning="mean recall of the classes, each counting the same",
        brief="mean recall of the classes",
        what=f"The mean recall of the classes that have images. {_EACH_CLASS}",
        formula=_MEAN.format("recall"),
        filled=lambda counts, _: _mean(counts.recall),
        from_counts=lambda counts: macro(counts.recall),
    ),
    HeadlineMetric(
        key="top5_accuracy",
        name="Top-5 accuracy",
        heading="top-5 accuracy",
        in_report="top-5",
        line="answers",
        meaning="images with their label among the five most probable classes",
        brief="label among the first five",
        what=(
            "Of the images, the share whose label is among the five most probable classes. Of "
            "equal probabilities the later class comes first, as scikit-learn counts."
        ),
        formula="labels among the first five / images",
        filled=lambda counts, known: _of_images(known.top5_accuracy, counts.total),
        from_probabilities=lambda known: known.top5_accuracy,
        remark=lambda classes: (
            f" There are only {classes} classes, so it is always 1." if classes <= TOP else ""
        ),
    ),
    HeadlineMetric(
        key="log_loss",
        name="Log loss",
        heading="log loss",
        in_report="log loss",
        line="probabilities",
        meaning="surprise at the labels: 0 is best, there is no worst",
        brief="surprise at labels, 0 is best",
        what=(
            "How surprised the model is by the labels: 0 is perfect, and a label held for "
            "impossible costs most. Probabilities are taken as they are, without dividing by "
            "their sum."
        ),
        formula="sum of -ln(probability of the label) / images",
        filled=lambda counts, known: _of_images(known.log_loss, counts.total),
        from_probabilities=lambda known: known.log_loss,
        lower_is_better=True,
    ),
    HeadlineMetric(
        key="roc_auc_ovr",
        name="ROC AUC, one against the rest",
        heading="ROC AUC, vs rest",
        in_report="ROC AUC one against the rest",
        line="ranking",
        meaning="how often a class's images rank above all others, mean",
        brief="own images above all others",
        what=f"The mean area under the classes' ROC curves against all others. {_EACH_CLASS}",
        formula=_MEAN.format("ROC AUC"),
        filled=lambda _, known: _mean(known.rank.roc_auc),
        from_probabilities=lambda known: macro(known.rank.roc_auc),
    ),
    HeadlineMetric(
        key="roc_auc_ovo",
        name="ROC AUC, mean of pairs",
        heading="ROC AUC, pairwise",
        in_report="ROC AUC mean of pairs",
        line="ranking",
        meaning="the same for each pair of classes, mean: as Dataiku DSS",
        brief="by pairs, as Dataiku DSS",
        what=(
            "The mean area over all pairs of classes, each pair looked at alone (Hand and Till "
            "2001): what Dataiku DSS shows. How many images a class has does not matter."
        ),
        formula="sum of the mean ROC AUC against each other class / classes",
        filled=lambda _, known: _mean(known.rank.pairwise),
        from_probabilities=lambda known: macro(known.rank.pairwise),
    ),
    HeadlineMetric(
        key="average_precision",
        name="Average precision",
        heading="average precision",
        in_report="average precision",
        line="ranking",
        meaning="area under precision by recall, mean of classes",
        brief="area of precision by recall",
        what="The mean area below the classes' precision-recall curves against the rest. "
        f"{_EACH_CLASS}",
        formula=_MEAN.format("average precision"),
        filled=lambda _, known: _mean(known.rank.average_precision),
        from_probabilities=lambda known: macro(known.rank.average_precision),
    ),
    HeadlineMetric(
        key="precision_macro",
        name="Precision, macro",
        heading="precision, macro",
        in_report="precision macro",
        line="macro",
        meaning="answers that are right, mean of classes",
        brief="answers that are right, mean",
        what=(
            "The mean precision of the classes that are predicted at all; scikit-learn counts 0 "
            f"for the others unless zero_division says otherwise. {_EACH_CLASS}"
        ),
        formula=_MEAN.format("precision"),
        filled=lambda counts, _: _mean(counts.precision),
        from_counts=lambda counts: macro(counts.precision),
    ),
    HeadlineMetric(
        key="recall_macro",
        name="Recall, macro",
        heading="recall, macro",
        in_report="recall macro",
        line="macro",
        meaning="images that are recognised, mean of classes",
        brief="images recognised, mean",
        what=f"The mean recall of the classes that have images. {_EACH_CLASS}",
        formula=_MEAN.format("recall"),
        filled=lambda counts, _: _mean(counts.recall),
        from_counts=lambda counts: macro(counts.recall),
    ),
    HeadlineMetric(
        key="f1_macro",
        name="F1, macro",
        heading="F1, macro",
        in_report="F1 macro",
        line="macro",
        meaning="precision and recall in one number, mean of classes",
        brief="precision and recall in one",
        what=(
            "The mean F1 of the classes that have images or are predicted: one with images that "
            f"is never predicted counts 0. {_EACH_CLASS}"
        ),
        formula=_MEAN.format("F1"),
        filled=lambda counts, _: _mean(counts.f1),
        from_counts=lambda counts: macro(counts.f1),
    ),
    HeadlineMetric(
        key="precision_weighted",
        name="Precision, weighted",
        heading="precision, weighted",
        in_report="precision weighted",
        line="weighted",
        meaning="the same, classes weighted by their images",
        brief="the same, weighted by images",
        what=f"The mean precision of the classes that are predicted. {_BY_IMAGES}",
        formula=_WEIGHTED.format("precision"),
        filled=lambda counts, _: _weighted(counts.precision, counts.images),
        from_counts=lambda counts: weighted(counts.precision, counts.images),
    ),
    HeadlineMetric(
        key="recall_weighted",
        name="Recall, weighted",
        heading="recall, weighted",
        in_report="recall weighted",
        line="weighted",
        meaning="the same, classes weighted by their images: the accuracy",
        brief="the same, weighted: accuracy",
        what=f"The mean recall of the classes: the same as accuracy. {_BY_IMAGES}",
        formula=_WEIGHTED.format("recall"),
        filled=lambda counts, _: _weighted(counts.recall, counts.images),
        from_counts=lambda counts: weighted(counts.recall, counts.images),
    ),
    HeadlineMetric(
        key="f1_weighted",
        name="F1, weighted",
        heading="F1, weighted",
        in_report="F1 weighted",
        line="weighted",
        meaning="the same, classes weighted by their images",
        brief="the same, weighted by images",
        what=f"The mean F1 of the classes. {_BY_IMAGES}",
        formula=_WEIGHTED.format("F1"),
        filled=lambda counts, _: _weighted(counts.f1, counts.images),
        from_counts=lambda counts: weighted(counts.f1, counts.images),
    ),
    HeadlineMetric(
        key="mcc",
        name="Matthews correlation",
        heading="MCC",
        in_report="MCC",
        line="answers",
        meaning="correlation of answers and labels: 0 is chance, 1 is best",
        brief="answers and labels, 1 is best",
        what=(
            "How labels and answers go together, from -1 to 1: 0 is chance, also where all "
            "labels or all answers are the same. Unlike accuracy it does not rise when the "
            "largest class is always answered. No answer counts as one more class."
        ),
        formula=(
            "(n right - \N{GREEK CAPITAL LETTER SIGMA} images x answers) / sqrt("
            "(n\N{SUPERSCRIPT TWO} - \N{GREEK CAPITAL LETTER SIGMA} answers\N{SUPERSCRIPT TWO}) x "
            "(n\N{SUPERSCRIPT TWO} - \N{GREEK CAPITAL LETTER SIGMA} images\N{SUPERSCRIPT TWO}))"
        ),
        filled=lambda counts, _: _mcc(counts),
        from_counts=lambda counts: counts.mcc,
    ),
    HeadlineMetric(
        key="kappa",
        name="Cohen's kappa",
        heading="Cohen's kappa",
        in_report="kappa",
        line="answers",
        meaning="agreement beyond chance: 0 is chance, 1 is best",
        brief="beyond chance, 1 is best",
        what=(
            "How much of the agreement that chance leaves open is reached: 1 is perfect, 0 is "
            "chance. Undefined where only one class occurs."
        ),
        formula="(agreement - chance) / (1 - chance)",
        filled=lambda counts, _: _kappa(counts),
        from_counts=lambda counts: counts.kappa,
    ),
    HeadlineMetric(
        key="brier",
        name="Brier score",
        heading="Brier score",
        in_report="Brier",
        line="probabilities",
        meaning="squared error of the probabilities: 0 is best",
        brief="squared error, 0 is best",
        what=(
            "How far the probabilities are from the label, squared and summed over the classes: "
            "0 is perfect, 2 is certain and wrong."
        ),
        formula="sum of (probability - 1 or 0)\N{SUPERSCRIPT TWO} / images",
        filled=lambda counts, known: _of_images(known.brier, counts.total),
        from_probabilities=lambda known: known.brier,
        remark=lambda classes: (
            " With two classes the sum is halved, so that it goes from 0 to 1."
            if classes < 3
            else ""
        ),
        lower_is_better=True,
    ),
    HeadlineMetric(
        key="ece",
        name="Calibration error",
        heading="ECE",
        in_report="calibration error",
        line="probabilities",
        meaning="how far confidence is from accuracy: 0 is best",
        brief="confidence off, 0 is best",
        what=(
            "How far the probability of the most probable class is from the share of right "
            "answers, in 15 bins of equal width (Guo et al. 2017): 0 is perfect."
        ),
        formula="sum over bins of |right - sum of probabilities| / images",
        filled=lambda counts, known: _of_images(known.ece, counts.total),
        from_probabilities=lambda known: known.ece,
        lower_is_better=True,
    ),
)

HEADLINE_METRICS: Final[Mapping[str, HeadlineMetric]] = {metric.key: metric for metric in _ROWS}
"""By key, in the order of the report's values."""


def of_counts(counts: AnswerCounts) -> dict[str, float | Average]:
    """What follows from counts alone, by key: plain numbers, then means over classes."""
    found = {
        metric.key: metric.from_counts(counts) for metric in _ROWS if metric.from_counts is not None
    }
    return dict(sorted(found.items(), key=lambda item: isinstance(item[1], Average)))


def of_probabilities(probability: ProbabilityMetrics) -> dict[str, float | Average]:
    """What no confidence changes, by key."""
    return {
        metric.key: metric.from_probabilities(probability)
        for metric in _ROWS
        if metric.from_probabilities is not None
    }


def values_of(found: Mapping[str, float | Average]) -> dict[str, float]:
    """Of means over classes only the mean."""
    return {key: each.value if isinstance(each, Average) else each for key, each in found.items()}
