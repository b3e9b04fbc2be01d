"""How the raw output of each layout becomes candidate boxes, or probabilities.

Adding a layout is a function, a `Head` in the table below and its name in
`card.DECODERS`.
"""

from collections.abc import Sequence
from typing import Final

from engine.scoring.card import ModelCard
from engine.scoring.heads import plausible as raw
from engine.scoring.heads.candidates import BoxCandidates
from engine.scoring.heads.cells import cells
from engine.scoring.heads.centerface import PUBLISHED, centerface
from engine.scoring.heads.centerface import STRIDE as CENTERFACE_STRIDE
from engine.scoring.heads.classify import ProbabilityRows, classify
from engine.scoring.heads.custom_vision import ANCHORS, custom_vision
from engine.scoring.heads.custom_vision import STRIDE as CUSTOM_VISION_STRIDE
from engine.scoring.heads.detr import detr
from engine.scoring.heads.fastestdet import STRIDE as FASTESTDET_STRIDE
from engine.scoring.heads.fastestdet import fastestdet
from engine.scoring.heads.head import ClassCount, Head, Shape
from engine.scoring.heads.nanodet import PLUS_STRIDES, nanodet
from engine.scoring.heads.nanodet import STRIDES as NANODET_STRIDES
from engine.scoring.heads.rows import counted, dets5_labels, listed, rows6, rows7, rows7_class_first
from engine.scoring.heads.scrfd import GRIDS, anchor_counts, scrfd
from engine.scoring.heads.ssd import ssd
from engine.scoring.heads.turned import rows7_obb, yolo_obb
from engine.scoring.heads.yolo import yolo, yolo_obj
from engine.scoring.heads.yolo_fastestv2 import ANCHORS as FASTESTV2_ANCHORS
from engine.scoring.heads.yolo_fastestv2 import EACH, yolo_fastestv2
from engine.scoring.heads.yolo_fastestv2 import STRIDES as FASTESTV2_STRIDES
from engine.scoring.heads.yolox import cell_count, yolox
from engine.scoring.heads.yunet import PARTS, yunet
from engine.scoring.heads.yunet import STRIDES as YUNET_STRIDES

Shapes = Sequence[Shape]

OWN_NMS: Final = {"output.box_format": "xyxy", "output.nms.needed": False}
ANGLES: Final = "the angles of its boxes: the upright boxes around them are counted"
TABLE: Final = ("boxes", "scores", "labels", "count")


def _left(numbers: int, axis: int) -> ClassCount:
    """The classes that are left of this axis without a box and what the card leaves out."""
    return lambda shapes, card: _after(numbers + card.output.columns_left_out, axis, shapes[0])


def _after(numbers: int, axis: int, shape: Shape) -> int | None:
    """The classes that follow the numbers of a box on this axis."""
    return shape[axis] - numbers if shape[axis] > numbers else None


def _yolox(shapes: Shapes, card: ModelCard) -> int | None:
    return _after(5, 1, shapes[0]) if shapes[0][0] == cell_count(card.input.size) else None


def _nanodet(shapes: Shapes, card: ModelCard) -> int | None:
    known = {len(cells(card.input.size, grid)[1]) for grid in (PLUS_STRIDES, NANODET_STRIDES)}
    return _after(4 * card.output.bins, 1, shapes[0]) if shapes[0][0] in known else None


def _columns(wanted: int, shapes: Shapes) -> int | None:
    return 0 if shapes[0][1] == wanted else None


def _listed(shapes: Shapes, _: ModelCard) -> int | None:
    boxes, scores, labels = shapes[:3]
    rows = boxes[0]
    fits = boxes[1] == 4 and scores in ((rows,), (rows, 1)) and labels in ((rows,), (rows, 1))
    return 0 if fits else None


def _detr(shapes: Shapes, card: ModelCard) -> int | None:
    dropped = int(card.output.activation.endswith("drop-last")) + card.output.label_offset
    if len(shapes) == 1:
        return _after(4 + dropped, 1, shapes[0])
    boxes, scores = shapes
    fits = boxes[1] == 4 and len(scores) == 2 and scores[0] == boxes[0]
    return _after(dropped, 1, scores) if fits else None


def _custom_vision(shapes: Shapes, card: ModelCard) -> int | None:
    classes, left_over = divmod(shapes[0][0], len(ANCHORS))
    # A finer map is another detector's.
    cells = tuple(side // CUSTOM_VISION_STRIDE for side in card.input.size)
    fits = cells in ((), shapes[0][1:])
    return classes - 5 if fits and not left_over and classes > 5 else None


def _scrfd(shapes: Shapes, card: ModelCard) -> int | None:
    grids = GRIDS.get(len(shapes), 0)
    rows = anchor_counts(card.input.size, grids) if grids and card.input.size else []
    wanted = [(count, numbers) for numbers in (1, 4) for count in rows]
    return 1 if rows and list(shapes[: 2 * grids]) == wanted else None


def _yunet(shapes: Shapes, card: ModelCard) -> int | None:
    rows = [len(cells(card.input.size, (stride,))[1]) for stride in YUNET_STRIDES]
    wanted = [(count, numbers) for numbers in PARTS for count in rows]
    return 1 if list(shapes[: len(wanted)]) == wanted else None


def _ssd(shapes: Shapes, _: ModelCard) -> int | None:
    boxes, scores = shapes
    fits = boxes[1] == 4 and len(scores) == 2 and scores[0] == boxes[0] and scores[1] > 1
    return scores[1] - 1 if fits else None


def _centerface(shapes: Shapes, card: ModelCard) -> int | None:
    sides = tuple(side // CENTERFACE_STRIDE for side in card.input.size)
    wanted = [(numbers, *sides) for numbers in (1, 2, 2, 10)]
    fits = list(shapes) in (wanted, wanted[:3]) and card.input.size != PUBLISHED
    return 1 if fits else None


def _fastestdet(shapes: Shapes, card: ModelCard) -> int | None:
    sides = tuple(side // FASTESTDET_STRIDE for side in card.input.size)
    return _after(5, 0, shapes[0]) if shapes[0][1:] == sides else None


def _yolo_fastestv2(shapes: Shapes, card: ModelCard) -> int | None:
    sides = [tuple(side // stride for side in card.input.size) for stride in FASTESTV2_STRIDES]
    last = {shape[-1] for shape in shapes}
    anchors = len(card.output.anchors) in (0, len(FASTESTV2_ANCHORS))
    fits = [shape[:2] for shape in shapes] == sides and len(last) == 1 and anchors
    return _after(5 * EACH, 2, shapes[0]) if fits else None


def _classify(shapes: Shapes, card: ModelCard) -> int | None:
    dropped = int(card.output.activation.endswith("drop-last")) + card.output.label_offset
    long = [side for side in shapes[0] if side != 1]
    if not long:
        # The probability of one of two classes; a softmax over one number is always 1.
        return 2 if not dropped and card.output.activation in ("none", "sigmoid") else None
    return long[0] - dropped if len(long) <= 1 else None


HEADS: Final[dict[str, Head[BoxCandidates]]] = {
    "yolo": Head(
        yolo,
        "[batch, 4 + {classes}{left_out}, anchors]",
        _left(4, 0),
        raw.of_yolo,
    ),
    "yolo-obj": Head(
        yolo_obj,
        "[batch, anchors, 5 + {classes}{left_out}]",
        _left(5, 1),
        raw.of_yolo_obj,
    ),
    "yolox": Head(yolox, "[batch, {cells} cells, 5 + {classes}]", _yolox, raw.of_yolox),
    "rows6": Head(
        rows6,
        "[batch, boxes, 6{left_out}]",
        lambda shapes, card: _columns(6 + card.output.columns_left_out, shapes),
        raw.of_rows6,
        defaults=OWN_NMS,
    ),
    "rows7": Head(
        rows7,
        "[boxes, 7]",
        lambda shapes, _: _columns(7, shapes),
        raw.of_rows7,
        flat=True,
        defaults=OWN_NMS,
    ),
    "rows7-class-first": Head(
        rows7_class_first,
        "[boxes, 7]",
        lambda shapes, _: _columns(7, shapes),
        raw.of_rows7_class_first,
        flat=True,
        defaults=OWN_NMS,
    ),
    "counted": Head(
        counted,
        "boxes [batch, K, 4], scores and labels [batch, K], and their count [batch, 1]",
        _listed,
        raw.of_table,
        outputs=TABLE,
        defaults=OWN_NMS,
    ),
    "boxes-scores-labels": Head(
        listed,
        "boxes [boxes, 4], scores and labels [boxes], or each with a batch axis before",
        _listed,
        raw.of_table,
        outputs=TABLE[:3],
        defaults=OWN_NMS,
    ),
    "ssd-tf": Head(
        listed,
        "detection_boxes [batch, K, 4], detection_scores and detection_classes [batch, K]",
        _listed,
        raw.of_table,
        outputs=TABLE,
        optional=("count",),
        defaults=OWN_NMS
        | {"output.box_format": "yxyx", "output.box_space": "normalized", "output.label_offset": 1},
    ),
    "dets5-labels": Head(
        dets5_labels,
        "dets [batch, K, 5] and labels [batch, K]",
        lambda shapes, _: _columns(5, shapes),
        raw.of_dets5,
        outputs=("boxes", "labels"),
        defaults=OWN_NMS,
    ),
    "detr": Head(
        detr,
        "boxes [batch, queries, 4] and scores [batch, queries, {classes}], or both in one",
        _detr,
        raw.of_detr,
        outputs=("boxes", "scores"),
        optional=("scores",),
        defaults={"output.box_space": "normalized", "output.nms.needed": False},
    ),
    "custom-vision": Head(
        custom_vision,
        "[batch, 5 * (5 + {classes}), rows, columns]",
        _custom_vision,
        ranks=(3,),
        defaults={"output.box_space": "normalized", "output.nms.iou": 0.45},
    ),
    "yolo-obb": Head(
        yolo_obb,
        "[batch, 4 + {classes} + an angle, anchors]",
        _left(5, 0),
        raw.of_yolo_obb,
        defaults={"output.left_out": ANGLES},
    ),
    "rows7-obb": Head(
        rows7_obb,
        "[batch, boxes, 7] with the angle last",
        lambda shapes, _: _columns(7, shapes),
        raw.of_rows7_obb,
        defaults={"output.nms.needed": False, "output.left_out": ANGLES},
    ),
    "ssd": Head(
        ssd,
        "boxes [batch, anchors, 4] and scores [batch, anchors, background + {classes}]",
        _ssd,
        raw.of_ssd,
        outputs=("boxes", "scores"),
        defaults={
            "output.box_format": "xyxy",
            "output.box_space": "normalized",
            "output.nms.iou": 0.5,
        },
    ),
    "scrfd": Head(
        scrfd,
        "confidences [anchors, 1] of 3 or 5 grids, boxes [anchors, 4], and points or none",
        _scrfd,
        raw.of_scrfd,
        many=True,
        defaults={"output.nms.iou": 0.4},
    ),
    "yunet": Head(
        yunet,
        "classes, objectness and boxes [batch, cells, 1, 1 and 4] of 3 grids each, and points",
        _yunet,
        raw.of_yunet,
        many=True,
        defaults={"output.nms.iou": 0.3},
    ),
    "centerface": Head(
        centerface,
        "maps of faces [batch, 1, rows, columns], of sides and offsets [batch, 2, rows, columns]",
        _centerface,
        raw.of_centerface,
        ranks=(3,),
        many=True,
        defaults={"output.nms.iou": 0.3},
    ),
    "fastestdet": Head(
        fastestdet,
        "[batch, 5 + {classes}, rows, columns] of cells of 16 pixels",
        _fastestdet,
        raw.of_fastestdet,
        ranks=(3,),
        defaults={"output.box_space": "normalized", "output.nms.iou": 0.45},
    ),
    "yolo-fastestv2": Head(
        yolo_fastestv2,
        "2 grids [batch, rows, columns, 15 + {classes}] of cells of 16 and 32 pixels",
        _yolo_fastestv2,
        raw.of_yolo_fastestv2,
        ranks=(3,),
        many=True,
        defaults={"output.nms.iou": 0.4},
    ),
    "nanodet": Head(nanodet, "[batch, cells, {classes} + 4 * bins]", _nanodet, raw.of_nanodet),
}

CLASSIFIERS: Final[dict[str, Head[ProbabilityRows]]] = {
    "classify": Head(
        classify,
        "[batch, {classes}] or [batch, {classes}, 1, 1], or [batch, 1] for two classes",
        _classify,
        raw.of_classifier,
        ranks=(1, 3),
        defaults={"output.nms.needed": False},
    )
}
