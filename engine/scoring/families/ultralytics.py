"""Exports of Ultralytics, which say in their metadata what they are, and of YOLOv5's own code."""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine.core.errors import ModelError
from engine.scoring.families.family import Family, FamilyMatch, Keys, Level
from engine.scoring.families.seen import SeenModel
from engine.scoring.families.tasks import COORDINATES, Further, angle, masks, points
from engine.scoring.heads.head import Shape
from engine.scoring.heads.yolox import cell_count
from engine.util.parsed import whole_number
from engine.util.unique_keys import RepeatedKeyError, refuse_repeated_keys

RTDETR_HEAD: Final = "RTDETRDecoder"  # its name in the entry "head", since 8.4
COARSEST_STRIDE: Final = 32  # input pixels for a cell of the coarsest grid
FURTHER_TASKS: Final = ("segment", "pose", "obb")  # more than a box is found of an object
MOST_ENDED_ROWS: Final = 1000  # boxes that a head gives which leaves nothing to suppress
LONGEST_METADATA: Final = 1_000_000  # characters of one entry that are read as Python literals

# The rest follows from the shape of the output.
LAYOUTS: Final[Mapping[str, Keys]] = {
    "v8": {"output.decoder": "yolo", "output.nms.iou": 0.7},
    "v5": {"output.decoder": "yolo-obj", "output.nms.iou": 0.6},
    "v8-obb": {"output.decoder": "yolo-obb", "output.nms.iou": 0.7},
    "end2end-obb": {"output.decoder": "rows7-obb", "output.nms.needed": False},
    "end2end": {"output.decoder": "rows6", "output.box_format": "xyxy", "output.nms.needed": False},
    # A confidence for each class, until 8.3.
    "rtdetr": {
        "output.decoder": "detr",
        "output.box_space": "normalized",
        "output.nms.needed": False,
        "input.resize": "stretch",
    },
    # The best pairs of query and class, one a row.
    "rtdetr-rows": {
        "output.decoder": "rows6",
        "output.box_format": "cxcywh",
        "output.box_space": "normalized",
        "output.nms.needed": False,
        "input.resize": "stretch",
        "provenance.family": "ultralytics-rtdetr",
    },
    "cls": {
        "output.decoder": "classify",
        "output.nms.needed": False,
        "input.resize": "shortest-crop",
        "input.crop_ratio": 1.0,
        "input.antialias": True,
    },
}


def _ultralytics(seen: SeenModel) -> FamilyMatch | None:
    said = seen.metadata
    if "names" not in said or "task" not in said:
        return None
    names = class_names(seen.model.path, said["names"])
    task = said["task"]
    if task not in ("detect", "classify", *FURTHER_TASKS):
        raise ModelError(
            seen.model.path,
            f"is an Ultralytics model for {task!r}, which is not supported: only 'detect' and "
            "'classify' are, and the boxes of 'segment', 'pose' and 'obb'",
        )
    reason = f"its metadata has class names and the task {task!r}"
    if task == "classify":
        return _match(seen, "cls", names, reason)
    options = literal(said.get("args", ""))
    suppresses = isinstance(options, Mapping) and bool(options.get("nms"))
    suppresses |= said.get("end2end", "").lower() == "true"
    if task in FURTHER_TASKS:
        return _with_more(seen, names, reason, suppresses=suppresses)
    layout, level = _layout(seen, len(names), suppresses=suppresses)
    reason = f"{reason}, its output the shape of {layout}"
    return _match(seen, layout, names, reason, level)


def _yolov5(seen: SeenModel) -> FamilyMatch | None:
    said = seen.metadata
    if "names" not in said or "stride" not in said:
        return None
    reason = "its metadata has class names and a stride"
    if len(seen.outputs) == 1:
        names = class_names(seen.model.path, said["names"])
        layout, level = _layout(seen, len(names), suppresses=False)
        return _match(seen, layout, names, reason, level)
    shape, more = seen.shape(seen.outputs[0]), masks(seen)
    if shape is None or more is None:
        return None
    names = class_names(seen.model.path, said["names"])
    if shape[2] != 5 + len(names) + more.columns:
        return None
    return _match(seen, "v5", names, f"{reason}, its outputs the shapes of v5-seg", more=more)


def _with_more(
    seen: SeenModel, names: tuple[str, ...], reason: str, *, suppresses: bool
) -> FamilyMatch:
    """A model whose boxes have masks, points or an angle behind their classes."""
    shape: Shape = seen.shape(seen.outputs[0]) or ()
    numbers = 4 + len(names)
    if len(shape) == 3 and (more := _further(seen)):
        turned = "-obb" if more.suffix == "obb" else ""
        said = f"{reason}, its output the shape of"
        if not suppresses and shape[1] == numbers + more.columns:
            layout = f"v8{turned}"
            return _match(seen, layout, names, f"{said} v8-{more.suffix}", more=more)
        if shape[2] == 6 + more.columns and (suppresses or shape[1] <= MOST_ENDED_ROWS):
            layout = f"end2end{turned}"
            level: Level = "certain" if suppresses else "likely"
            return _match(seen, layout, names, f"{said} end2end-{more.suffix}", level, more)
    task = seen.metadata["task"]
    listed = ", ".join(str(port) for port in seen.model.outputs)
    raise ModelError(
        seen.model.path,
        f"is an Ultralytics model for {task!r} with {len(names)} classes, but its outputs "
        f"({listed}) are those of no export of it that is known; export it again",
    )


def _further(seen: SeenModel) -> Further | None:
    """What its metadata says to stand behind the classes of a box; None where it does not fit."""
    match seen.metadata["task"]:
        case "segment":
            return masks(seen)
        case "obb":
            return angle()
    said = literal(seen.metadata.get("kpt_shape", ""))
    if isinstance(said, list | tuple) and [type(part) for part in said] == [int, int]:
        count, each = said
        return points(count * each, each) if count > 0 and each in COORDINATES else None
    return None


def _layout(seen: SeenModel, classes: int, *, suppresses: bool) -> tuple[str, Level]:
    shape: Shape = seen.shape(seen.outputs[0]) or ()
    six = len(shape) == 3 and shape[2] == 6
    if six and seen.metadata.get("head") == RTDETR_HEAD:
        return "rtdetr-rows", "certain"
    if suppresses:
        if len(shape) == 3 and not six:
            raise ModelError(
                seen.model.path,
                "says in its metadata that it suppresses boxes itself (nms or end2end), but its "
                f"output is {list(shape)} and not [batch, boxes, 6]; export it again",
            )
        return "end2end", "certain"
    if len(shape) != 3 or shape[1] == 4 + classes:
        return "v8", "certain"
    if six and shape[1] <= MOST_ENDED_ROWS and not _is_anchors(seen, shape[1]):
        return _ended(seen, classes)
    if shape[2] == 5 + classes:
        return "v5", "certain"
    return ("rtdetr", "certain") if shape[2] == 4 + classes else ("v8", "certain")


def _is_anchors(seen: SeenModel, rows: int) -> bool:
    """Whether there are as many rows as YOLOv5 has anchors: three a cell of three grids."""
    height, width = seen.sides
    return bool(height and width) and rows == 3 * cell_count((height or 0, width or 0))


def _ended(seen: SeenModel, classes: int) -> tuple[str, Level]:
    """Rows of six numbers whose order nothing names: what the model answers to noise tells."""
    output = seen.outputs[0]
    values = seen.values(output)
    if values is None or not values[..., :4].any() or seen.in_pixels(output):
        return "end2end", "likely"  # YOLOv10's own code writes no `end2end`
    # Confidences of two classes: those of the second are no whole numbers.
    if classes == 2 and (values[..., 5] % 1).any():
        return "rtdetr", "certain"
    return "rtdetr-rows", "likely"


def _match(
    seen: SeenModel,
    layout: str,
    names: tuple[str, ...],
    reason: str,
    level: Level = "certain",
    more: Further | None = None,
) -> FamilyMatch:
    size = literal(seen.metadata.get("imgsz", ""))
    sides = [size, size] if isinstance(size, int) else size
    whole = isinstance(sides, list | tuple) and [type(side) for side in sides] == [int, int]
    sides = tuple(sides) if whole and isinstance(sides, list | tuple) else ()
    card: dict[str, object] = {
        "classes.names": names,
        "input.size": sides,
        "input.resize": "letterbox",
        # Ultralytics itself shrinks with OpenCV, which does not average over the pixels it
        # skips; other tools that write this metadata mostly use Pillow, which does.
        "input.antialias": seen.metadata.get("author") != "Ultralytics",
        "provenance.family": f"ultralytics-{layout}",
    }
    card |= LAYOUTS[layout]
    if more is not None:
        plain = layout.removesuffix(f"-{more.suffix}")
        card |= {**more.keys, "provenance.family": f"ultralytics-{plain}-{more.suffix}"}
    if not sides or not _in_rectangles(seen, str(card["input.resize"])):
        return FamilyMatch(card, reason, level)
    if len(set(sides)) != 1:
        note = (
            "Exported with dynamic=True: Ultralytics itself feeds it the least rectangle that an "
            f"image fits, here it is fed one size ({' x '.join(map(str, sides))}): scores differ."
        )
        return FamilyMatch(card, reason, level, notes=(note,))
    stride = seen.metadata.get("stride", "")
    card |= {
        "input.resize": "letterbox-rectangle",
        "input.longest": sides[0],
        "input.multiple": whole_number(stride) or COARSEST_STRIDE,
    }
    return FamilyMatch(card, reason, level)


def _in_rectangles(seen: SeenModel, resize: str) -> bool:
    """Whether Ultralytics' own `predict` gives each image its least rectangle."""
    said = seen.metadata.get("author") == "Ultralytics"
    return said and resize == "letterbox" and not any(seen.sides) and not seen.size


def class_names(path: Path, text: str) -> tuple[str, ...]:
    """The names in a Python list, or in a dictionary from 0 up; `ModelError` for another text."""
    names = literal(text)
    if isinstance(names, list | tuple):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or set(names) != set(range(len(names))) or not names:
        raise ModelError(
            path, "has a list of class names in its metadata that cannot be read; export it again"
        )
    try:
        refuse_repeated_keys(text)
    except RepeatedKeyError as error:
        problem = f"names class {error.key!r} twice in its metadata; export it again"
        raise ModelError(path, problem) from None
    return tuple(str(names[index]) for index in range(len(names)))


def literal(text: str) -> object:
    """A Python literal from a file of a stranger; None for anything else."""
    if len(text) > LONGEST_METADATA:
        return None
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return value


FAMILIES: Final = (
    Family("ultralytics", "metadata_props", _ultralytics),
    Family("yolov5", "metadata_props", _yolov5),
)
