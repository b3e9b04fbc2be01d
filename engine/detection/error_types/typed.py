"""Which type of error each prediction is, at one IoU and over all confidences."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING, Counts, Indices, Ious, Mask, Scores
from engine.core.outcomes import Outcomes
from engine.detection.boxes import Pairs
from engine.detection.coco.ranking import begins_of_runs, rank_in_image
from engine.detection.error_types.names import (
    BACKGROUND,
    BACKGROUND_IOU,
    BOTH,
    CLASSIFICATION,
    DUPLICATE,
    ERROR_TYPES,
    LOCALISATION,
    MISSED,
    MOST_IN_IMAGE,
)
from engine.detection.leading import Leading
from engine.detection.matching import in_order_of_preference, match


@dataclass(frozen=True, eq=False)
class TypedErrors:
    """Every prediction by rank, the most confident first, and what is wrong with it.

    The type of a prediction depends on more confident ones alone: raising the confidence
    leaves errors out and changes none. Only which objects are missed is asked anew.
    """

    row: Indices  # [N] in the file of predictions
    image: Indices  # [N]
    class_: Indices  # [N]
    confidence: Scores  # [N] falling
    type: NDArray[np.int8]  # [N] index in ERROR_TYPES; NOTHING where found or beyond the limit
    object: Indices  # [N] ground truth that it found, or would if it were corrected; or NOTHING
    found: Mask  # [N]
    ignored: Mask  # [N] on a crowd of its class: an error of some type that costs no precision
    truth_class: Indices  # [T]
    wanted: Mask  # [T] the ground truths that are no crowd

    @classmethod
    def of(cls, whole: Leading, iou: float) -> Self:
        """Of all predictions, at an IoU from BACKGROUND_IOU to 1.

        Source: tidecv 1.0.1, quantify.py. It matches as average precision does, but of
        ground truths that overlap alike takes the earlier, asks for the IoU exactly,
        and leaves out who overlaps a crowd by more than the IoU.
        """
        found, truths, pairs = whole.found, whole.dataset.ground_truths, whole.candidates
        n, total = len(found), len(truths)
        seen = rank_in_image(found.image, np.zeros(n, np.intp)) < MOST_IN_IMAGE
        own = _earlier_first(_of(pairs.within, seen), total)
        other = _earlier_first(_of(pairs.across, seen), total)

        reaching = own.reaching(iou)
        reaching = reaching.where(match(reaching, total))
        object_ = np.full(n, NOTHING)
        object_[reaching.prediction] = reaching.ground_truth
        right = object_ != NOTHING
        on_crowd = pairs.on_crowd
        ignored = np.zeros(n, np.bool_)
        ignored[on_crowd.prediction[on_crowd.iou > iou]] = True

        own_iou, own_object = _best(own, n)
        other_iou, other_object = _best(other, n)
        near = (own_iou >= BACKGROUND_IOU) & (own_iou <= iou)
        type_ = np.select(
            [
                right | ~seen,
                near,
                other_iou >= iou,
                # It did not match though it overlaps enough: who came before it did.
                own_iou >= iou,
                np.maximum(own_iou, other_iou) <= BACKGROUND_IOU,
            ],
            [NOTHING, LOCALISATION, CLASSIFICATION, DUPLICATE, BACKGROUND],
            BOTH,
        ).astype(np.int8)
        for kind, would_find in ((LOCALISATION, own_object), (CLASSIFICATION, other_object)):
            object_ = np.where(type_ == kind, would_find, object_)
        return cls(
            whole.row,
            found.image,
            found.class_,
            found.confidence,
            type_,
            object_,
            right,
            ignored & ~right & seen,
            truths.class_,
            ~truths.crowd,
        )

    def __len__(self) -> int:
        return len(self.row)

    def reaching(self, confidence: float, *, strict: bool = False) -> Mask:
        """[N] who has at least this confidence, if strict more."""
        scores = self.confidence
        enough: Mask = scores > confidence if strict else scores >= confidence
        return enough

    def counts(self, counted: Mask | None = None) -> Counts:
        """[6] errors of each type, where only these predictions [N] are there; None: all."""
        types = self.type if counted is None else self.type[counted]
        counts = np.bincount(types[types != NOTHING], minlength=len(ERROR_TYPES))
        counts[MISSED] = np.count_nonzero(self.missed(counted))
        return counts.astype(np.int64)

    def missed(self, counted: Mask | None = None) -> Mask:
        """[T] objects that none of these predictions finds, nor would if it were corrected."""
        objects = self.object if counted is None else self.object[counted]
        missed = self.wanted.copy()
        missed[objects[objects != NOTHING]] = False
        return missed

    def among(self, outcomes: Outcomes, error: int, counted: Mask) -> Outcomes:
        """The outcomes that are errors of a type, where only these predictions [N] are there."""
        if error == MISSED:
            there, rows = self.missed(counted), outcomes.ground_truth
        else:
            rows = outcomes.prediction
            there = np.zeros(int(self.row.max(initial=NOTHING)) + 1, np.bool_)
            there[self.row[counted & (self.type == error)]] = True
        return outcomes.where(np.append(there, False).take(rows))  # the last one for NOTHING


def _of(pairs: Pairs, seen: Mask) -> Pairs:
    """The pairs of these predictions [N]."""
    return pairs if seen.all() else pairs.where(np.flatnonzero(seen.take(pairs.prediction)))


def _earlier_first(pairs: Pairs, truths: int) -> Pairs:
    """Pairs in order of preference, but on a tie the earlier ground truth first.

    Numbered from the end, the later one is the earlier.
    """
    turned = replace(pairs, ground_truth=truths - 1 - pairs.ground_truth)
    turned = in_order_of_preference(turned)
    return replace(turned, ground_truth=truths - 1 - turned.ground_truth)


def _best(pairs: Pairs, predictions: int) -> tuple[Ious, Indices]:
    """[N] the highest IoU of each prediction, 0 without a pair, and with which ground truth."""
    first = pairs.where(np.flatnonzero(begins_of_runs(pairs.prediction)))
    iou, ground_truth = np.zeros(predictions), np.full(predictions, NOTHING)
    iou[first.prediction], ground_truth[first.prediction] = first.iou, first.ground_truth
    return iou, ground_truth
