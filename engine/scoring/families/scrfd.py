"""SCRFD and its kin of InsightFace, known by the shapes of their nine or fifteen outputs."""

from typing import Final

from engine.scoring.families.family import Family, FamilyMatch, Keys
from engine.scoring.families.seen import SeenModel
from engine.scoring.heads.scrfd import GRIDS, anchor_counts

POINTS: Final = 10  # numbers of five points
# InsightFace feeds a model that takes any size this one.
USUAL_SIZE: Final = (640, 640)
FED: Final[Keys] = {
    "input.color": "RGB",
    "input.scale": 1.0,
    "input.mean": (127.5, 127.5, 127.5),
    "input.std": (128.0, 128.0, 128.0),
    "input.resize": "letterbox-topleft",
    "input.pad": 0,
    "input.antialias": False,
}


def _scrfd(seen: SeenModel) -> FamilyMatch | None:
    grids = GRIDS.get(len(seen.outputs))
    if grids is None:
        return None
    size = seen.input_size or USUAL_SIZE
    rows = anchor_counts(size, grids)
    by_shape = {(seen.shape(name) or ())[-2:]: name for name in seen.outputs}
    numbers = (1, 4, POINTS)[: len(seen.outputs) // grids]
    wanted = [(count, width) for width in numbers for count in rows]
    if set(by_shape) != set(wanted) or len(set(wanted)) != len(wanted):
        return None
    scores = [seen.values(by_shape[shape]) for shape in wanted[:grids]]
    if any(part is not None and not ((part >= 0) & (part <= 1)).all() for part in scores):
        return None
    points = {"output.left_out": "five points a face"} if POINTS in numbers else {}
    card: Keys = {
        "output.decoder": "scrfd",
        "output.grids": tuple(by_shape[shape] for shape in wanted[: 2 * grids]),
        "classes.names": ("face",),
        "input.size": size,
        **FED,
        **points,
    }
    reason = (
        f"its {len(wanted)} outputs are confidences and boxes for each anchor of {grids} grids, "
        f"{rows[0]} of the finest"
    )
    return FamilyMatch(card, reason, "likely")


FAMILIES: Final = (Family("scrfd", "shapes", _scrfd),)
