"""What is kept of one image: a detector's boxes, or a classifier's probabilities."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

DOUBLE: Final = b"float64"  # in place of boxes: what the confidences of a classifier are
Blobs: TypeAlias = tuple[bytes, bytes, bytes]  # columns of the store: class, confidence, box


@dataclass(frozen=True, eq=False)
class FoundBoxes:
    """What a detector found in one image, in descending confidence."""

    class_: NDArray[np.int32]  # [N] the model's own class
    confidence: NDArray[np.float32]  # [N]
    box: NDArray[np.float32]  # [N, 4] left, top, width, height in pixels of the image

    @classmethod
    def nothing(cls) -> "FoundBoxes":
        """No box."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros((0, 4), np.float32))

    def blobs(self) -> Blobs:
        """As the store keeps it, little-endian."""
        return (
            self.class_.astype("<i4").tobytes(),
            self.confidence.astype("<f4").tobytes(),
            self.box.astype("<f4").tobytes(),
        )


@dataclass(frozen=True, eq=False)
class ClassProbabilities:
    """What a classifier says of one image."""

    value: NDArray[np.float32] | NDArray[np.float64]  # [C] in the model's own order

    def blobs(self) -> Blobs:
        """As the store keeps it: a confidence for each class, which need not be named."""
        if self.value.dtype == np.float64:
            return b"", self.value.astype("<f8").tobytes(), DOUBLE
        return b"", self.value.astype("<f4").tobytes(), b""


ImagePredictions: TypeAlias = FoundBoxes | ClassProbabilities


def from_blobs(class_: bytes, confidence: bytes, box: bytes) -> ImagePredictions:
    """What `blobs` was called on, told by the columns that are filled; TypeError for others."""
    if box == DOUBLE and not class_:
        return ClassProbabilities(np.frombuffer(confidence, "<f8"))
    scores = np.frombuffer(confidence, "<f4")
    match bool(class_), bool(confidence), bool(box):
        case (False, True, False):
            return ClassProbabilities(scores)
        case (True, True, True) | (False, False, False):
            corners = np.frombuffer(box, "<f4").reshape(-1, 4)
            return FoundBoxes(np.frombuffer(class_, "<i4"), scores, corners)
        case _:
            raise TypeError("kept of an image is neither boxes nor probabilities")


def only_boxes(found: ImagePredictions) -> FoundBoxes:
    """What a detector found; TypeError for the answer of another kind of model."""
    if not isinstance(found, FoundBoxes):
        raise TypeError(f"expected the boxes of a detector, got {type(found).__name__}")
    return found


def only_probabilities(found: ImagePredictions) -> ClassProbabilities:
    """What a classifier says; TypeError for the answer of another kind of model."""
    if not isinstance(found, ClassProbabilities):
        raise TypeError(f"expected the probabilities of a classifier, got {type(found).__name__}")
    return found
