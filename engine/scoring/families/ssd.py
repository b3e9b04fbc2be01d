"""SSDs of boxes and scores with a background column: UltraFace, and others trained as it is."""

from dataclasses import replace
from typing import Final

import numpy as np

from engine.scoring.families.family import RESIZE, VALUES, Choice, Family, FamilyMatch, Keys
from engine.scoring.families.seen import SeenModel
from engine.scoring.heads.cells import cells
from engine.scoring.heads.head import Shape

# Boxes a cell of each grid of UltraFace, by the grid's stride in input pixels.
ULTRAFACE: Final = {8: 3, 16: 2, 32: 2, 64: 3}
HALVES: Final[Keys] = {
    "input.scale": 1.0,
    "input.mean": (127.0, 127.0, 127.0),
    "input.std": (128.0, 128.0, 128.0),
}
SSD_VALUES: Final = replace(
    VALUES, choices=(Choice("minus 127, over 128", HALVES), *VALUES.choices)
)
WHOLE: Final = 1e-3  # how far the shares of a box may be from 1 together


def _shape(seen: SeenModel) -> Shape | None:
    """[anchors, 1 + classes] of the scores; None where the outputs are no SSD's."""
    if set(seen.outputs) != {"scores", "boxes"}:
        return None
    scores, boxes = seen.shape("scores"), seen.shape("boxes")
    if scores is None or boxes is None or len(scores) != 3 or boxes[1:] != (scores[1], 4):
        return None
    values = seen.values("scores")
    shares = values is not None and bool((np.abs(values.sum(axis=2) - 1) <= WHOLE).all())
    return scores[1:] if shares and scores[2] > 1 else None


def _ultraface(seen: SeenModel) -> FamilyMatch | None:
    shape, size = _shape(seen), seen.input_size
    if shape is None or not size:
        return None
    anchors = sum(len(cells(size, (stride,))[1]) * each for stride, each in ULTRAFACE.items())
    if shape[0] != anchors:
        return None
    names = {"classes.names": ("face",)} if shape[1] == 2 else {}
    card: Keys = {**_card(), **HALVES, "input.resize": "stretch", **names}
    reason = (
        f"its outputs scores {list(shape)} and boxes have a row for each of UltraFace's "
        f"{anchors} anchors, and the shares of a row are 1 together"
    )
    return FamilyMatch(card, reason, "likely")


def _ssd(seen: SeenModel) -> FamilyMatch | None:
    shape = _shape(seen)
    if shape is None or seen.in_pixels("boxes"):
        return None
    asked = () if seen.raw_bytes else (SSD_VALUES,)
    reason = (
        f"its outputs scores {list(shape)} and boxes have shares of each class that are 1 together"
    )
    return FamilyMatch(_card(), reason, "guess", (*asked, RESIZE.assuming("stretch")))


def _card() -> Keys:
    return {
        "output.decoder": "ssd",
        "output.boxes": "boxes",
        "output.scores": "scores",
        "input.color": "RGB",
        "input.antialias": False,
    }


FAMILIES: Final = (Family("ultraface", "shapes", _ultraface), Family("ssd", "shapes", _ssd))
