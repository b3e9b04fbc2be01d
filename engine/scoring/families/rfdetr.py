"""RF-DETR: exports that carry their whole contract in one entry of metadata, and older ones."""

import json
from collections.abc import Mapping
from typing import Any, Final

from engine.core.errors import ModelError
from engine.scoring.families.family import IMAGENET, Family, FamilyMatch, Keys
from engine.scoring.families.seen import SeenModel
from engine.util.unique_keys import unique_keys

CONTRACT: Final = "rfdetr_inference"
COCO_SLOTS: Final = 91
DECODED: Final[Keys] = {
    "output.decoder": "detr",
    "output.box_format": "cxcywh",
    "output.box_space": "normalized",
    "output.activation": "sigmoid",
    "output.nms.needed": False,
    "input.resize": "stretch",
    "input.interpolation": "bilinear-float",  # of pixels that are floats already
    "input.antialias": False,
}


def _with_contract(seen: SeenModel) -> FamilyMatch | None:
    if CONTRACT not in seen.metadata:
        return None
    try:
        said = json.loads(seen.metadata[CONTRACT], object_pairs_hook=unique_keys)
        card = _card(seen, said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(
            seen.model.path,
            f"has metadata {CONTRACT!r} that cannot be read ({error!r}); export it again",
        ) from None
    task = said["task"]
    if task not in ("detect", "segment"):
        raise ModelError(
            seen.model.path,
            f"is an RF-DETR model for {task!r}, which is not supported: only 'detect' is",
        )
    left_out = {"output.left_out": "masks"} if task == "segment" else {}
    return FamilyMatch({**card, **left_out}, f"its metadata {CONTRACT!r} says all")


def _card(seen: SeenModel, said: Mapping[str, Any]) -> Keys:
    _, _, height, width = said["input_shape"]
    if said.get("input_layout") == "NHWC":
        _, height, width, _ = said["input_shape"]
    for fixed, wanted in zip(seen.sides, (height, width), strict=True):
        if fixed and fixed != wanted:
            raise ModelError(
                seen.model.path,
                f"says in metadata {CONTRACT!r} that it takes {height} x {width} pixels, but its "
                f"input is {seen.image}; export it again",
            )
    scores = str(said["outputs"]["pred_logits"])
    shape = seen.shape(scores) if scores in seen.outputs else None
    named = {int(slot): str(name) for slot, name in said["class_id_to_name"].items()}
    slots = shape[-1] if shape else max(named) + 1
    if max(named) >= slots:
        raise ModelError(
            seen.model.path,
            f"names class {max(named)} in metadata {CONTRACT!r}, but its output {scores!r} has "
            f"room for {slots} only; export it again",
        )
    return {
        **DECODED,
        "input.size": (int(height), int(width)),
        "input.layout": said.get("input_layout", "NCHW"),
        "input.scale": float(said["pixel_scale"]),
        "input.mean": tuple(float(mean) for mean in said["means"]),
        "input.std": tuple(float(std) for std in said["stds"]),
        "output.boxes": str(said["outputs"]["pred_boxes"]),
        "output.scores": scores,
        "output.nms.max_det": int(said["num_select"]) or 300,
        # Slots without a class, such as the last, are kept apart by their number.
        "classes.names": tuple(named.get(slot, f"(slot {slot})") for slot in range(slots)),
    }


def _older(seen: SeenModel) -> FamilyMatch | None:
    if not {"dets", "labels"} <= set(seen.outputs):
        return None
    boxes, scores = seen.shape("dets"), seen.shape("labels")
    if boxes is None or scores is None or len(boxes) != 3 or len(scores) != 3 or boxes[2] != 4:
        return None
    return FamilyMatch(
        {
            **DECODED,
            **IMAGENET,
            "output.boxes": "dets",
            "output.scores": "labels",
            # Weights trained on COCO use its ids as slots, up to 90; others leave the last empty.
            "output.activation": "sigmoid" if scores[2] == COCO_SLOTS else "sigmoid-drop-last",
            "classes.coco_ids": scores[2] == COCO_SLOTS,
            "output.left_out": "masks" if "masks" in seen.outputs else "",
            "output.nms.max_det": boxes[1],  # its num_select is as many as its queries
        },
        "its outputs are dets [batch, queries, 4] and labels [batch, queries, classes]",
        "likely",
    )


FAMILIES: Final = (Family("rf-detr", "metadata_props", _with_contract),)
OLDER_FAMILIES: Final = (Family("rf-detr", "output-names", _older),)
