"""How much average precision each type of error costs: what fixing all of them gives back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices, Mask, Ratios
from engine.core.sorting import most_confident_first, stable_order
from engine.detection.coco.curves import highest_beyond, truths_needed
from engine.detection.error_types.names import (
    CLASSIFICATION,
    ERROR_TYPES,
    LOCALISATION,
    MISSED,
)
from engine.detection.error_types.typed import TypedErrors

HUNDREDTHS = np.arange(101) / 100
"""The recalls that tidecv reads precision at; the last bit of some is not that of COCO's."""


@dataclass(frozen=True, eq=False)
class ErrorGains:
    """Average precision at one IoU, over all confidences, as it is and with errors fixed.

    NaN is what is undefined, or not worked out yet.
    """

    ap: float  # mean over the classes with ground truth or a prediction; NaN without any
    ap_fixed: Ratios  # [6] with the errors of one type fixed, for each type
    ap_without_false_positives: float
    ap_without_misses: float  # where only the objects that are found are asked for

    @property
    def gained(self) -> Ratios:
        """[6] what fixing each type gives back; not less than 0, and they do not add up."""
        return np.maximum(self.ap_fixed - self.ap, 0)

    @property
    def without_false_positives(self) -> float:
        """What perfect precision gives."""
        return self.ap_without_false_positives - self.ap

    @property
    def without_misses(self) -> float:
        """What perfect recall gives."""
        return self.ap_without_misses - self.ap


def error_gains(typed: TypedErrors) -> Iterator[ErrorGains]:
    """Ever more of them, the last time all; who stops asking stops the work.

    Source: tidecv 1.0.1, quantify.py and ap.py. Classes without ground truth count with an
    average precision of 0. For one object one error is fixed, that of the most confident
    prediction, and the other errors with that object are taken away, as are those with an
    object that was found.
    """
    points = _Points.of(typed)
    ap = points.average_precision(points.in_file_order, points.counted)
    gains = ErrorGains(ap, np.full(len(ERROR_TYPES), np.nan), np.nan, np.nan)
    for error in range(len(ERROR_TYPES)):
        yield gains
        fixed = gains.ap_fixed.copy()
        fixed[error] = points.fixed(error)
        gains = replace(gains, ap_fixed=fixed)
    yield gains
    wrong = ~typed.found.take(points.errors_first)
    perfect = points.errors_first[np.argsort(wrong, kind="stable")]
    yield replace(
        gains,
        ap_without_false_positives=points.average_precision(perfect, points.counted),
        ap_without_misses=points.average_precision(
            points.errors_first, points.counted, points.found_of_class
        ),
    )


@dataclass(frozen=True, eq=False)
class _Points:
    """The predictions as points of the curves of their classes, before and after a fix."""

    typed: TypedErrors
    counted: Mask  # [N] found, or wrong and not ignored
    in_file_order: Indices  # [N] ranks; equal confidences by image, then as in the file
    errors_first: Indices  # [N] the same, but of equal confidences the wrong ones first
    truths_of_class: Counts  # [C]
    found_of_class: Counts  # [C]

    @classmethod
    def of(cls, typed: TypedErrors) -> "_Points":
        by_image = stable_order(typed.image)
        in_file_order = _falling(typed, by_image)
        errors_first = by_image[np.argsort(typed.found.take(by_image), kind="stable")]
        errors_first = _falling(typed, errors_first)
        classes = 1 + max(typed.class_.max(initial=NOTHING), typed.truth_class.max(initial=NOTHING))
        return cls(
            typed,
            typed.found | ((typed.type != NOTHING) & ~typed.ignored),
            in_file_order,
            errors_first,
            np.bincount(typed.truth_class[typed.wanted], minlength=classes),
            np.bincount(typed.class_[typed.found], minlength=classes),
        )

    def fixed(self, error: int) -> float:
        """Average precision with the errors of a type fixed."""
        typed, order = self.typed, self.errors_first
        if error == MISSED:
            missed = np.bincount(
                typed.truth_class[typed.missed()], minlength=len(self.truths_of_class)
            )
            return self.average_precision(order, self.counted, self.truths_of_class - missed)
        there = self.counted & (typed.type != error)
        if error not in (CLASSIFICATION, LOCALISATION):
            return self.average_precision(order, there)
        corrected = self._first_of_each_object() & (typed.type == error)
        class_ = np.where(
            corrected, np.append(typed.truth_class, NOTHING).take(typed.object), typed.class_
        )
        return self.average_precision(
            order, there | corrected, right=typed.found | corrected, class_=class_
        )

    def _first_of_each_object(self) -> Mask:
        """[N] who is the first to find an object that none finds, if it were corrected.

        Of all types together: where a wrong class comes first, correcting boxes does not
        give the object to a loose box behind it.
        """
        typed = self.typed
        free = np.append(typed.wanted, False)  # the last one for NOTHING
        free[typed.object[typed.found]] = False
        asking = np.flatnonzero(free.take(typed.object))
        first = np.full(len(free), NOTHING)
        # Of several writes to one place NumPy keeps the last: the most confident.
        first[typed.object[asking[::-1]]] = asking[::-1]
        corrected = np.zeros(len(typed), np.bool_)
        corrected[first[first != NOTHING]] = True
        return corrected

    def average_precision(
        self,
        order: Indices,
        there: Mask,
        truths: Counts | None = None,
        right: Mask | None = None,
        class_: Indices | None = None,
    ) -> float:
        """The mean over classes with ground truth or a prediction that is there [N].

        truths [C], right [N] and class_ [N] are those of the predictions as they are
        where they are not given.
        """
        truths = self.truths_of_class if truths is None else truths
        right = self.typed.found if right is None else right
        class_ = self.typed.class_ if class_ is None else class_
        ranks = order[there.take(order)]
        ranks = ranks[stable_order(class_.take(ranks))]
        predictions = np.bincount(class_.take(ranks), minlength=len(truths))
        hit = np.flatnonzero(right.take(ranks))
        hit_class = class_.take(ranks.take(hit))
        found = np.bincount(hit_class, minlength=len(truths))
        true_positives = np.arange(1, len(hit) + 1) - _before(found).take(hit_class)
        precision = true_positives / (hit + 1 - _before(predictions).take(hit_class))
        read = highest_beyond(precision, found, truths_needed(truths, HUNDREDTHS))
        known = (truths > 0) | (predictions > 0)
        ap = np.where(truths > 0, read.mean(axis=1), 0.0)[known]
        return float(ap.mean()) if len(ap) else np.nan


def _falling(typed: TypedErrors, ranks: Indices) -> Indices:
    """These ranks by falling confidence, equal ones in their old sequence."""
    return ranks.take(most_confident_first(typed.confidence.take(ranks)))


def _before(counts: Counts) -> Counts:
    """[C] how many there are of the classes before."""
    return np.cumsum(counts) - counts
