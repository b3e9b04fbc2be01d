"""Whether two sides agree as one model does with itself, or with a rounded copy of itself.

The limits were measured on real pairs, see docs/export-check.md. Numbers alone do not tell a
copy in int8 from a model that is fed the wrong order of colours, which may differ as little: that
takes a way of feeding it that brings the two together.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, assert_never

import numpy as np

from engine.compare.exports.agreement import AnswerAgreement, BoxAgreement

Measured: TypeAlias = BoxAgreement | AnswerAgreement
Closeness: TypeAlias = Literal["same", "rounding", "other"]

SAME_SCORE: Final = 0.001  # another library or device rounds sums by less
SAME_IOU: Final = 0.01  # loss
NEAR: Final = 0.1  # a box that crosses the threshold by so little may be rounding
HALF: Final = 0.5
FINE: Final = 0.012  # gap below which nothing is left to explain: float16


@dataclass(frozen=True)
class RoundingLimits:
    """How far rounding brings two sides apart at most."""

    boxes: float  # share that agrees at least, those that cross the threshold by NEAR included
    answers: float  # share of images at least
    box_distance: float  # mean difference of score
    answer_distance: float  # mean of the largest difference of probability
    iou_loss: float  # in the median


IN_8_BITS: Final = RoundingLimits(0.93, 0.95, 0.05, 0.05, 0.08)
IN_FLOAT: Final = RoundingLimits(0.93, 0.97, 0.02, 0.015, 0.04)
"""bfloat16 errs eight times as much as float16, for which FINE is."""


def closeness(measured: Measured, limits: RoundingLimits = IN_8_BITS) -> Closeness:
    """Same, the same but for rounding, or neither; neither where there is nothing to compare."""
    match measured:
        case BoxAgreement():
            if (
                measured.share_allowing(SAME_SCORE) == 1
                and measured.largest_score_difference <= SAME_SCORE
                and measured.largest_iou_loss <= SAME_IOU
            ):
                return "same"
            rounded = (
                measured.share_allowing(NEAR) >= limits.boxes
                and measured.distance <= limits.box_distance
                and measured.median_iou_loss <= limits.iou_loss
            )
        case AnswerAgreement():
            if measured.share == 1 and measured.largest_difference <= SAME_SCORE:
                return "same"
            agreed = measured.share >= limits.answers
            rounded = agreed and measured.distance <= limits.answer_distance
        case _:
            assert_never(measured)
    return "rounding" if rounded else "other"


def gap(measured: Measured) -> float:
    """One number for how far two sides are apart: 0 for equal answers, NaN where there are none.

    The mean difference of score or probability; of boxes the median loss of IoU besides.
    """
    match measured:
        case BoxAgreement():
            loss = measured.median_iou_loss
            return measured.distance + (0.0 if np.isnan(loss) else loss)
        case AnswerAgreement():
            return measured.distance
        case _:
            assert_never(measured)


def explains(before: Measured, after: Measured, left: float = HALF) -> bool:
    """Whether what was changed brings two sides together, leaving so much of the gap at most."""
    return closeness(after) != "other" and closes(before, after, left)


def closes(before: Measured, after: Measured, left: float = HALF) -> bool:
    """Whether what was changed leaves so much of the gap at most."""
    return bool(gap(after) <= gap(before) * left)
