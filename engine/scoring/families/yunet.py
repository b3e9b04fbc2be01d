"""YuNet of OpenCV's model zoo, known by the names and shapes of its twelve outputs."""

from typing import Final

from engine.scoring.families.family import RAW, RESIZE, Family, FamilyMatch, Keys
from engine.scoring.families.seen import SeenModel
from engine.scoring.heads.cells import cells
from engine.scoring.heads.yunet import PARTS, STRIDES

USUAL_SIZE: Final = (640, 640)  # of the zoo's file, and of the trial where none is fixed
NAMES: Final = tuple(f"{part}_{stride}" for part in ("cls", "obj", "bbox") for stride in STRIDES)
POINTS: Final = tuple(f"kps_{stride}" for stride in STRIDES)


def _yunet(seen: SeenModel) -> FamilyMatch | None:
    if set(seen.outputs) != {*NAMES, *POINTS}:
        return None
    rows = [len(cells(seen.input_size or USUAL_SIZE, (stride,))[1]) for stride in STRIDES]
    wanted = [(count, numbers) for numbers in PARTS for count in rows]
    if [(seen.shape(name) or ())[-2:] for name in NAMES] != wanted:
        return None
    card: Keys = {
        "output.decoder": "yunet",
        "output.grids": NAMES,
        "output.left_out": "five points a face",
        "classes.names": ("face",),
        "input.color": "BGR",
        "input.pad": 0,
        "input.antialias": False,
        **RAW,
    }
    reason = "its outputs are cls, obj, bbox and kps of the grids of stride 8, 16 and 32"
    # OpenCV feeds a picture at its own size, which a graph of one size cannot take.
    return FamilyMatch(card, reason, "likely", (RESIZE.assuming("letterbox-topleft"),))


FAMILIES: Final = (Family("yunet", "output-names", _yunet),)
