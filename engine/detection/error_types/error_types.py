"""Error types at one IoU: who is of which type, and what each type costs."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.detection.detection import DetectionAtIou
from engine.detection.error_types.gains import ErrorGains, error_gains
from engine.detection.error_types.typed import TypedErrors
from engine.util.once import remembered


@dataclass(frozen=True, eq=False)
class ErrorTypes:
    """What TIDE says of a detector at an IoU, whatever the confidence and the matching."""

    iou: float
    typed: TypedErrors
    gains: ErrorGains


@remembered
def typed_errors(at_iou: DetectionAtIou) -> TypedErrors:
    """Of all predictions, at its IoU; worked out once."""
    return TypedErrors.of(at_iou.detection.parts.whole, at_iou.iou)


def growing_error_types(at_iou: DetectionAtIou) -> Iterator[ErrorTypes]:
    """Ever more of what there is to say, the last time all: for who may stop early."""
    typed = typed_errors(at_iou)
    for gains in error_gains(typed):
        yield ErrorTypes(at_iou.iou, typed, gains)


def error_types(at_iou: DetectionAtIou) -> ErrorTypes:
    """All there is to say at its IoU."""
    *_, whole = growing_error_types(at_iou)
    return whole
