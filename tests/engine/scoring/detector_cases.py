"""One made graph for each family of detectors."""

import numpy as np

from tests.engine.scoring.family_cases import (
    CENTERS,
    CLASSES,
    CONFIDENCES,
    CORNERS,
    SCORES,
    case,
    of_one,
    rows,
    shares_of,
)
from tests.engine.scoring.graphs import BYTE, FLOAT, INT64, Out, names_metadata, suppression

ANY = ["batch", 3, "height", "width"]
LETTERBOX, STRETCH = "RGB 0 to 1, letterbox to 64 x 48", "RGB 0 to 1, stretch to 64 x 48"
SQUARE = {"size": (64, 64), "shape": [1, 3, 64, 64]}
ASKED = ("pixel values", "color order", "resize")
SIZED = {"orig_target_sizes": (["N", 2], INT64)}

V8 = np.swapaxes(rows(CENTERS, SCORES, least=9), 1, 2)
ENDED = rows(CORNERS, CONFIDENCES, CLASSES)
QUERIES = rows(shares_of(CENTERS), SCORES)
V5 = rows(CENTERS, [0.9, 0.6], SCORES > 0, least=252)
TABLES = {
    "boxes": rows(CORNERS),
    "scores": np.array([[*CONFIDENCES, 0]]),
    "labels": np.array([[*CLASSES, -1]]),
    "count": np.array([[2]]),
}


def tables(names, offset=0, whole_as=INT64, **others):
    """Boxes, scores, labels and count under the names of an exporter.

    Where a count says that only two rows are meant, the third holds something confident.
    """
    made = {}
    if "count" in names:
        others = {"scores": np.array([[*CONFIDENCES, 0.99]])} | others
    for role, name in names.items():
        table = TABLES[role] if role not in others else others[role]
        whole = role in ("labels", "count")
        made[name] = Out(table + offset * (role == "labels"), kind=whole_as if whole else FLOAT)
    return made


def one_image(names, order=("boxes", "scores", "labels"), offset=0):
    parts = {"boxes": CORNERS, "scores": CONFIDENCES, "labels": np.array(CLASSES) + offset}
    return {
        name: of_one(
            parts[role],
            kind=INT64 if role == "labels" else 1,
            declared=["n", 4] if role == "boxes" else ["n"],
        )
        for name, role in zip(names, order, strict=True)
    }


def suppressing(threshold=None):
    operators, constants = suppression(threshold)
    return {"operators": operators, "constants": constants}


CASES = {
    "Ultralytics v8 to 12": case(
        "ultralytics-v8",
        "certain",
        "letterbox",
        LETTERBOX,
        {"output0": Out(V8, ["batch", 6, "anchors"])},
        shape=ANY,
        metadata=names_metadata(imgsz="[48, 64]", author="Ultralytics"),
    ),
    "Ultralytics with nms=True": case(
        "ultralytics-end2end",
        "certain",
        "letterbox",
        LETTERBOX,
        {"output0": Out(ENDED, ["batch", 3, 6])},
        shape=["batch", 3, 48, 64],
        metadata=names_metadata(args="{'nms': True, 'dynamic': True}"),
    ),
    "Ultralytics end2end": case(
        "ultralytics-end2end",
        "certain",
        "letterbox",
        LETTERBOX,
        {"output0": Out(ENDED)},
        metadata=names_metadata(end2end="True"),
    ),
    "YOLOv10 of its authors": case(
        "ultralytics-end2end",
        "likely",
        "letterbox",
        LETTERBOX,
        {"output0": Out(rows(CORNERS, CONFIDENCES, CLASSES, least=9))},
        metadata=names_metadata(description="YOLOv10"),
    ),
    "YOLOv5 by Ultralytics": case(
        "ultralytics-v5",
        "certain",
        "letterbox",
        LETTERBOX,
        {"output0": Out(V5)},
        metadata=names_metadata(),
    ),
    "YOLOv5 by its own code": case(
        "ultralytics-v5",
        "certain",
        "letterbox",
        LETTERBOX,
        {"output": Out(V5)},
        metadata={"stride": "32", "names": "['bolt', 'nut']"},
    ),
    "RT-DETR by Ultralytics": case(
        "ultralytics-rtdetr",
        "certain",
        "stretch",
        STRETCH,
        {"output0": Out(QUERIES)},
        metadata=names_metadata(description="Ultralytics RTDETR-l model"),
    ),
    "num_dets": case(
        "efficient-nms",
        "likely",
        "letterbox",
        LETTERBOX,
        tables(
            {
                "count": "num_dets",
                "boxes": "det_boxes",
                "scores": "det_scores",
                "labels": "det_classes",
            }
        ),
        assumed=("resize",),
        named=False,
    ),
    "num_dets with its threshold in the graph": case(
        "efficient-nms",
        "likely",
        "letterbox",
        LETTERBOX,
        tables(
            {
                "count": "num_dets",
                "boxes": "det_boxes",
                "scores": "det_scores",
                "labels": "det_classes",
            }
        ),
        assumed=("resize",),
        floor=0.1,
        named=False,
        **suppressing(0.1),
    ),
    "YOLO-NAS": case(
        "yolo-nas",
        "likely",
        "letterbox",
        "RGB 0 to 255, letterbox to 64 x 48",
        tables(
            {
                "count": "graph2_num_predictions",
                "boxes": "graph2_pred_boxes",
                "scores": "graph2_pred_scores",
                "labels": "graph2_pred_classes",
            }
        ),
        kind=BYTE,
        image="input",
        assumed=("resize",),
        named=False,
    ),
    "RT-DETR, D-FINE, DEIM": case(
        "rt-detr",
        "likely",
        "stretch",
        STRETCH,
        {
            "labels": Out(np.array([[*CLASSES, 0]]), ["N", 3], INT64),
            "boxes": Out(shares_of(TABLES["boxes"]), ["N", 3, 4], by_size="orig_target_sizes"),
            "scores": Out(TABLES["scores"], ["N", 3]),
        },
        shape=["N", 3, 48, 64],
        further=SIZED,
        assumed=("pixel values",),
        named=False,
    ),
    "RT-DETR told the size of the photo": case(
        "rt-detr",
        "likely",
        "stretch",
        STRETCH,
        {
            "labels": Out(np.array([[*CLASSES, 0]]), ["N", 3], INT64),
            "boxes": Out(shares_of(TABLES["boxes"]), ["N", 3, 4], by_size="orig_target_sizes"),
            "scores": Out(TABLES["scores"], ["N", 3]),
        },
        shape=["N", 3, 48, 64],
        further=SIZED,
        card='[output]\nbox_space = "original"\n[input.extra]\norig_target_sizes = "original_wh"',
        assumed=("pixel values",),
        named=False,
    ),
}
