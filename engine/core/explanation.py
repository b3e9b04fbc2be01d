"""What a person who asks about a number reads."""

from dataclasses import dataclass
from typing import Final

from engine.core.thresholds import OperatingPoint
from engine.util.words import iou_threshold, share, threshold

ALL_CLASSES: Final = "all classes"
UNDEFINED: Final = "undefined"


@dataclass(frozen=True)
class Explanation:
    """A number in words: what it means, how it is counted, and from what."""

    title: str  # Precision of bolt
    what: str  # one plain sentence
    formula: str  # TP / (TP + FP)
    filled: str  # TP / (TP + FP) = 918 / (918 + 206) = .817
    made_at: str  # IoU, confidence and rule


def name_of(row: int, classes: tuple[str, ...]) -> str:
    """The class of a row, or all of them for the last one."""
    return classes[row] if row < len(classes) else ALL_CLASSES


def value_of(ratio: float) -> str:
    """A ratio with three digits, or that it is undefined."""
    return UNDEFINED if ratio != ratio else share(ratio, 3)


def made_at(point: OperatingPoint) -> str:
    """What a count at an operating point depends on."""
    sign = ">" if point.matching == "iou" else "\N{GREATER-THAN OR EQUAL TO}"
    confidence = f"confidence {sign} {threshold(point.confidence)}"
    if point.per_class:
        confidence = f"each class at its own {'saved' if point.own else 'optimal'} confidence"
    return f"IoU {sign} {iou_threshold(point.iou)}, {confidence}, matching {point.matching}"
