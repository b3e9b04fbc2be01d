"""Every number of the report for two sides, with the difference and how certain it is."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from engine.classification.classification import Classification
from engine.compare.classification_numbers import ClassifierPair, ClassifierSide
from engine.compare.detection_numbers import DetectorPair, DetectorSide
from engine.compare.differences import (
    ClassDifferences,
    ComparedNumbers,
    Difference,
    DrawnNumbers,
    side_by_side,
    with_certainty,
)
from engine.compare.significance import EXCHANGES
from engine.core.errors import EngineError
from engine.core.intervals import drawn_weights
from engine.core.thresholds import OperatingPoint
from engine.detection.detection import Detection

__all__ = [
    "ClassDifferences",
    "ComparedNumbers",
    "Difference",
    "compared_numbers",
    "numbers_without_intervals",
]

Assessed: TypeAlias = Detection | Classification
SAMPLES: Final = 1000  # of the images, from which intervals are whole


def numbers_without_intervals(
    a: Assessed, point_a: OperatingPoint, b: Assessed, point_b: OperatingPoint
) -> ComparedNumbers:
    """What both reports say, at once. The two share their dataset and are of one kind."""
    pair = _pair(a, point_a, b, point_b)
    return side_by_side(pair.a.numbers, pair.b.numbers)


def compared_numbers(
    a: Assessed,
    point_a: OperatingPoint,
    b: Assessed,
    point_b: OperatingPoint,
    *,
    samples: int = SAMPLES,
    exchanges: int = EXCHANGES,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[ComparedNumbers]:
    """The same with intervals, better and better, until there are so many samples.

    Images are drawn with replacement, as many as there are, the same ones for both sides:
    what is hard for A is hard for B, so the difference is known better than either. Boxes of
    one image depend on each other, images do not. A caller who stops asking stops the work,
    and so does cancelled, which is asked again and again; then the last is not whole.
    """
    pair = _pair(a, point_a, b, point_b)
    known = side_by_side(pair.a.numbers, pair.b.numbers)
    tests = None if cancelled() else pair.tests(exchanges, seed, cancelled)
    if tests is None:
        return
    drawn: list[DrawnNumbers] = []
    first = 0
    for weights in drawn_weights(pair.images, samples if pair.images else 0, seed, pair.at_once):
        found = None if cancelled() else pair.drawn(weights, first, seed, cancelled)
        if found is None:
            return
        drawn.append(found)
        first += len(weights)
        together = DrawnNumbers.join(drawn)
        yield with_certainty(known, tests, together, whole=first == samples)


def _pair(
    a: Assessed, point_a: OperatingPoint, b: Assessed, point_b: OperatingPoint
) -> DetectorPair | ClassifierPair:
    match a, b:
        case Detection(), Detection():
            return DetectorPair(DetectorSide(a, point_a), DetectorSide(b, point_b))
        case Classification(), Classification():
            return ClassifierPair(ClassifierSide(a, point_a), ClassifierSide(b, point_b))
    raise EngineError("A detector and a classifier have no number in common.")
