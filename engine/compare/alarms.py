"""The false alarms of two detectors: which both make, which are gone, which are new."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine.compare.same_boxes import paired_ranks
from engine.core.arrays import NOTHING, Indices, Mask, Scores
from engine.detection.detection import Detection


class AlarmStatus(IntEnum):
    """Who makes a false alarm."""

    SHARED = 0
    GONE = 1  # of A alone
    NEW = 2  # of B alone


@dataclass(frozen=True, eq=False)
class ComparedAlarms:
    """Predictions of no object: those of A, the most confident first, then the new ones of B."""

    image: Indices  # [F]
    class_: Indices  # [F] of the prediction
    status: Indices  # [F] AlarmStatus
    prediction_a: Indices  # [F] row among the predictions of A, or NOTHING
    prediction_b: Indices  # [F]
    confidence_a: Scores  # [F] NaN where there is none
    confidence_b: Scores  # [F]

    def __len__(self) -> int:
        return len(self.image)

    def count(self, status: AlarmStatus) -> int:
        """How many alarms have this status."""
        return int(np.count_nonzero(self.status == status))


def compared_alarms(a: Detection, alone_a: Mask, b: Detection, alone_b: Mask) -> ComparedAlarms:
    """Predictions of no object of A paired with those of B: see same_boxes.paired_boxes.

    alone_a and alone_b say of the first n predictions of a side, by rank, which are such.
    """
    pairs = paired_ranks(a, alone_a, b, alone_b)
    partner_of_a = np.full(len(alone_a), NOTHING)
    partner_of_a[pairs.prediction] = pairs.ground_truth
    new = alone_b.copy()
    new[pairs.ground_truth] = False

    of_a, of_b = np.flatnonzero(alone_a), np.flatnonzero(new)
    partner = partner_of_a.take(of_a)
    both = np.flatnonzero(partner != NOTHING)
    partner = partner.take(both)
    ours, theirs = a.ranked, b.ranked
    every, first = len(of_a) + len(of_b), len(of_a)
    status = np.full(every, int(AlarmStatus.GONE))
    status[both], status[first:] = AlarmStatus.SHARED, AlarmStatus.NEW
    prediction_a, prediction_b = np.full((2, every), NOTHING)
    confidence_a, confidence_b = np.full((2, every), np.nan)
    prediction_a[:first] = a.rank_order.take(of_a)
    confidence_a[:first] = ours.confidence.take(of_a)
    prediction_b[both], prediction_b[first:] = b.rank_order.take(partner), b.rank_order.take(of_b)
    confidence_b[both] = theirs.confidence.take(partner)
    confidence_b[first:] = theirs.confidence.take(of_b)
    return ComparedAlarms(
        image=np.concatenate((ours.image.take(of_a), theirs.image.take(of_b))),
        class_=np.concatenate((ours.class_.take(of_a), theirs.class_.take(of_b))),
        status=status,
        prediction_a=prediction_a,
        prediction_b=prediction_b,
        confidence_a=confidence_a,
        confidence_b=confidence_b,
    )
