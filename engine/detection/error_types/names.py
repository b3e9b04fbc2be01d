"""The error types of TIDE by name, and what each of them is in a sentence.

Source: Bolya, Foley, Hays and Hoffman, "TIDE: A General Toolbox for Identifying Object
Detection Errors", ECCV 2020. Which prediction is of which type is tidecv 1.0.1's rule.
"""

from typing import Final, Literal, TypeAlias, get_args

from engine.detection.boxes import LOWEST_IOU
from engine.util.words import iou_threshold

ErrorType: TypeAlias = Literal[
    "classification", "localisation", "both", "duplicate", "background", "missed"
]

ERROR_TYPES: Final[tuple[ErrorType, ...]] = get_args(ErrorType)  # in tidecv's order
CLASSIFICATION, LOCALISATION, BOTH, DUPLICATE, BACKGROUND, MISSED = range(len(ERROR_TYPES))

BACKGROUND_IOU: Final = LOWEST_IOU
"""A prediction that overlaps no object by more is background."""

MOST_IN_IMAGE: Final = 100
"""Predictions that count, the most confident of an image, all classes together."""


OTHER_TOOLS: Final = (
    "hotcoco has no type for a prediction on a crowd, takes 100 predictions of each class in an "
    "image where tidecv takes 100 of all, and its AP leaves out classes without an object",
    "vernier asks for duplicates first, calls a box loose only where no other class overlaps "
    "more, calls every object missed that is not found, and gives AP over ten IoUs",
)
"""How the error types of other tools differ from tidecv's, a sentence each."""


def described(error: ErrorType, iou: float) -> str:
    """What an error of this type is, in a sentence."""
    found, low = iou_threshold(iou), iou_threshold(BACKGROUND_IOU)
    return {
        "classification": f"a wrong class on an object that the box overlaps by IoU {found} "
        "or more",
        "localisation": f"the right class, but a box that overlaps the object by IoU {low} "
        f"to {found} only",
        "both": f"a wrong class, and IoU {low} to {found} with the object",
        "duplicate": "the right class on an object that a more confident prediction has found",
        "background": f"nothing is there: IoU {low} or less with every object",
        "missed": "an object that no prediction finds, not even with a wrong class or a loose box",
    }[error]


def fixed(error: ErrorType) -> str:
    """What is changed to see how much average precision the errors of this type cost."""
    return {
        "classification": "the class is corrected for the most confident one of each object "
        "that is not found, the others are taken away",
        "localisation": "the box is corrected for the most confident one of each object that "
        "is not found, the others are taken away",
        "both": "they are taken away",
        "duplicate": "they are taken away",
        "background": "they are taken away",
        "missed": "the objects are not asked for",
    }[error]
