"""What no model answers: numbers that show that its outputs have another layout."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.scoring.card import ModelCard
from engine.scoring.heads.scrfd import GRIDS
from engine.scoring.heads.yolo_fastestv2 import EACH
from engine.scoring.model.session import Outputs

PADDING: Final = -1  # a confidence that stands for no box
BEYOND: Final = 0.02  # a quantised graph may miss 0 and 1 by as much
MOST_INVERTED: Final = 0.1  # share of boxes; a net without limits on its sides gives a few
CENTERED: Final = ("cxcywh", "xywh")


@dataclass(frozen=True, eq=False)
class RawNumbers:
    """The numbers of one image by what a layout takes them for, as the model wrote them."""

    boxes: NDArray[Any] | None = None  # [N, 4] in the card's `output.box_format`
    scores: NDArray[Any] | None = None  # [N] or [N, classes] confidences or probabilities
    classes: NDArray[Any] | None = None  # [N]
    shares: NDArray[Any] | None = None  # [N, classes] of a softmax, 1 together


def impossible(numbers: RawNumbers, box_format: str) -> str:
    """What a model cannot have meant by these numbers, in words; nothing where all is possible.

    Confidences lie from 0 to 1, classes are whole numbers, and no box ends before it begins.
    NaN is no sign: it is told for each image.
    """
    scores = None if numbers.scores is None else numbers.scores.astype(np.float64)
    if scores is not None:
        real = scores[np.isfinite(scores) & (scores != PADDING)]
        off = real[(real < -BEYOND) | (real > 1 + BEYOND)]
        if off.size:
            worst = off[np.abs(off - 0.5).argmax()]
            return f"confidences such as {worst:.4g}, which are not from 0 to 1"
    if numbers.shares is not None:
        sums = numbers.shares.astype(np.float64).sum(axis=1)
        off = sums[np.isfinite(sums) & (np.abs(sums - 1) > BEYOND)]
        if off.size:
            return f"shares of all classes that are {off[0]:.4g} together, and not 1"
    means = np.ones(_rows(numbers), np.bool_)
    if scores is not None:
        means = (scores.max(axis=1, initial=0) if scores.ndim > 1 else scores) > 0
    if numbers.classes is not None:
        classes = numbers.classes.reshape(-1)[means].astype(np.float64)
        parts = classes[np.isfinite(classes) & (np.abs(classes - np.round(classes)) > 1e-3)]
        if parts.size:
            return f"classes such as {parts[0]:.4g}, which are no whole numbers"
    if numbers.boxes is None:
        return ""
    boxes = numbers.boxes[means].astype(np.float64)
    sides = boxes[:, 2:] if box_format in CENTERED else boxes[:, 2:] - boxes[:, :2]
    inverted = int((sides < 0).any(axis=1).sum())
    if inverted > MOST_INVERTED * len(boxes):
        return f"{inverted} of {len(boxes)} boxes end before they begin"
    return ""


def _rows(numbers: RawNumbers) -> int:
    parts = (numbers.boxes, numbers.scores, numbers.classes)
    return next((len(part) for part in parts if part is not None), 0)


def of_rows6(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """[boxes, 6 + left out]."""
    (rows,) = outputs
    return RawNumbers(rows[:, :4], rows[:, 4], rows[:, 5])


def of_rows7(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """[boxes, 7], the confidence before the class."""
    (rows,) = outputs
    return RawNumbers(rows[:, 1:5], rows[:, 5], rows[:, 6])


def of_rows7_class_first(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """[boxes, 7], the class before the confidence."""
    (rows,) = outputs
    return RawNumbers(rows[:, 1:5], rows[:, 6], rows[:, 5])


def of_dets5(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """[boxes, 5] and classes [boxes]."""
    rows, classes = outputs
    return RawNumbers(rows[:, :4], rows[:, 4], classes)


def of_table(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """Boxes [K, 4], confidences [K], classes [K], and perhaps how many of them are meant."""
    boxes, scores, classes, *count = outputs
    real = int(np.asarray(count[0]).reshape(-1)[0]) if count else len(boxes)
    return RawNumbers(boxes[:real], scores[:real].reshape(-1), classes[:real].reshape(-1))


def of_yolo(outputs: Outputs, card: ModelCard) -> RawNumbers:
    """[4 + classes + left out, anchors]."""
    (output,) = outputs
    plain = card.output.activation == "none"
    scores = output[4 : len(output) - card.output.columns_left_out]
    return RawNumbers(output[:4].T, scores.T if plain else None)


def of_yolo_obj(outputs: Outputs, card: ModelCard) -> RawNumbers:
    """[anchors, 5 + classes + left out]."""
    (output,) = outputs
    plain = card.output.activation == "none"
    scores = output[:, 4 : output.shape[1] - card.output.columns_left_out]
    return RawNumbers(output[:, :4], scores if plain else None)


def of_yolo_obb(outputs: Outputs, card: ModelCard) -> RawNumbers:
    """[4 + classes + 1, anchors], the angle last."""
    (output,) = outputs
    plain = card.output.activation == "none"
    return RawNumbers(output[:4].T, output[4:-1].T if plain else None)


def of_rows7_obb(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """[boxes, 7], the angle last."""
    (rows,) = outputs
    return RawNumbers(rows[:, :4], rows[:, 4], rows[:, 5])


def of_yolox(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """[cells, 5 + classes], the sides of boxes in logarithms."""
    (output,) = outputs
    return RawNumbers(scores=output[:, 4:])


def of_nanodet(outputs: Outputs, card: ModelCard) -> RawNumbers:
    """[cells, classes + 4 * bins], the boxes as distributions."""
    (output,) = outputs
    return RawNumbers(scores=output[:, : -4 * card.output.bins])


def of_scrfd(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """Confidences of each grid, then boxes as distances, then points or none."""
    grids = GRIDS[len(outputs)]
    return RawNumbers(scores=np.concatenate([part.reshape(-1) for part in outputs[:grids]]))


def of_yunet(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """Classes of three grids, objectness of three, boxes in logarithms, points."""
    return RawNumbers(scores=np.concatenate([part.reshape(-1) for part in outputs[:6]]))


def of_centerface(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """A map of confidences, then of sides in logarithms, of offsets, and of points."""
    return RawNumbers(scores=outputs[0].reshape(-1))


def of_ssd(outputs: Outputs, card: ModelCard) -> RawNumbers:
    """Boxes [anchors, 4] and scores [anchors, 1 + classes]."""
    boxes, scores = outputs
    if card.output.activation != "none":
        return RawNumbers(boxes)
    return RawNumbers(boxes, scores, shares=scores)


def of_fastestdet(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """[1 + 4 + classes, rows, columns], the box before its tanh and sigmoid."""
    (output,) = outputs
    numbers = output.reshape(len(output), -1)
    return RawNumbers(scores=numbers[0], shares=numbers[5:].T)


def of_yolo_fastestv2(outputs: Outputs, _: ModelCard) -> RawNumbers:
    """Two grids [rows, columns, 15 + classes], all of them shares."""
    cells = np.concatenate([part.reshape(-1, part.shape[-1]) for part in outputs])
    return RawNumbers(scores=cells, shares=cells[:, 5 * EACH :])


def of_detr(outputs: Outputs, card: ModelCard) -> RawNumbers:
    """Boxes [queries, 4] and scores [queries, classes], or both in one."""
    joined = len(outputs) == 1
    boxes, scores = (outputs[0][:, :4], outputs[0][:, 4:]) if joined else outputs
    return RawNumbers(boxes, scores if card.output.activation == "none" else None)


def of_classifier(outputs: Outputs, card: ModelCard) -> RawNumbers:
    """[classes]; bytes stand for probabilities."""
    plain = card.output.activation == "none" and outputs[0].dtype != np.uint8
    return RawNumbers(scores=outputs[0].reshape(1, -1) if plain else None)
