"""What a report says of its baseline, for detectors and for classifiers."""

from collections.abc import Mapping
from typing import Final

from engine.core.thresholds import MATCHINGS
from engine.report.schema.parts import (
    CONFIDENCE,
    MATCHING,
    WARNINGS,
    Schema,
    count,
    number,
    one_of,
    ratio,
    record,
    rows,
    text,
    texts,
    truth,
)

P: Final = ratio("How likely a difference like this is by chance.")
CHANGE: Final[Mapping[str, Schema]] = {
    "old": number("The number of the baseline."),
    "new": number("The number of this report."),
    "difference": number("New less old."),
    "low": number("Lower end of the 95 % interval of the difference."),
    "high": number("Upper end of it."),
    "verdict": one_of(
        "Whether it is better or worse for certain.",
        ("better", "worse", "not certain", "not tested"),
    ),
}


def baseline_schema(*, of_boxes: bool) -> Schema:
    """Of a detector, or of a classifier."""
    iou = {"iou": number("Least overlap of a pair.", 0, 1, defined=True)} if of_boxes else {}
    matching = {"matching": one_of(MATCHING, MATCHINGS)} if of_boxes else {}
    chosen = {
        "source": text("Where the confidence is from."),
        "goal": text("What the confidence was chosen for, as --optimise has it."),
    }
    return record(
        "The test against an earlier report, where --baseline asked for it.",
        {
            "file": text("Name of the file of the baseline."),
            "answers": text("Name of the model or of the predictions that it is of."),
            "model": {"description": "Hash of the model.", "type": ["string", "null"]},
            "predictions": text("Hash of the predictions."),
            "data": text("Name of the data."),
            "operating_point": record(
                "Where it was counted.", {**iou, "confidence": CONFIDENCE, **matching, **chosen}
            ),
            "metrics": rows(
                "All classes together.",
                record("A number.", {"name": text("Its key in the report."), **CHANGE, "p": P}),
            ),
            "per_class": rows(
                "A row for each class.",
                record(
                    "A class.",
                    {
                        "class": text("Its name."),
                        "p": P,
                        "certain": truth("Whether the two differ here for certain."),
                        **{
                            key: record(f"{key} of the class.", CHANGE)
                            for key in ("AP", "recall", "f1")
                        },
                    },
                ),
            ),
            "intervals": record(
                "How the intervals were made: by paired bootstrap over images.",
                {
                    "percent": {"description": "How much they hold.", "const": 95},
                    "samples": count("Drawings of the images; 0 for no intervals."),
                },
            ),
            "failures": texts("What --fail-on asked for and did not get, in sentences."),
            "warnings": WARNINGS,
        },
    )
