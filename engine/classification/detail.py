"""One image of a classifier: every class, and whether the first one is right."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING
from engine.core.assessment import ProbabilityDetail
from engine.util.words import share


def detail_of(
    probabilities: NDArray[np.floating[Any]],  # [C]
    truth: int,
    confidence: float,
    classes: tuple[str, ...],
) -> ProbabilityDetail:
    """Classes by falling probability, equal ones in their own order; below confidence no answer."""
    values = probabilities.astype(np.float64)
    order = np.argsort(-values, kind="stable")
    sorted_ = values.take(order)
    first, top = int(order[0]), float(sorted_[0])
    rank = int(np.flatnonzero(order == truth)[0]) + 1
    answered = top >= confidence
    return ProbabilityDetail(
        class_=order,
        probability=sorted_,
        truth=truth,
        predicted=first if answered else NOTHING,
        confidence=top,
        rank=rank,
        margin=top - float(sorted_[1]) if len(order) > 1 else np.nan,
        right=answered and first == truth,
        why=_why(classes[first], classes[truth], top, float(values[truth]), rank, confidence),
    )


def without_answer(truth: int, classes: tuple[str, ...]) -> ProbabilityDetail:
    """An image that the predictions leave out."""
    return ProbabilityDetail(
        class_=np.zeros(0, np.intp),
        probability=np.zeros(0),
        truth=truth,
        predicted=NOTHING,
        confidence=np.nan,
        rank=0,
        margin=np.nan,
        right=False,
        why=f"Not counted: there is no prediction for this image, whose label is {classes[truth]}.",
    )


def _why(first: str, truth: str, top: float, of_truth: float, rank: int, confidence: float) -> str:
    """The answer, whether it is right, and where the label comes among the classes."""
    label = f"the label {truth} is number {rank}, at {share(of_truth, 3)}"
    if top < confidence:
        low, high = _apart(top, confidence)
        told = f"No answer: {first} comes first at {low}, below the threshold {high}"
        return f"{told}, and is the label." if rank == 1 else f"{told}; {label}."
    if rank == 1:
        return f"Right: {first} comes first at {share(top, 3)}, and is the label."
    if of_truth == top:
        return (
            f"Wrong: {first} and the label {truth} are equal at {share(top, 3)}, "
            "and the class that comes first in the list wins."
        )
    return f"Wrong: {first} comes first at {share(top, 3)}; {label}."


def _apart(low: float, high: float) -> tuple[str, str]:
    """Two different numbers with as many digits as it takes to tell them apart."""
    digits = next((d for d in (3, 5) if share(low, d) != share(high, d)), 7)
    return share(low, digits), share(high, digits)
