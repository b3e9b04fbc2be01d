"""That a model is compared with another one from the beginning."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.compare.points import WantedPoint
    from engine.compare.sides import Sides


@dataclass(frozen=True, eq=False)
class ComparedWith:
    """Both sides, and where a person wants them to be judged at first."""

    sides: "Sides"
    iou: float = 0.5
    confidence: "WantedPoint" = None
