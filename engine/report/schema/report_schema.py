"""The documents of `offdiag report`, for detectors and for classifiers."""

from collections.abc import Mapping
from typing import Final

from engine.classification.class_metrics import CLASS_METRICS
from engine.classification.class_metrics import IN_REPORT as RATIOS_OF_CLASS
from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.core.thresholds import MATCHINGS
from engine.detection.coco.params import AREA_RANGES, IOUS, MAX_DETECTIONS
from engine.detection.table_metrics import FALSE_ALARMS, TABLE_METRICS
from engine.report.schema.baseline_schema import baseline_schema
from engine.report.schema.error_type_schema import ERROR_TYPE_KEYS
from engine.report.schema.parts import (
    CONFIDENCE,
    LEFT_OUT,
    MATCHING,
    WARNINGS,
    Schema,
    count,
    either,
    number,
    one_of,
    ratio,
    record,
    rows,
    task,
    text,
    texts,
)

VERDICTS: Final = ("pass", "fail", "cannot tell")
OPTIONAL: Final = ("intervals", "baseline", "gates", *ERROR_TYPE_KEYS)

BOUNDS: Final[Mapping[str, tuple[float | None, float | None]]] = {
    "mcc": (-1, 1),
    "kappa": (-1, 1),
    "log_loss": (0, None),
    "brier": (0, None),  # probabilities need not sum to 1
}
"""Least and most of the numbers of a classifier that do not go from 0 to 1."""


def _ap(key: str) -> Schema:
    return ratio(TABLE_METRICS[key].what)


def _rate(key: str) -> Schema:
    metric = TABLE_METRICS[key]
    return ratio(f"{metric.what} {metric.formula}.")


def _size(place: int) -> str:
    return f"{AREA_RANGES[place].name} objects alone"


ALARMS: Final = number(FALSE_ALARMS.what, 0)
COCO: Final[Mapping[str, Schema]] = {
    "AP": _ap("ap"),
    "AP50": ratio("AP at IoU .50 alone."),
    "AP75": ratio("AP at IoU .75 alone."),
    **{f"AP{size}": ratio(f"AP of {_size(place)}.") for place, size in enumerate("sml", start=1)},
    **{
        f"AR{most}": ratio(
            "Mean recall over classes and ten IoUs with at most so many predictions of a class "
            f"in an image: {most}."
        )
        for most in MAX_DETECTIONS
    },
    **{
        f"AR{size}": ratio(f"The last of these, of {_size(place)}.")
        for place, size in enumerate("sml", start=1)
    },
}

OPTIMAL: Final = record(
    "The confidence that serves a goal best, all classes together.",
    {
        "metric": text("The goal, as --optimise has it."),
        "confidence": ratio("The best confidence; null where none keeps the goal's limit."),
        "value": ratio("What the goal measures there; recall for a goal with a limit."),
        "flat": rows(
            "Lowest and highest confidence around it at which the value is within 1 %.",
            ratio("A confidence."),
            2,
        ),
    },
)

GATES: Final = rows(
    "What --fail-under and --fail-over asked for, those of --fail-under first.",
    record(
        "One limit.",
        {
            "key": text("The number: its key in this document, recall[car] for that of a class."),
            "limit": number("What it is held against.", defined=True),
            "direction": one_of("On which side of the limit it fails.", ("under", "over")),
            "value": number("The number; null where it is undefined, which fails."),
            "low": number("Lower end of its 95 % interval; null without one."),
            "high": number("Upper end of its 95 % interval; null without one."),
            "verdict": one_of(
                "With an interval, pass and fail are for certain: all of it is on one side.",
                VERDICTS,
            ),
            "why": text("The verdict in a sentence."),
        },
    ),
)


def _intervals(names: Mapping[str, str]) -> Schema:
    ends = {
        name: rows(f"Lower and upper end of {said}.", number("An end."), 2)
        for name, said in names.items()
    }
    return record(
        "95 % intervals by bootstrap over images, where --intervals asked for them.",
        {
            "percent": {"description": "How much they hold.", "const": 95},
            "samples": count("Drawings of the images that they come from."),
            **ends,
        },
    )


def _matrix(extra: Mapping[str, Schema]) -> Schema:
    return record(
        "The confusion matrix at the operating point.",
        {
            "rows": texts("Classes of the ground truth; of a detector what is no object, last."),
            "columns": texts("Classes of the model; what was not detected or answered, last."),
            "counts": rows("A row of counts for each of the rows.", rows("A row.", count("Cell."))),
            **extra,
        },
    )


NEVER_SHOWN: Final = texts("Classes without ground truth that the model predicts.")

DETECTION: Final = record(
    "The report on a detector.",
    {
        "task": task("detection"),
        "images": count("Images with ground truth that are assessed."),
        "ground_truths": count("Objects that people drew, crowds left out."),
        "predictions": count("Boxes of the model, whatever their confidence."),
        "crowds": count("Regions that are marked as crowds."),
        "left_out": LEFT_OUT,
        "operating_point": record(
            "Where matrix, precision, recall and F1 are counted, and what they are there.",
            {
                "iou": number("Least overlap of a pair.", 0, 1, defined=True),
                "confidence": CONFIDENCE,
                "matching": one_of(MATCHING, MATCHINGS),
                "source": one_of("Where the confidence is from.", ("optimal", "given")),
                **{key: _rate(key) for key in ("precision", "recall", "f1")},
            },
        ),
        "optimal": OPTIMAL,
        "coco": record("COCO's average precision, at all confidences.", COCO),
        "per_class": rows(
            "A row for each class, in the order of the data.",
            record(
                "A class.",
                {
                    "class": text("Its name."),
                    "ground_truths": count(TABLE_METRICS["ground_truths"].what),
                    "predictions": count(TABLE_METRICS["predictions"].what),
                    "AP": _ap("ap"),
                    "AP50": _ap("ap50"),
                    "AP75": _ap("ap75"),
                    "APs": ratio(TABLE_METRICS["ap_small"].what),
                    "APm": ratio(TABLE_METRICS["ap_medium"].what),
                    "APl": ratio(TABLE_METRICS["ap_large"].what),
                    "ap_by_iou": rows("AP at IoU .50, .55, ... .95.", ratio("AP."), len(IOUS)),
                    **{key: _rate(key) for key in ("precision", "recall", "f1")},
                    **{
                        key: count(TABLE_METRICS[key].what)
                        for key in ("true_positives", "false_positives", "not_detected")
                    },
                    FALSE_ALARMS.key: ALARMS,
                },
            ),
        ),
        "matrix": _matrix({"ignored": count("Predictions on a crowd of their own class.")}),
        FALSE_ALARMS.key: ALARMS,
        "false_positives_on_empty_images": count(
            "Predictions that count on images on which nothing is drawn."
        ),
        "classes_never_shown": NEVER_SHOWN,
        "warnings": WARNINGS,
        "intervals": _intervals(
            {
                "AP": "AP",
                "AP50": "AP50",
                "precision": "precision",
                "recall": "recall",
                "f1": "F1",
                "optimal_confidence": "the confidence with the highest F1",
                FALSE_ALARMS.key: "false alarms per image",
            }
        ),
        **ERROR_TYPE_KEYS,
        "baseline": baseline_schema(of_boxes=True),
        "gates": GATES,
    },
    OPTIONAL,
)


def _bounded(key: str, description: str) -> Schema:
    return number(description, *BOUNDS.get(key, (0, 1)))


MEANS: Final = ("macro", "weighted", "ranking")
"""The lines of the headline that are means over classes."""
RANKING: Final = "ranking"
"""The line of the headline that is not resampled."""
HEADLINE: Final = {key: _bounded(key, metric.what) for key, metric in HEADLINE_METRICS.items()}

CLASSIFICATION: Final = record(
    "The report on a classifier.",
    {
        "task": task("classification"),
        "images": count("Labelled images that are assessed."),
        "unanswered": count("Images without a prediction, which nothing counts."),
        "left_out": LEFT_OUT,
        "operating_point": record(
            "The confidence from which the model answers, and how right the answers are.",
            {
                "confidence": CONFIDENCE,
                "source": one_of("Where the confidence is from.", ("top-1", "optimal", "given")),
                "answers": count("Images that the model answers."),
                "precision": ratio("Right answers / answers."),
                "recall": ratio("Right answers / images with a prediction."),
                "f1": ratio("The harmonic mean of the two."),
            },
        ),
        "optimal": OPTIMAL,
        "metrics": record("All classes together.", HEADLINE),
        "classes_defined": record(
            "Of the means over classes, in how many classes they are defined.",
            {
                key: count(f"Of {each.in_report}.")
                for key, each in HEADLINE_METRICS.items()
                if each.line in MEANS or key == "balanced_accuracy"
            },
        ),
        "per_class": rows(
            "A row for each class, in the order of the data.",
            record(
                "A class.",
                {
                    "class": text("Its name."),
                    **{
                        key: count(CLASS_METRICS[key].what)
                        for key in ("images", "predictions", "true_positives")
                    },
                    **{metric.key: ratio(metric.what) for metric in RATIOS_OF_CLASS},
                },
            ),
        ),
        "matrix": _matrix({}),
        "classes_never_shown": NEVER_SHOWN,
        "warnings": WARNINGS,
        "intervals": _intervals(
            {
                key: metric.in_report
                for key, metric in HEADLINE_METRICS.items()
                if metric.line != RANKING
            }
        ),
        "baseline": baseline_schema(of_boxes=False),
        "gates": GATES,
    },
    OPTIONAL,
)

REPORT: Final = either(
    "offdiag report --format json",
    "What Offdiag reports of one model on one dataset. Numbers that are undefined are null.",
    DETECTION,
    CLASSIFICATION,
)
