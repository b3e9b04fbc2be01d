"""FastestDet and YOLO-FastestV2, known by the shapes and numbers of their maps."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.scoring.families.family import ZERO_TO_ONE, Choice, Family, FamilyMatch, Keys, Question
from engine.scoring.families.seen import SeenModel
from engine.scoring.heads.fastestdet import STRIDE
from engine.scoring.heads.yolo_fastestv2 import ANCHORS, EACH, STRIDES

WHOLE: Final = 1e-3  # how far the shares of a cell may be from 1 together
# Both are trained on pictures as OpenCV reads and resizes them.
FED: Final[Keys] = {
    "input.color": "BGR",
    "input.resize": "stretch",
    "input.antialias": False,
    **ZERO_TO_ONE,
}
OF_COCO: Final = Question(
    "anchors", (Choice("those of its authors for COCO", {"output.anchors": ANCHORS}),)
)


def _fastestdet(seen: SeenModel) -> FamilyMatch | None:
    shape = seen.shape(seen.outputs[0]) if len(seen.outputs) == 1 else None
    sides = tuple(side // STRIDE for side in seen.input_size)
    if shape is None or len(shape) != 4 or shape[1] < 6 or shape[2:] != sides:
        return None
    values = seen.values(seen.outputs[0])
    if values is None or not _are_shares(values[:, 0]) or not _are_whole(values[:, 5:], axis=1):
        return None
    reason = (
        f"its output {list(shape)} has an objectness, four numbers and shares of its classes, 1 "
        f"together, for each cell of {STRIDE} x {STRIDE} pixels"
    )
    return FamilyMatch({"output.decoder": "fastestdet", **FED}, reason, "likely")


def _yolo_fastestv2(seen: SeenModel) -> FamilyMatch | None:
    if len(seen.outputs) != len(STRIDES) or not seen.input_size:
        return None
    by_shape = {(seen.shape(name) or ())[1:3]: name for name in seen.outputs}
    wanted = [tuple(side // stride for side in seen.input_size) for stride in STRIDES]
    if set(by_shape) != set(wanted):
        return None
    names = tuple(by_shape[sides] for sides in wanted)
    values = [seen.values(name) for name in names]
    for part in values:
        if part is None or part.ndim != 4 or part.shape[3] <= 5 * EACH:
            return None
        if not _are_shares(part) or not _are_whole(part[..., 5 * EACH :], axis=3):
            return None
    reason = (
        "its two outputs have three boxes and shares of its classes, 1 together, for each cell "
        "of 16 x 16 and of 32 x 32 pixels"
    )
    card: Keys = {"output.decoder": "yolo-fastestv2", "output.grids": names, **FED}
    return FamilyMatch(card, reason, "likely", (OF_COCO,))


def _are_shares(values: NDArray[Any]) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


def _are_whole(values: NDArray[Any], axis: int) -> bool:
    """Whether these are shares that are 1 together along the axis."""
    return _are_shares(values) and bool((np.abs(values.sum(axis=axis) - 1) <= WHOLE).all())


FAMILIES: Final = (
    Family("fastestdet", "shapes", _fastestdet),
    Family("yolo-fastestv2", "shapes", _yolo_fastestv2),
)
