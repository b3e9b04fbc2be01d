"""The documents of `offdiag compare`: two sides on labelled images, or without labels."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.compare.alarms import AlarmStatus
from engine.compare.exports.verdicts import Verdict
from engine.compare.points import Source
from engine.compare.status import ObjectStatus, Why
from engine.core.thresholds import MATCHINGS
from engine.detection.coco.summary import CocoSummary
from engine.report.schema.parts import (
    CONFIDENCE,
    LEFT_OUT,
    MATCHING,
    WARNINGS,
    Schema,
    by_name,
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
    truth,
    whole,
)

RATES: Final = ("precision", "recall", "f1")
SOURCE: Final = one_of("Where the confidence is from.", get_args(Source))
P: Final = ratio("How likely a difference like this is by chance.")
DIFFERENCE: Final[Mapping[str, Schema]] = {
    "a": number("The number of A."),
    "b": number("The number of B."),
    "delta": number("B less A."),
    "low": number("Lower end of the 95 % interval of the difference."),
    "high": number("Upper end of it."),
    "certain": truth("Whether they differ for certain."),
}


def _counts(description: str, names: type[ObjectStatus] | type[AlarmStatus] | type[Why]) -> Schema:
    words = {each.name.lower(): each.name.lower().replace("_", " ") for each in names}
    return record(description, {key: count(f"How many: {said}.") for key, said in words.items()})


def _side(name: str, point: Mapping[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    return record(
        f"Side {name}.",
        {
            "name": text("Of its file."),
            "operating_point": record("Where it is judged.", point, optional),
        },
    )


def _agreement(description: str, counts: Mapping[str, Any], by_image: Mapping[str, Any]) -> Schema:
    return record(
        description,
        {
            **counts,
            "verdict": one_of("Whether A and B are one model.", get_args(Verdict)),
            "reason": text("Why they disagree, as far as it was found; empty otherwise."),
            "by_image": rows(
                "Images that differ in any way, those that differ most first.",
                record("An image.", {"image": text("Its name."), **by_image}),
            ),
        },
    )


BOX_AGREEMENT: Final = _agreement(
    "How far the boxes of both agree, whatever the ground truth says.",
    {
        "boxes_a": count("Boxes of A from where boxes begin to count."),
        "boxes_b": count("Boxes of B."),
        "agreed": count("Pairs of one class at one place."),
        "crossed": count("Pairs of which only one reaches the confidence."),
        "share": ratio("Of all boxes, those that agree."),
        "largest_score_difference": ratio("Among the pairs."),
        "median_score_difference": ratio("Among the pairs."),
        "largest_iou_loss": number("1 less the IoU of a pair."),
        "median_iou_loss": number("1 less the IoU of a pair."),
    },
    {
        "boxes_a": count("Boxes of A."),
        "boxes_b": count("Boxes of B."),
        "agreed": count("Pairs."),
        "largest_score_difference": ratio("Among the pairs; 0 without one.", defined=True),
    },
)
ANSWER_AGREEMENT: Final = _agreement(
    "How far the answers of both agree, whatever the labels say.",
    {
        "images": count("Images that both answer."),
        "agreed": count("Images with the same most probable class."),
        "share": ratio("Their share."),
        "largest_probability_difference": ratio("Of one class in one image."),
        "median_probability_difference": ratio("Over images, of the class that differs most."),
    },
    {
        "a": text("The most probable class of A."),
        "b": text("The most probable class of B."),
        "largest_probability_difference": ratio("Of one class.", defined=True),
    },
)


def _comparison(
    word: str, description: str, point: Mapping[str, Schema], more: Mapping[str, Schema]
) -> Schema:
    names = (*CocoSummary._fields, *RATES) if word == "detection" else (*HEADLINE_METRICS,)
    agreement = BOX_AGREEMENT if word == "detection" else ANSWER_AGREEMENT
    return record(
        description,
        {
            "task": task(word),
            "images": count("Images with ground truth that both sides have."),
            "left_out": LEFT_OUT,
            "a": _side("A", point),
            "b": _side("B", point),
            "metrics": rows(
                "Every number of the reports on one model, of both.",
                record(
                    "A number.",
                    {"name": one_of("Its key there.", names), **DIFFERENCE, "p": P},
                ),
            ),
            "objects": _counts("Objects, or images of classifiers, by who is right.", ObjectStatus),
            "broken_why": _counts("Why B is wrong about what only A has right.", Why),
            "fixed_why": _counts("Why A was wrong about what only B has right.", Why),
            **more,
            "per_class": rows(
                "A row for each class, in the order of the data.",
                record(
                    "A class.",
                    {
                        "class": text("Its name."),
                        "ground_truths": count("Objects, or images, of it."),
                        "fixed": count("Of these, what only B has right."),
                        "broken": count("Of these, what only A has right."),
                        "p": P,
                        "certain": truth("Whether the sides differ here for certain."),
                        **{
                            key: record(f"{key} of the class.", DIFFERENCE)
                            for key in ("AP", "recall", "f1")
                        },
                    },
                ),
            ),
            "matrix_delta": record(
                "The confusion matrix of B less that of A.",
                {
                    "rows": texts("Classes of the ground truth; what is no object, last."),
                    "columns": texts("Classes of the model; what was not detected, last."),
                    "counts": rows("A row for each of the rows.", rows("A row.", whole("Cell."))),
                },
            ),
            "changed": rows(
                "What one side alone has right: the broken, then the fixed.",
                record(
                    "An object, or an image of classifiers.",
                    {
                        "image": text("Its name."),
                        "ground_truth": {
                            "description": "Id of the annotation, else its row in the data.",
                            "type": ["integer", "string"],
                        },
                        "class": text("Of the ground truth."),
                        "was": text("What the matrix of A has it as."),
                        "is": text("What that of B has it as."),
                        "why": one_of("Why the side that is wrong is.", _lower(Why)),
                        "status": one_of("Who is right.", ("broken", "fixed")),
                    },
                ),
            ),
            "agreement": agreement,
            "intervals": record(
                "How the intervals were made: by paired bootstrap over images.",
                {
                    "percent": {"description": "How much they hold.", "const": 95},
                    "samples": count("Drawings of the images; 0 for no intervals."),
                },
            ),
            "warnings": WARNINGS,
        },
    )


def _lower(names: type[Why]) -> tuple[str, ...]:
    return tuple(each.name.lower() for each in names)


DETECTORS: Final = _comparison(
    "detection",
    "Two detectors on the same labelled images.",
    {
        "iou": number("Least overlap of a pair.", 0, 1, defined=True),
        "confidence": CONFIDENCE,
        "matching": one_of(MATCHING, MATCHINGS),
        "source": SOURCE,
    },
    {"false_alarms": _counts("Predictions of no object.", AlarmStatus)},
)
CLASSIFIERS: Final = _comparison(
    "classification",
    "Two classifiers on the same labelled images.",
    {"confidence": CONFIDENCE, "source": SOURCE},
    {
        "p": P,
        "answers": rows(
            "Pairs of answers that changed, the most frequent first; null for no answer.",
            record(
                "A pair.",
                {
                    "was": {"description": "Answer of A.", "type": ["string", "null"]},
                    "is": {"description": "Answer of B.", "type": ["string", "null"]},
                    "images": count("How many images changed so."),
                    "fixed": count("Of these, those that only B has right."),
                    "broken": count("Of these, those that only A has right."),
                },
            ),
        ),
    },
)


def _unlabelled(word: str, description: str, agreement: Schema) -> Schema:
    point = {
        "confidence": CONFIDENCE,
        "source": text("Where the confidence is from."),
        "classes": by_name("Confidences of classes that have their own.", CONFIDENCE),
    }
    return record(
        description,
        {
            "task": task(word),
            "images": count("Images that both answer."),
            "a": _side("A", point, ("classes",)),
            "b": _side("B", point, ("classes",)),
            "agreement": agreement,
            "warnings": WARNINGS,
        },
    )


COMPARISON: Final = either(
    "offdiag compare --format json",
    "What Offdiag reports of two models on the same images. Numbers that are undefined are null.",
    DETECTORS,
    CLASSIFIERS,
    _unlabelled("detection", "Two detectors on images without labels.", BOX_AGREEMENT),
    _unlabelled("classification", "Two classifiers on images without labels.", ANSWER_AGREEMENT),
)
