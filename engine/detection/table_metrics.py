"""The metrics of the detector's table, a row each: a new one is added here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from engine.core.arrays import Counts, Ratios
from engine.core.explanation import Explanation, made_at, name_of, value_of
from engine.core.metric import Metric, MetricGroup, MetricTitle, said
from engine.detection.coco.params import AREA_RANGES, IOUS, MAX_DETECTIONS, RECALLS
from engine.detection.metrics import DetectorMetrics
from engine.util.words import number, share

TableMetric: TypeAlias = Metric[DetectorMetrics]
Values: TypeAlias = Callable[[DetectorMetrics], Counts | Ratios]

BOXES: Final = MetricGroup("objects and boxes", "boxes")
RATES: Final = MetricGroup("rates")
AVERAGES: Final = MetricGroup("average precision", "AP")
SIZES: Final = MetricGroup("AP by size", "size")
AT_IOU: Final = MetricGroup("AP at IoU", "IoU")

WHAT: Final = (
    "The area under the precision-recall curve: how right the model stays while it finds more, "
    "whatever the confidence."
)
AT_ONE_IOU: Final = f"mean of the highest precision at each of {len(RECALLS)} recalls or beyond"
OVER_IOUS: Final = "mean of AP at IoU .50, .55, ... .95"
OVER_CLASSES: Final = "mean over the classes with ground truth"
TEN_IOUS: Final = "ten IoUs, .50 to .95"


class _Row(NamedTuple):
    """The counts of a row of the table."""

    ground_truths: int
    predictions: int
    right: int
    wrong: int
    missed: int

    @classmethod
    def of(cls, metrics: DetectorMetrics, row: int) -> "_Row":
        """Of a class, or of all of them in the last row."""
        return cls(
            int(metrics.ground_truths[row]),
            int(metrics.predictions[row]),
            int(metrics.true_positives[row]),
            int(metrics.false_positives[row]),
            int(metrics.not_detected[row]),
        )


def _counted(
    title: MetricTitle,
    what: str,
    formula: str,
    values: Values,
    filled: Callable[[_Row], str],
    rate_of: Callable[[DetectorMetrics], tuple[Counts, Counts]] | None = None,
    in_report: str = "",
) -> TableMetric:
    """A number read off the matrix: a count of boxes or a rate."""
    return Metric(
        *title,
        what=what,
        formula=formula,
        values=values,
        filled=lambda metrics, row: (
            f"{formula} = {filled(_Row.of(metrics, row))} = {said(values(metrics)[row])}"
        ),
        made_at=lambda metrics: made_at(metrics.point),
        is_count=title.group is BOXES,
        rate_of=rate_of,
        in_report=in_report,
    )


def _at_one_iou(
    key: str, heading: str, group: MetricGroup, place: int, values: Values, in_report: str = ""
) -> TableMetric:
    """Average precision at IOUS[place]."""
    iou = share(float(IOUS[place]))
    return Metric(
        key=key,
        heading=heading,
        group=group,
        name=f"AP at IoU {iou}",
        what=WHAT,
        formula=AT_ONE_IOU,
        values=values,
        filled=lambda metrics, row: _of_points(metrics, row, float(values(metrics)[row])),
        made_at=lambda _: _scope(f"IoU {iou}"),
        formula_of_mean=f"{OVER_CLASSES} of AP at IoU {iou}",
        in_report=in_report,
    )


def _over_ious() -> TableMetric:
    """The mean of the ten IoUs."""
    return Metric(
        key="ap",
        heading="AP",
        group=AVERAGES,
        name="AP",
        what=WHAT,
        formula=OVER_IOUS,
        values=lambda metrics: metrics.ap,
        filled=_of_ious,
        made_at=lambda _: _scope(TEN_IOUS),
        formula_of_mean=f"{OVER_CLASSES} of the {OVER_IOUS}",
        in_report="AP",
    )


def _of_size(place: int, heading: str, values: Values) -> TableMetric:
    """Only objects of the size of AREA_RANGES[place]."""
    range_ = AREA_RANGES[place]
    sides = f"from {range_.least**0.5:.0f} to {range_.most**0.5:.0f}"
    if place == 1:
        sides = f"up to {range_.most**0.5:.0f}"
    elif range_ is AREA_RANGES[-1]:
        sides = f"from {range_.least**0.5:.0f} on"
    formula = f"{OVER_IOUS}, other sizes ignored"
    return Metric(
        key=f"ap_{range_.name}",
        heading=heading,
        group=SIZES,
        name=f"AP of {range_.name} objects",
        what=f"Average precision of {range_.name} objects alone, "
        f"whose area is that of a square with sides {sides} pixels.",
        formula=formula,
        values=values,
        filled=lambda metrics, row: f"{formula} = {value_of(float(values(metrics)[row]))}",
        made_at=lambda _: _scope(f"{TEN_IOUS}; {range_.name} objects"),
        of=", ",
        formula_of_mean=f"{OVER_CLASSES} of the {formula}",
    )


def _of_step(place: int) -> Values:
    return lambda metrics: metrics.ap_by_iou[:, place]


def _of_points(metrics: DetectorMetrics, row: int, value: float) -> str:
    return (
        f"sum of {len(RECALLS)} precisions / {len(RECALLS)} = "
        f"{share(value * len(RECALLS), 1)} / {len(RECALLS)} = "
        f"{value_of(value)}, over {number(int(metrics.ground_truths[row]), 'ground truth')}"
    )


def _of_ious(metrics: DetectorMetrics, row: int) -> str:
    at_each = " + ".join(share(float(ap), 3) for ap in metrics.ap_by_iou[row])
    return f"({at_each}) / {len(IOUS)} = {value_of(float(metrics.ap[row]))}"


def _scope(scope: str) -> str:
    return (
        f"{scope}; {len(RECALLS)} recalls; at most {MAX_DETECTIONS[-1]} predictions of a class in "
        "an image; at all confidences; matched class by class, as COCO does"
    )


_ROWS: Final[tuple[TableMetric, ...]] = (
    _counted(
        MetricTitle("ground_truths", "truth", BOXES, "Ground truths"),
        "How many objects people drew, regions marked as crowds left out.",
        "TP + FN",
        lambda metrics: metrics.ground_truths,
        lambda row: f"{row.right:,} + {row.missed:,}",
    ),
    _counted(
        MetricTitle("predictions", "pred", BOXES, "Predictions"),
        "How many boxes of the model count: those on a crowd of their class are ignored.",
        "TP + FP",
        lambda metrics: metrics.predictions,
        lambda row: f"{row.right:,} + {row.wrong:,}",
    ),
    _counted(
        MetricTitle("true_positives", "TP", BOXES, "True positives"),
        "How many predictions found an object of their own class.",
        "predictions - FP",
        lambda metrics: metrics.true_positives,
        lambda row: f"{row.predictions:,} - {row.wrong:,}",
    ),
    _counted(
        MetricTitle("false_positives", "FP", BOXES, "False positives"),
        "How many predictions found no object of their own class: "
        "background, duplicates, wrong classes.",
        "predictions - TP",
        lambda metrics: metrics.false_positives,
        lambda row: f"{row.predictions:,} - {row.right:,}",
    ),
    _counted(
        MetricTitle("not_detected", "missed", BOXES, "Not detected"),
        "How many objects no prediction of their own class found.",
        "ground truths - TP",
        lambda metrics: metrics.not_detected,
        lambda row: f"{row.ground_truths:,} - {row.right:,}",
    ),
    _counted(
        MetricTitle("precision", "P", RATES, "Precision"),
        "Of the predictions, the share that found an object of their class.",
        "TP / (TP + FP)",
        lambda metrics: metrics.precision,
        lambda row: f"{row.right:,} / ({row.right:,} + {row.wrong:,})",
        lambda metrics: (metrics.true_positives, metrics.predictions),
        in_report="precision",
    ),
    _counted(
        MetricTitle("recall", "R", RATES, "Recall"),
        "Of the objects, the share that a prediction of their class found.",
        "TP / (TP + FN)",
        lambda metrics: metrics.recall,
        lambda row: f"{row.right:,} / ({row.right:,} + {row.missed:,})",
        lambda metrics: (metrics.true_positives, metrics.ground_truths),
        in_report="recall",
    ),
    _counted(
        MetricTitle("f1", "F1", RATES, "F1"),
        "One number for precision and recall, their harmonic mean: low when either is low.",
        "2 TP / (2 TP + FP + FN)",
        lambda metrics: metrics.f1,
        lambda row: f"2 x {row.right:,} / (2 x {row.right:,} + {row.wrong:,} + {row.missed:,})",
        in_report="F1",
    ),
    _over_ious(),
    _at_one_iou("ap50", "AP50", AVERAGES, 0, lambda metrics: metrics.ap50, in_report="AP50"),
    _at_one_iou("ap75", "AP75", AVERAGES, 5, lambda metrics: metrics.ap75),
    _at_one_iou("ap95", "AP95", AVERAGES, 9, lambda metrics: metrics.ap95),
    _of_size(1, "APs", lambda metrics: metrics.ap_small),
    _of_size(2, "APm", lambda metrics: metrics.ap_medium),
    _of_size(3, "APl", lambda metrics: metrics.ap_large),
    *(
        _at_one_iou(f"ap_by_iou_{iou * 100:.0f}", share(iou), AT_IOU, place, _of_step(place))
        for place, iou in enumerate(IOUS.tolist())
    ),
)

TABLE_METRICS: Final[Mapping[str, TableMetric]] = {metric.key: metric for metric in _ROWS}
"""By key, in the order of the table's columns."""

FALSE_ALARMS: Final[TableMetric] = Metric(
    *MetricTitle("false_alarms_per_image", "alarms/img", RATES, "False alarms per image"),
    what="How many predictions that count are on no object of any class, for each image: "
    "duplicates are among them, objects taken for another class are not.",
    formula="false alarms / images",
    values=lambda metrics: metrics.false_alarms_per_image,
    filled=lambda metrics, row: (
        f"false alarms / images = {int(metrics.false_alarms[row]):,} / {metrics.images:,} = "
        f"{said(metrics.false_alarms_per_image[row])}"
    ),
    made_at=lambda metrics: made_at(metrics.point),
    in_report="false alarms per image",
    lower_is_better=True,
)
"""In reports and gates alone: bars of the table go from 0 to 1."""

EXPLAINED: Final[Mapping[str, TableMetric]] = {**TABLE_METRICS, FALSE_ALARMS.key: FALSE_ALARMS}
"""By key, all that can be told in words."""

IN_REPORT: Final = tuple(metric for metric in _ROWS if metric.in_report)
"""Those for which the text of a report has room."""


def explain(key: str, metrics: DetectorMetrics, row: int, classes: Sequence[str]) -> Explanation:
    """The number by its key in EXPLAINED, in the row of a class or of all classes.

    A negative row counts from the end: -1 is the row of all classes.
    """
    names = tuple(classes)
    row %= len(names) + 1
    return EXPLAINED[key].explained(metrics, row, name_of(row, names))
