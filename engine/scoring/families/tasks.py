"""What Ultralytics' -seg, -pose and -obb give beside boxes, and how many numbers of a box it takes.

The boxes are read, the rest is left out: masks and points are not assessed here.
"""

from dataclasses import dataclass
from typing import Final

from engine.scoring.families.family import Keys
from engine.scoring.families.seen import SeenModel
from engine.scoring.heads.head import Shape

PROTOTYPE_STRIDE: Final = 4  # input pixels for one of a prototype mask
ANGLE: Final = 1  # numbers of a box
COORDINATES: Final = (2, 3)  # numbers of a point: x, y and perhaps whether it is seen


@dataclass(frozen=True)
class Further:
    """What stands behind the classes of every box."""

    suffix: str  # as Ultralytics ends the names of such models
    columns: int
    keys: Keys  # of the card, where its boxes are read as those of a plain detector


def masks(seen: SeenModel) -> Further | None:
    """Coefficients of the prototype masks that are the second output [batch, masks, rows, columns].

    None where there is no such output.
    """
    found = _prototypes(seen)
    if found is None:
        return None
    output, count = found
    said = f"masks ({count} coefficients a box, and the output {output})"
    return Further("seg", count, {"output.columns_left_out": count, "output.left_out": said})


def points(numbers: int, each: int) -> Further:
    """Keypoints of so many numbers a box, and so many a point."""
    said = f"{numbers // each} points a box"
    return Further("pose", numbers, {"output.columns_left_out": numbers, "output.left_out": said})


def angle() -> Further:
    """The angle of a turned box, which its decoders read by themselves."""
    return Further("obb", ANGLE, {})


def _prototypes(seen: SeenModel) -> tuple[str, int] | None:
    """The name of the output of prototype masks, and how many they are."""
    if len(seen.outputs) != 2:
        return None
    boxes, prototypes = (seen.shape(name) for name in seen.outputs)
    if boxes is None or prototypes is None or len(boxes) != 3 or len(prototypes) != 4:
        return None
    sides: Shape = tuple(side // PROTOTYPE_STRIDE for side in seen.sides if side)
    fits = not sides or prototypes[2:] == sides
    return (seen.outputs[1], prototypes[1]) if fits else None
