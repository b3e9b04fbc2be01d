"""Made graphs of detectors that answer in grids, or in shares with a background column."""

import numpy as np

from tests.engine.scoring.detector_cases import SQUARE
from tests.engine.scoring.family_cases import CORNERS, SCORES, case, logits, rows, shares_of
from tests.engine.scoring.graphs import Out

FED = "BGR 0 to 1, stretch to 64 x 64"
LABELS = {"labels.txt": "bolt\nnut\n"}
# Class, confidence and box as center and sides in the input: those of `family_cases`.
FOUND = ((1, 0.9, (24, 24, 16, 16)), (0, 0.6, (48, 24, 16, 32)))


def fastestdet():
    """[1, 7, 4, 4]: cells of 16 pixels; a center is up to a cell beside its own."""
    table = np.zeros((1, 7, 4, 4))
    table[:, 5:] = 0.5
    for class_, confidence, (x, y, width, height) in FOUND:
        row, column = y // 16, x // 16
        table[0, 0, row, column] = confidence ** (1 / 0.6)
        shifts = x / 16 - column, y / 16 - row
        table[0, 1:5, row, column] = [
            *np.arctanh(shifts),
            logits(width / 64),
            logits(height / 64),
        ]
        table[0, 5:, row, column] = np.arange(2) == class_
    return table


def fastestv2():
    """[1, 4, 4, 17] and [1, 2, 2, 17], the boxes by the first anchor of the finer grid."""
    finer, coarser = np.zeros((1, 4, 4, 17)), np.zeros((1, 2, 2, 17))
    for grid in (finer, coarser):
        grid[..., 15] = 1
    for class_, confidence, (x, y, width, height) in FOUND:
        row, column = y // 16, x // 16
        cell = finer[0, row, column]
        cell[:4] = [
            (x / 16 - column + 0.5) / 2,
            (y / 16 - row + 0.5) / 2,
            np.sqrt(width / 37.88) / 2,
            np.sqrt(height / 51.48) / 2,
        ]
        cell[4:8], cell[:4] = cell[:4].copy(), 0  # the second anchor: none at 12.64 is so wide
        cell[13] = confidence
        cell[15:] = np.arange(2) == class_
    return {"a": Out(coarser), "b": Out(finer)}  # the order of outputs says nothing


def shares(anchors):
    """[1, anchors, 1 + 2]: all background but the two boxes."""
    table = np.zeros((anchors, 3))
    table[:2, 1:] = SCORES
    table[:, 0] = 1 - table[:, 1:].sum(axis=1)
    return table[None]


def background(anchors):
    boxes = rows(shares_of(CORNERS, (64, 64)), least=anchors)
    return {"scores": Out(shares(anchors)), "boxes": Out(boxes)}


CASES_5 = {
    "FastestDet": case(
        "fastestdet", "likely", "stretch", FED, {"758": Out(fastestdet())}, files=LABELS, **SQUARE
    ),
    "YOLO-FastestV2": case(
        "yolo-fastestv2",
        "likely",
        "stretch",
        FED,
        fastestv2(),
        files=LABELS,
        assumed=("anchors",),
        **SQUARE,
    ),
    "UltraFace's layout with two classes": case(
        "ultraface",
        "likely",
        "stretch",
        "RGB 0 to 255, normalised, stretch to 64 x 64",
        background(64 * 3 + 16 * 2 + 4 * 2 + 3),
        files=LABELS,
        **SQUARE,
    ),
    "an SSD with other anchors": case(
        "ssd",
        "guess",
        "stretch",
        "RGB 0 to 255, normalised, stretch to 64 x 64",
        background(100),
        files=LABELS,
        assumed=("pixel values", "resize"),
        **SQUARE,
    ),
}
