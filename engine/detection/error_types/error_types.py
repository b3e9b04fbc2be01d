"""Error types at one IoU: who is of which type, and what each type costs."""

from collections.abc import Callable
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


def error_types(
    at_iou: DetectionAtIou, cancelled: Callable[[], bool] = lambda: False
) -> ErrorTypes | None:
    """All there is to say at its IoU; None if it was cancelled meanwhile."""
    typed = typed_errors(at_iou)
    gains = error_gains(typed, cancelled)
    return None if gains is None else ErrorTypes(at_iou.iou, typed, gains)
