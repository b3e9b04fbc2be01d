"""What the ground truth shows of a way to read classes that may be names or numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Boxes, Indices, Scores
from engine.core.dataset import DetectionDataset
from engine.util.words import number

OVERLAP: Final = 0.5  # IoU from which a box lies on an object
LOOKED_AT: Final = 500  # images, spread over all: reading a million boxes must not wait for more
BEYOND: Final = 2  # boxes, by which a way to read must be ahead beside having twice as many


@dataclass(frozen=True, eq=False)
class FoundObjects:
    """The most confident box of each image that is looked at, where it lies on an object."""

    row: Indices  # [K] of the prediction
    class_: Indices  # [K] of the ground truth that it overlaps most
    images: int  # that were looked at and have both a box and an object

    def of_their_class(self, words: Sequence[str], index: Mapping[str, int]) -> int:
        """How many have the class of their object when these words mean these classes."""
        pairs = zip(self.row.tolist(), self.class_.tolist(), strict=True)
        return sum(index.get(words[row], NOTHING) == class_ for row, class_ in pairs)


def found_objects(
    dataset: DetectionDataset, image: Indices, score: Scores, box: Boxes
) -> FoundObjects:
    """From predictions [N] with boxes [N, 4], left, top, width, height in pixels."""
    truths = dataset.ground_truths
    first = _most_confident(len(dataset.images), image, score, box)
    row = first[truths.image]
    asked = np.flatnonzero((row != NOTHING) & ~truths.crowd)
    row = row[asked]
    images = len(np.unique(row))
    overlap = _ious(box[row], truths.box[asked])
    order = np.argsort(-overlap, kind="stable")
    order = order[overlap[order] >= OVERLAP]
    _, at = np.unique(row[order], return_index=True)  # of several objects the best overlapped
    best = order[at]
    return FoundObjects(row[best], truths.class_[asked][best], images)


def plainly(right: int, usual: int) -> bool:
    """Whether a way to read that makes so many right beats the usual one beyond doubt."""
    return right > 2 * usual + BEYOND


def _most_confident(images: int, image: Indices, score: Scores, box: Boxes) -> Indices:
    """[I] the row of the most confident box of each image, or NOTHING; of LOOKED_AT images."""
    looked_at = np.zeros(images + 2, np.bool_)  # the last two are those of unknown images
    looked_at[:images][:: 1 + images // LOOKED_AT] = True
    rows = np.flatnonzero(looked_at[image])
    rows = rows[np.isfinite(score[rows]) & np.isfinite(box[rows]).all(axis=1)]
    rows = rows[np.argsort(score[rows], kind="stable")]
    first = np.full(images, NOTHING, np.intp)
    first[image[rows]] = rows  # the last that is written stays
    return first


def _ious(one: Boxes, other: Boxes) -> Scores:
    """[K] of boxes in pairs."""
    low = np.maximum(one[:, :2], other[:, :2])
    high = np.minimum(one[:, :2] + one[:, 2:], other[:, :2] + other[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    area = one[:, 2:].prod(axis=1) + other[:, 2:].prod(axis=1) - shared
    with np.errstate(invalid="ignore", divide="ignore"):
        iou: Scores = np.nan_to_num(shared / area)
    return iou


def meant_otherwise(dataset: DetectionDataset, image: Indices, score: Scores, box: Boxes) -> str:
    """What boxes [N, 4] would be if that is how they were written, where objects plainly show it.

    They are left, top, width, height; "" where they plainly are, and where nothing is seen.
    """
    found = found_objects(dataset, image, score, box)
    usual = len(found.row)
    if not plainly(found.images, usual):  # nearly always: no other way can be so much better
        return ""
    low, side = box[:, :2], box[:, 2:]
    others = {
        "two corners, left, top, right, bottom": (low, side - low),
        "left, top, width, height": (low, side + low),
        "centre x, centre y, width, height": (low - side / 2, side),
    }
    for words, (first, second) in others.items():
        other = len(found_objects(dataset, image, score, np.hstack([first, second])).row)
        if plainly(other, usual):
            return (
                f"{number(usual, 'box', 'boxes')} of the most confident "
                f"{'lies' if usual == 1 else 'lie'} on an object, but {other:,} would if they "
                f"were written as {words}: were they, or is the ground truth written otherwise?"
            )
    return ""
