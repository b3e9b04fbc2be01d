"""Made graphs whose boxes come with masks, points or angles, which are left out."""

import numpy as np

from tests.engine.scoring.detector_cases import LETTERBOX, one_image
from tests.engine.scoring.family_cases import (
    CENTERS,
    CLASSES,
    CONFIDENCES,
    CORNERS,
    SCORES,
    case,
    of_one,
    rows,
)
from tests.engine.scoring.graphs import Out, names_metadata

ASKED = ("pixel values", "color order", "resize")
PROTOTYPES = {"output1": Out(np.zeros((1, 5, 12, 16)))}
COEFFICIENTS = np.linspace(-3, 3, 10).reshape(2, 5)
# Two points a box: x, y and whether it is seen.
POINTS = np.array([(18, 20, 0.9, 30, 31, 0.2), (44, 9, 0.4, 50, 39, 0.7)])
# A quarter turn swaps the sides; the second is turned by half.
TURNED = np.array([(24, 24, 16, 16, np.pi / 2), (48, 24, 16, 32, np.pi)])
SIDEWAYS = np.array([(24, 24, 16, 16, np.pi / 2), (48, 24, 32, 16, -np.pi / 2)])


def columns(*parts, least=40):
    return np.swapaxes(rows(*parts, least=least), 1, 2)


def ended(*parts):
    return rows(CORNERS, CONFIDENCES, CLASSES, *parts)


def said(task, **others):
    return names_metadata(task=task) | others


def of_ultralytics(task, suffix, table, **others):
    """The same graph with metadata, and without."""
    plain = "end2end" if "end2end" in others else "v8"
    outputs = {"output0": Out(table)} | (PROTOTYPES if task == "segment" else {})
    named = case(
        f"ultralytics-{plain}-{suffix}",
        "certain",
        "letterbox",
        LETTERBOX,
        outputs,
        metadata=said(task, **others),
    )
    unnamed = case(
        f"yolo-{suffix}-like",
        "guess",
        "letterbox",
        LETTERBOX,
        outputs,
        assumed=ASKED,
        files={"labels.txt": "bolt\nnut\n"},
    )
    return {
        f"Ultralytics {plain}-{suffix}": named,
        f"a nameless {plain}-{suffix}": unnamed,
    }


CASES_4 = {
    **of_ultralytics("segment", "seg", columns(CENTERS, SCORES, COEFFICIENTS)),
    **of_ultralytics("segment", "seg", ended(COEFFICIENTS), end2end="True"),
    **of_ultralytics("pose", "pose", columns(CENTERS, SCORES, POINTS), kpt_shape="[2, 3]"),
    **of_ultralytics("pose", "pose", ended(POINTS), kpt_shape="[2, 3]", end2end="True"),
    **of_ultralytics("obb", "obb", columns(TURNED[:, :4], SCORES, TURNED[:, 4:])),
    **of_ultralytics(
        "obb",
        "obb",
        rows(SIDEWAYS[:, :4], CONFIDENCES, CLASSES, SIDEWAYS[:, 4:]),
        end2end="True",
    ),
    "YOLOv5-seg by its own code": case(
        "ultralytics-v5-seg",
        "certain",
        "letterbox",
        LETTERBOX,
        {"output0": Out(rows(CENTERS, [0.9, 0.6], SCORES > 0, COEFFICIENTS, least=252))}
        | PROTOTYPES,
        metadata={"stride": "32", "names": "['bolt', 'nut']"},
    ),
    "a nameless YOLOv5-seg": case(
        "yolo-seg-like",
        "guess",
        "letterbox",
        LETTERBOX,
        {"output0": Out(rows(CENTERS, [0.9, 0.6], SCORES > 0, COEFFICIENTS, least=252))}
        | PROTOTYPES,
        assumed=ASKED,
        named=False,
    ),
    "Mask R-CNN of torchvision": case(
        "torchvision-mask-rcnn",
        "likely",
        "none",
        "RGB 0 to 1, at its own size",
        one_image(("boxes", "labels", "scores"), ("boxes", "labels", "scores"), offset=1)
        | {"masks": of_one(np.zeros((2, 1, 8, 8)), declared=["n", 1, "height", "width"])},
        shape=[1, 3, "height", "width"],
        named=False,
    ),
    "Keypoint R-CNN of torchvision": case(
        "torchvision-keypoint-rcnn",
        "likely",
        "none",
        "RGB 0 to 1, at its own size",
        one_image(("5", "6", "7"), ("boxes", "labels", "scores"), offset=1)
        | {
            "8": of_one(np.zeros((2, 4, 3)), declared=["n", 4, 3]),
            "9": of_one(np.zeros((2, 4)), declared=["n", 4]),
        },
        shape=[1, 3, "height", "width"],
        named=False,
    ),
}
