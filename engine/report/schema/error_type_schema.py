"""What a report says of the error types of a detector."""

from collections.abc import Mapping
from typing import Final

from engine.detection.error_types.names import ERROR_TYPES
from engine.report.schema.parts import Schema, count, number, ratio, record

GAIN: Final = "AP at one IoU that fixing all of them gives back, 1 for all; it may be negative."

ERROR_TYPE_KEYS: Final[Mapping[str, Schema]] = {
    "error_types": record(
        "What is wrong by TIDE's types, where it was asked for.",
        {
            error: record(
                f"Errors of the type {error}.",
                {
                    "count": count("At all confidences, as tidecv counts them."),
                    "count_at_point": count("Those that reach the operating point."),
                    "dAP": number(GAIN),
                },
            )
            for error in ERROR_TYPES
        },
    ),
    "tide": record(
        "How the error types were found.",
        {
            "iou": number("Least overlap of a right box.", 0, 1, defined=True),
            "background_iou": number("Overlap up to which nothing is there.", 0, 1, defined=True),
            "AP": ratio("AP at that IoU, as tidecv works it out."),
            "false_positives_dAP": number(GAIN),
            "false_negatives_dAP": number(GAIN),
        },
    ),
}
