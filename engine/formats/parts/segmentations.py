"""The boxes around COCO's segmentations: polygons, and runs of pixels, packed or plain.

Runs go down the columns of an image, those of the background first. Their box is what
pycocotools gives it, in whole pixels; a polygon's is the box around its corners.
Source: https://github.com/cocodataset/cocoapi, common/maskApi.c
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from engine.core.arrays import Boxes, Indices
from engine.formats.parts.boxes import fours

FIRST: Final = 48  # the character of 0 in packed runs
BITS: Final = 5  # of a run in each character
MORE, NEGATIVE = 32, 16  # a bit each: another character follows; the last one is below 0

Box = tuple[float, float, float, float]


def boxes_or_outlines(
    boxes: Sequence[Sequence[float | None] | None], segmentations: Sequence[Any]
) -> tuple[Boxes, int]:
    """[N, 4] left, top, width, height, NaN where there is none; how many are of segmentations."""
    found = [
        box if box or segmentation is None else box_around(segmentation)
        for box, segmentation in zip(boxes, segmentations, strict=True)
    ]
    made = sum(not box and bool(other) for box, other in zip(boxes, found, strict=True))
    return fours(found), made


def box_around(segmentation: Any) -> Box | None:
    """Left, top, width, height of a segmentation as JSON holds it; None where that is none."""
    try:
        if isinstance(segmentation, dict):
            height, counts = int(segmentation["size"][0]), segmentation["counts"]
            runs = _unpacked(counts) if isinstance(counts, str) else np.array(counts, np.intp)
            return _box_of_runs(runs, height)
        points = np.concatenate(
            [np.array(part, np.float64).reshape(-1, 2) for part in segmentation]
        )
        (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        return None
    return left, top, right - left, bottom - top


def _box_of_runs(runs: Indices, height: int) -> Box | None:
    """The box around the pixels of every second run; None where there are none."""
    if height <= 0 or runs.ndim != 1 or (runs < 0).any():
        return None
    pairs = runs[: len(runs) // 2 * 2]  # what follows the last object is background
    first = np.cumsum(pairs)[::2]
    last = np.cumsum(pairs)[1::2] - 1
    first, last = first[last >= first], last[last >= first]
    if not len(first):
        return None
    left, right = int(first[0]) // height, int(last[-1]) // height
    if (first // height < last // height).any():  # it goes on at the top of the next column
        top, bottom = 0, height - 1
    else:
        top, bottom = int((first % height).min()), int((last % height).max())
    return left, top, right - left + 1, bottom - top + 1


def _unpacked(text: str) -> Indices:
    """Packed runs: from the fourth on each is the difference to the run two before."""
    runs: list[int] = []
    value = place = 0
    for byte in text.encode("ascii"):
        code = byte - FIRST
        value |= (code & (MORE - 1)) << (BITS * place)
        place += 1
        if code & MORE:
            continue
        if code & NEGATIVE:
            value -= 1 << (BITS * place)
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = place = 0
    return np.array(runs, np.intp)
