"""Made graphs of detectors that nothing but the shape of their output gives away."""

import numpy as np

from tests.engine.scoring.detector_cases import (
    ENDED,
    LETTERBOX,
    SQUARE,
    V5,
    V8,
    suppressing,
)
from tests.engine.scoring.family_cases import (
    CLASSES,
    CONFIDENCES,
    CORNERS,
    SCORES,
    case,
    logits,
    of_one,
)
from tests.engine.scoring.graphs import BYTE, Out


def flat(score_first, images=1):
    pairs = zip(CONFIDENCES, CLASSES, strict=True)
    ends = [(score, label) if score_first else (label, score) for score, label in pairs]
    return np.array(
        [(image, *box, *end) for image in range(images) for box, end in zip(CORNERS, ends)]  # noqa: B905
    )


YOLOX = np.zeros((1, 84, 7))
YOLOX[0, 0, :4] = -1
YOLOX[0, 27] = [0, 0, np.log(2), np.log(2), 0.9, 0, 1]  # cell 3, 3 of stride 8
YOLOX[0, 30] = [0, 0, np.log(2), np.log(4), 0.6, 1, 0]  # cell 6, 3
NANODET = np.zeros((1, 85, 34))
for cell, scores, distances in ((27, SCORES[0], [1, 1, 1, 1]), (30, SCORES[1], [1, 2, 1, 2])):
    NANODET[0, cell, :2] = scores
    NANODET[0, cell, 2:] = np.eye(8)[distances].reshape(-1) * 50


def custom_vision_map():
    """[1, 5 * 7, 6, 8]: cells of 8 pixels; anchor 1 is 1.87 x 2.06 cells."""
    table = np.zeros((5, 7, 6, 8))
    table[:, 4] = -50  # objectness
    for x, y, width, height, confidence, class_ in (
        (24, 24, 16, 16, 0.9, 1),
        (48, 24, 16, 32, 0.6, 0),
    ):
        # A center on a cell's edge is approached from the cell before: sigmoid(50) is 1.
        column, row = x // 8 - 1, y // 8 - 1
        table[1, :, row, column] = [
            50,
            50,
            np.log(width / 8 / 1.87),
            np.log(height / 8 / 2.06),
            logits(confidence),
            *(50 * (np.arange(2) == class_)),
        ]
    return table.reshape(1, 35, 6, 8)


OLDER_NANODET = np.zeros((1, 84, 34))
# Stride 16, measured from a cell's middle: half a stride each way from (24, 24), where two
# distances are as likely; and from (40, 24) nothing to the left, a stride to the other sides.
OLDER_NANODET[0, 64 + 5, :2] = SCORES[0]
OLDER_NANODET[0, 64 + 5, 2:] = np.tile([50, 50, 0, 0, 0, 0, 0, 0], 4)
OLDER_NANODET[0, 64 + 6, :2] = SCORES[1]
OLDER_NANODET[0, 64 + 6, 2:] = np.eye(8)[[0, 1, 1, 1]].reshape(-1) * 50
# The same of distances up to ten.
WIDER_NANODET = np.zeros((1, 84, 46))
WIDER_NANODET[..., :2] = OLDER_NANODET[..., :2]
for distance in range(4):
    ours, theirs = 2 + 11 * distance, 2 + 8 * distance
    WIDER_NANODET[..., ours : ours + 8] = OLDER_NANODET[..., theirs : theirs + 8]
    WIDER_NANODET[..., ours + 8 : ours + 11] = -50

CASES_3 = {
    "Custom Vision compact": case(
        "custom-vision",
        "likely",
        "shares",
        "RGB 0 to 1, stretch to 256 x 192",
        {"model_outputs0": Out(custom_vision_map())},
        shape=[1, 3, 192, 256],
        files={"labels.txt": "bolt\nnut\n"},
    ),
    "YOLOX": case(
        "yolox",
        "guess",
        "letterbox-topleft",
        "BGR 0 to 255, letterbox-topleft to 64 x 64",
        {"output": Out(YOLOX)},
        assumed=("color order", "pixel values", "resize"),
        named=False,
        **SQUARE,
    ),
    "NanoDet-Plus": case(
        "nanodet",
        "guess",
        "stretch",
        "BGR 0 to 255, normalised, stretch to 64 x 64",
        {"output": Out(NANODET)},
        image="data",
        assumed=("resize",),
        named=False,
        **SQUARE,
    ),
    "NanoDet, the first": case(
        "nanodet",
        "guess",
        "stretch",
        "BGR 0 to 255, normalised, stretch to 64 x 64",
        {"output": Out(OLDER_NANODET)},
        image="data",
        assumed=("resize",),
        named=False,
        **SQUARE,
    ),
    "NanoDet-g, of eleven distances": case(
        "nanodet",
        "guess",
        "stretch",
        "BGR 0 to 255, normalised, stretch to 64 x 64",
        {"output": Out(WIDER_NANODET)},
        image="data",
        assumed=("resize",),
        named=False,
        **SQUARE,
    ),
    "YOLO-NAS, all images in one table": case(
        "yolo-nas",
        "guess",
        "letterbox",
        "RGB 0 to 255, letterbox to 64 x 48",
        {"graph2_flat_predictions": of_one(flat(True, 2), declared=["M", 7])},
        kind=BYTE,
        shape=[2, 3, 48, 64],
        assumed=("resize",),
        named=False,
        **suppressing(),
    ),
    "YOLOv7 with its suppression": case(
        "yolov7-end2end",
        "guess",
        "letterbox",
        LETTERBOX,
        {"output": of_one(flat(False), declared=["M", 7])},
        assumed=("resize", "pixel values"),
        named=False,
        **suppressing(),
    ),
    "an unnamed export in Ultralytics' layout": case(
        "yolo-v8-like",
        "guess",
        "letterbox",
        LETTERBOX,
        {"output0": Out(V8)},
        assumed=("pixel values", "color order", "resize"),
        files={"labels.txt": "bolt\nnut\n"},
    ),
    "an unnamed export in YOLOv5's layout": case(
        "yolo-v5-like",
        "guess",
        "letterbox",
        "RGB 0 to 1, letterbox to 64 x 64",
        {"output0": Out(V5)},
        assumed=("pixel values", "color order", "resize"),
        named=False,
        **SQUARE,
    ),
    "an unnamed export that suppresses by itself": case(
        "end2end",
        "guess",
        "letterbox",
        LETTERBOX,
        {"output0": Out(ENDED)},
        assumed=("color order", "pixel values", "resize"),
        named=False,
    ),
}
