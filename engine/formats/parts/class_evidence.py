"""What the ground truth shows of a way to read classes that may be names or numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from engine.core.arrays import NOTHING, Boxes, Indices, Scores
from engine.core.dataset import DetectionDataset, GroundTruths, Predictions
from engine.util.once import remembered
from engine.util.words import listed, number

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


def objects_under(dataset: DetectionDataset, predictions: Predictions) -> FoundObjects:
    """As found_objects: what several questions ask of the same predictions is found once."""
    known = _known(predictions)
    if (found := known.get(dataset.ground_truths)) is None:
        found = found_objects(dataset, predictions.image, predictions.confidence, predictions.box)
        known[dataset.ground_truths] = found
    return found


@remembered
def _known(predictions: Predictions) -> WeakKeyDictionary[GroundTruths, FoundObjects]:
    """By the ground truth that they were looked at with: a memory only."""
    return WeakKeyDictionary()


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


def meant_otherwise(dataset: DetectionDataset, kept: Predictions) -> str:
    """How predictions seem to be meant where objects plainly show another way than theirs.

    "" where all is as it seems, or nothing is seen.
    """
    image, score, box = kept.image, kept.confidence, kept.box
    found = objects_under(dataset, kept)
    usual = len(found.row)
    if not plainly(found.images, usual):  # nearly always: no other way can be so much better
        return _other_classes(dataset, kept.class_, found)
    low, side = box[:, :2], box[:, 2:]
    following = np.where(image + 1 < len(dataset.images), image + 1, NOTHING)
    others = {
        "if they were written as two corners, left, top, right, bottom": (image, low, side - low),
        "if they were written as left, top, width, height": (image, low, side + low),
        "if they were written as centre x, centre y, width, height": (image, low - side / 2, side),
        "in the image after theirs, as if image ids counted from 0": (following, low, side),
        "in the image before theirs, as if image ids counted from 1": (image - 1, low, side),
    }
    for words, (where, first, second) in others.items():
        other = len(found_objects(dataset, where, score, np.hstack([first, second])).row)
        if plainly(other, usual):
            return (
                f"{number(usual, 'box', 'boxes')} of the most confident "
                f"{'lies' if usual == 1 else 'lie'} on an object, but {other:,} would {words}: "
                "is it so, or is the ground truth written otherwise?"
            )
    return ""


def _other_classes(dataset: DetectionDataset, class_: Indices, found: FoundObjects) -> str:
    """What to say where each class plainly lies on the objects of another one; ""."""
    predicted = class_[found.row]
    right = int((predicted == found.class_).sum())
    if not plainly(len(predicted), right):
        return ""
    counts = np.zeros((len(dataset.classes), len(dataset.classes)), np.intp)
    np.add.at(counts, (predicted, found.class_), 1)
    used = np.flatnonzero(counts.any(axis=1))
    means = counts[used].argmax(axis=1)
    other = int(counts[used].max(axis=1).sum())
    one_each = len(np.unique(means)) == len(used) > 1
    if not one_each or 5 * other < 4 * len(predicted) or not plainly(other, right):
        return ""
    names = dataset.classes
    pairs = [f"{names[one]} was {names[its]}" for one, its in zip(used, means, strict=True)]
    few = f"{right:,} of {len(predicted):,} boxes that lie on an object have its class"
    return f"{few}, but {other:,} would if {listed(pairs)}: are the classes in another order?"
