"""Each image under two classifiers: who is right, and which classes changed."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.classification.classification import ClassificationAnswers
from engine.compare.status import (
    ObjectStatus,
    Why,
    classes_of,
    count_of,
    status_of,
    whys_of,
)
from engine.core.arrays import NOTHING, Counts, Indices, Mask, Scores


@dataclass(frozen=True, eq=False)
class ChangedAnswers:
    """Pairs of an answer of A and another of B, the most frequent first.

    NOTHING stands for no answer. Equal counts keep the order of the classes.
    """

    was: Indices  # [K] class that A gave
    is_: Indices  # [K] class that B gives
    images: Counts  # [K] at least 1
    fixed: Counts  # [K] of the images, those that B alone is right about
    broken: Counts  # [K]


@dataclass(frozen=True, eq=False)
class ComparedAnswers:
    """One row an image that both answered, in the order of the dataset."""

    image: Indices  # [N]
    truth: Indices  # [N] the class that people gave
    predicted_a: Indices  # [N] the most probable class, NOTHING below the threshold
    predicted_b: Indices  # [N]
    status: Indices  # [N] ObjectStatus
    why_a: Indices  # [N] Why; NOTHING where A is right
    why_b: Indices  # [N]
    confidence_a: Scores  # [N] of the most probable class, given or not
    confidence_b: Scores  # [N]

    def __len__(self) -> int:
        return len(self.image)

    def count(self, status: ObjectStatus) -> int:
        """How many images have this status."""
        return count_of(self.status, status)

    def whys(self, status: ObjectStatus) -> Counts:
        """[5] by Why: of the fixed why A was wrong, of the others why B is."""
        return whys_of(self.status, status, self.why_a, self.why_b)

    def of_class(self, status: ObjectStatus, classes: int) -> Counts:
        """[C] how many images of each class have this status."""
        return classes_of(self.status, status, self.truth, classes)

    @cached_property
    def changed(self) -> ChangedAnswers:
        """Which answers became which others."""
        rows = np.flatnonzero(self.predicted_a != self.predicted_b)
        was, is_, status = (
            each[rows] for each in (self.predicted_a, self.predicted_b, self.status)
        )
        width = int(max(was.max(initial=0), is_.max(initial=0))) + 2
        key, pair = np.unique((was + 1) * width + is_ + 1, return_inverse=True)

        def counted(chosen: Mask) -> Counts:
            return np.bincount(pair[chosen], minlength=len(key)).astype(np.int64)

        images = counted(np.ones(len(rows), np.bool_))
        order = np.argsort(-images, kind="stable")
        return ChangedAnswers(
            (key // width - 1)[order],
            (key % width - 1)[order],
            images[order],
            counted(status == ObjectStatus.FIXED)[order],
            counted(status == ObjectStatus.BROKEN)[order],
        )


def compared_answers(
    a: ClassificationAnswers, confidence_a: float, b: ClassificationAnswers, confidence_b: float
) -> ComparedAnswers:
    """Two classifiers on the same images and classes, each judged at its own confidence."""
    one, other = a.classification, b.classification
    image = np.flatnonzero((one.row_of_image != NOTHING) & (other.row_of_image != NOTHING))
    truth = one.dataset.label.take(image)
    columns = []
    for made, threshold in ((one, confidence_a), (other, confidence_b)):
        row = made.row_of_image.take(image)
        top, confidence = made.top.class_.take(row), made.top.confidence.take(row)
        given = confidence >= threshold
        withheld = np.where(top == truth, int(Why.BELOW_THRESHOLD), int(Why.MISSED))
        why = np.where(given, int(Why.WRONG_CLASS), withheld)
        predicted = np.where(given, top, NOTHING)
        columns.append((predicted, np.where(predicted == truth, NOTHING, why), confidence))
    (predicted_a, why_a, ours), (predicted_b, why_b, theirs) = columns
    return ComparedAnswers(
        image=image,
        truth=truth,
        predicted_a=predicted_a,
        predicted_b=predicted_b,
        status=status_of(predicted_a == truth, predicted_b == truth),
        why_a=why_a,
        why_b=why_b,
        confidence_a=ours,
        confidence_b=theirs,
    )
