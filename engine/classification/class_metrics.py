"""The numbers of each class of a classifier, a row each: a new one is added here."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from engine.classification.headline_metrics import AT_ALL, at_confidence
from engine.classification.metrics import ClassificationMetrics
from engine.core.arrays import Counts, Ratios
from engine.core.metric import Metric, MetricGroup, MetricTitle, said

ClassMetric: TypeAlias = Metric[ClassificationMetrics]

COUNTS: Final = MetricGroup("counts")
ANSWERS: Final = MetricGroup("answers")
REST: Final = MetricGroup("one class against the rest", "vs rest")


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


def _row(
    title: MetricTitle,
    what: str,
    formula: str,
    values: Callable[[ClassificationMetrics], Counts | Ratios],
    filled: Callable[[_Row], str],
    rate_of: Callable[[ClassificationMetrics], tuple[Counts, Counts]] | None = None,
    in_report: str = "",
    mean_key: str = "",
    lower_is_better: bool = False,
) -> ClassMetric:
    """One against the rest comes from probabilities, the others from answers."""

    def worked_out(metrics: ClassificationMetrics, class_: int) -> str:
        value, images = values(metrics)[class_], int(metrics.images[class_])
        row = _Row(
            images,
            int(metrics.predictions[class_]),
            int(metrics.true_positives[class_]),
            metrics.counts.total - images,
            float(value),
        )
        return f"{formula} = {filled(row)} = {said(value)}"

    return Metric(
        *title,
        what=what,
        formula=formula,
        values=values,
        filled=worked_out,
        made_at=lambda metrics: (
            AT_ALL if title.group is REST else at_confidence(metrics.confidence)
        ),
        in_report=in_report,
        is_count=title.group is COUNTS,
        lower_is_better=lower_is_better,
        rate_of=rate_of,
        mean_key=mean_key,
    )


def _pairs(row: _Row) -> str:
    pairs = row.images * row.rest
    ordered = f"{row.value * pairs:,.1f}".removesuffix(".0") if pairs else "0"
    return f"{ordered} / ({row.images:,} x {row.rest:,})"


_ROWS: Final[tuple[ClassMetric, ...]] = (
    _row(
        MetricTitle("images", "images", COUNTS, "Images"),
        "How many images with a prediction people gave this label.",
        "TP + FN",
        lambda metrics: metrics.images,
        lambda row: f"{row.right:,} + {row.missed:,}",
    ),
    _row(
        MetricTitle("predictions", "pred", COUNTS, "Answers"),
        "For how many images the model answers with this class.",
        "TP + FP",
        lambda metrics: metrics.predictions,
        lambda row: f"{row.right:,} + {row.wrong:,}",
    ),
    _row(
        MetricTitle("true_positives", "right", COUNTS, "Right answers"),
        "For how many images of this label the model answers with it.",
        "answers - FP",
        lambda metrics: metrics.true_positives,
        lambda row: f"{row.predictions:,} - {row.wrong:,}",
    ),
    _row(
        MetricTitle("precision", "P", ANSWERS, "Precision"),
        "Of the answers with this class, the share that is right.",
        "TP / (TP + FP)",
        lambda metrics: metrics.precision,
        lambda row: f"{row.right:,} / ({row.right:,} + {row.wrong:,})",
        rate_of=lambda metrics: (metrics.true_positives, metrics.predictions),
        in_report="precision",
        mean_key="precision_macro",
    ),
    _row(
        MetricTitle("recall", "R", ANSWERS, "Recall"),
        "Of the images of this label, the share answered with it.",
        "TP / (TP + FN)",
        lambda metrics: metrics.recall,
        lambda row: f"{row.right:,} / ({row.right:,} + {row.missed:,})",
        rate_of=lambda metrics: (metrics.true_positives, metrics.images),
        in_report="recall",
        mean_key="recall_macro",
    ),
    _row(
        MetricTitle("f1", "F1", ANSWERS, "F1"),
        "One number for precision and recall, their harmonic mean: low when either is low.",
        "2 TP / (2 TP + FP + FN)",
        lambda metrics: metrics.f1,
        lambda row: f"2 x {row.right:,} / (2 x {row.right:,} + {row.wrong:,} + {row.missed:,})",
        in_report="F1",
        mean_key="f1_macro",
    ),
    _row(
        MetricTitle("roc_auc", "AUC", REST, "ROC AUC"),
        "How often an image of this label has a higher probability of the class than one of "
        "another label: 1 is perfect, .5 is chance. Equal ones count half.",
        "pairs in the right order / (images x other images)",
        lambda metrics: metrics.roc_auc,
        _pairs,
        in_report="ROC AUC",
        mean_key="roc_auc_ovr",
    ),
    _row(
        MetricTitle("average_precision", "AP", REST, "Average precision"),
        "The area below the precision-recall curve of the class against the rest, in steps "
        "as scikit-learn has it: guessing reaches the share of the class among the images.",
        "sum over thresholds of precision x gain in recall",
        lambda metrics: metrics.average_precision,
        lambda row: f"over {row.images:,} of {row.all_images:,} images",
        in_report="AP",
        mean_key="average_precision",
    ),
    _row(
        MetricTitle("brier", "Brier", REST, "Brier score"),
        "How far the probability of this class is from 1 on its images and from 0 on all "
        "others, squared: 0 is perfect. A rare class is near 0 whatever the model does.",
        "sum of (probability - 1 or 0)\N{SUPERSCRIPT TWO} / images of all classes",
        lambda metrics: metrics.brier,
        lambda row: f"{row.value * row.all_images:,.3f} / {row.all_images:,}",
        in_report="Brier",
        lower_is_better=True,
    ),
    _row(
        MetricTitle("ece", "ECE", REST, "Calibration error"),
        "How far the probability of this class is from the share of images that are of it, "
        "in 15 bins of equal width: 0 is perfect.",
        "sum over bins of |images of the class - sum of probabilities| / images of all classes",
        lambda metrics: metrics.ece,
        lambda row: f"{row.value * row.all_images:,.3f} / {row.all_images:,}",
        in_report="ECE",
        lower_is_better=True,
    ),
)

CLASS_METRICS: Final[Mapping[str, ClassMetric]] = {metric.key: metric for metric in _ROWS}
"""By key, in the order of the table's columns."""

IN_REPORT: Final = tuple(metric for metric in _ROWS if metric.in_report)
"""The ratios that a report has for each class."""
