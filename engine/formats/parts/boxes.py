"""Boxes as files give them: which of them cannot be used, and which stand there twice."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.core.arrays import Boxes, Indices, Mask, Scores
from engine.util.words import number

FURTHEST: Final = 1e9  # pixels: what lies beyond is no box, and areas would overflow
NO_BOX: Final = "without a box of four finite numbers"
NO_PIXELS: Final = "with a box over 1,000,000,000 pixels wide, high or away"


def fours(rows: Sequence[Sequence[float | None] | None]) -> Boxes:
    """[N, 4] the lists of four numbers; NaN where there is none, and for null."""
    none = [np.nan] * 4
    table = [row if row and len(row) == 4 else none for row in rows]
    return np.array(table, np.float64).reshape(-1, 4)


def unusable(box: Boxes) -> tuple[Mask, Mask]:
    """[N] the rows without four finite numbers, and [N] those with far too large ones."""
    large = ~(np.abs(box) <= FURTHEST)  # so is NaN
    if not large.any():  # nearly always: the sums over each row take longer than all else
        none = np.zeros(len(box), np.bool_)
        return none, none
    no_box: Mask = ~np.logical_and.reduce(np.isfinite(box), axis=1)
    no_pixels: Mask = np.logical_or.reduce(large, axis=1) & ~no_box
    return no_box, no_pixels


def repeated(image: Indices, class_: Indices, box: Boxes, score: Scores | None = None) -> Indices:
    """The rows that an earlier row of the same image has just so, to the last bit, rising."""
    # One number a row finds the few that may be equal; only they are compared as a whole.
    sketch = box[:, 0] * 1.2345678901234567
    sketch += image * 7.456789012345678
    if score is not None:
        sketch += score * 11.567890123456789
    in_order = np.sort(sketch)
    alike = in_order[1:] == in_order[:-1]
    if not alike.any():
        return np.zeros(0, np.intp)
    rows = np.flatnonzero(np.isin(sketch, in_order[1:][alike]))
    columns = [image.take(rows), class_.take(rows), *box.take(rows, axis=0).T]
    columns += [] if score is None else [score.take(rows)]
    _, first = np.unique(np.stack(columns, axis=1).astype(np.float64), axis=0, return_index=True)
    return np.delete(rows, first)


def stands_twice(boxes: int, where: str = "") -> tuple[str, ...]:
    """A sentence on so many repeated boxes of the ground truth, if any; where is the first."""
    if not boxes:
        return ()
    one = boxes == 1
    return (
        f"{number(boxes, 'box', 'boxes')} {'stands' if one else 'stand'} twice in "
        f"{'its image' if one else 'their images'}{f' ({where})' if where else ''}: each counts, "
        "and one prediction finds only one of them",
    )
