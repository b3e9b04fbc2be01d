"""Families that are known by the names of their outputs: a table of names and cards."""

from collections.abc import Callable, Sequence
from typing import Final

from engine.scoring.families.family import (
    RAW,
    RESIZE,
    VALUES,
    ZERO_TO_ONE,
    Family,
    FamilyMatch,
    Keys,
    Level,
    Question,
)
from engine.scoring.families.seen import SIZE_INPUTS, SeenModel
from engine.scoring.model.session import Port

Roles = dict[str, str]
"""Key of the card's [output] -> name of the output."""


def _by_name(ending: bool = False, /, **roles: str) -> Callable[[SeenModel], Roles | None]:
    """The outputs of these names; TensorFlow's ":0" behind a name does not count."""

    def find(seen: SeenModel) -> Roles | None:
        plain = {name.removesuffix(":0"): name for name in seen.outputs}
        found: Roles = {}
        for role, wanted in roles.items():
            fitting = [
                name
                for known, name in plain.items()
                if known == wanted or (ending and known.endswith(wanted))
            ]
            if len(fitting) != 1:
                return None
            found[role] = fitting[0]
        return found

    return find


def _named(
    name: str,
    find: Callable[[SeenModel], Roles | None],
    card: Keys,
    level: Level,
    questions: Sequence[Question] = (),
    fits: Callable[[SeenModel, Roles], bool] = lambda seen, roles: True,
    at_fixed_size: str = "",
) -> Family:
    """One row of the table: names of outputs, a card, and what stays open.

    `at_fixed_size` is the resize to assume where the graph, which resizes inside,
    was exported for one size only.
    """

    def match(seen: SeenModel) -> FamilyMatch | None:
        roles = find(seen)
        if roles is None or not fits(seen, roles):
            return None
        keys = {**card, **{f"output.{role}": output for role, output in roles.items()}}
        reason = "its outputs are " + ", ".join(roles.values())
        asked = tuple(q for q in questions if not (seen.raw_bytes and q.about == VALUES.about))
        if at_fixed_size and all(seen.sides):
            del keys["input.resize"]
            asked = (*asked, RESIZE.assuming(at_fixed_size))
        return FamilyMatch(keys, reason, level, asked)

    return Family(name, "output-names", match)


def _takes_sizes(seen: SeenModel, _: Roles) -> bool:
    return any(port.name in SIZE_INPUTS for port in seen.model.inputs)


def _of_one_image(seen: SeenModel) -> Roles | None:
    """torchvision's three tables without a batch axis, whatever the exporter named them."""
    return _tables(seen, seen.model.outputs)


def _with_masks(seen: SeenModel) -> Roles | None:
    """The same tables, and a mask [1, height, width] for each box."""
    ports = seen.model.outputs
    masks = [port for port in ports if _rank(seen, port) == 4]
    return _tables(seen, [port for port in ports if port not in masks]) if len(masks) == 1 else None


def _with_keypoints(seen: SeenModel) -> Roles | None:
    """The same tables, and for each box points [K, 3] and their scores [K]."""
    ports = seen.model.outputs
    points = [port for port in ports if _rank(seen, port) == 3]
    shape = seen.shape(points[0].name) if len(points) == 1 and len(ports) == 5 else None
    if shape is None or shape[2] != 3:
        return None
    others = [port for port in ports if port is not points[0]]
    # The last that fits, as torchvision gives them: there may be as many points as a box has sides.
    scores = [port for port in others if (seen.shape(port.name) or ())[1:] == shape[1:2]]
    return _tables(seen, [port for port in others if port is not scores[-1]]) if scores else None


def _rank(seen: SeenModel, port: Port) -> int:
    return len(seen.shape(port.name) or ())


def _tables(seen: SeenModel, ports: Sequence[Port]) -> Roles | None:
    wanted = {"boxes": 2, "scores": 1, "labels": 1}
    if len(ports) != len(wanted):
        return None
    roles: Roles = {}
    for port in ports:
        shape = seen.shape(port.name)
        if shape is None:
            return None
        whole = port.type in ("tensor(int64)", "tensor(int32)")
        role = "labels" if whole else "boxes" if len(shape) == 2 else "scores"
        if len(shape) != wanted[role] or (role == "boxes" and shape[1] != 4):
            return None
        roles[role] = port.name
    return roles if set(roles) == set(wanted) else None


def _of_one_image_with_size(seen: SeenModel) -> Roles | None:
    """Detectron2's tables: those of torchvision, and the size of the image as two numbers."""
    sizes = [port for port in seen.model.outputs if seen.shape(port.name) == (2,)]
    if len(seen.model.outputs) != 4 or not sizes or not seen.image:
        return None
    if len(seen.image.shape) != 3:
        return None
    roles: Roles = {}
    for port in seen.model.outputs:
        shape = seen.shape(port.name)
        if port is sizes[-1] or shape is None:
            continue
        whole = port.type in ("tensor(int64)", "tensor(int32)")
        roles["labels" if whole else "boxes" if len(shape) == 2 else "scores"] = port.name
    return roles if set(roles) == {"boxes", "scores", "labels"} else None


# A model that takes images of any size resizes them inside; one of a fixed size cannot tell.
TORCHVISION: Final[Keys] = {
    "output.decoder": "boxes-scores-labels",
    "output.label_offset": 1,
    "classes.coco_ids": True,
    "input.resize": "none",
    "input.pad": 0,
    **ZERO_TO_ONE,
}

FAMILIES: Final = (
    _named(
        "efficient-nms",  # YOLOv6, v7, v9 and others, exported with their suppression
        _by_name(count="num_dets", boxes="det_boxes", scores="det_scores", labels="det_classes"),
        {"output.decoder": "counted", **ZERO_TO_ONE},
        "likely",
        (RESIZE,),
    ),
    _named(
        "yolo-nas",
        _by_name(
            True,
            count="num_predictions",
            boxes="pred_boxes",
            scores="pred_scores",
            labels="pred_classes",
        ),
        {"output.decoder": "counted"},
        "likely",
        (RESIZE, VALUES.assuming("0 to 255")),
    ),
    _named(
        "rt-detr",  # RT-DETR, RT-DETRv2, D-FINE, DEIM
        _by_name(boxes="boxes", scores="scores", labels="labels"),
        {
            "output.decoder": "boxes-scores-labels",
            "input.resize": "stretch",
            # Told the input's own size, the graph answers in its pixels, whatever the resize.
            "output.box_space": "input",
        },
        "likely",
        (VALUES,),
        _takes_sizes,
    ),
    _named(
        "tensorflow",
        _by_name(
            boxes="detection_boxes",
            scores="detection_scores",
            labels="detection_classes",
            count="num_detections",
        ),
        {"output.decoder": "ssd-tf", "input.resize": "none", "classes.coco_ids": True, **RAW},
        "likely",
        at_fixed_size="stretch",
    ),
    _named(
        "custom-vision",
        _by_name(boxes="detected_boxes", scores="detected_scores", labels="detected_classes"),
        {
            "output.decoder": "boxes-scores-labels",
            "output.box_space": "normalized",
            "input.resize": "stretch",
            "input.interpolation": "bicubic",  # PIL's Image.resize, as its predict.py calls it
            # What its predict.py does without the keys Image.BitmapPixelFormat and
            # Image.NominalPixelRange, which are looked at last.
            **ZERO_TO_ONE,
        },
        "certain",
    ),
    _named(
        "detectron2",
        _of_one_image_with_size,
        {
            "output.decoder": "boxes-scores-labels",
            "input.resize": "shortest-edge",
            "input.color": "BGR",
            **RAW,
        },
        "likely",
        at_fixed_size="letterbox-topleft",
    ),
    _named("torchvision", _of_one_image, TORCHVISION, "likely", at_fixed_size="letterbox-topleft"),
    _named(
        "torchvision-mask-rcnn",
        _with_masks,
        {**TORCHVISION, "output.left_out": "masks"},
        "likely",
        at_fixed_size="letterbox-topleft",
    ),
    _named(
        "torchvision-keypoint-rcnn",
        _with_keypoints,
        {**TORCHVISION, "output.left_out": "keypoints and their scores"},
        "likely",
        at_fixed_size="letterbox-topleft",
    ),
)
