"""Every number of a classifier in words: what it means, how it is counted, and from what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from engine.classification.headline_explanations import AT_ALL, HEADLINES, at_confidence
from engine.classification.metrics import FEW_IMAGES, TOP, ClassificationMetrics
from engine.core.explanation import Explanation, value_of
from engine.util.words import number

__all__ = ["Explanation", "explain_class", "explain_headline"]


class _Row(NamedTuple):
    """The counts of a class."""

    images: int
    predictions: int
    right: int
    rest: int  # images of other classes
    value: float  # what is explained

    @property
    def wrong(self) -> int:
        return self.predictions - self.right

    @property
    def missed(self) -> int:
        return self.images - self.right

    @property
    def all_images(self) -> int:
        return self.images + self.rest


class _Column(NamedTuple):
    """A number of a class, and how it is worked out."""

    title: str
    what: str
    formula: str
    filled: Callable[[_Row], str]
    from_probabilities: bool = False


_COLUMNS: Final[Mapping[str, _Column]] = {
    "images": _Column(
        "Images",
        "How many images with a prediction people gave this label.",
        "TP + FN",
        lambda row: f"{row.right:,} + {row.missed:,}",
    ),
    "predictions": _Column(
        "Answers",
        "For how many images the model answers with this class.",
        "TP + FP",
        lambda row: f"{row.right:,} + {row.wrong:,}",
    ),
    "true_positives": _Column(
        "Right answers",
        "For how many images of this label the model answers with it.",
        "answers - FP",
        lambda row: f"{row.predictions:,} - {row.wrong:,}",
    ),
    "precision": _Column(
        "Precision",
        "Of the answers with this class, the share that is right.",
        "TP / (TP + FP)",
        lambda row: f"{row.right:,} / ({row.right:,} + {row.wrong:,})",
    ),
    "recall": _Column(
        "Recall",
        "Of the images of this label, the share answered with it.",
        "TP / (TP + FN)",
        lambda row: f"{row.right:,} / ({row.right:,} + {row.missed:,})",
    ),
    "f1": _Column(
        "F1",
        "One number for precision and recall, their harmonic mean: low when either is low.",
        "2 TP / (2 TP + FP + FN)",
        lambda row: f"2 x {row.right:,} / (2 x {row.right:,} + {row.wrong:,} + {row.missed:,})",
    ),
    "roc_auc": _Column(
        "ROC AUC",
        "How often an image of this label has a higher probability of the class than one of "
        "another label: 1 is perfect, .5 is chance. Equal ones count half.",
        "pairs in the right order / (images x other images)",
        lambda row: _pairs(row),
        True,
    ),
    "average_precision": _Column(
        "Average precision",
        "The area below the precision-recall curve of the class against the rest, in steps "
        "as scikit-learn has it: guessing reaches the share of the class among the images.",
        "sum over thresholds of precision x gain in recall",
        lambda row: f"over {row.images:,} of {row.all_images:,} images",
        True,
    ),
    "brier": _Column(
        "Brier score",
        "How far the probability of this class is from 1 on its images and from 0 on all "
        "others, squared: 0 is perfect. A rare class is near 0 whatever the model does.",
        "sum of (probability - 1 or 0)\N{SUPERSCRIPT TWO} / images of all classes",
        lambda row: f"{row.value * row.all_images:,.3f} / {row.all_images:,}",
        True,
    ),
    "ece": _Column(
        "Calibration error",
        "How far the probability of this class is from the share of images that are of it, "
        "in 15 bins of equal width: 0 is perfect.",
        "sum over bins of |images of the class - sum of probabilities| / images of all classes",
        lambda row: f"{row.value * row.all_images:,.3f} / {row.all_images:,}",
        True,
    ),
    "few": _Column(
        "Few images",
        "Whether a class has so few images that its numbers say little.",
        f"images < {FEW_IMAGES}",
        lambda row: f"({row.images:,} < {FEW_IMAGES})",
    ),
    "never_shown": _Column(
        "Never shown",
        "Whether the model answers with a class that no image has: recall, ROC AUC and "
        "average precision leave such classes out, so they hide these wrong answers.",
        "images = 0 and answers > 0",
        lambda row: number(row.predictions, "answer"),
    ),
}


def explain_class(
    metric: str, metrics: ClassificationMetrics, class_: int, classes: Sequence[str]
) -> Explanation:
    """The number of a class in a column of the metrics, by the name of the column."""
    asked = _COLUMNS[metric]
    value = getattr(metrics, metric)[class_]
    images = int(metrics.images[class_])
    row = _Row(
        images,
        int(metrics.predictions[class_]),
        int(metrics.true_positives[class_]),
        metrics.counts.total - images,
        float(value),
    )
    if value.dtype == bool:
        said = "yes" if value else "no"
    else:
        said = f"{value:,}" if value.dtype.kind == "i" else value_of(float(value))
    return Explanation(
        f"{asked.title} of {classes[class_]}",
        asked.what,
        asked.formula,
        f"{asked.formula} = {asked.filled(row)} = {said}",
        AT_ALL if asked.from_probabilities else at_confidence(metrics.confidence),
    )


def explain_headline(metric: str, metrics: ClassificationMetrics) -> Explanation:
    """A number of all classes together, by its name in HEADLINE."""
    asked = HEADLINES[metric]
    value, what = metrics.headline[metric], asked.what
    classes = len(metrics.images)
    if metric == "top5_accuracy" and classes <= TOP:
        what += f" There are only {classes} classes, so it is always 1."
    if metric == "brier" and classes < 3:
        what += " With two classes the sum is halved, so that it goes from 0 to 1."
    average, defined = metrics.averages.get(metric), ""
    if average is not None and average.defined < average.classes:
        defined = f" ({average.defined:,} of {number(average.classes, 'class', 'classes')} defined)"
    return Explanation(
        asked.title,
        what,
        asked.formula,
        f"{asked.formula} = {asked.filled(metrics)} = {value_of(value)}{defined}",
        AT_ALL if asked.from_probabilities else at_confidence(metrics.confidence),
    )


def _pairs(row: _Row) -> str:
    pairs = row.images * row.rest
    ordered = f"{row.value * pairs:,.1f}".removesuffix(".0") if pairs else "0"
    return f"{ordered} / ({row.images:,} x {row.rest:,})"
