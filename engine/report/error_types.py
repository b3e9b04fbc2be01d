"""What the report says of error types: as plain values, and as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from engine.core.arrays import Counts
from engine.core.thresholds import OperatingPoint
from engine.detection.detection import DetectionAtIou
from engine.detection.error_types.error_types import ErrorTypes, error_types
from engine.detection.error_types.names import (
    BACKGROUND_IOU,
    ERROR_TYPES,
    OTHER_TOOLS,
    described,
    fixed,
)
from engine.report.extra_table import ExtraTable
from engine.report.matrix_text import aligned
from engine.util.words import change, iou_threshold, json_number, share, threshold


@dataclass(frozen=True, eq=False)
class ErrorTypeFacts:
    """Error types at the IoU of an operating point, over all confidences and at its own."""

    point: OperatingPoint
    errors: ErrorTypes
    at_point: Counts  # [6] where only the predictions that reach its confidence are there

    @classmethod
    def of(cls, at_iou: DetectionAtIou, point: OperatingPoint) -> Self:
        """Of all predictions."""
        errors = error_types(at_iou)
        counted = errors.typed.reaching(point.confidence, strict=at_iou.strict)
        return cls(point, errors, errors.typed.counts(counted))


def error_type_values(
    facts: ErrorTypeFacts,
) -> Mapping[str, Mapping[str, Mapping[str, float | None] | float | None]]:
    """By the report's keys; gains go from 0 to 1."""
    gains = facts.errors.gains
    columns = zip(
        ERROR_TYPES,
        facts.errors.typed.counts().tolist(),
        facts.at_point.tolist(),
        gains.gained.tolist(),
        strict=True,
    )
    return {
        "error_types": {
            error: {"count": count, "count_at_point": at_point, "dAP": json_number(gained)}
            for error, count, at_point, gained in columns
        },
        "tide": {
            "iou": facts.point.iou,
            "background_iou": BACKGROUND_IOU,
            "AP": json_number(gains.ap),
            "false_positives_dAP": json_number(gains.without_false_positives),
            "false_negatives_dAP": json_number(gains.without_misses),
        },
    }


def error_types_table(facts: ErrorTypeFacts) -> ExtraTable:
    """The types as a table for Markdown and HTML."""
    gains, iou = facts.errors.gains, facts.point.iou
    reaches = threshold(facts.point.confidence)
    columns = zip(
        ERROR_TYPES,
        facts.at_point.tolist(),
        facts.errors.typed.counts().tolist(),
        gains.gained.tolist(),
        strict=True,
    )
    return ExtraTable(
        key="error-types",
        title="Error types",
        caption=f"TIDE's, as tidecv counts them, at IoU {iou_threshold(iou)}; AP at this IoU is "
        f"{share(gains.ap, 3)}.",
        head=("type", f"from {reaches} on", "at all confidences", "AP given back", "what it is"),
        rows=tuple(
            (error, f"{at_point:,}", f"{count:,}", change(gain), described(error, iou))
            for error, at_point, count, gain in columns
        ),
        notes=("What fixing gives back is of all confidences, and does not add up.",),
    )


def error_type_lines(facts: ErrorTypeFacts) -> list[str]:
    """A table of the types, then what each of them is and what it does not say."""
    gains, iou = facts.errors.gains, facts.point.iou
    counts, gained = facts.errors.typed.counts().tolist(), gains.gained.tolist()
    reaches = threshold(facts.point.confidence)
    table = [
        ["type", f"from {reaches} on", "at all confidences", "AP given back"],
        *(
            [error, f"{at_point:,}", f"{count:,}", change(gain)]
            for error, at_point, count, gain in zip(
                ERROR_TYPES, facts.at_point.tolist(), counts, gained, strict=True
            )
        ),
    ]
    return [
        f"Error types (TIDE's, as tidecv counts them, at IoU {iou_threshold(iou)}; "
        f"background up to {iou_threshold(BACKGROUND_IOU)}):",
        *aligned(table),
        f"  AP at this IoU {share(gains.ap, 3)} · without any false positive "
        f"{change(gains.without_false_positives)} · without any object missed "
        f"{change(gains.without_misses)}",
        *(f"  {error}: {described(error, iou)}; fixed: {fixed(error)}" for error in ERROR_TYPES),
        "  What fixing gives back is of all confidences, and does not add up. An object counts "
        f"as missed from {reaches} on where only predictions below it would find it. Other tools "
        "differ:",
        *(f"  {difference}." for difference in OTHER_TOOLS),
    ]
