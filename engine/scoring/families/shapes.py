"""Families that only the shapes of their outputs give away: the last resort, never certain."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.scoring.families.family import (
    COLOR,
    RAW,
    RESIZE,
    VALUES,
    ZERO_TO_ONE,
    Family,
    FamilyMatch,
    Keys,
)
from engine.scoring.families.feeding import asked, classifier_questions
from engine.scoring.families.probabilities import activation_of
from engine.scoring.families.seen import SeenModel
from engine.scoring.families.unread import embedding_sign
from engine.scoring.heads.cells import cells
from engine.scoring.heads.custom_vision import ANCHORS
from engine.scoring.heads.custom_vision import STRIDE as CUSTOM_VISION_STRIDE
from engine.scoring.heads.head import Shape
from engine.scoring.heads.nanodet import BINS, PLUS_STRIDES, STRIDES
from engine.scoring.heads.yolox import cell_count

MOST_ROWS: Final = 1000  # boxes that a model which suppresses by itself gives
ANCHORS_A_CELL: Final = 3  # of YOLOv5 and v7

# MMDetection's numbers, in BGR as NanoDet's configurations have them.
NANODET_VALUES: Final[Keys] = {
    "input.color": "BGR",
    "input.scale": 1.0,
    "input.mean": (103.53, 116.28, 123.675),
    "input.std": (57.375, 57.12, 58.395),
}

KERAS_RESIZE: Final[Keys] = {"input.antialias": False, "input.interpolation": "bilinear-float"}


def _one_output(seen: SeenModel) -> Shape | None:
    return seen.shape(seen.outputs[0]) if len(seen.outputs) == 1 else None


def _yolox(seen: SeenModel) -> FamilyMatch | None:
    """A row for each cell of three grids; boxes still in logarithms, so some are below 0."""
    shape, size = _one_output(seen), seen.input_size
    if not shape or not size or len(shape) != 3 or shape[2] <= 5 or shape[1] != cell_count(size):
        return None
    values = seen.values(seen.outputs[0])
    if values is None or not (values[..., 2:4] < 0).any():
        return None
    return FamilyMatch(
        # Its own code resizes with OpenCV, which does not average over the pixels it skips.
        {"output.decoder": "yolox", "output.nms.iou": 0.45, "input.antialias": False},
        f"its output {list(shape)} has a row for each cell of the grids of stride 8, 16 and 32, "
        "with sides in logarithms",
        "guess",
        asked(
            seen,
            COLOR.assuming("BGR"),
            VALUES.assuming("0 to 255"),
            RESIZE.assuming("letterbox-topleft"),
        ),
    )


def _nanodet(seen: SeenModel) -> FamilyMatch | None:
    shape, size = _one_output(seen), seen.input_size
    if not shape or not size or len(shape) != 3:
        return None
    if shape[1] not in {len(cells(size, strides)[1]) for strides in (PLUS_STRIDES, STRIDES)}:
        return None
    values = seen.values(seen.outputs[0])
    # Classes first, through a sigmoid; other layouts have boxes there.
    fitting = [bins for bins in BINS if shape[2] > 4 * bins and _are_shares(values, 4 * bins)]
    if not fitting:
        return None
    return FamilyMatch(
        {
            "output.decoder": "nanodet",
            "output.bins": fitting[0],
            "output.nms.iou": 0.6,
            **NANODET_VALUES,
        },
        f"its output {list(shape)} has a row for each cell of its grids, confidences first",
        "guess",
        (RESIZE.assuming("stretch"),),
    )


def _are_shares(values: NDArray[Any] | None, last: int) -> bool:
    """Whether all but so many of the last numbers of each row lie from 0 to 1."""
    first = None if values is None else values[..., :-last]
    return first is not None and bool(((first >= 0) & (first <= 1)).all())


def _compact_custom_vision(seen: SeenModel) -> FamilyMatch | None:
    shape = _one_output(seen)
    if not shape or len(shape) != 4 or shape[1] % len(ANCHORS) or shape[1] <= 5 * len(ANCHORS):
        return None
    # A map of anything else is rarely this coarse.
    sides = tuple(side and side // CUSTOM_VISION_STRIDE for side in seen.sides)
    if min(shape[2:]) < 2 or shape[2:] != sides:
        return None
    return FamilyMatch(
        {
            "output.decoder": "custom-vision",
            "output.box_space": "normalized",
            "output.nms.iou": 0.45,
            "input.resize": "stretch",
            "input.interpolation": "bicubic",
            **ZERO_TO_ONE,
        },
        f"its output {list(shape)} is a map of five anchors a cell",
        "likely",
    )


def _flat_rows(seen: SeenModel) -> FamilyMatch | None:
    """All images in one table: YOLO-NAS, which takes bytes, or YOLOv7, which takes floats."""
    shape = _one_output(seen)
    if not shape or len(shape) != 2 or shape[1] != 7 or not seen.graph.suppresses:
        return None
    card: Keys = {
        "output.decoder": "rows7" if seen.raw_bytes else "rows7-class-first",
        "provenance.family": "yolo-nas" if seen.raw_bytes else "yolov7-end2end",
    }
    reason = "its output [boxes, 7] has the image's number first and no batch axis"
    return FamilyMatch(card, reason, "guess", asked(seen, RESIZE, VALUES))


def _rows6(seen: SeenModel) -> FamilyMatch | None:
    shape = _one_output(seen)
    if not shape or len(shape) != 3 or shape[2] != 6 or shape[1] > MOST_ROWS:
        return None
    reason = f"its output {list(shape)} has six numbers a box"
    return FamilyMatch(
        {"output.decoder": "rows6"}, reason, "guess", asked(seen, COLOR, VALUES, RESIZE)
    )


def _columns(seen: SeenModel) -> FamilyMatch | None:
    """Ultralytics' layout: the shorter axis first."""
    shape = _one_output(seen)
    if not shape or len(shape) != 3 or not 4 < shape[1] < shape[2]:
        return None
    if not seen.in_pixels(seen.outputs[0], columns=True):
        return None
    reason = f"its output {list(shape)} has a column for each anchor"
    return FamilyMatch(
        {"output.decoder": "yolo"}, reason, "guess", asked(seen, VALUES, COLOR, RESIZE)
    )


def _rows(seen: SeenModel) -> FamilyMatch | None:
    """YOLOv5's layout: the shorter axis last, boxes already in pixels."""
    shape = _one_output(seen)
    if not shape or len(shape) != 3 or not 5 < shape[2] < shape[1]:
        return None
    if not seen.in_pixels(seen.outputs[0]):
        return None
    size = seen.input_size
    grids = cell_count(size) if size else 0
    known = {grids: "one a cell, as YOLOv6", ANCHORS_A_CELL * grids: "three a cell, as YOLOv5"}
    layout = known.get(shape[1], "one an anchor")
    reason = f"its output {list(shape)} has a row for each anchor, {layout}"
    card: Keys = {"output.decoder": "yolo-obj", "output.nms.iou": 0.65}
    return FamilyMatch(card, reason, "guess", asked(seen, VALUES, COLOR, RESIZE))


def _binary(seen: SeenModel) -> FamilyMatch | None:
    """One sigmoid for two classes, as Keras and torch train them."""
    shape = _one_output(seen)
    if not shape or len(shape) not in (2, 4) or np.prod(shape[1:]) != 1:
        return None
    if seen.outputs[0] not in seen.graph.sigmoids or seen.image is None:
        return None
    reason = f"its only output {list(shape)} is a sigmoid, the probability of the second class"
    card: Keys = {"output.decoder": "classify", "output.activation": "none"}
    return FamilyMatch(
        {**card, **_values_of_bytes(seen)}, reason, "guess", classifier_questions(seen)
    )


def _classifier(seen: SeenModel) -> FamilyMatch | None:
    shape = _one_output(seen)
    long = [side for side in shape[1:] if side != 1] if shape else []
    if not shape or len(shape) not in (2, 4) or len(long) > 1 or np.prod(shape[1:]) < 2:
        return None
    output = seen.outputs[0]
    activation = activation_of(seen, output)
    card: Keys = {"output.decoder": "classify", "output.activation": activation}
    reason = f"its only output {list(shape)} is one number a class"
    if activation == "softmax" and (sign := embedding_sign(seen, output)):
        why = (
            f"gives {int(np.prod(shape[1:])):,} numbers for an image that look like an embedding "
            f"and not like classes ({sign}), and embeddings are not assessed; where they are "
            'logits, write decoder = "classify" and activation = "softmax" under [output] in'
        )
        return FamilyMatch(card, reason, "guess", refused=why)
    return FamilyMatch(
        {**card, **_values_of_bytes(seen)}, reason, "guess", classifier_questions(seen)
    )


def _values_of_bytes(seen: SeenModel) -> Keys:
    """Bytes leave no choice of values; floats are resized as floats by Keras' own datasets."""
    if not seen.channels_last:
        return {}
    return RAW if seen.raw_bytes else KERAS_RESIZE


FAMILIES: Final = (
    Family("yolox", "shapes", _yolox),
    Family("nanodet", "shapes", _nanodet),
    Family("custom-vision", "shapes", _compact_custom_vision),
    Family("flat-rows", "shapes", _flat_rows),
    Family("end2end", "shapes", _rows6),
    Family("yolo-v8-like", "shapes", _columns),
    Family("yolo-v5-like", "shapes", _rows),
    Family("binary-classifier", "shapes", _binary),
    Family("classifier", "shapes", _classifier),
)
