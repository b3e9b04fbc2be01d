"""What every head yields: boxes, the most confident first."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Indices, Scores

MOST_CANDIDATES: Final = 30_000  # as many as Ultralytics lets into its suppression


class NotANumber(Exception):  # noqa: N818  # a fact about one image, kept and shown
    """A model that answered with NaN."""


@dataclass(frozen=True, eq=False)
class BoxCandidates:
    """Boxes above the floor, before suppression, in descending confidence.

    The corners are in the space that the card's `output.box_space` names.
    """

    corners: NDArray[np.float64]  # [N, 4] left, top, right, bottom
    class_: Indices  # [N] the model's own class
    confidence: Scores  # [N]
    # [N, 5] center, width, height in pixels of the input, and angle in radians where the boxes
    # are turned: they are suppressed so, and the corners are those of the upright hulls.
    turned: NDArray[np.float64] | None = None


def above(scores: NDArray[Any], floor: float) -> tuple[Indices, Indices, Scores]:
    """Every (row, column) of a score table [R, K] at or above the floor, best first.

    Equal scores keep the order of the table. The floor is 0 or more. Raises `NotANumber`.
    """
    if np.isnan(scores.min(initial=0)):
        raise NotANumber("the model gave NaN instead of confidences")
    flat = np.flatnonzero(scores >= floor)
    # The bits of floats from 0 up are ordered as the floats are: bits and place make
    # one number, which sorts several times faster than an argsort that keeps order.
    bits = (scores.reshape(-1)[flat].astype(np.float32) + 0).view(np.uint32)
    keys = (~bits).astype(np.uint64) << 32 | flat.astype(np.uint64)
    if len(keys) > MOST_CANDIDATES:
        keys = np.partition(keys, MOST_CANDIDATES)[:MOST_CANDIDATES]
    keys.sort()
    best = (keys & 0xFFFFFFFF).astype(np.intp)
    row, column = np.divmod(best, scores.shape[1])
    return row, column, scores.reshape(-1)[best].astype(np.float64)


def finite(corners: NDArray[np.float64], class_: Indices, confidence: Scores) -> BoxCandidates:
    """Candidates without the boxes that overflowed, which lie nowhere, and without background."""
    if np.isfinite(corners).all() and class_.min(initial=0) >= 0:
        return BoxCandidates(corners, class_, confidence)
    rows = np.isfinite(corners).all(axis=1) & (class_ >= 0)
    return BoxCandidates(corners[rows], class_[rows], confidence[rows])


def corners_of(boxes: NDArray[Any], box_format: str) -> NDArray[np.float64]:
    """Boxes [N, 4] as the model writes them -> left, top, right, bottom."""
    boxes = boxes.astype(np.float64)
    first, second = boxes[:, :2], boxes[:, 2:]
    match box_format:
        case "cxcywh":
            return np.concatenate([first - second / 2, first + second / 2], axis=1)
        case "xywh":
            return np.concatenate([first, first + second], axis=1)
        case "yxyx":
            return boxes[:, [1, 0, 3, 2]]
    return boxes


def corners_at(boxes: NDArray[Any], rows: Indices, box_format: str) -> NDArray[np.float64]:
    """The corners of some boxes [R, 4]; a row may be asked for once for each of its classes."""
    if len(rows) > len(boxes):
        return corners_of(boxes, box_format)[rows]
    return corners_of(boxes[rows], box_format)


def sigmoid(values: NDArray[Any]) -> NDArray[Any]:
    """Logits -> probabilities."""
    with np.errstate(over="ignore"):
        probabilities: NDArray[Any] = 1 / (1 + np.exp(-values))
    return probabilities


def softmax(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Logits -> shares that sum to 1 along the last axis; large ones do not overflow."""
    values = logits.astype(np.float64)
    with np.errstate(invalid="ignore"):  # inf - inf is the NaN that the caller names
        powers = np.exp(values - values.max(axis=-1, keepdims=True, initial=-np.inf))
        shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def activated(values: NDArray[Any], activation: str) -> NDArray[Any]:
    """Outputs -> what the card's `output.activation` makes of them, along the last axis."""
    if activation.startswith("softmax"):
        values = softmax(values)
    elif activation.startswith("sigmoid"):
        values = sigmoid(values)
    # The last class is that of no object.
    return values[..., :-1] if activation.endswith("drop-last") else values
