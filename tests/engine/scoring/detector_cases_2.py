"""Made graphs of detectors that are told by files beside them or by tables of one image."""

import numpy as np

from tests.engine.scoring.detector_cases import (
    ANY,
    STRETCH,
    TABLES,
    one_image,
    suppressing,
    tables,
)
from tests.engine.scoring.family_cases import (
    CENTERS,
    CLASSES,
    CONFIDENCES,
    CORNERS,
    SCORES,
    as_json,
    case,
    logits,
    rows,
    shares_of,
)
from tests.engine.scoring.graphs import BYTE, FLOAT, INT64, Out

BOXES = ("boxes", "scores", "labels")
DETR = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
IMAGENET = "RGB 0 to 1, normalised"
NORMAL = {"mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375]}
LABELS = as_json(id2label={"0": "bolt", "1": "nut"}, model_type="rt_detr")
PIPELINE = as_json(
    pipeline={
        "tasks": [
            {
                "transforms": [
                    {"type": "LoadImageFromFile"},
                    {"type": "Resize", "size": [1333, 30], "keep_ratio": True},
                    {"type": "Normalize", "to_rgb": True, **NORMAL},
                    {"type": "Pad", "size_divisor": 32},
                ]
            }
        ]
    }
)
SLOTS = np.concatenate([SCORES, np.zeros((2, 1))], axis=1)  # the last is "no object"
CONTRACT = {
    "schema_version": 1,
    "task": "detect",
    "input_shape": [1, 3, 48, 64],
    "outputs": {"pred_boxes": "dets", "pred_logits": "labels"},
    "means": DETR["image_mean"],
    "stds": DETR["image_std"],
    "pixel_scale": 1 / 255,
    "class_id_to_name": {"0": "bolt", "1": "nut"},
    "num_select": 300,
}
# Softmax: logarithms of shares, the last for "no object".
EXCLUSIVE = np.log(np.array([(1e-4, 0.9, 0.0999), (0.6, 1e-4, 0.3999), (1e-6, 1e-6, 1)]))


CASES_2 = {
    "torchvision, any size": case(
        "torchvision",
        "likely",
        "none",
        "RGB 0 to 1, at its own size",
        one_image(BOXES, offset=1),
        shape=[1, 3, "height", "width"],
        named=False,
    ),
    "torchvision, numbered outputs, one size": case(
        "torchvision",
        "likely",
        "letterbox-topleft",
        "RGB 0 to 1, letterbox-topleft to 64 x 48",
        one_image(("2401", "2402", "2403"), ("boxes", "labels", "scores"), offset=1),
        assumed=("resize",),
        files={"labels.txt": "bolt\nnut\n"},
    ),
    "torchvision, a list of images without batch axis": case(
        "torchvision",
        "likely",
        "none",
        "RGB 0 to 1, at its own size",
        one_image(BOXES, offset=1),
        shape=[3, "height", "width"],
        named=False,
    ),
    "Detectron2": case(
        "detectron2",
        "likely",
        "half",
        "BGR 0 to 255, shorter side to 30, longer to 1333 at most",
        one_image(("a", "b", "c"), ("boxes", "labels", "scores"))
        | {"size": Out(np.array([48, 64]), kind=INT64, batched=False)},
        shape=[3, "height", "width"],
        card="[input]\nshortest = 30",
        size=(30, 60),
        named=False,
    ),
    "TensorFlow, any size": case(
        "tensorflow",
        "likely",
        "shares",
        "RGB 0 to 255, at its own size",
        tables(
            {
                "boxes": "detection_boxes:0",
                "scores": "detection_scores:0",
                "labels": "detection_classes:0",
                "count": "num_detections:0",
            },
            offset=1,
            whole_as=FLOAT,
            boxes=shares_of(TABLES["boxes"])[..., [1, 0, 3, 2]],
        ),
        shape=[1, "height", "width", 3],
        kind=BYTE,
        files={"label_map.pbtxt": "item { id: 1 name: 'bolt' }\nitem {\n id: 2\n name: 'nut'\n}"},
    ),
    "Custom Vision S1": case(
        "custom-vision",
        "certain",
        "stretch",
        "BGR 0 to 255, stretch to 64 x 48",
        tables(
            {
                "boxes": "detected_boxes",
                "labels": "detected_classes",
                "scores": "detected_scores",
            },
            boxes=shares_of(TABLES["boxes"]),
        ),
        metadata={
            "Image.BitmapPixelFormat": "Bgr8",
            "Image.NominalPixelRange": "NominalRange_0_255",
        },
        files={"labels.txt": "bolt\nnut\n"},
    ),
    "mmdeploy with its pipeline": case(
        "mmdeploy",
        "certain",
        "half",
        "RGB 0 to 255, normalised, shorter side to 30, longer to 1333 at most",
        {
            "dets": Out(rows(CORNERS, CONFIDENCES), ["batch", "K", 5]),
            "labels": Out(np.array([[*CLASSES, 0]]), ["batch", "K"], INT64),
        },
        shape=ANY,
        files={"pipeline.json": PIPELINE},
        size=(30, 60),
        named=False,
    ),
    "mmdeploy alone": case(
        "mmdeploy",
        "guess",
        "letterbox-topleft",
        f"{IMAGENET}, letterbox-topleft to 64 x 48",
        {
            "dets": Out(rows(CORNERS, CONFIDENCES)),
            "labels": Out(np.array([[*CLASSES, 0]]), kind=INT64),
        },
        assumed=("pixel values", "resize"),
        floor=0.02,
        named=False,
        **suppressing(0.02),
    ),
    "RF-DETR with its contract": case(
        "rf-detr",
        "certain",
        "stretch",
        f"{IMAGENET}, stretch to 64 x 48",
        {
            "dets": Out(shares_of(rows(CENTERS, least=2))),
            "labels": Out(logits(SLOTS)[None]),
        },
        metadata={"rfdetr_inference": as_json(**CONTRACT)},
    ),
    "RF-DETR, older": case(
        "rf-detr",
        "likely",
        "stretch",
        f"{IMAGENET}, stretch to 64 x 48",
        {
            "dets": Out(shares_of(rows(CENTERS, least=2))),
            "labels": Out(logits(SLOTS)[None]),
        },
        image="input",
        named=False,
    ),
    "DETR by Hugging Face, with a mask": case(
        "huggingface-detr",
        "certain",
        "shares",
        f"{IMAGENET}, shorter side to 30, longer to 1333 at most",
        {
            "logits": Out(EXCLUSIVE[None], ["batch", 3, 3]),
            "pred_boxes": Out(shares_of(rows(CENTERS)), ["batch", 3, 4]),
        },
        image="pixel_values",
        shape=["batch", 3, "height", "width"],
        further={"pixel_mask": (["batch", "height", "width"], INT64)},
        files={
            "config.json": LABELS.replace("rt_detr", "detr"),
            "preprocessor_config.json": as_json(
                **DETR, size={"shortest_edge": 30, "longest_edge": 1333}
            ),
        },
    ),
    "RT-DETR by Hugging Face": case(
        "huggingface-rt_detr",
        "certain",
        "stretch",
        STRETCH,
        {
            "logits": Out(logits(rows(SCORES)), ["batch", 3, 2]),
            "pred_boxes": Out(shares_of(rows(CENTERS)), ["batch", 3, 4]),
        },
        image="pixel_values",
        shape=["batch", 3, "height", "width"],
        files={
            "config.json": LABELS,
            "preprocessor_config.json": as_json(
                **DETR, do_normalize=False, size={"height": 48, "width": 64}
            ),
        },
    ),
}
